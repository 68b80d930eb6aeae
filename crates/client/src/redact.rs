//! Decides which parts of a request, a response and an error can be printed.
//!
//! A server can repeat what it received, and a bank can return a name that nobody sent. So only the status, the type,
//! the size, the codes and the id of a response are printed, and a code or id only if it does not repeat even six
//! characters of what was sent.

use std::fmt;
use std::sync::{Arc, OnceLock};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use juspay_accounts_validation::mask;
use reqwest::header::HeaderMap;
use reqwest::{Body, Method, Request, StatusCode};
use serde_json::Value;

/// The number of consecutive letters and digits of a secret that must not be printed. Sequences of mostly zeros are
/// allowed, because zeros also pad the counters in ids.
const ECHO: usize = 6;
const NOT_ZERO: usize = 3;

/// The longest word that can be printed. Longer words are neither codes nor ids.
const LONGEST_WORD: usize = 64;

/// A code with a longer number is not printed: the number could be an account number.
const LONGEST_NUMBER: usize = 4;

const MOST_CODES: usize = 8;

/// Keys with codes as their values.
const CODES: [&str; 10] = [
    "category",
    "code",
    "currency",
    "customer_account_type",
    "errorCode",
    "error_code",
    "object",
    "status",
    "type",
    "validation_status",
];

/// The parts of a sent request that errors and logs need, and the secrets in it.
#[derive(Clone, Default)]
pub(crate) struct SentRequest {
    pub(crate) method: Method,
    of_client: Arc<Secrets>,
    form: Vec<u8>,
    secrets: OnceLock<Secrets>,
}

impl SentRequest {
    /// Takes the request, and the secrets in the headers of the client.
    pub(crate) fn new(request: &Request, of_client: Arc<Secrets>) -> Self {
        Self {
            method: request.method().clone(),
            of_client,
            form: request.body().and_then(Body::as_bytes).unwrap_or_default().to_vec(),
            secrets: OnceLock::new(),
        }
    }

    /// Masks the words of a server's message that repeat the key or another sensitive header.
    pub(crate) fn without_key(&self, message: &str) -> String {
        let words = message.split_inclusive(char::is_whitespace);
        let masked = words.map(|word| {
            let end = word.trim_end().len();
            if self.of_client.are_repeated_in(word) { format!("****{}", &word[end..]) } else { word.to_owned() }
        });
        masked.collect()
    }

    /// Returns the secrets. They are collected at first use, because most calls print nothing.
    pub(crate) fn secrets(&self) -> &Secrets {
        self.secrets.get_or_init(|| self.of_client.with_form(&self.form))
    }
}

/// What was sent and must not be printed: letters and digits of the key, of the other sensitive headers, and of each
/// string in the JSON fields of the form.
#[derive(Clone, Default)]
pub(crate) struct Secrets {
    /// The parts of secrets that must not be printed, each [`ECHO`] bytes long and kept as a number.
    parts: Vec<u64>,
    /// The secrets that are shorter, or mostly zeros. They are recognized only as a whole.
    short: Vec<String>,
}

/// Prints nothing of the secrets.
impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secrets").finish_non_exhaustive()
    }
}

impl Secrets {
    /// The secrets in the headers of a client.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let mut secrets = Self::default();
        for value in headers.values().filter(|value| value.is_sensitive()) {
            let text = String::from_utf8_lossy(value.as_bytes());
            let decoded = STANDARD.decode(text.trim_start_matches("Basic ")).unwrap_or_default();
            secrets.parts.extend(parts(&letters(&text)));
            secrets.parts.extend(parts(&letters(&String::from_utf8_lossy(&decoded))));
        }
        secrets
    }

    fn with_form(&self, form: &[u8]) -> Self {
        let mut secrets = self.clone();
        for (_, value) in form_urlencoded::parse(form) {
            if value.starts_with(['{', '['])
                && let Ok(value) = serde_json::from_str(&value)
            {
                secrets.add_texts(&value);
            }
        }
        secrets
    }

    fn add_texts(&mut self, value: &Value) {
        match value {
            // The handle of a UPI address is not a secret.
            Value::String(text) => self.add(text.rsplit_once('@').map_or(text.as_str(), |(local, _)| local)),
            Value::Array(items) => items.iter().for_each(|item| self.add_texts(item)),
            Value::Object(map) => map.values().for_each(|item| self.add_texts(item)),
            _ => {}
        }
    }

    fn add(&mut self, text: &str) {
        let secret = letters(text);
        let known = self.parts.len();
        self.parts.extend(parts(&secret));
        if self.parts.len() == known && secret.chars().any(|letter| letter != '0') {
            self.short.push(secret);
        }
    }

    /// Returns the word if it is safe to print as an id: one word that cannot forge a line of a log, and repeats
    /// nothing that was sent.
    pub(crate) fn id<'a>(&self, word: &'a str) -> Option<&'a str> {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        let is_word = word.len() <= LONGEST_WORD && word.bytes().all(is_plain);
        (is_word && !self.are_repeated_in(word)).then_some(word)
    }

    /// Returns the word if it is safe to print as a code: like an id, but without a long number.
    pub(crate) fn code<'a>(&self, word: &'a str) -> Option<&'a str> {
        let mut numbers = word.split(|letter: char| !letter.is_ascii_digit());
        self.id(word).filter(|_| numbers.all(|number| number.len() <= LONGEST_NUMBER))
    }

    /// Whether an ASCII word repeats a secret, however it is grouped or capitalized.
    fn are_repeated_in(&self, word: &str) -> bool {
        let dense = letters(word);
        let is_in_word = |secret: &String| {
            let mut words = word.split(|letter: char| !letter.is_alphanumeric());
            let is_long = secret.len() >= ECHO && dense.contains(secret);
            is_long || dense == *secret || words.any(|part| part.eq_ignore_ascii_case(secret))
        };
        self.short.iter().any(is_in_word) || parts(&dense).any(|part| self.parts.contains(&part))
    }

    /// What an error prints of a response: its status, type and length, and the codes in its body if that is JSON.
    pub(crate) fn excerpt(&self, status: StatusCode, content_type: Option<&str>, body: &[u8]) -> String {
        let is_type =
            |kind: &&str| kind.split('/').count() == 2 && kind.split('/').all(|part| self.code(part).is_some());
        let kind = content_type.filter(is_type).unwrap_or("no known type");
        let mut excerpt = format!("status {}, {kind}, {} bytes", status.as_u16(), body.len());
        if let Ok(json) = serde_json::from_slice(body) {
            let mut codes = Vec::new();
            self.add_codes(&json, &mut codes);
            let shown: Vec<_> = codes.iter().take(MOST_CODES).map(|(key, code)| format!("{key}={code}")).collect();
            if !shown.is_empty() {
                excerpt = format!("{excerpt}: {}", shown.join(", "));
            }
        }
        excerpt
    }

    fn add_codes(&self, json: &Value, codes: &mut Vec<(&'static str, String)>) {
        match json {
            Value::Array(items) => items.iter().for_each(|item| self.add_codes(item, codes)),
            Value::Object(map) => {
                for (key, value) in map {
                    let code = value.as_str().and_then(|text| self.code(text));
                    let key = CODES.into_iter().find(|code| code == key);
                    codes.extend(key.zip(code.map(str::to_owned)));
                    self.add_codes(value, codes);
                }
            }
            _ => {}
        }
    }
}

/// Returns each sequence of [`ECHO`] characters of a text, except mostly zeros. Each is packed into an integer, which
/// is fast to compare.
fn parts(letters: &str) -> impl Iterator<Item = u64> {
    let parts = letters.as_bytes().windows(ECHO);
    let parts = parts.filter(|part| part.iter().filter(|byte| **byte != b'0').count() >= NOT_ZERO);
    parts.map(|part| part.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

fn letters(text: &str) -> String {
    let mut letters = text.to_lowercase();
    letters.retain(char::is_alphanumeric);
    letters
}

/// Masks the account data in the JSON of a form field or a response: the values of the keys `account`, `name` and
/// `vpa`.
///
/// ```
/// let mut json = serde_json::json!({ "upi": [{ "vpa": "9164326296@upi" }] });
/// juspay_accounts::mask_json(&mut json);
/// assert_eq!(json.to_string(), r#"{"upi":[{"vpa":"****@upi"}]}"#);
/// ```
pub fn mask_json(json: &mut Value) {
    match json {
        Value::Array(items) => items.iter_mut().for_each(mask_json),
        Value::Object(map) => {
            for (key, value) in map {
                let text = value.as_str().unwrap_or_default();
                match key.as_str() {
                    "account" => *value = mask::account(text).to_string().into(),
                    "name" => *value = mask::name(text).to_string().into(),
                    "vpa" => *value = mask::vpa(text).to_string().into(),
                    _ => mask_json(value),
                }
            }
        }
        _ => {}
    }
}
