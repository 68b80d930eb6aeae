//! `get`, `list`, `revalidate` and `delete`: commands for existing accounts.

use juspay_accounts::validation::{Amount, CustomerAccountId, CustomerId, Gateway, ParseError, RoutingId};
use juspay_accounts::{Customer, CustomerAccount, Revalidation, ValidationStatus};
use serde::Serialize;

use crate::connect::{ConnectArgs, Connection, Target};
use crate::console::{self, Console, Format, json_line};
use crate::exit::Exit;
use crate::failure::{Failure, Problem};
use crate::interrupt::unless_interrupted;
use crate::show::{self, Cells, Sheet, nothing};
use crate::text::explained;

#[derive(clap::Args)]
pub(crate) struct CommonArgs {
    /// Use this customer id, Juspay's or your own
    #[arg(long, value_name = "ID")]
    customer_id: String,

    /// Set x-routing-id [default: customer id]
    #[arg(long, value_name = "ID")]
    routing_id: Option<String>,

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
    #[arg(long, value_name = "ID")]
    account_id: String,

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
    #[arg(long, value_name = "ID")]
    account_id: String,

    /// Prefer this gateway for the validation
    #[arg(long, value_name = "NAME")]
    preferred_gateway: Option<String>,

    /// Pay RUPEES into the account [default: 1]
    ///
    /// RUPEES has at most two decimals. The vendor sets the default.
    #[arg(long, value_name = "RUPEES", allow_negative_numbers = true)]
    amount: Option<String>,

    #[command(flatten)]
    common: CommonArgs,
}

/// Delete an account; moves no money
#[derive(clap::Args)]
pub(crate) struct Delete {
    /// Use the account with this customer_account_id
    #[arg(long, value_name = "ID")]
    account_id: String,

    /// Delete without asking
    ///
    /// The flag is required if there is no terminal.
    #[arg(long)]
    yes: bool,

    #[command(flatten)]
    common: CommonArgs,
}

/// Parses arguments one by one, and collects all problems.
#[derive(Default)]
struct Reading {
    problems: Vec<Problem>,
}

impl Reading {
    fn value<T: for<'a> TryFrom<&'a str, Error = ParseError>>(&mut self, flag: &str, text: &str) -> Option<T> {
        T::try_from(text).map_err(|error| self.problems.push(Problem::new(flag, &explained(&error)))).ok()
    }

    fn option<T: for<'a> TryFrom<&'a str, Error = ParseError>>(
        &mut self,
        flag: &str,
        text: Option<&String>,
    ) -> Option<T> {
        text.and_then(|text| self.value(flag, text))
    }

    /// Returns the parsed value, the customer and the target, or all problems.
    fn finish<T>(mut self, read: Option<T>, common: &CommonArgs) -> Result<(T, Customer, Target), Failure> {
        let id: Option<CustomerId> = self.value("--customer-id", &common.customer_id);
        let routing_id: Option<RoutingId> = self.option("--routing-id", common.routing_id.as_ref());
        let target = common.connect.target(true).map_err(|problem| self.problems.push(problem)).ok();
        let (Some(read), Some(id), Some(target), true) = (read, id, target, self.problems.is_empty()) else {
            return Err(Failure::input(self.problems));
        };
        let customer = Customer::new(id);
        let customer = match routing_id {
            Some(id) => customer.with_routing_id(id),
            None => customer,
        };
        Ok((read, customer, target))
    }
}

pub(crate) async fn get(args: Get, console: Console) -> Result<Exit, Failure> {
    let mut reading = Reading::default();
    let id: Option<CustomerAccountId> = reading.value("--account-id", &args.account_id);
    let (id, customer, target) = reading.finish(id, &args.common)?;
    let connection = target.connect().await?;
    let call = connection.client.get(&customer, &id);
    let account = unless_interrupted(call, args.common.unmasked, Failure::interrupted_read).await?;
    report(&[account.into_inner()], &connection, args.common.unmasked, console)
}

pub(crate) async fn list(args: List, console: Console) -> Result<Exit, Failure> {
    let ((), customer, target) = Reading::default().finish(Some(()), &args.common)?;
    let connection = target.connect().await?;
    let call = connection.client.list(&customer);
    let accounts = unless_interrupted(call, args.common.unmasked, Failure::interrupted_read).await?;
    if !accounts.is_complete() {
        console.warn("the list may be incomplete: the response does not say whether the customer has more accounts");
    }
    if accounts.is_empty() {
        console.note("the customer has no accounts");
    }
    report(&accounts, &connection, args.common.unmasked, console)
}

pub(crate) async fn revalidate(args: Revalidate, console: Console) -> Result<Exit, Failure> {
    let mut reading = Reading::default();
    let id: Option<CustomerAccountId> = reading.value("--account-id", &args.account_id);
    let gateway: Option<Gateway> = reading.option("--preferred-gateway", args.preferred_gateway.as_ref());
    let amount: Option<Amount> = reading.option("--amount", args.amount.as_ref());
    let (id, customer, target) = reading.finish(id, &args.common)?;
    let mut request = Revalidation::new(customer, id);
    if let Some(gateway) = gateway {
        request = request.preferred_gateway(gateway);
    }
    if let Some(amount) = amount {
        request = request.validation_amount(amount);
    }
    console.note(format_args!("validating an account again at {}", target.describe()));
    let connection = target.connect().await?;
    let call = connection.client.revalidate(request);
    let account = unless_interrupted(call, args.common.unmasked, Failure::interrupted).await?;
    report(&[account.into_inner()], &connection, args.common.unmasked, console)
}

pub(crate) async fn delete(args: Delete, console: Console) -> Result<Exit, Failure> {
    let mut reading = Reading::default();
    let id: Option<CustomerAccountId> = reading.value("--account-id", &args.account_id);
    let (id, customer, target) = reading.finish(id, &args.common)?;
    let (place, unmasked) = (target.describe(), args.common.unmasked);
    let connection = target.connect().await?;
    // The account is read first, because the question describes it.
    let account =
        unless_interrupted(connection.client.get(&customer, &id), unmasked, Failure::interrupted_read).await?;
    let what = format!("account {id} ({}) at {place}", in_words(&account, unmasked));
    if args.yes {
        console.note(format_args!("deleting {what}"));
    } else {
        console.ask(&format!("Delete {what}?"), "--yes", "the program deletes only after you confirm")?;
    }
    let call = connection.client.delete(&customer, &id);
    let deleted = unless_interrupted(call, unmasked, Failure::interrupted_free).await?;
    print(std::slice::from_ref(&*deleted), &connection, unmasked, console)?;
    if deleted.validation_status == Some(ValidationStatus::Deleted) {
        return Ok(Exit::Active);
    }
    console.warn("the response does not have the status DELETED; `get` shows whether the account still exists");
    Ok(Exit::NotActive)
}

/// Describes an account by its number or UPI address, its branch and its status.
fn in_words(account: &CustomerAccount, unmasked: bool) -> String {
    let Cells { account, ifsc, status, .. } = Cells::of(account, unmasked);
    let known = [account, ifsc, status].into_iter().filter(|text| *text != nothing());
    known.collect::<Vec<_>>().join(", ")
}

#[derive(Serialize)]
struct Json<'a> {
    server: &'a str,
    accounts: Vec<CustomerAccount>,
}

fn report(
    accounts: &[CustomerAccount],
    connection: &Connection,
    unmasked: bool,
    console: Console,
) -> Result<Exit, Failure> {
    print(accounts, connection, unmasked, console)?;
    let active = !accounts.is_empty() && accounts.iter().all(CustomerAccount::is_active);
    Ok(if active { Exit::Active } else { Exit::NotActive })
}

pub(crate) fn print(
    accounts: &[CustomerAccount],
    connection: &Connection,
    unmasked: bool,
    console: Console,
) -> Result<(), Failure> {
    let printed = console.print(|out| match console.format {
        Format::Table => {
            let mut sheet = Sheet::new(["account", "IFSC", "kind", "name", "amount", "customer account", "status"]);
            for account in accounts {
                let Cells { account: number, ifsc, kind, name, amount, id, status } = Cells::of(account, unmasked);
                let style = console.style(show::style(account.validation_status.as_ref()));
                sheet.add([number, ifsc, kind, name, amount, id, status], style);
            }
            sheet.write(out, console::width())
        }
        Format::Json => {
            let accounts = accounts.iter().map(|account| show::shown(account, unmasked)).collect();
            json_line(out, &Json { server: &connection.server, accounts })
        }
    });
    if let Err(error) = printed {
        return Err(Failure::caused(
            Exit::Unknown,
            "the response arrived, but the result cannot be written to standard output",
            &error,
        ));
    }
    Ok(())
}
