//! The values of a client and of a response that need care: keys, addresses, amounts, dates, and what is masked.

use juspay_accounts::{
    ApiKey, BaseUrl, Customer, CustomerAccount, Environment, MaskedAccountNumber, MaskedName, MaskedText, MaskedVpa,
    ReceivedAmount,
};
use serde_json::json;

#[test]
fn key_that_cannot_be_sent_unchanged_is_refused_and_not_quoted() {
    for (bad, reason) in [
        ("", "it is empty"),
        ("secret:", "it contains a colon"),
        ("secret key", "it contains a space"),
        ("secret\n", "a line break"),
        ("sécret", "another character"),
        ("secret\0", "another character"),
    ] {
        let error = ApiKey::new(bad).unwrap_err().to_string();
        assert!(error.starts_with("the API key cannot be used: ") && error.contains(reason), "{error}");
        assert!(!error.contains("cret"), "{error}");
    }
}

#[test]
fn an_address_is_safe_or_refused_with_the_reason() {
    for good in [
        "https://x.example/",
        "https://x.example/base",
        "https://x.example/@base",
        "https://127.0.0.1",
        "http://localhost:1",
        "http://[::1]:1",
        "http://127.8.9.1",
    ] {
        let url: BaseUrl = good.parse().unwrap();
        assert_eq!(Environment::from(url).base_url(), good.trim_end_matches('/'));
    }
    for (bad, reason) in [
        ("", "not an absolute URL"),
        ("x.example", "not an absolute URL"),
        ("ftp://x", "must be https"),
        ("http://x.example", "in the clear"),
        ("http://127.0.0.1.example", "in the clear"),
        ("http://localhost.example", "in the clear"),
        ("https://k@x", "user name or password"),
        ("https://:k@x", "user name or password"),
        ("https://@x", "user name or password"),
        ("https:///k@x", "user name or password"),
        ("https:x.example", "not an absolute URL"),
        (" https://x.example", "a space"),
        ("https://x.exa\tmple", "a line break"),
        ("https:\\\\x.example", "a backslash"),
        ("https://", "not an absolute URL"),
        ("https://x?a", "a query or a fragment"),
        ("https://x#a", "a query or a fragment"),
    ] {
        let error = bad.parse::<BaseUrl>().unwrap_err().to_string();
        assert!(error.starts_with("the base URL cannot be used: ") && error.contains(reason), "{bad}: {error}");
    }
}

#[test]
fn the_environments_are_the_documented_ones() {
    for (name, url) in [
        ("sandbox", "https://sandbox.juspay.in"),
        ("production", "https://api.juspay.in"),
        ("production-static", "https://api-ns1.juspay.in"),
        ("sandbox-international", "https://sandbox.juspay.io"),
        ("production-international", "https://api.juspay.io"),
        ("production-static-international", "https://api-ns1.juspay.io"),
    ] {
        let environment: Environment = name.parse().unwrap();
        assert_eq!((environment.base_url(), url.parse()), (url, Ok(environment.clone())));
        assert_eq!(environment.is_production(), name.starts_with("production"));
        assert_eq!(environment.is_sandbox(), name.starts_with("sandbox"));
        // However its address is written, an environment stays the same: money moves there, or it does not.
        for same in [format!("{url}/"), format!("{}:443", url.to_uppercase())] {
            assert_eq!(same.parse(), Ok(environment.clone()), "{same}");
            assert_eq!(Environment::from(same.parse::<BaseUrl>().unwrap()), environment, "{same}");
        }
    }
    let other: Environment = "https://x.example/base/".parse().unwrap();
    assert!(!other.is_production() && !other.is_sandbox());
    assert!(matches!(other, Environment::Other(_)) && other.base_url() == "https://x.example/base");
}

#[test]
fn a_customer_is_routed_by_its_id_unless_another_one_is_set() {
    let customer = Customer::new("cst_1".parse().unwrap());
    assert_ne!(customer.clone().with_routing_id("cart_1".parse().unwrap()), customer);
    assert_eq!(customer.clone().with_routing_id("cst_1".parse().unwrap()), customer);
}

#[test]
fn amount_is_read_exactly_or_not_at_all() {
    let cases = [
        ("1", Some(100)),
        ("1.0", Some(100)),
        ("0.1", Some(10)),
        ("12.34", Some(1234)),
        ("\"1.500\"", Some(150)),
        ("\" 2 \"", Some(200)),
        ("0", Some(0)),
        ("1.005", None),
        ("-1", None),
        ("1e+30", None),
        ("\"1.\"", None),
        ("\".5\"", None),
        ("\"\"", None),
        ("\"18446744073709551615\"", None),
        ("\"true\"", None),
    ];
    for (json, paise) in cases {
        let amount: ReceivedAmount = serde_json::from_str(json).unwrap();
        assert_eq!((amount.paise(), serde_json::to_string(&amount).unwrap().as_str()), (paise, json));
    }
    for (json, text) in [("true", "true"), ("[1, 2]", "[…]"), ("{}", "{…}")] {
        assert_eq!(serde_json::from_str::<ReceivedAmount>(json).unwrap().to_string(), text);
    }
}

#[test]
fn texts_are_masked_and_numbers_are_read_as_text() {
    let account: MaskedAccountNumber = serde_json::from_str("26291800001191").unwrap();
    assert_eq!((account.unmasked(), account.to_string().as_str()), ("26291800001191", "****1191"));
    assert_eq!(serde_json::to_string(&account).unwrap(), "\"26291800001191\"");
    let long: MaskedAccountNumber = serde_json::from_str("123456789012345678901234").unwrap();
    assert!(long.unmasked().ends_with("e23"), "digits are lost, and it shows: {}", long.unmasked());
    assert_eq!(format!("{:?}", MaskedVpa::from("9164326296@upi")), "MaskedVpa(****@upi)");
    assert_eq!(format!("{:?}", MaskedName::from("test")), "MaskedName(t***)");
    assert_eq!(format!("{:?}", MaskedText::from("राम")), "MaskedText(3 characters)");
    assert_eq!(format!("{:>12}|", MaskedText::from("7")), " 1 character|");
}

#[test]
fn account_is_active_only_with_that_status_and_pending_until_it_ends() {
    for (status, active, pending) in [
        (json!("ACTIVE"), true, false),
        (json!("PENDING"), false, true),
        (json!("CREATED"), false, true),
        (json!("FAILURE"), false, false),
        (json!("DELETED"), false, false),
        (json!(null), false, false),
        (json!("active"), false, false),
        (json!("ON_HOLD"), false, false),
    ] {
        let account: CustomerAccount = serde_json::from_value(json!({ "validation_status": status })).unwrap();
        assert_eq!((account.is_active(), account.is_pending()), (active, pending), "{status}");
    }
}

#[test]
fn a_date_has_any_number_of_fractional_digits() {
    for (date, expected) in [
        ("2023-06-06T13:28:20Z", Some(1_686_058_100_000)),
        ("2025-02-24T13:19:43.292530547Z", Some(1_740_403_183_292)),
        ("2025-02-24T18:49:43.292+05:30", Some(1_740_403_183_292)),
        ("2025-02-24", None),
        ("", None),
    ] {
        let account: CustomerAccount = serde_json::from_value(json!({ "date_created": date })).unwrap();
        let since = account.created_at().map(|at| at.duration_since(std::time::SystemTime::UNIX_EPOCH).unwrap());
        assert_eq!(since.map(|since| since.as_millis()), expected, "{date}");
    }
}
