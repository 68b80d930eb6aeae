//! Reads `account_details`, a form field with JSON.

use std::fmt;

use juspay_accounts_validation::RequestBuilder;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::refusal::Problem;

/// Valid values that the builder gets in place of values that are missing or not strings. They are never used, because
/// those problems have been reported and the request is refused.
const AN_IFSC: &str = "ABCD0000000";
const AN_ACCOUNT: &str = "00000";
const A_VPA: &str = "nobody@upi";

/// Reads `account_details`, and adds its entries to the builder.
pub(super) fn accounts(mut builder: RequestBuilder, text: &str, problems: &mut Vec<Problem>) -> RequestBuilder {
    let details: &RawValue = match serde_json::from_str(text) {
        Ok(details) => details,
        Err(error) => {
            let place = format!("it is not JSON: line {}, column {}", error.line(), error.column());
            problems.push(Problem::new("account_details", place));
            return builder;
        }
    };
    let details = Object::read("account_details".to_owned(), details, &["bank_account", "upi"], problems);
    // The builder also gets incomplete entries, because it counts entries for the paths of problems.
    for entry in details.entries("bank_account", &["ifsc", "account", "name"], problems) {
        let ifsc = entry.text("ifsc", true, problems);
        let account = entry.text("account", true, problems);
        let (ifsc, account) = (ifsc.as_deref().unwrap_or(AN_IFSC), account.as_deref().unwrap_or(AN_ACCOUNT));
        builder = match entry.text("name", false, problems) {
            Some(name) => builder.named_bank_account(ifsc, account, name),
            None => builder.bank_account(ifsc, account),
        };
    }
    for entry in details.entries("upi", &["vpa"], problems) {
        builder = builder.upi(entry.text("vpa", true, problems).as_deref().unwrap_or(A_VPA));
    }
    builder
}

/// A JSON object and its place in the request.
struct Object<'a> {
    path: String,
    /// `None` if the JSON is not an object; that problem has been reported.
    fields: Option<Fields<'a>>,
}

impl<'a> Object<'a> {
    fn read(path: String, json: &'a RawValue, known: &[&str], problems: &mut Vec<Problem>) -> Self {
        let fields = Fields::deserialize(json).ok();
        let mut names: Vec<_> = fields.iter().flat_map(|Fields(fields)| fields).map(|(name, _)| name).collect();
        names.sort_unstable();
        if fields.is_none() {
            problems.push(Problem::new(&path, "it is not a JSON object"));
        } else if names.windows(2).any(|pair| pair[0] == pair[1]) {
            // Two values for one key are refused, because choosing one would be a guess.
            problems.push(Problem::new(&path, "a key occurs more than once"));
        } else if !names.iter().all(|name| known.contains(&name.as_str())) {
            // The message does not repeat the key, because it can be a value in the wrong place.
            problems
                .push(Problem::new(&path, format!("it has an unknown key; the known keys are {}", known.join(", "))));
        }
        Self { path, fields }
    }

    fn get(&self, key: &str) -> Option<&'a RawValue> {
        let Fields(fields) = self.fields.as_ref()?;
        fields.iter().find(|(name, _)| name == key).map(|(_, value)| *value)
    }

    /// Reads the entries of a list.
    fn entries(&self, key: &str, known: &[&str], problems: &mut Vec<Problem>) -> Vec<Self> {
        let Some(list) = self.get(key) else { return Vec::new() };
        let path = format!("{}.{key}", self.path);
        let list = match Vec::<&RawValue>::deserialize(list) {
            Ok(list) if !list.is_empty() => list,
            Ok(_) => {
                problems.push(Problem::new(path, "it is empty; leave it out, or add an account"));
                return Vec::new();
            }
            Err(_) => {
                problems.push(Problem::new(path, "it is not a list"));
                return Vec::new();
            }
        };
        list.into_iter()
            .enumerate()
            .map(|(at, json)| Self::read(format!("{path}[{at}]"), json, known, problems))
            .collect()
    }

    fn text(&self, key: &str, required: bool, problems: &mut Vec<Problem>) -> Option<String> {
        let reason = match self.get(key).map(String::deserialize) {
            Some(Ok(text)) => return Some(text),
            None if !required || self.fields.is_none() => return None,
            None => "it is missing",
            Some(Err(_)) => "it is not a string",
        };
        problems.push(Problem::new(format!("{}.{key}", self.path), reason));
        None
    }
}

/// The fields of a JSON object in their order, duplicates included.
struct Fields<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Walk;

        impl<'de> Visitor<'de> for Walk {
            type Value = Fields<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields<'de>, A::Error> {
                std::iter::from_fn(|| map.next_entry().transpose()).collect::<Result<_, _>>().map(Fields)
            }
        }

        deserializer.deserialize_map(Walk)
    }
}
