//! No public type is forgotten by the test of what types print.

use std::collections::{BTreeMap, BTreeSet};

use super::{Secrets, print_all, print_calls, repeating};

/// Every public type is printed here, or is listed as one that holds no secret, or only parts that are printed.
#[test]
fn every_public_type_is_accounted_for() {
    let harmless = [
        "Advice",
        "Amount",
        "ApiVersion",
        "Bank",
        "Change",
        "Character",
        "Comparison",
        "CustomerAccountType",
        "CustomerId",
        "Delivery",
        "Difference",
        "Environment",
        "BaseUrl",
        "ErrorKind",
        "Gateway",
        "MatchKind",
        "MerchantId",
        "Ifsc",
        "Kind",
        "Listing",
        "Merger",
        "Located",
        "Reason",
        "RetryPolicy",
        "ReceivedAmount",
        "RoutingId",
        "SubMember",
        "ValidationStatus",
        "Verdict",
    ];
    let secrets = Secrets {
        key: "Q7X8Z7Q8X7Z8".into(),
        account: "Q7X8Z7Q8X7".into(),
        vpa: "Q7X8Z7Q8".into(),
        name: "QXZQXZ ZXQZXQ".into(),
    };
    let mut known = print_all(&secrets).types;
    known.extend(print_calls(&secrets, repeating(&secrets)).types);
    // A part of the client. The client itself is printed above.
    let parts = ["Transport"];
    // These consist only of types that are printed here.
    let made_of_them = [
        "Ambiguity",
        "Cleaned",
        "Customer",
        "CustomerAccountId",
        "ReconcileOutcome",
        "ReconcilePolicy",
        "Reconciled",
        "ReconcileState",
        "RequestOptions",
        "Revalidation",
        "Step",
        "WaitOutcome",
        "WaitPolicy",
        "WaitState",
        "ValidatedUnless",
    ];
    for name in harmless.into_iter().chain(parts).chain(made_of_them) {
        assert!(known.insert(name.to_owned()), "{name} is printed, so remove it from the list");
    }
    add_generated(&mut known);
    let declaration = regex::Regex::new(r"(?m)^ *pub (?:struct|enum) (\w+)").unwrap();
    let mut missing = BTreeSet::new();
    for folder in ["client", "validation"] {
        visit(&contract_tests::root().join("crates").join(folder).join("src"), &mut |text| {
            let names = declaration.captures_iter(text).map(|found| found[1].to_owned());
            missing.extend(names.filter(|name| !known.contains(name)));
        });
    }
    assert!(missing.is_empty(), "not printed here: {missing:?}");
}

/// Adds the generated types that consist only of fixed words or of known types.
fn add_generated(known: &mut BTreeSet<String>) {
    let file = contract_tests::root().join("crates/client/src/generated/client.rs");
    let text = std::fs::read_to_string(file).unwrap();
    let regex = |text: &str| regex::Regex::new(text).unwrap();
    let declaration = regex(r"(?ms)^ *pub (?:struct|enum) (\w+)[^\n]*\{\n(.*?)^ *\}$");
    // Not types: docs and attributes, names of variants, and the message that a builder keeps in place of a value.
    let other = regex(r"(?m)^ *(?:///|#\[).*$|^ *\w+(?:\(| \{$|,$)|,\s*(?:::std::string::)?String,?\s*>");
    let (word, std) = (regex(r"\b[A-Z]\w*"), ["Option", "Result", "Vec", "Client"]);
    let mut parts = BTreeMap::<_, BTreeSet<String>>::new();
    for found in declaration.captures_iter(&text) {
        let body = other.replace_all(&found[2], "").into_owned();
        let words = word.find_iter(&body).map(|word| word.as_str().to_owned());
        parts.entry(found[1].to_owned()).or_default().extend(words.filter(|word| !std.contains(&word.as_str())));
    }
    assert!(parts["DeleteForm"].contains("DeleteCommand") && parts["ErrorInfo"].contains("String"), "{parts:?}");
    while let Some(name) = parts.iter().find(|(name, parts)| !known.contains(*name) && parts.is_subset(known)) {
        known.insert(name.0.clone());
    }
}

fn visit(folder: &std::path::Path, seen: &mut impl FnMut(&str)) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            visit(&path, seen);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            seen(&std::fs::read_to_string(&path).unwrap());
        }
    }
}
