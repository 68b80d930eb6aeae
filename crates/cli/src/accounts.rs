//! `get`, `list`, `revalidate` and `delete`: commands for existing accounts.

use juspay_accounts::validation::{Amount, CustomerAccountId, CustomerId, Gateway, RoutingId};
use juspay_accounts::{Customer, CustomerAccount, Error, Revalidation, ValidationStatus};
use serde::Serialize;

use crate::connect::{ConnectArgs, Connection, Target};
use crate::console::{self, Console};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt::unless_interrupted;
use crate::show::{self, Cells, Sheet};
use crate::text::{rupees, value};

#[derive(clap::Args)]
pub(crate) struct CommonArgs {
    /// Use this customer id, Juspay's or your own
    #[arg(long, value_name = "ID", value_parser = value::<CustomerId>)]
    customer_id: CustomerId,

    /// Set x-routing-id [default: customer id]
    #[arg(long, value_name = "ID", value_parser = value::<RoutingId>)]
    routing_id: Option<RoutingId>,

    /// Show accounts and names unmasked
    ///
    /// This shows account numbers, UPI addresses, names, and the server's message in a failure.
    #[arg(long)]
    unmasked: bool,

    #[command(flatten)]
    connect: ConnectArgs,
}

/// Read an account and its status; moves no money
#[derive(clap::Args)]
pub(crate) struct Get {
    /// Use the account with this customer_account_id
    #[arg(long, value_name = "ID", value_parser = value::<CustomerAccountId>)]
    account_id: CustomerAccountId,

    #[command(flatten)]
    common: CommonArgs,
}

/// Read all accounts of a customer; moves no money
#[derive(clap::Args)]
pub(crate) struct List {
    #[command(flatten)]
    common: CommonArgs,
}

/// Validate an existing account again; can move money
///
/// For a bank account, this is another penny drop.
#[derive(clap::Args)]
#[command(override_usage = "juspay-accounts revalidate [OPTIONS]\n         --account-id <ID> --customer-id <ID>")]
pub(crate) struct Revalidate {
    /// Use the account with this customer_account_id
    #[arg(long, value_name = "ID", value_parser = value::<CustomerAccountId>)]
    account_id: CustomerAccountId,

    /// Prefer this gateway for the validation
    #[arg(long, value_name = "NAME", value_parser = value::<Gateway>)]
    preferred_gateway: Option<Gateway>,

    /// Pay RUPEES into the account [default: 1]
    ///
    /// RUPEES has at most two decimals. The vendor sets the default.
    #[arg(long, value_name = "RUPEES", allow_negative_numbers = true, value_parser = value::<Amount>)]
    amount: Option<Amount>,

    #[command(flatten)]
    common: CommonArgs,
}

/// Delete an account; moves no money
#[derive(clap::Args)]
pub(crate) struct Delete {
    /// Use the account with this customer_account_id
    #[arg(long, value_name = "ID", value_parser = value::<CustomerAccountId>)]
    account_id: CustomerAccountId,

    /// Delete without asking
    ///
    /// The flag is required if there is no terminal.
    #[arg(long)]
    yes: bool,

    #[command(flatten)]
    common: CommonArgs,
}

impl CommonArgs {
    fn checked(self) -> Result<(Customer, Target), Failure> {
        let target = self.connect.target(true).map_err(|problem| Failure::input(vec![problem]))?;
        let customer = Customer::new(self.customer_id);
        let customer = match self.routing_id {
            Some(id) => customer.with_routing_id(id),
            None => customer,
        };
        Ok((customer, target))
    }
}

/// Waits for a call that only reads, without catching Ctrl-C. So Ctrl-C ends the program at once, even at a question
/// that follows the call.
async fn read<T>(call: impl Future<Output = Result<T, Error>>, unmasked: bool) -> Result<T, Failure> {
    call.await.map_err(|error| Failure::call(&error, unmasked))
}

pub(crate) async fn get(args: Get, console: Console) -> Result<Exit, Failure> {
    let unmasked = args.common.unmasked;
    let (customer, target) = args.common.checked()?;
    let connection = target.connect().await?;
    let account = read(connection.client.get(&customer, &args.account_id), unmasked).await?;
    report(&[account.into_inner()], &connection, unmasked, READ, console)
}

pub(crate) async fn list(args: List, console: Console) -> Result<Exit, Failure> {
    let unmasked = args.common.unmasked;
    let (customer, target) = args.common.checked()?;
    let connection = target.connect().await?;
    let accounts = read(connection.client.list(&customer), unmasked).await?;
    if !accounts.is_complete() {
        console.warn("the list may be incomplete: the response does not say whether the customer has more accounts");
    }
    if accounts.is_empty() {
        console.note("the customer has no accounts");
    }
    report(&accounts, &connection, unmasked, READ, console)
}

pub(crate) async fn revalidate(args: Revalidate, console: Console) -> Result<Exit, Failure> {
    let unmasked = args.common.unmasked;
    let (customer, target) = args.common.checked()?;
    let place = target.describe();
    let cost = if target.moves_money() {
        let most = rupees(args.amount.unwrap_or(Amount::ONE_RUPEE).paise());
        format!("; for a bank account, 1 penny drop, at most {most} rupees")
    } else {
        String::new()
    };
    console.note(format_args!("validating an account again at {place}{cost}"));
    let mut request = Revalidation::new(customer, args.account_id);
    if let Some(gateway) = args.preferred_gateway {
        request = request.preferred_gateway(gateway);
    }
    if let Some(amount) = args.amount {
        request = request.validation_amount(amount);
    }
    let connection = target.connect().await?;
    let call = connection.client.revalidate(request);
    let account = [unless_interrupted(call, unmasked, Failure::interrupted).await?.into_inner()];
    let exit = report(&account, &connection, unmasked, PAID, console)?;
    show::note_pending(&account, console);
    Ok(exit)
}

pub(crate) async fn delete(args: Delete, console: Console) -> Result<Exit, Failure> {
    let (id, unmasked) = (args.account_id, args.common.unmasked);
    let (customer, target) = args.common.checked()?;
    let place = target.describe();
    let connection = target.connect().await?;
    // The account is read first, because the question describes it.
    let account = read(connection.client.get(&customer, &id), unmasked).await?;
    let what = format!("account {id} ({}) at {place}", in_words(&account, unmasked));
    if args.yes {
        console.note(format_args!("deleting {what}"));
    } else {
        console.ask(&format!("Delete {what}?"), "--yes", "the program deletes only after you confirm")?;
    }
    let call = connection.client.delete(&customer, &id);
    let deleted = unless_interrupted(call, unmasked, Failure::interrupted_free).await?;
    print(std::slice::from_ref(&*deleted), &connection, unmasked, CHANGED, console)?;
    if deleted.validation_status == Some(ValidationStatus::Deleted) {
        return Ok(Exit::Active);
    }
    console.warn("the response does not have the status DELETED; `get` shows whether the account still exists");
    Ok(Exit::NotActive)
}

/// Describes an account by its number or UPI address, its IFSC and its status.
fn in_words(account: &CustomerAccount, unmasked: bool) -> String {
    let Cells { account, ifsc, status, .. } = Cells::of(account, unmasked);
    let known = [account, ifsc, status].into_iter().filter(|text| !text.is_empty());
    known.collect::<Vec<_>>().join(", ")
}

#[derive(Serialize)]
struct Json<'a> {
    server: &'a str,
    accounts: Vec<CustomerAccount>,
}

/// The exit code and the next step if the accounts of a response cannot be printed.
type Unprinted = (Exit, &'static str);

const READ: Unprinted = (Exit::NotSent, "nothing was paid; run the same command again");

const PAID: Unprinted = (
    Exit::Unknown,
    "the response arrived: `list` shows the accounts and pays nothing; another validation would pay again",
);

pub(crate) const CHANGED: Unprinted =
    (Exit::Unknown, "the response arrived, and nothing was paid; `list` shows the accounts");

fn report(
    accounts: &[CustomerAccount],
    connection: &Connection,
    unmasked: bool,
    unprinted: Unprinted,
    console: Console,
) -> Result<Exit, Failure> {
    print(accounts, connection, unmasked, unprinted, console)?;
    let active = !accounts.is_empty() && accounts.iter().all(CustomerAccount::is_active);
    Ok(if active { Exit::Active } else { Exit::NotActive })
}

pub(crate) fn print(
    accounts: &[CustomerAccount],
    connection: &Connection,
    unmasked: bool,
    (exit, next): Unprinted,
    console: Console,
) -> Result<(), Failure> {
    let json = Json {
        server: &connection.server,
        accounts: accounts.iter().map(|account| show::shown(account, unmasked)).collect(),
    };
    let printed = console.result(&json, exit, |out| {
        let mut sheet = Sheet::new(["account", "IFSC", "kind", "name", "amount", "customer account", "status"]);
        for account in accounts {
            let Cells { account: number, ifsc, kind, name, amount, id, status } = Cells::of(account, unmasked);
            let style = console.style(show::style(account.validation_status.as_ref()));
            sheet.add([number, ifsc, kind, name, amount, id, status], style);
        }
        sheet.write(out, console::width())
    });
    printed.map_err(|failure| failure.next(next))
}
