//! `validate --reconcile`: the response is lost, but the program ends with the right accounts, each paid for once.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime};

use juspay_accounts_sandbox::{Builder, Sandbox};
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::support::{Run, call};

const BANK: &str = "026291800001191";
const UPI: &str = "9164326296@upi";

/// A sandbox that fails only the first request.
struct Server {
    sandbox: Arc<OnceLock<Sandbox>>,
    runtime: Runtime,
}

impl Server {
    fn start(fault: &str, settings: impl Fn(Builder) -> Builder) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let sandbox = Arc::new(OnceLock::<Sandbox>::new());
        let observed = sandbox.clone();
        let builder = settings(Sandbox::builder()).fault(fault.parse().unwrap()).on_request(move |_| {
            observed.get().unwrap().heal();
        });
        assert!(sandbox.set(runtime.block_on(builder.start()).unwrap()).is_ok());
        Self { sandbox, runtime }
    }

    fn run(&self, more: &[&str]) -> Run {
        Run::of(call(&self.sandbox.get().unwrap().url()).arg("--reconcile").args(more))
    }

    /// The number of validations of the bank account and of the UPI address.
    fn paid(&self) -> (u32, u32) {
        let _guard = self.runtime.enter();
        let sandbox = self.sandbox.get().unwrap();
        let customer = "cst_zqqmw0v4exbhvv2l".parse().unwrap();
        let bank = sandbox.penny_drops(&customer, &"YESB0000262".parse().unwrap(), &BANK.parse().unwrap());
        (bank, sandbox.upi_validations(&customer, &UPI.parse().unwrap()))
    }
}

#[test]
fn reconcile_finds_the_accounts_of_a_lost_response_and_pays_once() {
    for fault in ["reset@after", "close@after", "truncate", "status=502@after", "html=504@after"] {
        let server = Server::start(fault, |builder| builder);
        let found = server.run(&["--output", "json"]);
        assert_eq!(found.exit, 0, "{fault}: {found:?}");
        let result: Value = serde_json::from_str(&found.stdout).unwrap();
        assert_eq!((&result["active"], &result["requested"]), (&2.into(), &2.into()), "{fault}");
        assert!(found.stderr.contains("searching the customer's list for the accounts"), "{fault}: {}", found.stderr);
        assert_eq!(server.paid(), (1, 1), "{fault}");
    }
}

#[test]
fn reconcile_says_that_an_unprocessed_request_can_be_sent_again() {
    for fault in ["reset", "status=502"] {
        let server = Server::start(fault, |builder| builder);
        let found = server.run(&["--settle", "1s"]);
        assert_eq!((found.exit, found.stdout.as_str()), (5, ""), "{fault}: {found:?}");
        assert!(
            found.stderr.contains("the request was not processed")
                && found.stderr.contains("run the same command again")
        );
        assert_eq!(server.sandbox.get().unwrap().requests(), 3, "the list is read twice if accounts are missing");
        assert_eq!(server.run(&[]).exit, 0);
        assert_eq!(server.paid(), (1, 1), "{fault}");
    }
}

#[test]
fn reconcile_reports_each_account_that_stays_unknown() {
    // The server's clock is far behind, so the accounts may be older ones.
    let past = SystemTime::UNIX_EPOCH + Duration::from_secs(1_740_419_383);
    let server = Server::start("reset@after", |builder| builder.clock(move || past));
    let found = server.run(&[]);
    assert_eq!(found.exit, 4, "{found:?}");
    for flag in ["--bank-account #1", "--upi #1"] {
        assert!(found.stderr.contains(&format!("  {flag}: the customer already had this account")), "{found:?}");
    }
    assert_eq!(found.stdout, "");
    assert_eq!(server.paid(), (1, 1));
}

#[test]
fn reconcile_ignores_a_refusal_and_settle_has_limits() {
    let server = Server::start("status=400", |builder| builder);
    assert_eq!(server.run(&[]).exit, 3);
    assert_eq!(server.sandbox.get().unwrap().requests(), 1);
    // Without a second list, a missing account could still appear.
    for time in ["2h", "0s"] {
        let found = server.run(&["--settle", time]);
        assert_eq!(found.exit, 2);
        assert!(found.stderr.contains("for '--settle <TIME>': expected a time from 1s to 1h"), "{}", found.stderr);
    }
    assert_eq!(server.sandbox.get().unwrap().requests(), 1);
}
