use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context as _, Result};
use openapi_doc::{object, schemas};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Number, Value};

use crate::Call;
use crate::http::Response;

/// Headers that are recorded with their values, which reveal nothing about a request. Other values are replaced.
const PLAIN_HEADERS: [&str; 2] = ["content-type", "retry-after"];

/// Keys with codes as their values.
#[rustfmt::skip]
const CODES: [&str; 10] = [
    "category", "code", "currency", "customer_account_type", "errorCode", "error_code", "object", "status", "type",
    "validation_status",
];

/// A shorter value is replaced only where it is the whole value, not where it is part of a longer one.
const SEARCHED: usize = 4;

/// A number with more digits may be an account number.
const LONGEST_NUMBER: usize = 4;

/// The responses of a server without their values: everything that was sent, ids, names and sentences are replaced by
/// values of the same shape.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recording {
    /// One exchange for each call.
    pub exchanges: Vec<Exchange>,
}

/// The name of a call, and its response.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// The id of the operation.
    pub operation: String,
    /// The name of the call.
    pub call: String,
    /// The status; `None` if there was no response.
    pub status: Option<u16>,
    /// The headers `content-type` and `retry-after`, and those that begin with `x-`.
    pub headers: BTreeMap<String, String>,
    /// The body: JSON or text.
    pub body: Value,
    /// For each account of the response, the position of its payee in the request.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub order: Vec<usize>,
}

impl Recording {
    /// Reads a recording. `None` if there is no such file.
    ///
    /// # Errors
    /// The file cannot be read, or is not a recording.
    pub fn load(file: &Path) -> Result<Option<Self>> {
        if !file.exists() {
            return Ok(None);
        }
        let text = fs_err::read_to_string(file)?;
        serde_json::from_str(&text).map(Some).with_context(|| file.display().to_string())
    }

    /// The text of the file.
    ///
    /// # Errors
    /// Never: everything in a recording can be written as JSON.
    pub fn text(&self) -> Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    pub(crate) fn add(&mut self, call: &Call<'_>, response: Option<&Response>, order: &[usize], sanitizer: &Sanitizer) {
        let headers = response.into_iter().flat_map(|response| &response.headers);
        let headers = headers.filter_map(|(name, value)| sanitizer.header(name, value)).collect();
        let body = response.map(|response| {
            let json = serde_json::from_slice(&response.received.body).ok();
            json.unwrap_or_else(|| String::from_utf8_lossy(&response.received.body).into())
        });
        self.exchanges.push(Exchange {
            operation: call.operation.id().to_owned(),
            call: call.name.clone(),
            status: response.map(|response| response.received.status),
            headers,
            body: sanitizer.json(&body.unwrap_or_default()),
            order: order.to_vec(),
        });
    }

    pub(crate) fn order(&self, call: &Call<'_>) -> Option<&[usize]> {
        let same = |one: &&Exchange| one.operation == call.operation.id() && one.call == call.name;
        self.exchanges.iter().find(same).map(|one| one.order.as_slice())
    }
}

/// Replaces the values of a response.
#[derive(Clone, Debug, Default)]
pub struct Sanitizer {
    /// Names of fields and listed values of the spec. They are kept even where they are part of what was sent.
    words: BTreeSet<String>,
    /// What was sent, in lower case.
    secrets: Vec<String>,
}

impl Sanitizer {
    /// A sanitizer for a spec and the values that were sent.
    pub fn new<'a>(document: &Value, sent: impl IntoIterator<Item = &'a str>) -> Self {
        let schemas = schemas(document).into_iter().filter_map(|at| document.pointer(at.as_str()));
        let words = schemas.flat_map(|schema| {
            let listed = schema.get("enum").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
            object(schema.get("properties")).map(|(name, _)| name.as_str()).chain(listed)
        });
        let sent = sent.into_iter().filter(|text| !text.is_empty());
        Self { words: words.map(str::to_owned).collect(), secrets: sent.map(str::to_lowercase).collect() }
    }

    /// A sanitizer for all calls of a plan and the key.
    pub(crate) fn of<'a>(document: &Value, calls: impl Iterator<Item = &'a Call<'a>>, key: &str) -> Self {
        let mut sanitizer = Self::new(document, [key]);
        for call in calls {
            let values = call.path.values().chain(call.headers.values());
            sanitizer.secrets.extend(values.map(|value| value.to_lowercase()));
            // A command is a word of the spec, and part of a status: `create`, `CREATED`.
            let fields = call.form.iter().flatten().filter(|(name, _)| *name != "command");
            fields.for_each(|(_, value)| sanitizer.add(value));
        }
        sanitizer
    }

    pub(crate) fn add(&mut self, value: &Value) {
        match value {
            Value::String(text) => {
                let local = text.split_once('@').map(|(local, _)| local);
                self.secrets.extend([Some(text.as_str()), local].into_iter().flatten().map(str::to_lowercase));
            }
            Value::Array(list) => list.iter().for_each(|inner| self.add(inner)),
            Value::Object(map) => map.values().for_each(|inner| self.add(inner)),
            _ => {}
        }
    }

    fn is_repeated_in(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        self.secrets.iter().any(|secret| text == *secret || secret.len() >= SEARCHED && text.contains(secret.as_str()))
    }

    /// Replaces everything in a value except codes and the names of fields. Types, lengths and kinds of characters stay
    /// the same.
    pub fn json(&self, value: &Value) -> Value {
        match value {
            Value::Null | Value::Bool(_) => value.clone(),
            Value::Number(number) => self.number(number),
            Value::String(text) => self.text(text).into(),
            Value::Array(list) => list.iter().map(|item| self.json(item)).collect(),
            Value::Object(map) => {
                let field = |(index, (key, value)): (usize, (&String, &Value))| {
                    let is_name = self.is_word(key);
                    let value = match value.as_str() {
                        Some(code) if is_name && CODES.contains(&key.as_str()) && self.is_word(code) => code.into(),
                        _ => self.json(value),
                    };
                    (if is_name { key.clone() } else { format!("field_{index}") }, value)
                };
                map.iter().enumerate().map(field).collect::<Map<_, _>>().into()
            }
        }
    }

    /// Whether a value can be kept: a code or a field name, and not part of what was sent.
    fn is_word(&self, text: &str) -> bool {
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.' | ' ');
        let mut numbers = text.split(|letter: char| !letter.is_ascii_digit());
        let is_short = text.len() <= 64 && numbers.all(|number| number.len() <= LONGEST_NUMBER);
        is_short && text.chars().all(is_plain) && (self.words.contains(text) || !self.is_repeated_in(text))
    }

    fn header(&self, name: &str, value: &str) -> Option<(String, String)> {
        let is_plain = PLAIN_HEADERS.contains(&name);
        if !is_plain && !name.starts_with("x-") || self.is_repeated_in(name) {
            return None;
        }
        let value = if is_plain && !self.is_repeated_in(value) { value.to_owned() } else { self.text(value) };
        Some((name.to_owned(), value))
    }

    fn text(&self, text: &str) -> String {
        // A replacement can accidentally equal something that was sent.
        let shapes = (0..10).map(|shift| shape(text, shift));
        let blank = ["*", "?", "-"].into_iter().map(|blank| blank.repeat(text.chars().count()));
        shapes.chain(blank).find(|shape| !self.is_repeated_in(shape)).unwrap_or_default()
    }

    fn number(&self, number: &Number) -> Value {
        let text = number.to_string();
        let shaped = |digit: char| {
            let replaced = |(index, letter): (usize, char)| {
                let is_kept = !letter.is_ascii_digit() || index == 0 && letter == '0';
                if is_kept { letter } else { digit }
            };
            let text: String = text.chars().enumerate().map(replaced).collect();
            (!self.is_repeated_in(&text)).then(|| text.parse::<Number>().ok()).flatten()
        };
        ('1'..='9').find_map(shaped).unwrap_or_else(|| 0.into()).into()
    }
}

/// A string of the same length, with the same kinds of characters at the same positions. A time stays a time.
fn shape(text: &str, shift: u8) -> String {
    const NOON: &str = "2000-01-01T12:00:00";
    let replaced = |letter: char| match letter {
        letter if letter.is_numeric() => char::from(b'0' + shift),
        letter if letter.is_uppercase() => char::from(b'A' + shift),
        letter if letter.is_alphabetic() => char::from(b'a' + shift),
        letter => letter,
    };
    let shape: String = text.chars().map(replaced).collect();
    let is_time = text.len() >= NOON.len() && text.is_ascii() && self::is_time(text);
    if !is_time {
        return shape;
    }
    let zone = if text.ends_with(['Z', 'z']) { "Z" } else { "" };
    format!("{NOON}{}{zone}", &shape[NOON.len()..shape.len() - zone.len()])
}

/// Whether a string begins like a time of RFC 3339.
fn is_time(text: &str) -> bool {
    let mut pairs = text.chars().zip("0000-00-00T00:00:00".chars());
    pairs.all(|(letter, form)| if form == '0' { letter.is_ascii_digit() } else { letter == form })
}
