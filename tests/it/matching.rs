//! Which account of a response belongs to which payee, and whether a listed account proves that the payee was paid.

use std::time::{Duration, SystemTime};

use contract_tests::behaviours::ok;
use contract_tests::faults::FaultServer;
use juspay_accounts::{
    AccountsRequest, ApiKey, BaseUrl, Client, CustomerAccount, MatchKind, Payee, ReconcileOutcome, ReconcilePolicy,
    ReconcileState, matched,
};
use serde_json::{Value, json};

/// What a single account says about a single payee: it is the payee's, may be, or is clearly a different one.
fn kind(payee: &Payee, account: &CustomerAccount) -> MatchKind {
    let request = AccountsRequest::builder("c", "b").payee(payee.clone()).build().unwrap();
    let kind = matched(&request, std::slice::from_ref(account))[0].kind;
    assert_eq!(account.may_be_for(payee), kind != MatchKind::Missing);
    kind
}

fn bank_account(ifsc: &str, number: &str) -> Payee {
    AccountsRequest::builder("c", "b").bank_account(ifsc, number).build().unwrap().payees()[0].clone()
}

fn account(json: &Value) -> CustomerAccount {
    serde_json::from_value(json.clone()).unwrap()
}

fn details(json: &Value) -> CustomerAccount {
    account(&json!({ "account_details": json }))
}

/// Each row: what an account states, and how well it fits a bank account and a UPI address.
#[test]
fn account_counts_as_different_only_if_it_clearly_is() {
    use MatchKind::{Exact, Missing as Different, Partial, Unidentified as Possible};
    let bank = bank_account("HDFC0000053", "002629180000119123");
    let upi = Payee::Upi("someone@upi".parse().unwrap());
    for (json, of_bank, of_upi) in [
        (json!({}), Possible, Possible),
        (json!({ "ifsc": "HDFC0000053" }), Possible, Possible),
        (json!({ "ifsc": "hdfc0000053", "account": "002629180000119123" }), Exact, Different),
        (json!({ "account": "002629180000119123" }), Partial, Possible),
        // One difference.
        (json!({ "ifsc": "HDFC0000053", "account": "2629180000119123" }), Partial, Different),
        (json!({ "ifsc": "HDFC0000053", "account": 2_629_180_000_119_123_u64 }), Partial, Different),
        (json!({ "ifsc": "HDFC0000053", "account": "XXXXXXXXXXXXXX9123" }), Partial, Different),
        (json!({ "ifsc": "HDFC0000053", "account": "26XX XXXX XXXX 9123" }), Partial, Different),
        (json!({ "ifsc": "HDFC0000053", "account": "********" }), Possible, Different),
        (json!({ "ifsc": "HDFC0000053", "account": "9123" }), Possible, Different),
        (json!({ "ifsc": "HDFC0000053", "account": "tok_8f3b11c9" }), Possible, Different),
        (json!({ "ifsc": "HDFC0000053", "account": 2.629_180_000_119_1e15 }), Possible, Different),
        (json!({ "ifsc": "HDFC0000053", "account": "2.62918E+15" }), Possible, Different),
        (json!({ "ifsc": "UTIB0000001", "account": "002629180000119123" }), Possible, Different),
        // Several differences at once.
        (json!({ "ifsc": "UTIB0000001", "account": "XXXXXXXXXXXXXX9123" }), Possible, Different),
        (json!({ "ifsc": "UTIB0000001", "account": "2629180000119123" }), Possible, Different),
        (json!({ "ifsc": "UTIB0000001", "account": "tok_8f3b11c9" }), Possible, Different),
        (json!({ "ifsc": "HDFC0XXXXXX", "account": "XXXXXXXXXXXXXX9123" }), Partial, Different),
        (json!({ "ifsc": "UTIB0XXXXXX", "account": "XXXXXXXXXXXXXX9123" }), Possible, Different),
        (json!({ "ifsc": "HDFC0XXXXXX", "account": "2629180000119123" }), Partial, Different),
        // Clearly different from the bank account.
        (json!({ "ifsc": "HDFC0000053", "account": "002629180000219123" }), Different, Different),
        (json!({ "ifsc": "HDFC0XXXXXX", "account": "XXXXXXXXXXXXXX9124" }), Different, Different),
        (json!({ "ifsc": "UTIB0000001", "account": "27XXXXXXXXXXXX9123" }), Different, Different),
        (json!({ "vpa": "SOMEONE@upi" }), Different, Exact),
        (json!({ "vpa": "so*****@upi" }), Different, Partial),
        (json!({ "vpa": "soXXXXX@upi" }), Different, Partial),
        (json!({ "vpa": "so*****@ok" }), Different, Possible),
        (json!({ "vpa": "*******@upi" }), Different, Possible),
        (json!({ "vpa": "soxxone@upi" }), Different, Possible),
        (json!({ "vpa": "vt_1234" }), Different, Possible),
        (json!({ "vpa": "no*****@upi" }), Different, Different),
        (json!({ "vpa": "someone@ok" }), Different, Different),
        (json!({ "vpa": "nobody@upi" }), Different, Different),
    ] {
        let details = details(&json);
        assert_eq!((kind(&bank, &details), kind(&upi, &details)), (of_bank, of_upi), "{json}");
    }
    for (of_type, of_bank, of_upi) in
        [("UPI", Different, Possible), ("SAVINGS", Possible, Different), ("CURRENT", Possible, Possible)]
    {
        let account = account(&json!({ "customer_account_type": of_type }));
        assert_eq!((kind(&bank, &account), kind(&upi, &account)), (of_bank, of_upi), "{of_type}");
    }
    // What identifies an account outweighs its type.
    for (details, of_bank, of_upi) in [
        (json!({ "ifsc": "HDFC0000053", "account": "002629180000119123" }), Possible, Different),
        (json!({ "ifsc": "HDFC0000053", "account": "002629180000219123" }), Different, Different),
        (json!({ "vpa": "so*****@upi" }), Different, Partial),
    ] {
        for of_type in ["UPI", "SAVINGS"] {
            let account = account(&json!({ "customer_account_type": of_type, "account_details": details }));
            let of_bank = if of_type == "SAVINGS" { kind(&bank, &self::details(&details)) } else { of_bank };
            assert_eq!((kind(&bank, &account), kind(&upi, &account)), (of_bank, of_upi), "{of_type} {details}");
        }
    }
    // A UPI address that contains a bank account can be returned as that account.
    for npci in ["002629180000119123@HDFC0000053.ifsc.npci", "002629180000119123@HDFC0000053.IFSC.NPCI"] {
        let payee = Payee::Upi(npci.parse().unwrap());
        assert_eq!(kind(&payee, &details(&json!({ "ifsc": "HDFC0000053", "account": "26291" }))), Possible, "{npci}");
        // And a bank account can be returned as its address.
        for of_type in [Value::Null, "UPI".into()] {
            let of = |vpa: &str| json!({ "customer_account_type": of_type, "account_details": { "vpa": vpa } });
            assert_eq!(kind(&bank, &account(&of(npci))), Possible, "{npci}");
            assert_eq!(kind(&bank, &account(&of(&npci.replace("119123", "219123")))), Different, "{npci}");
        }
    }
}

/// Such a number is longer than the one that was sent, or its mask is one of a fixed length that hides nothing.
#[test]
fn a_mask_identifies_a_payee_only_if_it_hides_something() {
    for (number, masked, expected) in [
        ("12345", "1234*2345", MatchKind::Unidentified),
        ("1111111111", "111111****111111", MatchKind::Unidentified),
        ("1234567890", "123456****7890", MatchKind::Unidentified),
        ("0012345", "12345XXXX12345", MatchKind::Unidentified),
        ("0123456789", "123*789", MatchKind::Partial),
        ("1234567890", "123456****6789", MatchKind::Missing),
    ] {
        let bank = bank_account("HDFC0000053", number);
        assert_eq!(kind(&bank, &details(&json!({ "ifsc": "HDFC0000053", "account": masked }))), expected, "{masked}");
    }
    let bank = bank_account("HDFC0000053", "123456789");
    let branch = json!({ "ifsc": "HDFC000****0000053", "account": "123456789" });
    assert_eq!(kind(&bank, &details(&branch)), MatchKind::Unidentified);
    let upi = Payee::Upi("abcd@upi".parse().unwrap());
    for (vpa, expected) in [("ab**abcd@upi", MatchKind::Unidentified), ("ab*cde@upi", MatchKind::Missing)] {
        assert_eq!(kind(&upi, &details(&json!({ "vpa": vpa }))), expected, "{vpa}");
    }
}

#[test]
fn a_number_is_rounded_to_15_digits_and_no_further() {
    let bank = bank_account("YESB0000262", "026291800001191234");
    for (number, expected) in [
        (json!(2.629_180_000_119_12e16), MatchKind::Unidentified),
        (json!("26291800001191200"), MatchKind::Unidentified),
        (json!("26291800001191300"), MatchKind::Unidentified),
        (json!("26291800001192300"), MatchKind::Missing),
        (json!("026291800001291234"), MatchKind::Missing),
    ] {
        assert_eq!(kind(&bank, &details(&json!({ "account": number }))), expected, "{number}");
    }
    // A number of fifteen digits is exact.
    let exact = bank_account("YESB0000262", "126291800001191");
    assert_eq!(kind(&exact, &details(&json!({ "account": "126291800001192" }))), MatchKind::Missing);
    let zeros = bank_account("YESB0000262", "00000");
    assert_eq!(kind(&zeros, &details(&json!({ "account": 0 }))), MatchKind::Unidentified);
}

#[test]
fn each_payee_has_its_account_or_none() {
    let two =
        AccountsRequest::builder("c", "b").bank_account("YESB0000262", "0012345678").upi("a@upi").build().unwrap();
    let one = AccountsRequest::builder("c", "b").bank_account("YESB0000262", "0012345678").build().unwrap();
    let exact = json!({ "account_details": { "ifsc": "YESB0000262", "account": "0012345678" } });
    let masked = json!({ "account_details": { "ifsc": "YESB0000262", "account": "XXXXXX5678" } });
    let other = json!({ "account_details": { "ifsc": "YESB0000262", "account": "99999999" } });
    let silent = json!({ "validation_status": "ACTIVE" });
    for (request, accounts, expected) in [
        (&one, vec![&exact], "exact"),
        (&one, vec![&other, &exact], "exact"),
        (&one, vec![&masked], "partial"),
        (&one, vec![&masked, &other], "unidentified"),
        (&one, vec![&silent], "unidentified"),
        (&one, vec![&other], "missing"),
        (&one, vec![], "missing"),
        (&two, vec![&exact, &silent], "exact unidentified"),
        (&two, vec![&masked, &silent], "unidentified unidentified"),
        (&two, vec![&exact], "exact missing"),
    ] {
        let accounts: Vec<_> = accounts.into_iter().map(account).collect();
        let kinds: Vec<_> = matched(request, &accounts).iter().map(|matched| matched.kind.as_str()).collect();
        assert_eq!(kinds.join(" "), expected, "{accounts:?}");
    }
    // Of several accounts, the one furthest from active counts. Two equal payees do not share one account.
    let with =
        |status: &str| account(&json!({ "validation_status": status, "account_details": exact["account_details"] }));
    let accounts = [with("ACTIVE"), with("FAILURE"), with("PENDING")];
    let matched_once = matched(&one, &accounts);
    assert!(std::ptr::eq(matched_once[0].account.unwrap(), &raw const accounts[1]));
    let twice = AccountsRequest::builder("c", "b").payee(one.payees()[0].clone()).payee(one.payees()[0].clone());
    let kinds: Vec<_> = matched(&twice.build().unwrap(), &accounts[..1]).iter().map(|matched| matched.kind).collect();
    assert_eq!(kinds, [MatchKind::Exact, MatchKind::Missing]);
}

#[tokio::test]
async fn payee_is_created_or_absent_only_if_that_is_certain() {
    let since = SystemTime::UNIX_EPOCH + Duration::from_secs(1_740_419_383);
    let request = AccountsRequest::builder("c", "b").upi("someone@upi").build().unwrap();
    let policy = ReconcilePolicy::default().settle(Duration::ZERO).clock_tolerance(Duration::ZERO);
    let account = |more: Value| {
        let mut account = json!({ "account_details": { "vpa": "someone@upi" } });
        account.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        account
    };
    let new = account(json!({ "last_validated": "2025-02-24T17:49:43Z" }));
    let newer = account(json!({ "date_created": "2025-02-24T23:19:44.5+05:30" }));
    let old = account(json!({ "last_validated": "2025-02-24T17:49:42.999999999Z" }));
    // An account created later than it was validated is odd; the validation is what matters here.
    let odd = account(json!({ "last_validated": "2025-01-01T00:00:00Z", "date_created": "2025-02-24T17:49:43Z" }));
    let undated = account(json!({ "last_validated": "yesterday" }));
    // Its validation has a date that cannot be read, so it may be a recent one.
    let unreadable = account(json!({ "last_validated": "24/02/2025 17:50", "date_created": "2025-01-01T00:00:00Z" }));
    let masked = json!({ "account_details": { "vpa": "so*****@upi" }, "last_validated": "2025-02-24T17:49:43Z" });
    let masked_old = json!({ "account_details": { "vpa": "so*****@upi" }, "last_validated": "2025-01-01T00:00:00Z" });
    let other = json!({ "account_details": { "vpa": "nobody@upi" } });
    for (given, complete, expected) in [
        (vec![], true, "absent"),
        (vec![&other], true, "absent"),
        (vec![], false, "incomplete"),
        (vec![&new], true, "created"),
        (vec![&newer], false, "created"),
        (vec![&old], true, "older"),
        (vec![&old], false, "incomplete"),
        (vec![&odd], true, "older"),
        (vec![&old, &new], true, "created"),
        (vec![&new, &newer], true, "several"),
        (vec![&old, &old], true, "older"),
        (vec![&undated], true, "undated"),
        (vec![&undated, &new], true, "undated"),
        (vec![&unreadable], true, "undated"),
        // An account that may be the payee's counts if no account certainly is, even if it is older, since a validation
        // may not change the date. Beside one that certainly is the payee's but is older, it counts only if it may be
        // recent.
        (vec![&masked], true, "unidentified"),
        (vec![&masked_old], true, "unidentified"),
        (vec![&masked], false, "unidentified"),
        (vec![&masked, &old], true, "unidentified"),
        (vec![&masked_old, &old], true, "older"),
        (vec![&masked, &new], true, "created"),
    ] {
        // Without a total, a page may not be the last one.
        let list = if complete { json!({ "list": given, "total": given.len() }) } else { json!({ "list": given }) };
        let server = FaultServer::start(vec![ok(list.to_string())]).await;
        let client = Client::new(server.url().parse::<BaseUrl>().unwrap(), ApiKey::new("key").unwrap()).unwrap();
        let found = client.reconcile(&request, ReconcileState::new(since, policy)).await.unwrap().remove(0);
        let word = match found.outcome {
            ReconcileOutcome::Created(_) => "created",
            ReconcileOutcome::Absent => "absent",
            ReconcileOutcome::Ambiguous { reason, .. } => reason.as_str(),
        };
        assert_eq!(word, expected, "{given:?}");
    }
}
