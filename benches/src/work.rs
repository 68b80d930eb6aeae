//! What is counted: a call, its parts and the checks of values, and the same by hand.

use std::hint::black_box;

use juspay_accounts::generated::json::Json;
use juspay_accounts::generated::types::{self, Command, CreateAndValidateForm, CustomerAccount};
use juspay_accounts::{AccountsRequest, ApiKey, BaseUrl, Client, validation::BankAccount};
use juspay_accounts_validation::{AccountNumber, Ifsc, Vpa, names};
use tokio::runtime::{self, Runtime};

use crate::by_hand;
use crate::payees::{BANK_CODE, CUSTOMER, GATEWAY, Payee, payee};

const KEY: &str = "1D6A81F3D24F4F";

/// Does one unit of work.
pub type Work = Box<dyn FnMut()>;

/// Prepares work that can be repeated. Calls go to the sandbox at `url`.
pub fn prepare(name: &str, url: &str) -> Option<Work> {
    Some(match name {
        "call" => call(url),
        "call-by-hand" => call_by_hand(url),
        "encode-1" => encode(1),
        "encode-1-by-hand" => encode_by_hand(1),
        "encode-100" => encode(100),
        "encode-100-by-hand" => encode_by_hand(100),
        "decode-1" => decode::<CustomerAccount>(1, url),
        "decode-1-by-hand" => decode::<by_hand::Account>(1, url),
        "decode-100" => decode::<CustomerAccount>(100, url),
        "decode-100-by-hand" => decode::<by_hand::Account>(100, url),
        "ifsc" => check(|| assert!(Ifsc::check(black_box("HDFC0000053")).is_ok())),
        "account-number" => check(|| assert!(AccountNumber::check(black_box("026291800001191")).is_ok())),
        "upi-address" => check(|| assert!(Vpa::check(black_box("asha.rao@okbank")).is_ok())),
        "names" => check(|| assert!(names::compare(black_box("Ramesh Kumar Sharma"), "SHARMA R K").score > 0)),
        _ => return None,
    })
}

/// A hundred checks, since one is only some instructions.
fn check(check: fn()) -> Work {
    Box::new(move || (0..100).for_each(|_| check()))
}

fn one_thread() -> Runtime {
    runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

fn call(url: &str) -> Work {
    let url: BaseUrl = url.parse().expect("an address");
    let client = Client::new(url, ApiKey::new(KEY).expect("a key")).expect("a client");
    let (runtime, request) = (one_thread(), request(1));
    Box::new(move || {
        let accounts = runtime.block_on(client.validate(&request)).expect("a response");
        assert_eq!(accounts.len(), 1);
    })
}

fn call_by_hand(url: &str) -> Work {
    let client = by_hand::Client::new(url, KEY).expect("a client by hand");
    let (runtime, request) = (one_thread(), by_hand::Request::new([payee(0)]));
    Box::new(move || {
        let accounts = runtime.block_on(client.validate(&request)).expect("a response");
        assert_eq!(accounts.len(), 1);
    })
}

fn encode(accounts: usize) -> Work {
    let form = form(request(accounts));
    Box::new(move || _ = black_box(serde_urlencoded::to_string(black_box(&form)).expect("a form")))
}

fn encode_by_hand(accounts: usize) -> Work {
    let request = by_hand::Request::new((0..accounts).map(payee));
    Box::new(move || _ = black_box(black_box(&request).encode().expect("a form")))
}

fn decode<T: serde::de::DeserializeOwned>(accounts: usize, url: &str) -> Work {
    let client = by_hand::Client::new(url, KEY).expect("a client by hand");
    let request = by_hand::Request::new((0..accounts).map(payee));
    let response = one_thread().block_on(client.response(&request)).expect("a response");
    Box::new(move || {
        let read: Vec<T> = serde_json::from_slice(black_box(response.as_ref())).expect("the accounts");
        assert_eq!(black_box(read).len(), accounts);
    })
}

fn request(accounts: usize) -> AccountsRequest {
    let builder = AccountsRequest::builder(CUSTOMER, BANK_CODE).gateway_id(GATEWAY);
    let builder = (0..accounts).map(payee).fold(builder, |builder, payee| match payee {
        Payee::Bank { ifsc, account, name: None } => builder.bank_account(ifsc, account),
        Payee::Bank { ifsc, account, name: Some(name) } => builder.named_bank_account(ifsc, account, name),
        Payee::Upi { vpa } => builder.upi(vpa),
    });
    builder.build().expect("a request without a problem")
}

/// Uses the builder, as the client does, so that a new field of the spec needs no change here.
fn form(request: AccountsRequest) -> CreateAndValidateForm {
    let parts = request.into_parts();
    let bank_account = parts.bank_accounts.into_iter().map(|account| {
        let BankAccount { ifsc, account, name } = account;
        let account = types::BankAccount::builder().ifsc(ifsc).account(account).name(name);
        types::BankAccount::try_from(account).expect("a bank account")
    });
    let upi = parts.upi.into_iter();
    let upi = upi.map(|vpa| types::UpiAccount::try_from(types::UpiAccount::builder().vpa(vpa)).expect("an address"));
    let details =
        types::AccountDetails::builder().bank_account(bank_account.collect::<Vec<_>>()).upi(upi.collect::<Vec<_>>());
    let details = types::AccountDetails::try_from(details).expect("details");
    let form = CreateAndValidateForm::builder()
        .command(Command::Validate)
        .account_details(Json(details))
        .bank_code(parts.bank_code)
        .customer_id(parts.customer_id)
        .gateway_id(parts.options.gateway_id);
    form.try_into().expect("a form")
}
