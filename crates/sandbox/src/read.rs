//! From the bytes of a request to checked values, or to everything that is wrong with them.
//!
//! The types of the validation crate decide what is well formed, as they do for the client. What is said of a problem names
//! the field and never the value.

use std::collections::HashSet;
use std::fmt;

use juspay_accounts_validation::{
    AccountsRequest, Amount, ApiVersion, CustomerAccountId, CustomerId, Gateway, MerchantId, ParseError,
    RequestBuilder, RoutingId,
};
use percent_encoding::percent_decode;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// What stands in place of a missing value, so that it is missed once: well formed, and never used.
const AN_IFSC: &str = "ABCD0000000";
const AN_ACCOUNT: &str = "00000";
const A_VPA: &str = "nobody@upi";
const A_BANK_CODE: &str = "MISSING";

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) field: String,
    pub(crate) reason: String,
}

impl Problem {
    pub(crate) fn new(field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { field: field.into(), reason: reason.into() }
    }
}

/// What a request asks to do with its accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Validate,
    Create,
}

/// The pairs of a form.
pub(crate) type Form = Vec<(String, String)>;

/// Whether each `%` is followed by two hexadecimal digits. Servers differ on what anything else means.
pub(crate) fn is_escaped(text: &[u8]) -> bool {
    let mut escapes = text.split(|byte| *byte == b'%').skip(1);
    escapes.all(|after| after.len() >= 2 && after[..2].iter().all(u8::is_ascii_hexdigit))
}

/// Reads a form: what is not UTF-8, or not escaped in the right way, is refused and not mended.
pub(crate) fn form(body: &[u8]) -> Result<Form, Problem> {
    if !is_escaped(body) {
        return Err(Problem::new("body", "the form has a % without two hexadecimal digits"));
    }
    let decode = |bytes: &[u8]| {
        let spaces: Vec<u8> = bytes.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
        let text = percent_decode(&spaces).decode_utf8().map(std::borrow::Cow::into_owned);
        text.map_err(|_| Problem::new("body", "the form is not UTF-8"))
    };
    let pairs = body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let middle = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
            Ok((decode(&pair[..middle])?, decode(pair.get(middle + 1..).unwrap_or_default())?))
        })
        .collect()
}

/// Checks a call as a whole.
pub(crate) fn request(
    customer_id: &str,
    routing_id: Option<&str>,
    form: &Form,
) -> Result<(Command, AccountsRequest), Vec<Problem>> {
    let mut problems = Vec::new();
    let [bank_code, command, details, customer, gateway_id, reference, gateway, amount] = [
        "bank_code",
        "command",
        "account_details",
        "customer_id",
        "gateway_id",
        "gateway_reference_id",
        "preferred_ifsc_validation_gateway",
        "validation_amount",
    ]
    .map(|name| single(form, name, &mut problems));
    for (name, value) in [("x-routing-id", routing_id), ("bank_code", bank_code)] {
        if value.is_none() {
            problems.push(missing(name));
        }
    }
    let command =
        self::command(command, &[("validate", Command::Validate), ("create", Command::Create)], &mut problems);
    if let Some(error) = customer.and_then(|id| CustomerId::check(id).err()) {
        problems.push(Problem::new("customer_id", error.to_string()));
    }

    let mut builder = AccountsRequest::builder(customer_id, bank_code.unwrap_or(A_BANK_CODE));
    if let Some(id) = routing_id {
        builder = builder.routing_id(id);
    }
    if let Some(id) = gateway_id {
        builder = builder.gateway_id(id);
    }
    if let Some(id) = reference {
        builder = builder.gateway_reference_id(id);
    }
    if let Some(name) = gateway {
        builder = builder.preferred_gateway(name);
    }
    if let Some(amount) = amount {
        builder = builder.validation_amount(amount);
    }
    let in_form = problems.len();
    if let Some(details) = details {
        builder = accounts(builder, details, &mut problems);
    } else {
        problems.push(missing("account_details"));
    }
    let shape_is_wrong = problems.len() > in_form;
    match builder.build() {
        Ok(request) => match command {
            Some(command) if problems.is_empty() => Ok((command, request)),
            _ => Err(problems),
        },
        Err(error) => {
            let found = error.problems().iter();
            // Where the accounts cannot be read, that there are none is no news.
            let found = found.filter(|problem| !(shape_is_wrong && problem.path() == "account_details"));
            problems.extend(found.map(|problem| Problem::new(problem.path(), problem.error().to_string())));
            Err(problems)
        }
    }
}

/// The value of `command`, if it is one of these.
fn command<T: Copy>(sent: Option<&str>, accepted: &[(&str, T)], problems: &mut Vec<Problem>) -> Option<T> {
    let found = accepted.iter().find(|(word, _)| sent == Some(word)).map(|(_, command)| *command);
    let words: Vec<_> = accepted.iter().map(|(word, _)| *word).collect();
    match (found, sent) {
        (None, Some(_)) => problems.push(Problem::new("command", format!("accepted: {}", words.join(", ")))),
        (None, None) => problems.push(missing("command")),
        (Some(_), _) => {}
    }
    found
}

/// Checks the form that deletes an account.
pub(crate) fn deletion(form: &Form) -> Result<(), Vec<Problem>> {
    let mut problems = Vec::new();
    let sent = single(form, "command", &mut problems);
    command(sent, &[("delete", ())], &mut problems);
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// Checks the headers that a call may have. `header` gives the value of one.
pub(crate) fn headers<'a>(header: impl Fn(&str) -> Option<&'a str>) -> Result<(), Vec<Problem>> {
    let merchant = header("x-merchantid").and_then(|id| MerchantId::check(id).err());
    let version = header("version").and_then(|version| ApiVersion::check(version).err());
    let problems = [("x-merchantid", merchant), ("version", version)];
    let problems: Vec<_> =
        problems.into_iter().filter_map(|(name, error)| Some(Problem::new(name, error?.to_string()))).collect();
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// Checks whose account a call is about.
pub(crate) fn customer(
    customer_id: &str,
    account_id: Option<&str>,
    routing_id: Option<&str>,
) -> Result<CustomerId, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut refused = |field: &str, error: ParseError| problems.push(Problem::new(field, error.to_string()));
    let customer = customer_id.parse().map_err(|error| refused("customer_id", error)).ok();
    if let Some(error) = account_id.and_then(|id| CustomerAccountId::check(id).err()) {
        refused("customer_account_id", error);
    }
    match routing_id.map(RoutingId::check) {
        Some(Ok(())) => {}
        Some(Err(error)) => refused("x-routing-id", error),
        None => problems.push(missing("x-routing-id")),
    }
    match customer {
        Some(customer) if problems.is_empty() => Ok(customer),
        _ => Err(problems),
    }
}

/// Checks the form of another validation. Gives the amount.
pub(crate) fn amount(form: &Form) -> Result<Option<Amount>, Vec<Problem>> {
    let mut problems = Vec::new();
    let [gateway, amount] =
        ["preferred_ifsc_validation_gateway", "validation_amount"].map(|name| single(form, name, &mut problems));
    if let Some(error) = gateway.and_then(|name| Gateway::check(name).err()) {
        problems.push(Problem::new("preferred_ifsc_validation_gateway", error.to_string()));
    }
    let amount = amount.map(str::parse).transpose().unwrap_or_else(|error: ParseError| {
        problems.push(Problem::new("validation_amount", error.to_string()));
        None
    });
    if problems.is_empty() { Ok(amount) } else { Err(problems) }
}

/// The value of a field that must not be there more than once.
fn single<'a>(form: &'a Form, name: &str, problems: &mut Vec<Problem>) -> Option<&'a str> {
    let mut values = form.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let first = values.next();
    if values.next().is_some() {
        problems.push(Problem::new(name, "it is there more than once"));
    }
    first
}

fn missing(field: &str) -> Problem {
    Problem::new(field, "it is missing")
}

/// Reads `account_details`, and adds what can be read to the builder.
fn accounts(mut builder: RequestBuilder, text: &str, problems: &mut Vec<Problem>) -> RequestBuilder {
    let details: Map<String, Value> = match serde_json::from_str(text) {
        // Which of two values counts would be a guess.
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
    // An entry that lacks something is given to the builder all the same: it counts the entries.
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

/// JSON in which no object has a key twice.
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

/// The entries of a list, each with its path. One that is no object is told, and is `None`.
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
            problems.push(Problem::new(path, "it is no list"));
            return Vec::new();
        }
    };
    let entry = |(index, entry): (usize, &'a Value)| {
        let at = format!("{path}[{index}]");
        let object = entry.as_object();
        match object {
            Some(object) => unknown_keys(&at, object, keys, problems),
            None => problems.push(Problem::new(&at, "it is no object")),
        }
        (at, object)
    };
    list.iter().enumerate().map(entry).collect()
}

fn unknown_keys(path: &str, object: &Map<String, Value>, known: &[&str], problems: &mut Vec<Problem>) {
    // The key itself is not repeated: it can be a value in the wrong place.
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
        Some(_) => "it is no string",
    };
    problems.push(Problem::new(format!("{path}.{key}"), reason));
    None
}

#[cfg(test)]
mod tests;
