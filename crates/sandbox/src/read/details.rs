//! Reads `account_details`, a form field with JSON.

use std::collections::HashSet;
use std::fmt;

use juspay_accounts_validation::RequestBuilder;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::problem::Problem;

/// Placeholders for missing values, so that a missing value is reported only once. They are valid and never used.
const AN_IFSC: &str = "ABCD0000000";
const AN_ACCOUNT: &str = "00000";
const A_VPA: &str = "nobody@upi";

/// Reads `account_details`, and adds all readable entries to the builder.
pub(super) fn accounts(mut builder: RequestBuilder, text: &str, problems: &mut Vec<Problem>) -> RequestBuilder {
    let details: Map<String, Value> = match serde_json::from_str(text) {
        // It would be a guess which of two values counts.
        Ok(_) if serde_json::from_str::<EachKeyOnce>(text).is_err() => {
            problems.push(Problem::new("account_details", "a key is there more than once in one object"));
            return builder;
        }
        Ok(Value::Object(details)) => details,
        Ok(_) => {
            problems.push(Problem::new("account_details", "it is no JSON object"));
            return builder;
        }
        Err(error) => {
            let place = format!("it is no JSON: line {}, column {}", error.line(), error.column());
            problems.push(Problem::new("account_details", place));
            return builder;
        }
    };
    unknown_keys("account_details", &details, &["bank_account", "upi"], problems);
    // An incomplete entry is passed to the builder too, because the builder counts entries.
    for (at, entry) in entries("bank_account", &details, &["ifsc", "account", "name"], problems) {
        let ifsc = text_of(&at, entry, "ifsc", true, problems).unwrap_or(AN_IFSC);
        let account = text_of(&at, entry, "account", true, problems).unwrap_or(AN_ACCOUNT);
        builder = match text_of(&at, entry, "name", false, problems) {
            Some(name) => builder.named_bank_account(ifsc, account, name),
            None => builder.bank_account(ifsc, account),
        };
    }
    for (at, entry) in entries("upi", &details, &["vpa"], problems) {
        builder = builder.upi(text_of(&at, entry, "vpa", true, problems).unwrap_or(A_VPA));
    }
    builder
}

/// JSON in which no object repeats a key.
struct EachKeyOnce;

impl<'de> Deserialize<'de> for EachKeyOnce {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Walk;

        impl<'de> Visitor<'de> for Walk {
            type Value = EachKeyOnce;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("JSON")
            }

            fn visit_bool<E>(self, _: bool) -> Result<EachKeyOnce, E> {
                Ok(EachKeyOnce)
            }

            fn visit_i64<E>(self, _: i64) -> Result<EachKeyOnce, E> {
                Ok(EachKeyOnce)
            }

            fn visit_u64<E>(self, _: u64) -> Result<EachKeyOnce, E> {
                Ok(EachKeyOnce)
            }

            fn visit_f64<E>(self, _: f64) -> Result<EachKeyOnce, E> {
                Ok(EachKeyOnce)
            }

            fn visit_str<E>(self, _: &str) -> Result<EachKeyOnce, E> {
                Ok(EachKeyOnce)
            }

            fn visit_unit<E>(self) -> Result<EachKeyOnce, E> {
                Ok(EachKeyOnce)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<EachKeyOnce, A::Error> {
                while items.next_element::<EachKeyOnce>()?.is_some() {}
                Ok(EachKeyOnce)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<EachKeyOnce, A::Error> {
                let mut keys = HashSet::new();
                while let Some((key, EachKeyOnce)) = fields.next_entry::<String, EachKeyOnce>()? {
                    if !keys.insert(key) {
                        return Err(serde::de::Error::custom("a key is there more than once"));
                    }
                }
                Ok(EachKeyOnce)
            }
        }

        deserializer.deserialize_any(Walk)
    }
}

/// The entries of a list, each with its path. An entry that is not an object is reported, and is `None`.
fn entries<'a>(
    key: &str,
    details: &'a Map<String, Value>,
    keys: &[&str],
    problems: &mut Vec<Problem>,
) -> Vec<(String, Option<&'a Map<String, Value>>)> {
    let path = format!("account_details.{key}");
    let list = match details.get(key) {
        None => return Vec::new(),
        Some(Value::Array(list)) if !list.is_empty() => list,
        Some(Value::Array(_)) => {
            problems.push(Problem::new(path, "it is empty; leave it out, or add an account"));
            return Vec::new();
        }
        Some(_) => {
            problems.push(Problem::new(path, "it is not a list"));
            return Vec::new();
        }
    };
    let entry = |(index, entry): (usize, &'a Value)| {
        let at = format!("{path}[{index}]");
        let object = entry.as_object();
        match object {
            Some(object) => unknown_keys(&at, object, keys, problems),
            None => problems.push(Problem::new(&at, "it is not an object")),
        }
        (at, object)
    };
    list.iter().enumerate().map(entry).collect()
}

fn unknown_keys(path: &str, object: &Map<String, Value>, known: &[&str], problems: &mut Vec<Problem>) {
    // The key is not repeated in the message, because it can be a value in the wrong place.
    if object.keys().any(|key| !known.contains(&key.as_str())) {
        problems.push(Problem::new(path, format!("it has another key than {}", known.join(", "))));
    }
}

fn text_of<'a>(
    path: &str,
    entry: Option<&'a Map<String, Value>>,
    key: &str,
    required: bool,
    problems: &mut Vec<Problem>,
) -> Option<&'a str> {
    let reason = match entry?.get(key) {
        Some(Value::String(text)) => return Some(text),
        None if !required => return None,
        None => "it is missing",
        Some(_) => "it is not a string",
    };
    problems.push(Problem::new(format!("{path}.{key}"), reason));
    None
}
