//! Each validator compared with the `regex` crate and the pattern of the spec, and the comparison of names.

use std::hint::black_box;

use juspay_accounts_validation::{AccountNumber, Ifsc, Vpa, names};
use regex::Regex;

use crate::payees::{Payee, payee};
use crate::row::{Row, Target, time};
use crate::{Scale, pairs, regen};

/// The number of values that are checked in turn, so that the CPU cannot learn the branches.
const VALUES: usize = 512;

/// The rows of the group. All values are valid, because an invalid value is found sooner.
pub fn measure(scale: Scale) -> Vec<Row> {
    let (mut ifscs, mut accounts, mut vpas) = (Vec::new(), Vec::new(), Vec::new());
    for payee in (0..2 * VALUES).map(payee) {
        match payee {
            Payee::Bank { ifsc, account, .. } => {
                ifscs.push(ifsc);
                accounts.push(account);
            }
            Payee::Upi(vpa) => vpas.push(vpa),
        }
    }
    let of_accounts: Vec<_> =
        accounts.iter().zip(&ifscs).map(|(account, ifsc)| format!("{account}@{ifsc}.ifsc.npci")).collect();
    vec![
        row(scale, "Ifsc", "", &ifscs, |text| Ifsc::check(text).is_ok()),
        row(scale, "AccountNumber", "", &accounts, |text| AccountNumber::check(text).is_ok()),
        row(scale, "Vpa", "", &vpas, |text| Vpa::check(text).is_ok()),
        row(scale, "Vpa", " (account@IFSC.ifsc.npci)", &of_accounts, |text| Vpa::check(text).is_ok()),
        compare(scale),
    ]
}

/// Pairs of names that differ in the ways that are usual at banks.
const NAMES: [(&str, &str); 8] = [
    ("Ramesh Kumar Sharma", "RAMESH KUMAR SHARMA"),
    ("Ramesh Kumar Sharma", "SHARMA R K"),
    ("Ramesh Kumar Sharma", "RAMESH KUMAR VERMA"),
    ("Smt. Lakshmi Devi Chaudhary", "LAXMI DEVI CHOUDHURY"),
    ("Venkata Subramanian Krishnamurthy", "VENKATA SUBRAMANIAN KRISH"),
    ("Sree Venkateswara Engineering Works Private Limited", "SREE VENKATESWARA ENGG WORKS PVT LTD"),
    ("Sharma Traders", "SHARMA TRADERS PROP RAMESH KUMAR SHARMA"),
    ("सुनीता देवी", "सुनीता शर्मा"),
];

fn compare(scale: Scale) -> Row {
    let all = || {
        _ = black_box(
            NAMES.iter().filter(|(given, at_bank)| names::compare(black_box(given), at_bank).score > 0).count(),
        );
    };
    let pair = pairs::of_functions(scale.budget() / 2, all, all);
    #[allow(clippy::cast_precision_loss, reason = "eight")]
    let seconds = pair.measured / NAMES.len() as f64;
    Row::absolute("comparison of two names", time(seconds), seconds * 1e6, "µs", Target::AtMost(20.0))
}

fn row(scale: Scale, schema: &str, form: &str, values: &[String], check: impl Fn(&str) -> bool) -> Row {
    let pattern = Regex::new(&pattern(schema)).expect("a pattern that the regex crate takes");
    assert!(values.iter().all(|value| check(value) && pattern.is_match(value)));

    let pair = pairs::of_functions(
        scale.budget(),
        || _ = black_box(values.iter().filter(|value| check(black_box(value))).count()),
        || _ = black_box(values.iter().filter(|value| pattern.is_match(black_box(value))).count()),
    );
    #[allow(clippy::cast_precision_loss, reason = "some hundreds")]
    let each = |all: f64| time(all / values.len() as f64);
    let what = format!("check of {schema}{form} / regex crate with its pattern");
    Row::ratio(&what, each(pair.measured), each(pair.baseline), pair.ratio, Target::AtMost(1.0))
}

fn pattern(schema: &str) -> String {
    let file = regen::root().join("spec/openapi.yaml");
    let text = std::fs::read_to_string(file).expect("the description");
    let description: serde_json::Value = serde_yaml::from_str(&text).expect("the description");
    let pattern = description["components"]["schemas"][schema]["pattern"].as_str();
    pattern.expect("a pattern in the description").to_owned()
}
