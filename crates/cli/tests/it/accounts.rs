//! `create`, `list`, `get`, `revalidate`, `delete` and `validate --wait`, on a server that keeps accounts.

use std::time::Duration;

use juspay_accounts_sandbox::{Pending, Sandbox};
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::support::{Run, run};

/// A sandbox, with its own runtime.
struct Server {
    sandbox: Sandbox,
    runtime: Runtime,
}

impl Server {
    fn start(pending: Pending) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let sandbox = runtime.block_on(Sandbox::builder().pending(pending).start()).unwrap();
        Self { sandbox, runtime }
    }

    fn run(&self, command: &str) -> Run {
        let url = self.sandbox.url();
        let rest = ["--customer-id", "cst_1", "--base-url", &url];
        run(command.split_whitespace().chain(rest))
    }

    fn json(&self, command: &str) -> (i32, Value) {
        let Run { exit, stdout, stderr } = self.run(&format!("{command} --output json"));
        assert_eq!(stderr, "");
        (exit, serde_json::from_str(&stdout).unwrap())
    }

    fn upi_validations(&self, vpa: &str) -> u32 {
        let _guard = self.runtime.enter();
        self.sandbox.upi_validations(&"cst_1".parse().unwrap(), &vpa.parse().unwrap())
    }
}

#[test]
fn an_account_is_created_listed_read_and_validated_again() {
    let server = Server::start(Pending::Forever);
    let empty = server.run("list");
    assert_eq!((empty.exit, empty.stderr.as_str()), (1, "note: the customer has no accounts\n"));
    let created = server.run("validate --bank-code JP_HDFC --upi asha@upi --bank-account YESB0000262:026291800001190");
    assert_eq!(created.exit, 1, "{created:?}");

    let listed = server.run("list");
    assert_eq!((listed.exit, listed.stderr.as_str()), (1, ""));
    insta::assert_snapshot!(listed.stdout);
    let (_, json) = server.json("list");
    assert!(!json.to_string().contains("asha") && json["accounts"].as_array().unwrap().len() == 2, "{json}");
    assert!(server.run("list --unmasked").stdout.contains("asha@upi"));

    let upi = json["accounts"].as_array().unwrap().iter().find(|account| account["customer_account_type"] == "UPI");
    let id = upi.unwrap()["customer_account_id"].as_str().unwrap();
    let (exit, got) = server.json(&format!("get --account-id {id}"));
    assert_eq!((exit, &got["accounts"][0]), (0, upi.unwrap()));
    assert_eq!(server.upi_validations("asha@upi"), 1, "reading is free");

    let again = server.run(&format!("revalidate --account-id {id} --amount 2.50 --preferred-gateway CFGEN"));
    assert!(again.exit == 0 && again.stdout.contains("2.5"), "{again:?}");
    assert_eq!(server.upi_validations("asha@upi"), 2);

    let gone = server.run("get --account-id banh_nobody");
    assert!(gone.exit == 3 && gone.stderr.contains("status 404"), "{gone:?}");
}

#[test]
fn create_moves_no_money_and_delete_asks_first() {
    let server = Server::start(Pending::Forever);
    let accounts = "--bank-code JP_HDFC --upi asha@upi --bank-account YESB0000262:026291800001191";
    let preview = server.run(&format!("create {accounts} --dry-run"));
    assert!(preview.exit == 0 && preview.stdout.contains("command=create"), "{preview:?}");
    assert_eq!(server.sandbox.requests(), 0);
    let created = server.run(&format!("create {accounts}"));
    assert!(created.exit == 0 && created.stdout.matches("CREATED").count() == 2, "{created:?}");
    assert!(created.stderr.contains("without validating them; no money moves"), "{created:?}");
    assert!(!format!("{created:?}").contains("026291800001191"));
    assert_eq!(server.upi_validations("asha@upi"), 0);

    let (_, json) = server.json("list");
    let accounts = json["accounts"].as_array().unwrap();
    let bank = accounts.iter().find(|account| account["customer_account_type"] == "SAVINGS").unwrap();
    let id = bank["customer_account_id"].as_str().unwrap();
    let asked = server.run(&format!("delete --account-id {id}"));
    assert_eq!(asked.exit, 2);
    let question = format!("Delete account {id} (****1191, YESB0000262, CREATED) at {}?", server.sandbox.url());
    assert!(asked.stderr.contains(&question) && asked.stderr.contains("--yes is required"), "{asked:?}");
    assert_eq!(server.json("list").1, json, "nothing was deleted");
    let deleted = server.run(&format!("delete --account-id {id} --yes"));
    assert!(deleted.exit == 0 && deleted.stdout.contains("DELETED"), "{deleted:?}");
    assert!(deleted.stderr.contains("deleting account") && deleted.stderr.contains("****1191"), "{deleted:?}");
    assert_eq!(server.run("delete --account-id banh_nobody --yes").exit, 3);
}

/// A user who does not know the outcome of a validation must not start another, which can pay again.
#[test]
fn revalidate_warns_against_paying_again() {
    let server = Server::start(Pending::Forever);
    server.run("validate --bank-code JP_HDFC --upi pending@upi");
    let (_, json) = server.json("list");
    let id = json["accounts"][0]["customer_account_id"].as_str().unwrap();
    let again = server.run(&format!("revalidate --account-id {id}"));
    assert_eq!(again.exit, 1);
    assert!(again.stderr.contains("note: a validation has not ended (PENDING or CREATED): `get`"), "{again:?}");
}

/// Only a validation pays. Whoever cannot see the response of another command is not warned of a payment.
#[cfg(target_os = "linux")]
#[test]
fn a_response_that_cannot_be_printed_has_advice_that_fits_the_command() {
    let server = Server::start(Pending::Forever);
    server.run("validate --bank-code JP_HDFC --upi pending@upi");
    let (_, json) = server.json("list");
    let id = json["accounts"][0]["customer_account_id"].as_str().unwrap();
    for (command, exit, next) in [
        ("list", 5, "nothing was paid; run the same command again"),
        (&*format!("get --account-id {id}"), 5, "nothing was paid; run the same command again"),
        ("create --bank-code JP_HDFC --upi asha@upi", 4, "the response arrived, and nothing was paid; `list` shows"),
        (
            &format!("revalidate --account-id {id}"),
            4,
            "the response arrived: `list` shows the accounts and pays nothing; another validation would pay again",
        ),
        (&format!("delete --yes --account-id {id}"), 4, "the response arrived, and nothing was paid; `list` shows"),
    ] {
        let url = server.sandbox.url();
        let args = command.split(' ').chain(["--customer-id", "cst_1", "--base-url", &url]);
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let found = crate::support::program(args).stdout(full).output().unwrap();
        let stderr = String::from_utf8(found.stderr).unwrap();
        assert_eq!(found.status.code(), Some(exit), "{command}: {stderr}");
        assert!(stderr.contains(&format!("\n  next: {next}")), "{command}: {stderr}");
    }
}

#[test]
fn the_cost_is_stated_before_money_moves() {
    for (command, cost) in [
        (
            "validate --bank-code B --upi a@upi --upi b@upi --bank-account YESB0000262:026291800001190 --amount 2.5",
            "; 1 penny drop, at most 2.50 rupees\n",
        ),
        ("validate --bank-code B --upi a@upi", "; 0 penny drops, at most 0.00 rupees\n"),
        ("revalidate --account-id banh_1", "; for a bank account, 1 penny drop, at most 1.00 rupees\n"),
    ] {
        // Nobody listens on this port.
        let args = command.split(' ').chain(["--customer-id", "c", "--base-url", "https://127.0.0.1:1"]);
        let found = Run::of(crate::support::program(args).env("JUSPAY_API_KEY", "1D6A81F3D24F4F"));
        assert_eq!(found.exit, 5, "{found:?}");
        assert!(found.stderr.contains(cost), "{found:?}");
    }
}

/// A server that validates despite `create` may have paid.
#[test]
fn create_warns_of_accounts_with_another_status() {
    let body = r#"[{"account_details":{"vpa":"asha@upi"},"validation_status":"ACTIVE"}]"#;
    let server = crate::support::Server::bodies(&[body]);
    let run = |upi: &str| {
        let args = ["create", "--customer-id", "cst_1", "--bank-code", "B", "--upi", upi, "--base-url", &server.url];
        run(args)
    };
    let found = run("asha@upi");
    assert!(found.exit == 1 && found.stderr.contains("may have made a penny drop"), "{found:?}");
    let found = run("ravi@upi");
    assert!(found.exit == 1 && found.stderr.contains("the response lacks 1 account of the request"), "{found:?}");
}

#[test]
fn a_malformed_value_is_reported_and_nothing_is_sent() {
    let server = Server::start(Pending::Forever);
    for (flag, value, problem) in [
        ("--account-id", "list", "it has 4 characters; at least 5 are needed"),
        ("--amount", "1.005", "it has 3 decimals"),
        ("--routing-id", "é", "character 1 is"),
        ("--preferred-gateway", "026291800001191 ", "character 16 is a space"),
    ] {
        let url = server.sandbox.url();
        let id = if flag == "--account-id" { value } else { "banh_1" };
        let args = ["revalidate", "--customer-id", "cst_1", "--base-url", &url, "--account-id", id];
        let more = if flag == "--account-id" { vec![] } else { vec![flag, value] };
        let found = run(args.into_iter().chain(more));
        assert_eq!(found.exit, 2);
        let start = format!("error: invalid value '****' for '{flag} <");
        assert!(found.stderr.starts_with(&start) && found.stderr.contains(problem), "{}", found.stderr);
    }
    assert_eq!(server.sandbox.requests(), 0);
}

#[test]
fn wait_follows_a_pending_validation() {
    let server = Server::start(Pending::ActiveAfter(1));
    let found = server.run("validate --bank-code JP_HDFC --upi pending@upi --wait 1m");
    assert!(found.exit == 0 && found.stdout.contains("ACTIVE"), "{found:?}");
    assert!(
        found.stderr.contains("waiting for 1 validation") && found.stderr.contains("0 validations pending"),
        "{found:?}"
    );
    assert_eq!(server.upi_validations("pending@upi"), 1, "waiting is free");

    let never = Server::start(Pending::Forever);
    let found = never.run("validate --bank-code JP_HDFC --upi pending@upi --wait 1s");
    assert!(found.exit == 1 && found.stdout.contains("PENDING"), "{found:?}");
    assert!(found.stderr.contains("the --wait time ran out"), "{found:?}");

    let requests = never.sandbox.requests();
    for time in ["soon", "0s", "2h"] {
        assert_eq!(never.run(&format!("validate --bank-code B --upi a@upi --wait {time}")).exit, 2, "{time}");
    }
    assert_eq!(never.sandbox.requests(), requests);
    never.runtime.shutdown_timeout(Duration::from_secs(1));
}
