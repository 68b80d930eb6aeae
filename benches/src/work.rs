//! What is counted: a call and its parts, the same by hand, and the checks of values and names.

use std::hint::black_box;

use juspay_accounts::generated::types::{CreateAndValidateForm, CustomerAccount};
use juspay_accounts::{AccountsRequest, ApiKey, BaseUrl, Client};
use juspay_accounts_validation::{AccountNumber, Ifsc, Vpa, names};
use serde::de::DeserializeOwned;
use tokio::runtime::{self, Runtime};

use crate::by_hand;
use crate::payees::{BANK_CODE, CUSTOMER, GATEWAY, Payee, payee};

const KEY: &str = "1D6A81F3D24F4F";

/// Does one unit of work.
pub(crate) type Work = Box<dyn FnMut()>;

/// Prepares work that can be repeated. Calls go to the sandbox at this address.
type Prepare = fn(&str) -> Work;

/// Counted work: its name, what prepares it and, if the same is counted by hand, what prepares that and the maximum
/// ratio.
type Counted = (&'static str, Prepare, Option<(Prepare, f64)>);

pub(crate) const WORK: [Counted; 9] = [
    ("call", call, Some((call_by_hand, 1.06))),
    ("encode-1", |_| encode(1), Some((|_| encode_by_hand(1), 1.0))),
    ("encode-100", |_| encode(100), Some((|_| encode_by_hand(100), 1.0))),
    ("decode-1", decode::<CustomerAccount, 1>, Some((decode::<by_hand::Account, 1>, 1.15))),
    ("decode-100", decode::<CustomerAccount, 100>, Some((decode::<by_hand::Account, 100>, 1.15))),
    ("ifsc", |_| check(|| assert!(Ifsc::check(black_box("HDFC0000053")).is_ok())), None),
    ("account-number", |_| check(|| assert!(AccountNumber::check(black_box("026291800001191")).is_ok())), None),
    ("upi-address", |_| check(|| assert!(Vpa::check(black_box("asha.rao@okbank")).is_ok())), None),
    ("names", |_| check(|| assert!(names::compare(black_box("Ramesh Kumar Sharma"), "SHARMA R K").score > 0)), None),
];

/// The suffix of the name of work by hand.
pub(crate) const BY_HAND: &str = "-by-hand";

/// Prepares the work with this name.
pub(crate) fn prepare(name: &str, url: &str) -> Option<Work> {
    let (_, work, by_hand) = WORK.into_iter().find(|(own, ..)| *own == name.trim_end_matches(BY_HAND))?;
    let prepare = if name.ends_with(BY_HAND) { by_hand?.0 } else { work };
    Some(prepare(url))
}

/// A hundred checks, since a single one takes only a few instructions.
fn check(check: fn()) -> Work {
    Box::new(move || (0..100).for_each(|_| check()))
}

fn one_thread() -> Runtime {
    runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

fn call(url: &str) -> Work {
    let url: BaseUrl = url.parse().expect("an address");
    let client = Client::new(url, ApiKey::new(KEY).expect("a key")).expect("a client");
    let Payee::Bank { ifsc, account, name: Some(name) } = payee(0) else { panic!("a bank account with a name") };
    let builder = AccountsRequest::builder(CUSTOMER, BANK_CODE).gateway_id(GATEWAY);
    let request = builder.named_bank_account(ifsc, account, name).build().expect("a request without a problem");
    let runtime = one_thread();
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
    let form = by_hand::Request::new((0..accounts).map(payee)).encode().expect("a form");
    let form: CreateAndValidateForm = serde_urlencoded::from_str(&form).expect("the form of the client");
    Box::new(move || _ = black_box(serde_urlencoded::to_string(black_box(&form)).expect("a form")))
}

fn encode_by_hand(accounts: usize) -> Work {
    let request = by_hand::Request::new((0..accounts).map(payee));
    Box::new(move || _ = black_box(black_box(&request).encode().expect("a form")))
}

fn decode<T: DeserializeOwned, const ACCOUNTS: usize>(url: &str) -> Work {
    let client = by_hand::Client::new(url, KEY).expect("a client by hand");
    let request = by_hand::Request::new((0..ACCOUNTS).map(payee));
    let response = one_thread().block_on(client.response(&request)).expect("a response");
    Box::new(move || {
        let read: Vec<T> = serde_json::from_slice(black_box(response.as_ref())).expect("the accounts");
        assert_eq!(black_box(read).len(), ACCOUNTS);
    })
}
