//! `validate`: validates the accounts of one customer with one call.

mod flags;
mod reconcile;
mod report;
pub(crate) mod request;

use std::time::{Duration, SystemTime};

use juspay_accounts::{AccountsRequest, Customer, CustomerAccount, Delivery, Step, WaitOutcome, WaitPolicy, WaitState};
use juspay_accounts_validation::{Amount, RequestBuilder};

use self::reconcile::{Found, Lost};
use self::report::View;
use self::request::{RequestArgs, dry_run};
use crate::connect::{ConnectArgs, Connection, Target};
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::text::{count, duration, rupees};

/// Validate accounts of one customer; can move money
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    request: RequestArgs,

    /// Compare the name at the bank with NAME
    ///
    /// The name is not sent. It is compared for each account.
    #[arg(long, value_name = "NAME")]
    expect_name: Option<String>,

    /// Prefer this gateway for the validation
    #[arg(long, value_name = "NAME")]
    preferred_gateway: Option<String>,

    /// Pay RUPEES into each account [default: 1]
    ///
    /// RUPEES has at most two decimals. The vendor sets the default.
    #[arg(long, value_name = "RUPEES", allow_negative_numbers = true)]
    amount: Option<String>,

    /// Wait up to TIME for pending validations
    ///
    /// TIME is from 1s to 1h. The program reads the accounts, and pays nothing.
    #[arg(long, value_name = "TIME", value_parser = |text: &str| duration(text, Duration::from_secs(1)..=HOUR))]
    wait: Option<Duration>,

    /// Look up accounts that the response lacks
    ///
    /// If the response is lost, or lacks accounts, the program searches the customer's list for them. This pays
    /// nothing.
    #[arg(long)]
    reconcile: bool,

    /// Search again after TIME before an account counts as missing [default: 3m]
    ///
    /// TIME is from 1s to 1h. Only a second list without the account proves that it was not created. With a shorter
    /// time than the default, sending the account again can pay twice, because the vendor may still be processing the
    /// first request.
    #[arg(long, hide_short_help = true, value_name = "TIME", requires = "reconcile",
        value_parser = |text: &str| duration(text, Duration::from_secs(1)..=HOUR))]
    settle: Option<Duration>,

    #[command(flatten)]
    connect: ConnectArgs,
}

/// The maximum of `--wait` and `--settle`.
const HOUR: Duration = Duration::from_hours(1);

pub(crate) async fn run(args: Args, console: Console) -> Result<Exit, Failure> {
    let (request, target) = args.checked()?;
    let unmasked = args.request.unmasked;
    for advice in request.advice() {
        console.warn(flags::advice(&advice));
    }
    if args.request.dry_run {
        return dry_run(|client| client.preview(&request), &target, unmasked, console);
    }
    announce(&request, &target, console);
    let mut interrupt = Interrupt::listen()?;
    let connection = target.connect().await?;
    let sent = SystemTime::now();
    let response = tokio::select! {
        response = connection.client.validate(&request) => response,
        () = interrupt.wait() => return Err(Failure::interrupted()),
    };
    let (accounts, request_id, lost) = match response {
        Ok(accounts) => {
            let request_id = accounts.request_id().map(str::to_owned);
            let lost = report::missing(&request, &accounts, request_id.as_deref())
                .map(|failure| Lost { why: "the response lacks some accounts".to_owned(), failure });
            (accounts.into_inner(), request_id, lost)
        }
        Err(error) => {
            let failure = Failure::call(&error, unmasked);
            if !args.reconcile || error.delivery() != Delivery::Unknown {
                return Err(failure);
            }
            let request_id = error.request_id().map(str::to_owned);
            (Vec::new(), request_id, Some(Lost { why: error.to_string(), failure }))
        }
    };
    let mut found = Found { accounts, unknown: None };
    let is_missing = lost.is_some() && !args.reconcile;
    if let Some(Lost { why, failure }) = lost.filter(|_| args.reconcile) {
        let searched = tokio::select! {
            searched = reconcile::search(&connection.client, &request, sent, args.settle, &why, console) => searched,
            () = interrupt.wait() => {
                console.warn("the lookup was interrupted");
                None
            }
        };
        found = match searched {
            Some(searched) => reconcile::judge(&request, found.accounts, searched, request_id.as_deref(), console)?,
            None if found.accounts.is_empty() => return Err(failure),
            None => Found { unknown: Some(failure), ..found },
        };
    }
    let Found { mut accounts, mut unknown } = found;
    if let Some(time) = args.wait
        && accounts.iter().any(CustomerAccount::is_pending)
    {
        accounts = wait_for(&connection, &Customer::from(&request), accounts, time, &mut interrupt, console).await;
    }
    // A read during the wait may have identified an account that the response lacked.
    if is_missing {
        unknown = report::missing(&request, &accounts, request_id.as_deref());
    }
    let expected_name = args.expect_name.as_deref();
    let (server, request_id) = (&*connection.server, request_id.as_deref());
    let exit = report::run(&request, &accounts, View { server, request_id, unmasked, expected_name, console })?;
    unknown.map_or(Ok(exit), Err)
}

/// Waits for pending validations. Returns the accounts as they were last read, even if the wait fails.
async fn wait_for(
    connection: &Connection,
    customer: &Customer,
    accounts: Vec<CustomerAccount>,
    time: Duration,
    interrupt: &mut Interrupt,
    console: Console,
) -> Vec<CustomerAccount> {
    let pending = |accounts: &[CustomerAccount]| accounts.iter().filter(|account| account.is_pending()).count();
    console.note(format_args!("waiting for {}", count(pending(&accounts), "validation", "validations")));
    let mut accounts = accounts;
    let mut state = WaitState::new(WaitPolicy::default().timeout(time));
    let ended = loop {
        let rounds = state.rounds();
        let step = tokio::select! {
            step = connection.client.wait_once(customer, &mut accounts, &mut state) => step,
            // An interrupted round may already have updated some accounts.
            () = interrupt.wait() => break None,
        };
        if state.rounds() > rounds {
            console.note(format_args!("{} pending", count(pending(&accounts), "validation", "validations")));
        }
        match step {
            Step::Settled(outcome) => break Some(outcome),
            Step::CheckAgainAt(moment) => tokio::select! {
                () = tokio::time::sleep(moment.duration_since(SystemTime::now()).unwrap_or_default()) => {}
                () = interrupt.wait() => break None,
            },
        }
    };
    let why = match ended {
        Some(WaitOutcome::Finished) => return accounts,
        Some(WaitOutcome::TimedOut) => "the --wait time ran out".to_owned(),
        Some(WaitOutcome::Refused(error)) => error.to_string(),
        Some(WaitOutcome::Contradicted) => "the server returned another account with the same id".to_owned(),
        Some(_) => "an account has no id, so its status cannot be read".to_owned(),
        None => "it was interrupted".to_owned(),
    };
    console.warn(format_args!("the wait for pending validations ended: {why}"));
    accounts
}

impl Args {
    fn checked(&self) -> Result<(AccountsRequest, Target), Failure> {
        let complete = |mut builder: RequestBuilder| {
            if let Some(gateway) = &self.preferred_gateway {
                builder = builder.preferred_gateway(gateway.as_str());
            }
            if let Some(amount) = &self.amount {
                builder = builder.validation_amount(amount.as_str());
            }
            builder
        };
        self.request.checked(complete, &self.connect)
    }
}

/// Prints what is about to be sent, and what it can cost if the server can move money.
fn announce(request: &AccountsRequest, target: &Target, console: Console) {
    let accounts = count(request.payees().len(), "account", "accounts");
    let place = target.describe();
    if target.moves_money() {
        let drops = request.bank_accounts().count() as u64;
        let amount = request.parts().options.validation_amount.unwrap_or(Amount::ONE_RUPEE);
        let most = rupees(drops.saturating_mul(amount.paise()));
        let drops = count(drops, "penny drop", "penny drops");
        console.note(format_args!("sending {accounts} to {place}; {drops}, at most {most} rupees"));
    } else {
        console.note(format_args!("sending {accounts} to {place}"));
    }
}
