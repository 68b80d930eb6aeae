//! A directory, a sandbox, and the program that uses both.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use juspay_accounts_sandbox::{Builder, Fault, Sandbox};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

/// The header of the files in these tests.
pub(crate) const HEADER: &str = "customer_id,bank_code,ifsc,account,name,vpa,reference\n";

pub(crate) struct Place {
    pub(crate) directory: TempDir,
    pub(crate) sandbox: Sandbox,
}

impl Place {
    pub(crate) async fn new(faults: &[&str]) -> Self {
        let mut sandbox = Sandbox::builder();
        for fault in faults {
            sandbox = sandbox.fault(fault.parse::<Fault>().unwrap());
        }
        Self::with(sandbox).await
    }

    pub(crate) async fn with(sandbox: Builder) -> Self {
        let sandbox = sandbox.capacity(200_000).seed(7);
        Self { directory: tempfile::tempdir().unwrap(), sandbox: sandbox.start().await.unwrap() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub(crate) fn input(&self, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.path("in.csv"), bytes).unwrap();
    }

    /// The command `batch in.csv --out out.ndjson` for the sandbox, with more arguments.
    pub(crate) fn command(&self, more: &[&str]) -> Command {
        let url = self.sandbox.url();
        self.program(&[&["in.csv", "--out", "out.ndjson", "--base-url", &url], more].concat())
    }

    pub(crate) fn program(&self, args: &[&str]) -> Command {
        self.juspay(&[&["batch"], args].concat())
    }

    pub(crate) fn juspay(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_juspay-accounts"));
        command.args(args).current_dir(self.directory.path());
        command.env_remove("JUSPAY_API_KEY").env_remove("HTTP_PROXY").env_remove("http_proxy");
        command
    }

    pub(crate) fn run(&self, more: &[&str]) -> Ran {
        Ran::of(self.command(more).output().unwrap())
    }

    /// The results of the rows that the run reached, by row.
    pub(crate) fn outcomes(&self) -> BTreeMap<u64, Value> {
        self.records().into_iter().map(|record| (record["row"].as_u64().unwrap(), record)).collect()
    }

    /// All results of rows that the run reached. The results have one entry per row, in the order of the input.
    pub(crate) fn records(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(self.path("out.ndjson")).unwrap();
        assert!(text.is_empty() || text.ends_with('\n'), "torn: {text}");
        let mut records: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let lines = records.iter().map(|record| record["row"].as_u64().unwrap());
        assert!(lines.is_sorted_by(|one, next| one < next), "{text}");
        records.retain(|record| record["reason"] != "no run has reached this row");
        records
    }

    /// The events of the log. The chain of checksums must be intact.
    pub(crate) fn log(&self) -> Vec<Value> {
        events(&std::fs::read_to_string(self.path("out.log")).unwrap_or_default())
    }

    /// How many events of a kind the log has so far.
    pub(crate) fn logged(&self, kind: &str) -> usize {
        let text = std::fs::read_to_string(self.path("out.log")).unwrap_or_default();
        // The program may be writing the last line.
        let whole = text.rfind('\n').map_or("", |end| &text[..=end]);
        whole.matches(&format!(r#","event":{{"{kind}":{{"#)).count()
    }

    /// Changes the events of the log, and updates the checksums.
    pub(crate) fn edit_log(&self, edit: impl FnOnce(&mut Vec<Value>)) {
        let mut events = self.log();
        edit(&mut events);
        std::fs::write(self.path("out.log"), sealed(&events)).unwrap();
    }

    /// Pretends that the program died right after it logged another attempt for the first payee.
    pub(crate) fn cut_off(&self, attempt: u32) {
        self.edit_log(|events| {
            let payee = events.iter().find_map(|event| event["send"]["payee"].as_str()).unwrap().to_owned();
            events.push(serde_json::json!({ "send": { "payee": payee, "attempt": attempt, "at": 9_000 } }));
        });
    }

    pub(crate) fn tally(&self) -> BTreeMap<String, usize> {
        let mut tally = BTreeMap::new();
        for record in self.outcomes().into_values() {
            *tally.entry(record["outcome"].as_str().unwrap().to_owned()).or_default() += 1;
        }
        tally
    }

    /// How often the sandbox has validated the accounts of each customer.
    pub(crate) fn validations(&self) -> BTreeMap<String, u32> {
        let mut all = BTreeMap::new();
        for account in self.sandbox.accounts() {
            *all.entry(account.customer_id.as_str().to_owned()).or_default() += account.validations;
        }
        all
    }
}

/// The events of a log. Every line must have the next number, and a checksum of itself and the previous checksum.
pub(crate) fn events(text: &str) -> Vec<Value> {
    let events: Vec<Value> =
        text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["event"].take()).collect();
    for (number, (line, expected)) in text.lines().zip(sealed_as(text)).enumerate() {
        assert_eq!(line, expected, "line {number}");
    }
    events
}

/// The same lines with new checksums, in the documented format of the log.
fn sealed_as(text: &str) -> Vec<String> {
    let event = |line: &str| {
        let start = line.find("\"event\":").unwrap() + 8;
        line[start..line.rfind(",\"sum\":").unwrap()].to_owned()
    };
    seal(text.lines().map(event))
}

fn sealed(events: &[Value]) -> String {
    seal(events.iter().map(Value::to_string)).into_iter().map(|line| line + "\n").collect()
}

fn seal(events: impl Iterator<Item = String>) -> Vec<String> {
    let mut sum = vec![0; 8];
    let seal = |(number, event): (usize, String)| {
        let body = format!("{{\"seq\":{number},\"event\":{event}");
        sum = Sha256::new().chain_update(&sum).chain_update(&body).finalize()[..8].to_vec();
        let sum = sum.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
        format!("{body},\"sum\":\"{sum}\"}}")
    };
    events.enumerate().map(seal).collect()
}

/// This many rows, each for its own customer: the customer of row 2 is `cst_2`.
pub(crate) fn rows(number: u64) -> String {
    let mut text = HEADER.to_owned();
    for line in 2..number + 2 {
        if line % 3 == 0 {
            writeln!(text, "cst_{line},JP_HDFC,,,,payee{line}@upi,r{line}").unwrap();
        } else {
            writeln!(text, "cst_{line},JP_HDFC,HDFC0000001,{:012},Ramesh Kumar,,r{line}", 5_000_000 + line).unwrap();
        }
    }
    text
}

#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) exit: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    pub(crate) fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { exit: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

/// Starts a program. Its output is read when it has ended.
pub(crate) fn start(command: &mut Command) -> Child {
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).stdin(Stdio::null()).spawn().unwrap()
}

pub(crate) fn signal(child: &Child, name: &str) {
    let status = Command::new("kill").args(["-s", name, &child.id().to_string()]).status().unwrap();
    assert!(status.success());
}

/// Waits until a condition holds, up to a limit.
pub(crate) async fn until(mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < Duration::from_mins(2), "waited in vain");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}
