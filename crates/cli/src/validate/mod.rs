//! `validate`: one call for the accounts of one customer.

pub(crate) mod dry_run;
mod flags;
mod reconcile;
mod report;
pub(crate) mod request;

use std::time::{Duration, SystemTime};

use juspay_accounts::{AccountsRequest, Customer, CustomerAccount, Delivery, Step, WaitOutcome, WaitPolicy, WaitState};
use juspay_accounts_validation::Amount;

use self::reconcile::{Found, Lost};
use self::request::RequestArgs;
use crate::connect::{ConnectArgs, Connection, Target};
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::{Failure, Problem};
use crate::interrupt::Interrupt;
use crate::text::count;
use crate::time;

const EXAMPLES: &str = "\
Examples:
  Two accounts, answered by the embedded sandbox (no key, no network, no money):
    juspay-accounts validate --customer-id cst_zqqmw0v4exbhvv2l --bank-code JP_HDFC \\
      --bank-account YESB0000262:026291800001191 --upi 9164326296@upi

  What would be sent to production:
    juspay-accounts validate --customer-id cst_1 --bank-code JP_HDFC \\
      --bank-account 'HDFC0000001:50100012345678:Asha Rao' --env production --dry-run

  For a program:
    JUSPAY_API_KEY=$(pass show juspay) juspay-accounts validate --env sandbox --output json \\
      --customer-id cst_1 --bank-code JP_HDFC --upi asha@okbank | jq '.accounts[].active'

Results:
  A row for each account that was asked for: bank accounts first, then UPI addresses, each in the order of their flags. An \
account that the answer does not have is shown as such. What is in the answer and was not asked for comes last.

  The name that the bank has is compared with --expect-name, or else with the name given with a bank account. The verdict \
is match, close, different or cannot_tell. It is advice, and changes neither status nor exit code.

  With --output json one line:
    {\"request_id\", \"server\", \"requested\", \"active\",
     \"accounts\": [{\"input\", \"active\", \"name\", \"account\"}]}
  \"input\" is the flag, such as \"--bank-account #1\", or null if nobody asked; \"name\" has verdict, score and differences, or \
is null; \"account\" is what was received, or null.

  Account numbers, UPI addresses and names are masked, in JSON too, since results end in logs; --unmasked shows them. Other \
users of this machine can see arguments.

Exit codes:
  0  all accounts are active
  1  some are not
  2  wrong usage or invalid input; nothing was sent
  3  refused; nothing was paid
  4  it is not known whether it was acted on, or what became of an account that the answer lacks
  5  not sent, or not acted on as --reconcile found; nothing was paid";

/// Validate the accounts of one customer in one call; each call can move money
#[allow(clippy::doc_markdown, reason = "help is plain text")]
#[derive(clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    request: RequestArgs,

    /// Compare the bank's name for the holder of each account with this name; it is not sent
    #[arg(long, value_name = "NAME")]
    expect_name: Option<String>,

    /// Gateway that should validate
    #[arg(long, value_name = "GATEWAY")]
    preferred_gateway: Option<String>,

    /// What is paid into each account, at most two decimals [default: the vendor's, which is 1]
    #[arg(long, value_name = "RUPEES", allow_negative_numbers = true)]
    amount: Option<String>,

    /// Print the request as it would be sent, masked, and send nothing
    #[arg(long)]
    dry_run: bool,

    /// Wait this long at most for validations that have not ended, such as 2m; from 1s to 1h. It reads, and pays nothing
    #[arg(long, value_name = "TIME")]
    wait: Option<String>,

    /// If the response is lost or lacks an account, look for it in the customer's list; this pays nothing
    #[arg(long)]
    reconcile: bool,

    /// How long after a first list without an account a second one must be without it too, from 0s to 1h [default: 3m]
    #[arg(long, value_name = "TIME", requires = "reconcile")]
    settle: Option<String>,

    /// Show account numbers, UPI addresses and names in clear; of a failure also the server's own words
    #[arg(long)]
    unmasked: bool,

    #[command(flatten)]
    connect: ConnectArgs,
}

pub(crate) async fn run(args: Args, console: Console) -> Result<Exit, Failure> {
    let (request, target, times) = args.checked().map_err(Failure::input)?;
    for advice in request.advice() {
        console.warn(flags::advice(&advice));
    }
    if args.dry_run {
        return dry_run::run(|client| client.preview(&request), &target, args.unmasked, console);
    }
    announce(&request, &target, console);
    let mut interrupt = Interrupt::listen()?;
    let connection = target.connect().await?;
    let sent = SystemTime::now();
    let answer = tokio::select! {
        answer = connection.client.validate(&request) => answer,
        () = interrupt.wait() => return Err(Failure::interrupted()),
    };
    let (accounts, request_id, lost) = match answer {
        Ok(accounts) => {
            let request_id = accounts.request_id().map(str::to_owned);
            let lost = report::missing(&request, &accounts, request_id.as_deref())
                .map(|failure| Lost { why: "the response does not have all accounts".to_owned(), failure });
            (accounts.into_inner(), request_id, lost)
        }
        Err(error) => {
            let failure = Failure::call(&error, args.unmasked);
            if !args.reconcile || error.delivery() != Delivery::Unknown {
                return Err(failure);
            }
            let request_id = error.request_id().map(str::to_owned);
            (Vec::new(), request_id, Some(Lost { why: error.to_string(), failure }))
        }
    };
    let mut found = Found { accounts, doubt: None };
    let is_missing = lost.is_some() && !args.reconcile;
    if let Some(Lost { why, failure }) = lost.filter(|_| args.reconcile) {
        let looked = tokio::select! {
            looked = reconcile::look(&connection.client, &request, sent, times.settle, &why, console) => looked,
            () = interrupt.wait() => {
                console.warn("the looking was interrupted");
                None
            }
        };
        found = match looked {
            Some(looked) => reconcile::judge(&request, found.accounts, looked, request_id.as_deref(), console)?,
            None if found.accounts.is_empty() => return Err(failure),
            None => Found { doubt: Some(failure), ..found },
        };
    }
    let Found { mut accounts, mut doubt } = found;
    if let Some(time) = times.wait
        && accounts.iter().any(CustomerAccount::is_pending)
    {
        accounts = wait_for(&connection, &Customer::from(&request), accounts, time, &mut interrupt, console).await;
    }
    // A read in the meantime may have identified the account.
    if is_missing {
        doubt = report::missing(&request, &accounts, request_id.as_deref());
    }
    let expected_name = args.expect_name.as_deref();
    let view = report::View { server: &connection.server, unmasked: args.unmasked, expected_name };
    let exit = report::run(&request, &accounts, request_id.as_deref(), view, console)?;
    doubt.map_or(Ok(exit), Err)
}

/// Waits for pending validations. However the wait ends, the accounts from the last read are the result.
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
            // An unfinished round has already read some accounts.
            () = interrupt.wait() => break None,
        };
        if state.rounds() > rounds {
            console.note(format_args!("{} under way", count(pending(&accounts), "validation", "validations")));
        }
        match step {
            Step::Settled(outcome) => break Some(outcome),
            Step::CheckAgainAt(moment) => tokio::select! {
                () = tokio::time::sleep(moment.duration_since(SystemTime::now()).unwrap_or_default()) => {}
                () = interrupt.wait() => break None,
            },
        }
    };
    match ended {
        Some(WaitOutcome::Finished) => {}
        Some(WaitOutcome::TimedOut) => console.warn("timed out waiting"),
        Some(WaitOutcome::Refused(error)) => console.warn(format_args!("waiting ended: {error}")),
        Some(WaitOutcome::Contradicted) => {
            console
                .warn("waiting ended: the server returned another account with the same id; its status was not used");
        }
        Some(_) => console.warn("waiting ended: an account without an id cannot be read"),
        None => console.warn("waiting was interrupted"),
    }
    accounts
}

/// Durations that the user has set.
struct Times {
    wait: Option<Duration>,
    settle: Option<Duration>,
}

impl Args {
    /// The request and its target, or all problems.
    fn checked(&self) -> Result<(AccountsRequest, Target, Times), Vec<Problem>> {
        let target = self.connect.target().and_then(|target| match target.missing() {
            Some(problem) if !self.dry_run => Err(vec![problem]),
            _ => Ok(target),
        });
        let time = |flag, text: Option<&String>, least| {
            text.map(|text| time::read(flag, text, least..=Duration::from_hours(1))).transpose()
        };
        let wait = time("--wait", self.wait.as_ref(), Duration::from_secs(1));
        let settle = time("--settle", self.settle.as_ref(), Duration::ZERO);
        match (self.request(), target, wait, settle) {
            (Ok(request), Ok(target), Ok(wait), Ok(settle)) => Ok((request, target, Times { wait, settle })),
            (request, target, wait, settle) => {
                let problems = [request.err(), target.err(), wait.err().map(|problem| vec![problem])];
                Err(problems.into_iter().flatten().flatten().chain(settle.err()).collect())
            }
        }
    }

    fn request(&self) -> Result<AccountsRequest, Vec<Problem>> {
        self.request.build(|mut builder| {
            if let Some(gateway) = &self.preferred_gateway {
                builder = builder.preferred_gateway(gateway.as_str());
            }
            if let Some(amount) = &self.amount {
                builder = builder.validation_amount(amount.as_str());
            }
            builder
        })
    }
}

/// Prints what is about to be sent, if it may cost something.
fn announce(request: &AccountsRequest, target: &Target, console: Console) {
    let accounts = count(request.bank_accounts().len() + request.upi().len(), "account", "accounts");
    let place = target.describe();
    if target.is_production() {
        let amount = request.options().validation_amount.unwrap_or(Amount::ONE_RUPEE);
        console.note(format_args!("sending {accounts} to {place}; INR {amount} can be paid for each"));
    } else {
        console.note(format_args!("sending {accounts} to {place}"));
    }
}
