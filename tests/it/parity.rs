//! Constraint parity: for each pattern and length in the spec, the hand-written type accepts exactly what the spec
//! accepts. The test finds the constraints by walking the spec, so a constraint without a type fails.

use std::collections::BTreeMap;
use std::str::FromStr;

use contract_tests::spec::{load, walk};
use contract_tests::texts::{character, inside, slip};
use juspay_accounts_validation as validation;
use proptest::prelude::*;
use proptest::sample::Index;
use regex::Regex;
use serde_json::Value;

/// A function that checks whether the type for a schema accepts a string.
fn accepts(schema: &str) -> Option<fn(&str) -> bool> {
    fn parses<T: FromStr>(text: &str) -> bool {
        text.parse::<T>().is_ok()
    }
    Some(match schema {
        "AccountNumber" => parses::<validation::AccountNumber>,
        "Amount" => parses::<validation::Amount>,
        "ApiVersion" => parses::<validation::ApiVersion>,
        "BankCode" => parses::<validation::BankCode>,
        "CustomerAccountId" => parses::<validation::CustomerAccountId>,
        "CustomerId" => parses::<validation::CustomerId>,
        "Gateway" => parses::<validation::Gateway>,
        "GatewayId" => parses::<validation::GatewayId>,
        "GatewayReferenceId" => parses::<validation::GatewayReferenceId>,
        "Ifsc" => parses::<validation::Ifsc>,
        "MerchantId" => parses::<validation::MerchantId>,
        "Name" => parses::<validation::Name>,
        "RoutingId" => parses::<validation::RoutingId>,
        "Vpa" => parses::<validation::Vpa>,
        _ => return None,
    })
}

/// The constraints of the spec for one string.
struct Constraint {
    schema: String,
    pattern: String,
    regex: Regex,
    lengths: (usize, usize),
    accepts: fn(&str) -> bool,
}

impl Constraint {
    /// Whether the spec allows a string. OpenAPI counts characters, and a pattern may match anywhere in a string, so
    /// each pattern has anchors.
    fn allows(&self, text: &str) -> bool {
        let length = text.chars().count();
        (self.lengths.0..=self.lengths.1).contains(&length) && self.regex.is_match(text)
    }

    #[track_caller]
    fn compare(&self, text: &str) {
        assert_eq!((self.accepts)(text), self.allows(text), "{} and its type differ on {text:?}", self.schema);
    }
}

/// Every schema of the spec that limits a string. It must be a component with its own type.
fn constraints() -> Vec<Constraint> {
    let spec = load();
    let mut found = Vec::new();
    walk(&spec, "", &mut |at, value| {
        let keywords = ["pattern", "minLength", "maxLength"];
        // A property can have the name `pattern`; the keyword has a string or a number.
        if !keywords.iter().any(|key| value.get(key).is_some_and(|bound| bound.is_string() || bound.is_number())) {
            return;
        }
        let schema = at.strip_prefix("/components/schemas/").filter(|name| !name.contains('/'));
        let schema =
            schema.unwrap_or_else(|| panic!("{at} has a constraint; give it a component and a type of its own"));
        let accepts = accepts(schema).unwrap_or_else(|| panic!("no type enforces the constraint of {schema}"));
        let pattern = value.get("pattern").map_or("^(?s:.*)$", |pattern| pattern.as_str().unwrap());
        let anchored = pattern.starts_with('^') && pattern.ends_with('$');
        assert!(anchored, "the pattern of {schema} is not anchored: it would allow anything around a match");
        let bound = |key: &str, default: usize| {
            value.get(key).and_then(Value::as_u64).map_or(default, |bound| usize::try_from(bound).unwrap())
        };
        found.push(Constraint {
            schema: schema.to_owned(),
            pattern: pattern.to_owned(),
            regex: Regex::new(pattern).unwrap(),
            lengths: (bound("minLength", 0), bound("maxLength", usize::MAX)),
            accepts,
        });
    });
    found
}

#[test]
fn types_accept_what_the_spec_accepts_and_nothing_else() {
    let config = ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() };
    for constraint in constraints() {
        let slips = (0..6_u8, any::<Index>(), character());
        let slips = proptest::collection::vec(slips, 0..3);
        proptest!(config.clone(), |(text in inside(&constraint.pattern), slips in slips, other in any::<String>())| {
            constraint.compare(&text);
            constraint.compare(&other);
            let mut text = text;
            for (kind, at, character) in slips {
                text = slip(&text, kind, at, character);
                constraint.compare(&text);
            }
        });
    }
}

/// Tries every length up to 300, which is beyond each bound. Random strings seldom have a length at a bound.
#[test]
fn types_and_spec_agree_on_every_length() {
    let seeds = BTreeMap::from([
        ("AccountNumber", vec!["1"]),
        ("Amount", vec!["1", "0.0", "1.0", "9"]),
        ("Ifsc", vec!["A", "HDFC0", "0"]),
        ("Vpa", vec!["a@b", "@b", "a", "a@b.npci", "a@b.c.npci", "a@b.c.d.npci", "a@.npci", "a@npci"]),
        ("CustomerAccountId", vec!["a", "-", "lis", "."]),
        ("CustomerId", vec![".", "a", "..a", "%2e"]),
    ]);
    let general = vec!["a", ".", "é", " ", "\u{0}"];
    for constraint in constraints() {
        for seed in seeds.get(constraint.schema.as_str()).unwrap_or(&general) {
            for length in 0..=300 {
                for (position, letter) in seed.char_indices() {
                    let (before, after) = seed.split_at(position);
                    let grown = letter.to_string().repeat(length);
                    constraint.compare(&format!("{before}{grown}{after}"));
                }
            }
        }
        constraint.compare("");
    }
}
