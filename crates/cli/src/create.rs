//! `create`: creates accounts of one customer without validating them.

use juspay_accounts::{AccountsRequest, ValidationStatus};

use crate::accounts;
use crate::connect::{ConnectArgs, Target};
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::{Failure, Problem};
use crate::interrupt::unless_interrupted;
use crate::text::count;
use crate::validate::request::{RequestArgs, dry_run};

/// Create accounts without validating them; moves no money
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    request: RequestArgs,

    /// Print the masked request; send nothing
    #[arg(long)]
    dry_run: bool,

    /// Show accounts and names unmasked
    ///
    /// This shows account numbers, UPI addresses, names, and the server's message in a failure.
    #[arg(long)]
    unmasked: bool,

    #[command(flatten)]
    connect: ConnectArgs,
}

impl Args {
    fn checked(&self) -> Result<(AccountsRequest, Target), Vec<Problem>> {
        let target = self.connect.target_for(self.dry_run);
        match (self.request.build(|builder| builder), target) {
            (Ok(request), Ok(target)) => Ok((request, target)),
            (request, target) => Err([request.err(), target.err()].into_iter().flatten().flatten().collect()),
        }
    }
}

pub(crate) async fn run(args: Args, console: Console) -> Result<Exit, Failure> {
    let (request, target) = args.checked().map_err(Failure::input)?;
    if args.dry_run {
        return dry_run(|client| client.preview_create(&request), &target, args.unmasked, console);
    }
    let accounts = count(request.bank_accounts().len() + request.upi().len(), "account", "accounts");
    console.note(format_args!("creating {accounts} at {} without validating them; no money moves", target.describe()));
    let connection = target.connect().await?;
    let call = connection.client.create(&request);
    let accounts = unless_interrupted(call, args.unmasked, Failure::interrupted_free).await?;
    accounts::print(&accounts, &connection, args.unmasked, console)?;
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
