use serde_json::json;

use super::*;

fn bank_account(ifsc: &str, number: &str) -> Payee {
    AccountsRequest::builder("c", "b").bank_account(ifsc, number).build().unwrap().payees().next().unwrap()
}

fn account(json: &serde_json::Value) -> CustomerAccount {
    serde_json::from_value(json.clone()).unwrap()
}

fn details(json: &serde_json::Value) -> CustomerAccount {
    account(&json!({ "account_details": json }))
}

/// Each row: what an account states, and how well it fits a bank account and a UPI address.
#[test]
fn an_account_is_a_different_one_only_if_it_plainly_says_so() {
    use Fit::{Different, Exact, Partial, Possible};
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
        // Clearly different.
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
        assert_eq!((fit(&bank, &details), fit(&upi, &details)), (of_bank, of_upi), "{json}");
    }
    for (kind, of_bank, of_upi) in
        [("UPI", Different, Possible), ("SAVINGS", Possible, Different), ("CURRENT", Possible, Possible)]
    {
        let account = account(&json!({ "customer_account_type": kind }));
        assert_eq!((fit(&bank, &account), fit(&upi, &account)), (of_bank, of_upi), "{kind}");
    }
    // An address that is a bank account can be returned as one.
    let npci = Payee::Upi("002629180000119123@HDFC0000053.ifsc.npci".parse().unwrap());
    assert_eq!(fit(&npci, &details(&json!({ "ifsc": "HDFC0000053", "account": "26291" }))), Possible);
}

#[test]
fn a_number_is_rounded_to_15_digits_and_no_further() {
    let bank = bank_account("YESB0000262", "026291800001191234");
    for (number, expected) in [
        (json!(2.629_180_000_119_12e16), Fit::Possible),
        (json!("26291800001191200"), Fit::Possible),
        (json!("26291800001191300"), Fit::Possible),
        (json!("26291800001192300"), Fit::Different),
        (json!("026291800001291234"), Fit::Different),
    ] {
        assert_eq!(fit(&bank, &details(&json!({ "account": number }))), expected, "{number}");
    }
    // Fifteen digits are held exactly.
    let exact = bank_account("YESB0000262", "126291800001191");
    assert_eq!(fit(&exact, &details(&json!({ "account": "126291800001192" }))), Fit::Different);
    assert_eq!(fit(&bank_account("YESB0000262", "00000"), &details(&json!({ "account": 0 }))), Fit::Possible);
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
    // Of several accounts, the one furthest from active counts; and each of two payees gets its own.
    let with =
        |status: &str| account(&json!({ "validation_status": status, "account_details": exact["account_details"] }));
    let accounts = [with("ACTIVE"), with("FAILURE"), with("PENDING")];
    let matched_once = matched(&one, &accounts);
    assert!(std::ptr::eq(matched_once[0].account.unwrap(), &raw const accounts[1]));
    let twice =
        AccountsRequest::builder("c", "b").payee(one.payees().next().unwrap()).payee(one.payees().next().unwrap());
    let kinds: Vec<_> = matched(&twice.build().unwrap(), &accounts[..1]).iter().map(|matched| matched.kind).collect();
    assert_eq!(kinds, [MatchKind::Exact, MatchKind::Missing]);
}

#[test]
fn another_customer_or_account_is_a_contradiction() {
    let known = account(&json!({ "customer_id": "c1", "account_details": { "account": "0012345678" } }));
    for (later, expected) in [
        (json!({}), false),
        (json!({ "customer_id": "C1", "account_details": { "account": "12345678" } }), false),
        (json!({ "account_details": { "account": "XXXXXX5678" } }), false),
        (json!({ "account_details": { "account": "0012345679" } }), true),
        (json!({ "account_details": { "account": "XXXXXX5679" } }), true),
        (json!({ "customer_id": "c2" }), true),
    ] {
        assert_eq!(contradict(&known, &account(&later)), expected, "{later}");
    }
}
