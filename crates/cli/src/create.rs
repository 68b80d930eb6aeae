//! `create`: creates accounts of one customer without validating them.

use juspay_accounts::ValidationStatus;

use crate::accounts::{self, CHANGED};
use crate::connect::ConnectArgs;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt::unless_interrupted;
use crate::text::count;
use crate::validate::request::{RequestArgs, dry_run};

/// Create accounts without validating them; moves no money
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    request: RequestArgs,

    #[command(flatten)]
    connect: ConnectArgs,
}

pub(crate) async fn run(args: Args, console: Console) -> Result<Exit, Failure> {
    let RequestArgs { dry_run: is_dry, unmasked, .. } = args.request;
    let (request, target) = args.request.checked(|builder| builder, &args.connect)?;
    if is_dry {
        return dry_run(|client| client.preview_create(&request), &target, unmasked, console);
    }
    let accounts = count(request.payees().len(), "account", "accounts");
    console.note(format_args!(
        "creating {accounts} without validating them; no money moves; the server is {}",
        target.describe()
    ));
    let connection = target.connect().await?;
    let call = connection.client.create(&request);
    let accounts = unless_interrupted(call, unmasked, Failure::interrupted_free).await?;
    accounts::print(&accounts, &connection, unmasked, CHANGED, console)?;
    let missing = accounts.matched(&request).iter().filter(|matched| matched.account.is_none()).count();
    if missing > 0 {
        console.warn(format_args!("the response lacks {} of the request", count(missing, "account", "accounts")));
    }
    let is_created = |status: Option<&ValidationStatus>| status == Some(&ValidationStatus::Created);
    let others = accounts.iter().filter(|account| !is_created(account.validation_status.as_ref())).count();
    if others > 0 {
        let accounts_have = count(others, "account has", "accounts have");
        console
            .warn(format_args!("{accounts_have} a status other than CREATED; the server may have made a penny drop"));
    }
    Ok(if missing + others == 0 { Exit::Active } else { Exit::NotActive })
}
