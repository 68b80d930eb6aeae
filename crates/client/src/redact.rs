//! What may be shown of an answer that nobody understood.
//!
//! A server can repeat what it was sent, and a bank can answer with a name that nobody sent. So an excerpt shows the
//! structure of the answer and the few values that are plainly codes; and nothing that was sent is in it, in the id of
//! the call or in a code, not even six characters of it.

use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::Request;
use reqwest::header::AUTHORIZATION;
use serde_json::Value;

/// As much of a body as is looked at, in bytes.
const LOOKED_AT: usize = 2048;

/// As much of it as is shown, in characters.
const SHOWN: usize = 256;

/// So many characters of a secret in a row give it away.
const TELLING: usize = 6;

/// Longer runs of digits are taken for a number of an account.
const DIGITS: usize = 4;

/// Longer words are no codes and no ids.
const LONGEST_WORD: usize = 64;

const MASK: &str = "****";

/// Keys whose values are codes.
const CODES: [&str; 10] = [
    "category",
    "code",
    "currency",
    "customer_account_type",
    "error_code",
    "object",
    "status",
    "type",
    "validation_amount",
    "validation_status",
];

/// What was sent and must not be printed, in a form in which it can be looked for.
#[derive(Default)]
pub(crate) struct Sent {
    /// Every six characters in a row of the longer ones, as [`letters`] has them, and without what stands between words:
    /// a number can be written in groups.
    telling: HashSet<[char; TELLING]>,
    /// The shorter ones, from their first letter or digit to their last.
    short: HashSet<Vec<char>>,
}

impl Sent {
    /// The key, and every text in the JSON fields of the form.
    pub(crate) fn of(request: &Request) -> Self {
        let mut sent = Self::default();
        if let Some(value) = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok()) {
            let encoded = value.trim_start_matches("Basic ");
            sent.add(encoded);
            if let Ok(pair) = STANDARD.decode(encoded) {
                sent.add(String::from_utf8_lossy(&pair).trim_end_matches(':'));
            }
        }
        for (_, value) in form_urlencoded::parse(request.body().and_then(reqwest::Body::as_bytes).unwrap_or_default()) {
            if let Ok(value @ (Value::Object(_) | Value::Array(_))) = serde_json::from_str(&value) {
                sent.add_texts(&value);
            }
        }
        sent
    }

    fn add_texts(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.add(text),
            Value::Array(items) => items.iter().for_each(|item| self.add_texts(item)),
            Value::Object(map) => map.values().for_each(|item| self.add_texts(item)),
            _ => {}
        }
    }

    fn add(&mut self, text: &str) {
        // The handle of a UPI address is no secret, and may be written apart from the rest.
        if let Some((local, _)) = text.split_once('@') {
            self.add(local);
        }
        let line = one_line(text);
        let whole = letters(&line);
        let dense: Vec<_> = whole.iter().copied().filter(|letter| is_of_word(*letter)).collect();
        for letters in [whole, dense] {
            self.telling.extend(letters.array_windows());
        }
        let word = letters(line.trim_matches(|letter: char| !letter.is_alphanumeric()));
        if !word.is_empty() && word.len() < TELLING {
            self.short.insert(word);
        }
    }

    /// A code or an id that can be printed: one word that forges no line of a log and repeats nothing that was sent.
    pub(crate) fn printable<'a>(&self, word: &'a str) -> Option<&'a str> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        let fine = word.len() <= LONGEST_WORD && word.bytes().all(plain);
        (fine && !self.marks(&letters(word)).contains(&true)).then_some(word)
    }

    /// Which characters of a text belong to something that was sent.
    fn marks(&self, letters: &[char]) -> Vec<bool> {
        let mut marks = vec![false; letters.len()];
        let whole: Vec<_> = (0..letters.len()).collect();
        let dense: Vec<_> = whole.iter().copied().filter(|at| is_of_word(letters[*at])).collect();
        for places in [whole, dense] {
            for window in places.array_windows::<TELLING>() {
                let mut places = window.iter().copied().filter(|at| is_of_word(letters[*at]));
                // What stands around it stays as it is.
                if self.telling.contains(&window.map(|at| letters[at]))
                    && let Some(first) = places.next()
                {
                    marks[first..=places.next_back().unwrap_or(first)].fill(true);
                }
            }
        }
        // A short one counts where it is a word, or some words.
        let in_a_word = |letter: Option<&char>| letter.is_some_and(|letter| is_of_word(*letter));
        for length in 1..TELLING {
            for (start, window) in letters.windows(length).enumerate() {
                let end = start + length;
                if !in_a_word(letters[..start].last()) && !in_a_word(letters.get(end)) && self.short.contains(window) {
                    marks[start..end].fill(true);
                }
            }
        }
        marks
    }

    /// The beginning of a body, with everything masked that may be a secret. `None` if there is no body.
    pub(crate) fn excerpt(&self, body: &[u8]) -> Option<String> {
        let text = String::from_utf8_lossy(&body[..body.len().min(LOOKED_AT)]);
        // In one line before anything is looked for: a name that is broken over two is a name all the same.
        let text = one_line(text.trim_start_matches('\u{feff}'));
        if text.is_empty() {
            return None;
        }
        // JSON can stand in a page, or behind some other text.
        let masked = self.mask_sent(&mask_json(&text));
        let words: Vec<_> = masked.split(' ').map(mask_word).collect();
        let shown = words.join(" ");
        let mut letters = shown.chars().map(|letter| if letter.is_control() { '\u{fffd}' } else { letter });
        let mut excerpt: String = letters.by_ref().take(SHOWN).collect();
        if letters.next().is_some() || body.len() > LOOKED_AT {
            excerpt.push('…');
        }
        Some(excerpt)
    }

    fn mask_sent(&self, text: &str) -> String {
        let marks = self.marks(&letters(text));
        let mut masked = String::new();
        let mut inside = false;
        for (letter, mark) in text.chars().zip(marks) {
            if !mark {
                masked.push(letter);
            } else if !inside {
                masked.push_str(MASK);
            }
            inside = mark;
        }
        masked
    }
}

/// The text with one space for all that is between two words.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The characters in which texts are compared: in lower case, and all that is neither letter nor digit as a space, since a
/// form has a `+` in its place. One character for one, so that positions stay.
fn letters(text: &str) -> Vec<char> {
    let letter = |letter: char| letter.to_lowercase().next().filter(|letter| letter.is_alphanumeric()).unwrap_or(' ');
    text.chars().map(letter).collect()
}

/// Of what [`letters`] returns.
fn is_of_word(letter: char) -> bool {
    letter != ' '
}

/// Masks each string that is not a key or a code. The text may end anywhere.
fn mask_json(text: &str) -> String {
    let mut masked = String::new();
    let mut rest = text;
    let mut key = "";
    while let Some(open) = rest.find('"') {
        masked.push_str(&rest[..open]);
        let inside = &rest[open + 1..];
        let end = string_end(inside);
        let content = &inside[..end.unwrap_or(inside.len())];
        rest = end.map_or("", |end| &inside[end + 1..]);
        let is_key = rest.trim_start().starts_with(':');
        let is_code = CODES.contains(&key) && end.is_some();
        let plain =
            content.len() <= LONGEST_WORD && content.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        masked.push('"');
        masked.push_str(if plain && (is_key || is_code) { content } else { MASK });
        if end.is_some() {
            masked.push('"');
        }
        key = if is_key { content } else { "" };
    }
    masked.push_str(rest);
    masked
}

/// Where the string ends whose inside the text begins with.
fn string_end(inside: &str) -> Option<usize> {
    let mut escaped = false;
    inside.bytes().position(|byte| {
        let end = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        end
    })
}

/// Masks what looks like an address or the number of an account.
fn mask_word(word: &str) -> String {
    if word.contains('@') {
        return MASK.to_owned();
    }
    let mut masked = String::new();
    let mut digits = String::new();
    for letter in word.chars().map(Some).chain([None]) {
        if let Some(digit) = letter.filter(char::is_ascii_digit) {
            digits.push(digit);
            continue;
        }
        masked.push_str(if digits.len() > DIGITS { MASK } else { &digits });
        digits.clear();
        masked.extend(letter);
    }
    masked
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent() -> Sent {
        let mut sent = Sent::default();
        for text in ["026291800001191", "9164326296@upi", "Rahul Sharma", "Ann"] {
            sent.add(text);
        }
        sent
    }

    fn excerpt(body: impl AsRef<[u8]>) -> String {
        sent().excerpt(body.as_ref()).unwrap()
    }

    #[test]
    fn json_shows_its_structure_and_its_codes() {
        assert_eq!(
            excerpt(
                r#"[{"validation_status": "ACTIVE", "account_details": {"name": "SOMEBODY", "account": 12345}, "n": [1, true]"#
            ),
            r#"[{"validation_status": "ACTIVE", "account_details": {"name": "****", "account": ****}, "n": [1, true]"#
        );
        assert_eq!(
            excerpt(r#"{"a \" b": "c \\", "status": "two words", "code": "cut of"#),
            r#"{"****": "****", "status": "****", "code": "****"#
        );
        assert_eq!(excerpt(r#"{"026291800001191": {"payer@bank": 1}}"#), r#"{"****": {"****": 1}}"#);
        assert_eq!(excerpt("\u{feff}\"loose\""), r#""****""#);
    }

    #[test]
    fn a_page_shows_its_words_and_nothing_that_was_sent() {
        assert_eq!(
            excerpt(
                "<html>\n<h1>502 Bad\tGateway</h1> ann RAHUL sharma 0262918000 xx29180000xx a@b 99999 2026 \u{1}</html>"
            ),
            "<html> <h1>502 Bad Gateway</h1> **** **** **** xx****xx **** **** 2026 \u{fffd}</html>"
        );
        assert_eq!(excerpt("anniversary"), "anniversary");
        assert_eq!(excerpt(b"\xff\xfe"), "\u{fffd}\u{fffd}");
        assert_eq!(sent().excerpt(b" \r\n"), None);
    }

    #[test]
    fn a_secret_is_found_however_it_is_written() {
        let mut sent = Sent::default();
        for text in [
            "Anita Bedi",
            "026291800001191",
            "Al Bo",
            "om@upi",
            "Иван Петров",
            "Eva  Rae",
            "D'Mello",
            "Kapoor",
            "Raj.",
            "-",
        ] {
            sent.add(text);
        }
        for (body, shown) in [
            ("<td>Anita\n\t Bedi</td>", "<td>****</td>"),
            ("name=Anita+Bedi&x", "name=****&x"),
            ("Dear Al Bo, Al Bold", "Dear ****, Al Bold"),
            ("om%40upi, om&#64;upi, tom", "****%40upi, ****&#64;upi, tom"),
            ("account 0262 9180-0001/191.", "account ****."),
            ("A-n-i-t-a Bedi, 02 62 91, 0262 91", "****, ****, ****"),
            ("0262 9, 262-9180", "0262 9, ****"),
            ("ИВАН ПЕТРОВ", "****"),
            ("Eva Rae", "****"),
            ("x_D MELLO_x xx-mello xkapoorx", "x_****_x xx-**** x****x"),
            ("Raj, Kumar - Raja", "****, Kumar - Raja"),
        ] {
            assert_eq!(sent.excerpt(body.as_bytes()).unwrap(), shown, "{body}");
        }
    }

    #[test]
    fn json_is_masked_wherever_it_stands() {
        assert_eq!(excerpt(r#")]}', {"name": "SOMEBODY"}"#), r#")]}', {"name": "****"}"#);
        assert_eq!(excerpt(r#"<pre>{"name": "SOMEBODY"}</pre>"#), r#"<pre>{"name": "****"}</pre>"#);
    }

    #[test]
    fn an_excerpt_is_bounded() {
        for length in [256, 257, 3000] {
            let shown = excerpt("é".repeat(length));
            assert_eq!(shown.chars().count(), if length == 256 { 256 } else { 257 }, "{length}");
        }
        // It shows that there is more, too, where the rest was not looked at.
        let padded = |length: usize| excerpt(format!("{:<length$}", "a"));
        assert_eq!((padded(LOOKED_AT).as_str(), padded(LOOKED_AT + 1).as_str()), ("a", "a…"));
    }

    #[test]
    fn a_word_is_printable_unless_it_repeats_or_forges() {
        let sent = sent();
        for fine in ["UNAUTHORIZED", "b2e0fd33-7655-4778-83a8-5179ed21b0b7", "annual", "02629"] {
            assert_eq!(sent.printable(fine), Some(fine));
        }
        let long = "a".repeat(65);
        for bad in [
            "026291800001191",
            "id-000119",
            "0262-9180",
            "0262_9180_0001_191",
            "x_SHARMA",
            "ANN",
            "two words",
            "a\nb",
            "a@b",
            long.as_str(),
        ] {
            assert_eq!(sent.printable(bad), None, "{bad}");
        }
    }

    #[test]
    fn what_was_sent_is_found_in_a_request() {
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("account_details", r#"{"upi":[{"vpa":"someone@upi"}]}"#)
            .append_pair("bank_code", "JP_HDFC")
            .finish();
        let mut request = Request::new(reqwest::Method::POST, "http://localhost".parse().unwrap());
        request.headers_mut().insert(AUTHORIZATION, "Basic c2VjcmV0a2V5Og==".parse().unwrap());
        *request.body_mut() = Some(form.into());
        let sent = Sent::of(&request);
        assert_eq!(sent.excerpt(b"secretkey c2VjcmV0 someone JP_HDFC").unwrap(), "**** **** **** JP_HDFC");
    }
}
