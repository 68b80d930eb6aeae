//! Encodes a request and decodes a response without a connection, compared with structs by hand with `serde_urlencoded`
//! and `serde_json`.

use std::hint::black_box;

use juspay_accounts::generated::json::Json;
use juspay_accounts::generated::types::{self, Command, CreateAndValidateForm, CustomerAccount};
use juspay_accounts::{AccountsRequest, validation::BankAccount};
use tokio::runtime;

use crate::call::{Server, request, request_by_hand};
use crate::payees::payee;
use crate::row::{Row, Target, time};
use crate::{Scale, by_hand, pairs};

/// The rows of `encode`: from the values of a form to its bytes.
pub fn encode(scale: Scale) -> Vec<Row> {
    let row = |accounts: usize, target| {
        let form = form(request((0..accounts).map(payee)));
        let by_hand = request_by_hand((0..accounts).map(payee));
        // The forms are compared as pairs, because the order of the fields is free.
        let ours = serde_urlencoded::to_string(&form).expect("a form");
        assert_eq!(pairs_of(&ours), pairs_of(&by_hand.encode().expect("a form")));
        let pair = pairs::of_functions(
            scale.budget(),
            || _ = black_box(serde_urlencoded::to_string(black_box(&form))),
            || _ = black_box(black_box(&by_hand).encode()),
        );
        let what = format!("request encode / by hand: {}", counted(accounts));
        Row::ratio(&what, time(pair.measured), time(pair.baseline), pair.ratio, target)
    };
    vec![row(1, Target::AtMost(1.0)), row(100, Target::AtMost(1.0))]
}

/// The rows of `decode`: from the bytes of a response to its accounts.
pub fn decode(scale: Scale) -> Vec<Row> {
    let server = Server::start();
    let client = by_hand::Client::new(&server.sandbox.url(), "key").expect("a client by hand");
    let runtime = runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let row = |accounts: usize| {
        let request = request_by_hand((0..accounts).map(payee));
        let answer = runtime.block_on(client.answer(&request)).expect("an answer");
        let answer = answer.as_ref();
        let ours: Vec<CustomerAccount> = serde_json::from_slice(answer).expect("the accounts");
        let by_hand: Vec<by_hand::Account> = serde_json::from_slice(answer).expect("the accounts");
        assert_eq!((ours.len(), by_hand.len()), (accounts, accounts));
        let pair = pairs::of_functions(
            scale.budget(),
            || _ = black_box(serde_json::from_slice::<Vec<CustomerAccount>>(black_box(answer))),
            || _ = black_box(serde_json::from_slice::<Vec<by_hand::Account>>(black_box(answer))),
        );
        let what = format!("response decode / closed struct: {}", counted(accounts));
        Row::ratio(&what, time(pair.measured), time(pair.baseline), pair.ratio, Target::AtMost(1.15))
    };
    vec![row(1), row(100)]
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

/// The fields of a form. JSON in a field is decoded.
fn pairs_of(form: &str) -> Vec<(String, serde_json::Value)> {
    let mut pairs: Vec<(String, String)> = serde_urlencoded::from_str(form).expect("a form");
    pairs.sort();
    let value = |text: String| serde_json::from_str(&text).unwrap_or(serde_json::Value::String(text));
    pairs.into_iter().map(|(name, text)| (name, value(text))).collect()
}

fn counted(accounts: usize) -> String {
    if accounts == 1 { "1 account".to_owned() } else { format!("{accounts} accounts") }
}
