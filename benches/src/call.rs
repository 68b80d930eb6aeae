//! One call over loopback on an open connection, compared with the call by hand: time, allocations and instructions.
//!
//! The embedded sandbox responds from another thread, and only the client's side is counted. Both clients start from
//! prepared values: the workspace's client from a checked request, the other one from its structs.

use std::process::{Command, Stdio};
use std::str::FromStr;
use std::time::{Duration, Instant};

use juspay_accounts::{AccountsRequest, ApiKey, BaseUrl, Client};
use juspay_accounts_sandbox::Sandbox;
use tokio::runtime::{self, Runtime};

use crate::payees::{BANK_CODE, CUSTOMER, Payee, payee};
use crate::row::{Row, Target, number, time};
use crate::{Scale, by_hand, pairs, process};

const KEY: &str = "1D6A81F3D24F4F";

/// The number of calls that are counted.
pub const COUNTED: u32 = 1000;

/// The number of calls before those, which connect and fill caches.
pub const FIRST: u32 = 200;

/// The rows of the group.
pub fn measure(scale: Scale) -> Vec<Row> {
    let server = Server::start();
    let url = server.sandbox.url();
    vec![in_time(scale, &url), in_allocations(&url), in_instructions(&url)]
}

fn in_time(scale: Scale, url: &str) -> Row {
    let what = "call over loopback / reqwest by hand: time";
    let mut ours = Calls::new(Kind::Ours, url);
    let mut by_hand = Calls::new(Kind::ByHand, url);
    ours.make(FIRST);
    by_hand.make(FIRST);
    let pair = pairs::in_turns(3 * scale.budget(), || ours.make(1), || by_hand.make(1));
    Row::ratio(what, time(pair.measured), time(pair.baseline), pair.ratio, Target::AtMost(1.03))
}

fn in_allocations(url: &str) -> Row {
    let counted = |kind: Kind| {
        let program = process::this().with_file_name("allocations");
        let ran = Command::new(program).args([kind.name(), url]).output().expect("the program that counts allocations");
        String::from_utf8_lossy(&ran.stdout).trim().parse::<f64>().expect("a number of allocations")
    };
    let (ours, by_hand) = (counted(Kind::Ours), counted(Kind::ByHand));
    let what = "the same: allocations beyond those by hand";
    Row { baseline: number(by_hand), ..Row::absolute(what, number(ours), ours - by_hand, "", Target::AtMost(5.0)) }
}

fn in_instructions(url: &str) -> Row {
    let what = "the same: instructions";
    let each = |kind| {
        let counted = |calls: u32| instructions(kind, url, calls);
        Ok::<_, String>((counted(FIRST + COUNTED)? - counted(FIRST)?) / f64::from(COUNTED))
    };
    match each(Kind::Ours).and_then(|ours| Ok((ours, each(Kind::ByHand)?))) {
        Ok((ours, by_hand)) => Row::ratio(what, number(ours), number(by_hand), ours / by_hand, Target::AtMost(1.05)),
        Err(why) => Row::not_measured(what, &why),
    }
}

/// The instructions of a process that makes this number of calls, as callgrind counts them. The count does not depend
/// on the machine or on other programs. The process makes all requests, whether it sends them or not.
fn instructions(kind: Kind, url: &str, calls: u32) -> Result<f64, String> {
    let ran = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(process::this())
        .args(["calls", kind.name(), url, &calls.to_string()])
        .stdout(Stdio::null())
        .output()
        .map_err(|error| format!("valgrind cannot be run: {error}"))?;
    let told = String::from_utf8_lossy(&ran.stderr);
    let collected = told.lines().find_map(|line| line.split_once("Collected : ")?.1.trim().parse().ok());
    collected.filter(|_| ran.status.success()).ok_or_else(|| "callgrind failed".to_owned())
}

/// Which client makes the calls.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// The workspace's client.
    Ours,
    /// The client of [`by_hand`].
    ByHand,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::ByHand => "by-hand",
        }
    }
}

impl FromStr for Kind {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let mut kinds = [Self::Ours, Self::ByHand].into_iter();
        kinds.find(|kind| kind.name() == name).ok_or_else(|| "it is `ours` or `by-hand`".to_owned())
    }
}

/// A client that makes calls, one after another, on one thread.
pub struct Calls {
    runtime: Runtime,
    client: Either<Client, by_hand::Client>,
    made: usize,
}

enum Either<L, R> {
    Ours(L),
    ByHand(R),
}

/// The requests to send. They are made before the calls are timed or counted.
pub struct Requests(Either<Vec<AccountsRequest>, Vec<by_hand::Request>>);

impl Requests {
    fn first(mut self, count: usize) -> Self {
        match &mut self.0 {
            Either::Ours(requests) => requests.truncate(count),
            Either::ByHand(requests) => requests.truncate(count),
        }
        self
    }
}

impl Calls {
    /// A client of this kind.
    pub fn new(kind: Kind, url: &str) -> Self {
        let runtime = runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let client = match kind {
            Kind::Ours => Either::Ours(client(url)),
            Kind::ByHand => Either::ByHand(by_hand::Client::new(url, KEY).expect("a client by hand")),
        };
        Self { runtime, client, made: 0 }
    }

    /// Makes this number of calls, and returns how long they took, without the time to make the requests.
    pub fn make(&mut self, calls: u32) -> Duration {
        let requests = self.requests(calls);
        self.send(requests)
    }

    /// The requests of this number of calls.
    pub fn requests(&mut self, calls: u32) -> Requests {
        let payees: Vec<_> = (0..calls as usize).map(|call| payee(self.made + call)).collect();
        self.made += payees.len();
        let payees = payees.into_iter();
        Requests(match self.client {
            Either::Ours(_) => Either::Ours(payees.map(|payee| request([payee])).collect()),
            Either::ByHand(_) => Either::ByHand(payees.map(|payee| request_by_hand([payee])).collect()),
        })
    }

    /// Makes some of the [`FIRST`] and [`COUNTED`] calls. The requests of all of them are made, so that making requests
    /// does not count in a difference.
    pub fn make_some(&mut self, calls: u32) {
        let requests = self.requests(FIRST + COUNTED).first(calls as usize);
        self.send(requests);
    }

    /// Makes the calls, and returns how long they took.
    ///
    /// # Panics
    /// A call fails, or the requests are for the other kind of client.
    pub fn send(&self, requests: Requests) -> Duration {
        let began = Instant::now();
        match (&self.client, requests.0) {
            (Either::Ours(client), Either::Ours(requests)) => {
                for request in requests {
                    let accounts = self.runtime.block_on(client.validate(&request)).expect("an answer");
                    assert_eq!(accounts.len(), 1);
                }
            }
            (Either::ByHand(client), Either::ByHand(requests)) => {
                for request in requests {
                    let accounts = self.runtime.block_on(client.validate(&request)).expect("an answer");
                    assert_eq!(accounts.len(), 1);
                }
            }
            _ => panic!("requests are made by the one that sends them"),
        }
        began.elapsed()
    }
}

/// The workspace's client with its default settings.
pub fn client(url: &str) -> Client {
    let url: BaseUrl = url.parse().expect("an address");
    Client::new(url, ApiKey::new(KEY).expect("a key")).expect("a client")
}

/// A request of the workspace's client.
pub fn request(payees: impl IntoIterator<Item = Payee>) -> AccountsRequest {
    let builder = AccountsRequest::builder(CUSTOMER, BANK_CODE).gateway_id("800");
    let builder = payees.into_iter().fold(builder, |builder, payee| match payee {
        Payee::Bank { ifsc, account, name: None } => builder.bank_account(ifsc, account),
        Payee::Bank { ifsc, account, name: Some(name) } => builder.named_bank_account(ifsc, account, name),
        Payee::Upi(vpa) => builder.upi(vpa),
    });
    builder.build().expect("a request without a problem")
}

/// The same request by hand.
pub fn request_by_hand(payees: impl IntoIterator<Item = Payee>) -> by_hand::Request {
    by_hand::Request {
        customer_id: CUSTOMER.to_owned(),
        bank_code: BANK_CODE.to_owned(),
        gateway_id: Some("800".to_owned()),
        details: payees.into_iter().collect(),
    }
}

/// The embedded sandbox on its own thread.
pub struct Server {
    /// The sandbox.
    pub sandbox: Sandbox,
    _runtime: Runtime,
}

impl Server {
    /// Starts a sandbox with a small capacity, so that each call costs the same.
    pub fn start() -> Self {
        let runtime = runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        let sandbox = runtime.block_on(Sandbox::builder().capacity(64).start()).expect("a sandbox");
        Self { sandbox, _runtime: runtime }
    }
}
