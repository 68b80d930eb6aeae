//! What must hold for any bytes at all: one function for each reader of untrusted text, with the samples to start from.
//!
//! `tests/it/fuzzed.rs` runs these functions on randomly damaged samples, within seconds. The targets in `fuzz/` run
//! them for as long as anyone likes, guided by code coverage.

use std::ffi::OsStr;
use std::fmt::Display;
use std::str::FromStr;

use clap::Parser as _;
use juspay_accounts::generated::types::{CustomerAccountsAnswer, ErrorEnvelope};
use juspay_accounts::validation::names::{Verdict, compare};
use juspay_accounts::validation::{
    AccountNumber, Amount, BankCode, CustomerAccountId, CustomerId, Gateway, GatewayId, GatewayReferenceId, Ifsc, Name,
    RoutingId, Vpa, mask,
};
use juspay_accounts::{BaseUrl, CustomerAccount, Delivery, ErrorKind, test_util};
use juspay_accounts_cli::Cli;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::documented::pages;
use crate::root;

/// A reader of untrusted text.
pub struct Target {
    /// The name of the target.
    pub name: &'static str,
    /// Panics if a property does not hold.
    pub run: fn(&[u8]),
    /// Samples of its input.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

/// All targets.
pub const TARGETS: [Target; 9] = [
    Target { name: "command", run: command, seeds: commands },
    Target { name: "envelope", run: envelope, seeds: envelopes },
    Target { name: "log", run: log, seeds: logs },
    Target { name: "names", run: names, seeds: pairs_of_names },
    Target { name: "page", run: page, seeds: own_pages },
    Target { name: "payees", run: juspay_accounts_cli::fuzzed::payees, seeds: payee_files },
    Target { name: "profile", run: profile, seeds: profiles },
    Target { name: "response", run: response, seeds: responses },
    Target { name: "values", run: values, seeds: sent_values },
];

/// The body of a success, in each of its forms.
pub fn response(bytes: &[u8]) {
    if let Ok(accounts) = serde_json::from_slice::<Vec<CustomerAccount>>(bytes) {
        accounts.iter().for_each(read_account);
        is_written_as_it_was_read(&accounts);
    }
    if let Ok(account) = serde_json::from_slice::<CustomerAccount>(bytes) {
        read_account(&account);
        is_written_as_it_was_read(&account);
    }
    if let Ok(list) = serde_json::from_slice::<CustomerAccountsAnswer>(bytes) {
        is_written_as_it_was_read(&list);
    }
}

fn read_account(account: &CustomerAccount) {
    assert!(!(account.is_active() && account.is_pending()));
    let (_, _) = (account.created_at(), account.validated_at());
    let printed = format!("{account:?}");
    assert!(!printed.contains(['\n', '\r', '\u{1b}']), "{printed:?}");
    if let Some(number) = account.account_details.as_ref().and_then(|details| details.account.as_ref()) {
        let printed = format!("{number:?}");
        // A short number can occur anywhere by chance.
        assert!(number.unmasked().len() < 9 || !printed.contains(number.unmasked()), "{printed}");
    }
}

fn is_written_as_it_was_read<T: Serialize + DeserializeOwned>(value: &T) {
    let written = serde_json::to_string(value).unwrap();
    let again: T = serde_json::from_str(&written).unwrap_or_else(|error| panic!("{error}: {written}"));
    assert_eq!(serde_json::to_string(&again).unwrap(), written);
}

/// The body of a failure. The first byte selects the status.
pub fn envelope(bytes: &[u8]) {
    const STATUSES: [u16; 12] = [400, 401, 403, 404, 409, 413, 422, 429, 500, 502, 503, 504];
    let Some((first, body)) = bytes.split_first() else { return };
    let status = STATUSES[usize::from(*first) % STATUSES.len()];
    let error = test_util::failure(status, body);
    assert_eq!(error.status(), Some(status));
    // A body never turns an unknown outcome into a known one.
    let is_unknown = status >= 500 || error.kind() == ErrorKind::Duplicate;
    assert_eq!(error.delivery(), if is_unknown { Delivery::Unknown } else { Delivery::Refused });
    assert!(status != 409 || is_unknown);
    let shown = [error.to_string(), error.body_excerpt().unwrap_or_default().to_owned()];
    assert!(shown.iter().all(|text| !text.contains(char::is_control) && text.len() < 2_000), "{shown:?}");
    assert!(format!("{error:?}").len() < 10_000);
    if let Ok(envelope) = serde_json::from_slice::<ErrorEnvelope>(body) {
        is_written_as_it_was_read(&envelope);
    }
}

/// The values of a request.
pub fn values(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    value::<AccountNumber>(text);
    value::<BankCode>(text);
    value::<BaseUrl>(text);
    value::<CustomerAccountId>(text);
    value::<CustomerId>(text);
    value::<Gateway>(text);
    value::<GatewayId>(text);
    value::<GatewayReferenceId>(text);
    value::<Ifsc>(text);
    value::<Name>(text);
    value::<RoutingId>(text);
    value::<Vpa>(text);
    for read in [serde_json::from_value::<Ifsc>(text.into()).is_ok(), text.parse::<Ifsc>().is_ok()] {
        assert_eq!(read, Ifsc::check(text).is_ok(), "{text:?}");
    }
    if let Ok(amount) = text.parse::<Amount>() {
        assert_eq!(amount.to_string().parse(), Ok(amount), "{text:?}");
    }
    for masked in [mask::account(text).to_string(), mask::vpa(text).to_string(), mask::name(text).to_string()] {
        assert!(!masked.contains(char::is_control), "{text:?}: {masked:?}");
    }
}

fn value<T: FromStr<Err: Display>>(text: &str) {
    if let Err(error) = text.parse::<T>() {
        let message = error.to_string();
        assert!(!message.is_empty() && !message.contains(char::is_control), "{text:?}: {message:?}");
        // Words of the sentence itself are not secret.
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        assert!(digits < 5 || !message.contains(text), "the text is repeated: {message:?}");
    }
}

/// A page of the vendor's documentation.
pub fn page(bytes: &[u8]) {
    let read = docfacts::ingest::ingest(bytes, None);
    let lines = String::from_utf8_lossy(bytes).matches('\n').count() + 1;
    assert!(read.problems.iter().chain(&read.notes).all(|remark| (1..=lines).contains(&remark.line)));
    let yaml = docfacts::store::to_yaml(&read.page).unwrap();
    assert_eq!(serde_yaml::from_str::<docfacts::Page>(&yaml).unwrap(), read.page, "{yaml}");
    // What is computed from the facts of any page does not panic either.
    docfacts::changes::changes(&pages()[0], &read.page);
    docfacts::contradictions::contradictions(&read.page);
}

/// A sample command on a page.
pub fn command(bytes: &[u8]) {
    const FENCE: &str = "```";
    let page = String::from_utf8(own_pages().swap_remove(0)).unwrap();
    let (before, command) = page.split_at(page.find("curl ").expect("the page has a sample command"));
    let after = &command[command.find(FENCE).expect("the sample ends")..];
    self::page(&[before.as_bytes(), bytes, b"\n", after.as_bytes()].concat());
}

/// The log of a batch.
pub fn log(bytes: &[u8]) {
    juspay_accounts_cli::fuzzed::log(bytes).unwrap();
}

/// A profile, the settings for a file of payees.
pub fn profile(bytes: &[u8]) {
    juspay_accounts_cli::fuzzed::profile(bytes).unwrap();
}

/// Two names, each on a line: the name that was given, and the name at the bank.
pub fn names(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    let (given, at_bank) = text.split_once('\n').unwrap_or((text, text));
    let compared = compare(given, at_bank);
    assert!(compared.score <= 100, "{given:?} {at_bank:?}: {compared:?}");
    assert_eq!(format!("{compared:?}"), format!("{:?}", compare(at_bank, given)), "{given:?} {at_bank:?}");
    let same = compare(given, given).verdict;
    assert_ne!(same, Verdict::Different, "{given:?}");
}

/// The log of a run in which the sandbox has validated three payees, two of them successfully.
fn logs() -> Vec<Vec<u8>> {
    const ROWS: &str = "customer_id,bank_code,vpa\nc1,JP_HDFC,success@upi\nc1,JP_HDFC,a@upi\nc2,JP_HDFC,failure@upi\n";
    let folder = tempfile::tempdir().unwrap();
    let [input, out, log] = ["in.csv", "out.ndjson", "out.log"].map(|name| folder.path().join(name));
    std::fs::write(&input, ROWS).unwrap();
    let words = [OsStr::new("juspay-accounts"), "batch".as_ref(), input.as_ref(), "--out".as_ref(), out.as_ref()];
    let environment = ["--env", "embedded", "--output", "json"].map(OsStr::new);
    juspay_accounts_cli::run(Cli::parse_from(words.into_iter().chain(environment)));
    let log = std::fs::read_to_string(log).unwrap();
    assert!(log.contains("\"close\""), "the run has ended: {log}");
    vec![log.into_bytes()]
}

fn payee_files() -> Vec<Vec<u8>> {
    let folders = ["dirty", "templates", "workbooks"].map(|name| root().join("crates/cli/tests/payees").join(name));
    let mut files: Vec<_> = folders
        .iter()
        .flat_map(|folder| std::fs::read_dir(folder).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .collect();
    files.sort();
    files.iter().map(|path| std::fs::read(path).unwrap()).collect()
}

fn profiles() -> Vec<Vec<u8>> {
    let all = "sheet = \"Payees\"\ndelimiter = \";\"\nclean = true\nmax_amount = \"20.00\"\n\n\
               [columns]\naccount = \"A/c No.\"\nvpa = \"\"\n\n\
               [set]\nbank_code = \"JP_HDFC\"\ncustomer_id = \"emp-{reference}\"\n";
    vec![Vec::new(), all.as_bytes().to_vec()]
}

fn pairs_of_names() -> Vec<Vec<u8>> {
    let pairs = std::fs::read_to_string(root().join("crates/validation/tests/it/pairs.tsv")).unwrap();
    let pairs = pairs.lines().filter(|line| !line.starts_with('#'));
    let names = |line: &str| line.split('\t').take(2).collect::<Vec<_>>().join("\n").into_bytes();
    pairs.step_by(10).map(names).collect()
}

fn responses() -> Vec<Vec<u8>> {
    let samples = pages().into_iter().flat_map(|page| page.samples.responses);
    samples.map(|sample| sample.body.into_bytes()).collect()
}

fn envelopes() -> Vec<Vec<u8>> {
    let mut seeds = responses();
    seeds.extend([
        br#"{"error":true,"user_message":"no","error_code":"x"}"#.to_vec(),
        br#"{"type":"invalid_request","code":"bad","message":"no"}"#.to_vec(),
        b"<html><body>502 Bad Gateway</body></html>".to_vec(),
    ]);
    for seed in &mut seeds {
        seed.insert(0, 0);
    }
    seeds
}

fn commands() -> Vec<Vec<u8>> {
    let samples = pages().into_iter().flat_map(|page| page.samples.requests);
    let command = |sample: crate::documented::RequestSample| {
        let fields = sample.form.iter().map(|(name, value)| format!(" \\\n--data-urlencode '{name}={value}'"));
        format!("curl -X {} {}{}", sample.method, sample.url, fields.collect::<String>()).into_bytes()
    };
    samples.map(command).collect()
}

fn own_pages() -> Vec<Vec<u8>> {
    let directory = root().join("xtask/docfacts/tests/pages");
    ["fill-a-tank.md", "list-tanks.md"].map(|name| std::fs::read(directory.join(name)).unwrap()).into()
}

fn sent_values() -> Vec<Vec<u8>> {
    let mut seeds: Vec<Vec<u8>> =
        ["YESB0000262", "026291800001191", "9164326296@upi", "12345@HDFC0000001.ifsc.npci", "1.50"]
            .map(|text| text.as_bytes().to_vec())
            .into();
    for sample in pages().into_iter().flat_map(|page| page.samples.requests) {
        seeds.extend(sample.form.into_iter().map(|(_, value)| value.into_bytes()));
    }
    seeds
}
