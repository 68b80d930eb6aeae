//! A directory, a sandbox, and the program between them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use juspay_accounts_sandbox::{Builder, Fault, Sandbox};
use serde_json::Value;
use tempfile::TempDir;

/// The first line of the files that are made here.
pub(crate) const HEADER: &str = "customer_id,bank_code,ifsc,account,name,vpa,reference\n";

/// Where a test takes place.
pub(crate) struct Place {
    pub(crate) directory: TempDir,
    pub(crate) sandbox: Sandbox,
}

impl Place {
    /// With a sandbox that has these faults.
    pub(crate) async fn new(faults: &[&str]) -> Self {
        let mut sandbox = Sandbox::builder();
        for fault in faults {
            sandbox = sandbox.fault(fault.parse::<Fault>().unwrap());
        }
        Self::with(sandbox).await
    }

    /// With this sandbox.
    pub(crate) async fn with(sandbox: Builder) -> Self {
        let sandbox = sandbox.capacity(200_000).seed(7);
        Self { directory: tempfile::tempdir().unwrap(), sandbox: sandbox.start().await.unwrap() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Writes the input.
    pub(crate) fn input(&self, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.path("in.csv"), bytes).unwrap();
    }

    /// `batch in.csv --out out.ndjson` to the sandbox, with more arguments.
    pub(crate) fn command(&self, more: &[&str]) -> Command {
        let url = self.sandbox.url();
        self.program(&[&["in.csv", "--out", "out.ndjson", "--base-url", &url], more].concat())
    }

    /// `batch` with these arguments alone.
    pub(crate) fn program(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_juspay-accounts"));
        command.arg("batch").args(args).current_dir(self.directory.path());
        command.env_remove("JUSPAY_API_KEY").env_remove("HTTP_PROXY").env_remove("http_proxy");
        command
    }

    /// Runs it to its end.
    pub(crate) fn run(&self, more: &[&str]) -> Ran {
        Ran::of(self.command(more).output().unwrap())
    }

    /// What the output says of each row in the end: by line, the last record.
    pub(crate) fn outcomes(&self) -> BTreeMap<u64, Value> {
        let mut last: BTreeMap<u64, Value> = BTreeMap::new();
        for record in self.records() {
            let line = record["line"].as_u64().unwrap();
            let before = last.insert(line, record.clone());
            assert!(before.is_none_or(|before| may_follow(&before, &record)), "twice: {record}");
        }
        last
    }

    /// All lines of the output.
    pub(crate) fn records(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(self.path("out.ndjson")).unwrap();
        assert!(text.is_empty() || text.ends_with('\n'), "torn: {text}");
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// How many rows have which outcome in the end.
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
            *all.entry(account.customer_id().as_str().to_owned()).or_default() += account.validations();
        }
        all
    }
}

/// A row has a second record of the same attempt only if it was found out what the first did not know.
fn may_follow(before: &Value, after: &Value) -> bool {
    let attempts = [before, after].map(|record| record["attempt"].as_u64());
    let is_open = before["outcome"] == "unknown" || before["outcome"] == "pending";
    attempts[0] < attempts[1] || attempts[0] == attempts[1] && is_open
}

/// So many rows, each for a customer of its own: that of line 2 is `cst_2`.
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

/// A program that has ended.
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

/// Starts a program whose words nobody reads before it ends.
pub(crate) fn start(command: &mut Command) -> Child {
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).stdin(Stdio::null()).spawn().unwrap()
}

/// Sends a signal, by the name that `kill` knows.
pub(crate) fn signal(child: &Child, name: &str) {
    let status = Command::new("kill").args(["-s", name, &child.id().to_string()]).status().unwrap();
    assert!(status.success());
}

/// Waits until something is so, and not for ever.
pub(crate) async fn until(mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < Duration::from_mins(2), "waited in vain");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// The lines of a file that begin so.
pub(crate) fn lines_with(path: &Path, beginning: &str) -> usize {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.lines().filter(|line| line.starts_with(beginning)).count()
}
