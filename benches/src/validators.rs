//! Each validator beside the `regex` crate with the pattern of the description.

use std::hint::black_box;

use juspay_accounts_validation::{AccountNumber, Ifsc, Vpa};
use regex::Regex;

use crate::payees::{Payee, payee};
use crate::row::{Row, Target, time};
use crate::{Scale, pairs, regen};

/// As many values are checked in turn, so that no branch is learnt by heart.
const VALUES: usize = 512;

/// The rows of the group. All values are valid: what is not valid is found out sooner.
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
    ]
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
    Row::ratio(&what, each(pair.measured), each(pair.baseline), pair.ratio, Target::AtMost(0.05))
}

/// The pattern of a schema in the description.
fn pattern(schema: &str) -> String {
    let file = regen::root().join("spec/openapi.yaml");
    let text = std::fs::read_to_string(file).expect("the description");
    let description: serde_json::Value = serde_yaml::from_str(&text).expect("the description");
    let pattern = description["components"]["schemas"][schema]["pattern"].as_str();
    pattern.expect("a pattern in the description").to_owned()
}
