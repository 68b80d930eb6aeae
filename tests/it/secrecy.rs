//! No output contains a secret, or six consecutive characters of one: no value, form, response, error or trace,
//! whatever a server does with what it receives.

mod public_types;

use std::collections::BTreeSet;
use std::fmt::{Debug, Display, Write as _};
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use contract_tests::behaviours;
use contract_tests::faults::{FaultServer, Script, Step, response};
use contract_tests::traces::CapturedTraces;
use futures_util::{StreamExt as _, stream};
use juspay_accounts::generated::json::Json;
use juspay_accounts::generated::types::{self, Command};
use juspay_accounts::{
    Accounts, AccountsRequest, ApiKey, BaseUrl, Client, Error, ErrorCode, MaskedAccountNumber, MaskedName, MaskedText,
    MaskedVpa, RetryPolicy, test_util,
};
use juspay_accounts_validation::{AccountNumber, Name, Unmasked, Vpa, mask};
use proptest::prelude::*;
use serde_json::json;

/// Six of these letters in a row do not occur in our own messages.
const LETTERS: &str = "[QXZqxz78]";

/// The limit for a server that hangs, and for all other servers, even on a busy machine.
const SHORT: Duration = Duration::from_millis(700);
const LONG: Duration = Duration::from_secs(20);

const HANDLE: &str = "@upi";

#[derive(Clone, Debug)]
struct Secrets {
    key: String,
    account: String,
    /// The part before the handle. The handle is shown.
    vpa: String,
    name: String,
}

fn secrets() -> impl Strategy<Value = Secrets> {
    let text = |length: &str| proptest::string::string_regex(&format!("{LETTERS}{length}")).unwrap();
    let name = (text("{6,20}"), text("{6,20}")).prop_map(|(first, last)| format!("{first} {last}"));
    (text("{12,40}"), text("{9,35}"), text("{6,40}"), name).prop_map(|(key, account, vpa, name)| Secrets {
        key,
        account,
        vpa,
        name,
    })
}

impl Secrets {
    fn vpa(&self) -> String {
        format!("{}{HANDLE}", self.vpa)
    }

    fn request(&self) -> AccountsRequest {
        let builder = AccountsRequest::builder("cst_1", "JP_HDFC").upi(self.vpa());
        builder.named_bank_account("YESB0000262", &*self.account, &*self.name).build().unwrap()
    }

    fn client(&self, url: &str) -> Client {
        let url: BaseUrl = url.parse().unwrap();
        let first = Duration::from_millis(1);
        let policy = RetryPolicy::default().max_attempts(2).initial_backoff(first).max_backoff(first);
        Client::builder(url, ApiKey::new(&*self.key).unwrap())
            .retry(policy)
            .max_response_size(64 * 1024)
            .build()
            .unwrap()
    }

    /// All secrets in one string, in the forms in which they are sent, and in others that a server could choose.
    fn repeated(&self) -> String {
        let Self { key, account, vpa, name } = self;
        let encoded = BASE64_STANDARD.encode(format!("{key}:"));
        let upper = name.to_uppercase();
        format!("{account} {vpa}{HANDLE} {vpa}%40upi {name} {upper} {key} Basic {encoded} x{account}x")
    }

    fn assert_absent(&self, printed: &str) {
        let printed = printed.to_lowercase();
        let encoded = BASE64_STANDARD.encode(format!("{}:", self.key));
        for secret in [&self.key, &self.account, &self.vpa, &self.name, &encoded] {
            let letters: Vec<_> = secret.to_lowercase().chars().collect();
            for window in letters.windows(6) {
                let window: String = window.iter().collect();
                let line = || printed.lines().find(|line| line.contains(&window));
                assert!(!printed.contains(&window), "{window} of {self:?}: {:?}", line());
            }
        }
    }
}

#[derive(Default)]
struct Printed {
    text: String,
    types: BTreeSet<String>,
}

impl Printed {
    fn debug<T: Debug>(&mut self, value: &T) {
        writeln!(self.text, "{value:?}\n{value:#?}").unwrap();
        let name = std::any::type_name::<T>();
        let name = name.split('<').next().unwrap().rsplit("::").next().unwrap();
        self.types.insert(name.to_owned());
    }

    fn display<T: Debug + Display>(&mut self, value: &T) {
        self.debug(value);
        writeln!(self.text, "{value}\n{value:#}").unwrap();
    }

    fn error(&mut self, error: &Error) {
        self.display(error);
        for text in [error.body_excerpt(), error.request_id(), error.code().map(ErrorCode::as_str)] {
            writeln!(self.text, "{}", text.unwrap_or_default()).unwrap();
        }
        let mut source = std::error::Error::source(error);
        while let Some(inner) = source {
            writeln!(self.text, "{inner}\n{inner:?}\n{inner:#?}").unwrap();
            source = inner.source();
        }
    }
}

/// Prints a value of each public type that can hold a secret.
fn print_all(secrets: &Secrets) -> Printed {
    let mut printed = Printed::default();
    let account: AccountNumber = secrets.account.parse().unwrap();
    let vpa: Vpa = secrets.vpa().parse().unwrap();
    let name: Name = secrets.name.parse().unwrap();
    printed.display(&account);
    printed.display(&vpa);
    printed.display(&name);
    for masked in [mask::account(&secrets.account), mask::vpa(&secrets.vpa()), mask::name(&secrets.name)] {
        printed.display(&masked);
    }

    let builder = AccountsRequest::builder("cst_1", "JP_HDFC").upi(secrets.vpa());
    printed.debug(&builder.named_bank_account("YESB0000262", &*secrets.account, &*secrets.name));
    let request = secrets.request();
    printed.debug(&request);
    printed.debug(&Unmasked(request.clone()));
    printed.display(&request.payees()[0]);
    printed.debug(request.bank_accounts().next().unwrap());
    printed.debug(request.parts());
    let sent = types::BankAccount { account, ifsc: "YESB0000262".parse().unwrap(), name: Some(name) };
    let upi = types::UpiAccount { vpa };
    printed.debug(&sent);
    printed.debug(&upi);
    printed.debug(&types::builder::BankAccount::from(sent.clone()));
    printed.debug(&types::builder::UpiAccount::from(upi.clone()));
    let details = types::AccountDetails { bank_account: vec![sent], upi: vec![upi] };
    printed.debug(&details);
    printed.debug(&types::builder::AccountDetails::from(details.clone()));
    printed.debug(&Json(details.clone()));
    let form = types::CreateAndValidateForm::builder().account_details(Json(details)).bank_code("JP_HDFC");
    let form: types::CreateAndValidateForm = form.command(Command::Validate).try_into().unwrap();
    printed.debug(&form);
    printed.debug(&types::builder::CreateAndValidateForm::from(form.clone()));
    let client = secrets.client("http://127.0.0.1:1");
    printed.debug(&client);
    printed.debug(client.raw());
    printed.debug(&client.raw().create_and_validate_customer_account().body(form));
    let key = ApiKey::new(&*secrets.key).unwrap();
    printed.debug(&Client::builder("http://127.0.0.1:1".parse::<BaseUrl>().unwrap(), key.clone()));
    printed.debug(&key);

    // Invalid values that contain a secret.
    let bad = format!("{}\0{}", secrets.account, secrets.repeated());
    printed.display(&ApiKey::new(&*bad).unwrap_err());
    printed.display(
        &AccountsRequest::builder("cst_1", "JP")
            .named_bank_account(&*bad, &*bad, &*bad)
            .upi(&*bad)
            .build()
            .unwrap_err(),
    );
    printed.display(&bad.parse::<AccountNumber>().unwrap_err());
    printed.debug(&types::BankAccount::builder().ifsc(&*bad).account(&*bad));
    let refused = types::BankAccount::try_from(types::BankAccount::builder().ifsc("YESB0000262").account(&*bad));
    printed.display(&refused.unwrap_err());
    printed.debug(&types::UpiAccount::builder().vpa(&*bad));
    let refused = serde_json::from_value::<types::BankAccount>(json!({ "ifsc": bad, "account": bad }));
    write!(printed.text, "{:?}", refused.unwrap_err()).unwrap();

    printed.display(&MaskedAccountNumber::from(&*secrets.account));
    printed.display(&MaskedVpa::from(&*secrets.vpa()));
    printed.display(&MaskedName::from(&*secrets.name));
    let account: types::CustomerAccount = serde_json::from_value(json!({
        "account_details": { "name": secrets.name, "account": secrets.account, "vpa": secrets.vpa(), secrets.vpa(): 1 },
        secrets.account.as_str(): secrets.name, "of_a_later_version": [secrets.name],
    }))
    .unwrap();
    assert_eq!(account.extra.0.len(), 2);
    printed.debug(&account.extra);
    printed.debug(account.account_details.as_ref().unwrap());
    printed.debug(&account);
    let accounts = test_util::response(vec![account]);
    printed.debug(&accounts);
    printed.debug(&accounts.matched(&secrets.request())[0]);
    printed.display(test_util::failure(400, br#"{"error_code":"ODD"}"#).code().unwrap());
    let preview = client.preview(&secrets.request()).unwrap();
    printed.display(&preview);
    writeln!(printed.text, "{}", serde_json::to_string(&preview).unwrap()).unwrap();
    let all = secrets.repeated();
    printed.display(&MaskedText::from(&*all));
    let envelope: types::ErrorEnvelope = serde_json::from_value(json!({
        "error_code": all, "error_message": all,
        "error_info": { "user_message": all, "developer_message": all, "fields": [{ "reason": all }] },
    }))
    .unwrap();
    let info = envelope.error_info.clone().unwrap();
    printed.debug(&info.fields.as_ref().unwrap()[0]);
    printed.debug(&info);
    printed.debug(&envelope);
    printed
}

/// Returns servers that repeat everything they receive, wherever they can.
fn repeating(secrets: &Secrets) -> Vec<(Vec<Script>, Duration)> {
    let all = secrets.repeated();
    let Secrets { account, name, .. } = secrets;
    let vpa = secrets.vpa();
    let envelope = json!({
        "status": account,
        "error_code": account,
        "error_message": all,
        "error_info": {
            "code": account, "category": all, "request_id": account, "href": all, "user_message": all,
            "developer_message": all, "fields": [{ "field_name": account, "reason": all }],
        },
        account: name, vpa.as_str(): all,
    });
    let flat = json!({ "error": true, "code": format!("E_{account}"), "user_message": all, "message": all });
    let accounts = json!([{ "object": account, "validation_status": vpa, "account_details": [name, account, vpa, 1] }]);
    let cut = envelope.to_string();
    let cut = &cut[..cut.len() * 2 / 3];
    let bodies = [
        envelope.to_string(),
        flat.to_string(),
        accounts.to_string(),
        cut.to_owned(),
        all.clone(),
        format!("<p>{all}</p>"),
    ];
    let mut scripts = Vec::new();
    for body in &bodies {
        for status in
            ["200 OK".to_owned(), format!("400 {account}"), "401 Unauthorized".to_owned(), format!("503 {name}")]
        {
            let headers = [("x-request-id", account.as_str()), ("location", vpa.as_str()), ("x-all", all.as_str())];
            scripts.push(vec![Step::Read, response(&status, &headers, body)]);
        }
    }
    let account = json!([{ "account_details": { "account": account, "vpa": vpa, "name": name } }]);
    scripts.push(behaviours::ok(account.to_string()));
    // Text instead of a response, and inside one.
    let account = &secrets.account;
    let raw = |text: String| vec![Step::Read, Step::Send(text.into_bytes())];
    scripts.push(raw(all.clone()));
    scripts.push(raw(format!("HTTP/1.1 200 OK\r\nx-request-id: {account}\r\n{all}\r\n\r\n")));
    scripts.push(raw(format!("HTTP/1.1 200 OK\r\nx-request-id: {account}\r\ncontent-length: 5000\r\n\r\n{all}")));
    scripts.push(raw(format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{all}\r\n")));
    scripts.push(raw(format!("HTTP/1.1 302 Found\r\nlocation: http://{account}/{all}\r\ncontent-length: 0\r\n\r\n")));
    scripts.into_iter().map(|script| (vec![script], LONG)).collect()
}

/// Calls each server. Returns the printed accounts and errors, and the events of `tracing` and `log`.
fn print_calls(secrets: &Secrets, behaviours: Vec<(Vec<Script>, Duration)>) -> Printed {
    // A single thread, as events are captured per thread.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (traces, guard) = CapturedTraces::listen();
    let mut printed = Printed::default();
    runtime.block_on(async {
        let calls = behaviours.into_iter().map(async |(scripts, limit)| {
            let server = FaultServer::start(scripts).await;
            let client = secrets.client(&server.url()).with_attempt_timeout(limit);
            client.validate(&secrets.request()).await
        });
        let results: Vec<Result<Accounts, Error>> = stream::iter(calls).buffered(16).collect().await;
        for result in &results {
            match result {
                Ok(accounts) => {
                    printed.debug(accounts);
                    writeln!(printed.text, "{}", accounts.request_id().unwrap_or_default()).unwrap();
                }
                Err(error) => {
                    printed.error(error);
                    for field in error.fields() {
                        printed.debug(field);
                    }
                }
            }
        }
    });
    drop(guard);
    let traces = traces.text();
    assert!(traces.contains("attempt failed"), "nobody listened");
    printed.text.push_str(&traces);
    printed
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn no_type_prints_a_secret(secrets in secrets()) {
        secrets.assert_absent(&print_all(&secrets).text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, max_shrink_iters: 16, ..ProptestConfig::default() })]

    #[test]
    fn no_error_and_no_trace_repeats_a_secret(secrets in secrets()) {
        secrets.assert_absent(&print_calls(&secrets, repeating(&secrets)).text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1, max_shrink_iters: 0, ..ProptestConfig::default() })]

    #[test]
    fn no_server_makes_the_client_print_a_secret(secrets in secrets()) {
        let limited = behaviours::all().into_iter().map(|behaviour| {
            let limit = if behaviour.hangs() { SHORT } else { LONG };
            (behaviour.scripts, limit)
        });
        secrets.assert_absent(&print_calls(&secrets, limited.collect()).text);
    }
}
