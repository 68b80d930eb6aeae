//! Reads the request that a curl command makes.

use super::shell::Word;
use crate::page::Pair;

#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Command {
    pub(super) method: String,
    pub(super) urls: Vec<String>,
    pub(super) headers: Vec<Pair>,
    pub(super) form: Vec<Pair>,
    pub(super) body: Option<String>,
    /// All other options, such as `--location`.
    pub(super) options: Vec<String>,
}

/// The line of an error within the command, and the error.
pub(super) type Unread = (usize, String);

/// Options with a value, and their short forms.
const WITH_VALUE: &str = "request/X header/H data/d data-ascii data-raw data-binary data-urlencode url user/u \
                          user-agent/A max-time/m connect-timeout output/o";

const ALONE: &str = "location/L silent/s show-error/S verbose/v insecure/k include/i fail/f compressed http1.1";

const ADDRESS: &str = "address";

/// An option with its value, or an address, and its line.
type Given = (usize, &'static str, String);

/// Reads the words of a command as curl does. Also returns the parts that cannot be read, such as data from a file.
///
/// # Errors
/// The words are not a curl command, or an option is unknown or lacks its value.
pub(super) fn parse(words: &[Word]) -> Result<(Command, Vec<Unread>), Unread> {
    let Some((_, words)) = words.split_first().filter(|(first, _)| first.text == "curl") else {
        let line = words.first().map_or(0, |word| word.line);
        return Err((line, "this is not a curl command".to_owned()));
    };
    let mut given: Vec<Given> = Vec::new();
    let mut words = words.iter();
    while let Some(Word { line, text }) = words.next() {
        let mut option = |shown: &str, found: Option<(&'static str, bool)>, attached: &str| match found {
            None => Err((*line, format!("the option `{shown}` is not known"))),
            Some((name, false)) => Ok((*line, name, String::new())),
            Some((name, true)) if !attached.is_empty() => Ok((*line, name, attached.to_owned())),
            Some((name, true)) => match words.next() {
                Some(word) => Ok((*line, name, word.text.clone())),
                None => Err((*line, format!("`--{name}` has no value"))),
            },
        };
        if let Some(long) = text.strip_prefix("--") {
            given.push(option(text, known(|name, _| name == long), "")?);
        } else if let Some(mut letters) = text.strip_prefix('-').map(str::chars).filter(|text| text.as_str() != "") {
            // Several short options may be joined. The value of an option is the rest of the word, or else the next
            // word.
            while let Some(letter) = letters.next() {
                let found = known(|_, short| short.starts_with(letter));
                given.push(option(&format!("-{letter}"), found, letters.as_str())?);
                if found.is_some_and(|(_, has_value)| has_value) {
                    break;
                }
            }
        } else {
            given.push((*line, ADDRESS, text.clone()));
        }
    }
    Ok(request(given))
}

fn known(is: impl Fn(&str, &str) -> bool) -> Option<(&'static str, bool)> {
    [(WITH_VALUE, true), (ALONE, false)].into_iter().find_map(|(list, has_value)| {
        let mut options = list.split_whitespace().map(|option| option.split_once('/').unwrap_or((option, "")));
        options.find(|(name, short)| is(name, short)).map(|(name, _)| (name, has_value))
    })
}

fn request(given: Vec<Given>) -> (Command, Vec<Unread>) {
    let mut command = Command::default();
    let mut unread = Vec::new();
    // Each item is a pair, or text that is sent unchanged.
    let mut data: Vec<Result<Pair, String>> = Vec::new();
    for (line, name, value) in given {
        let mut refuse = |message: String| unread.push((line, message));
        match name {
            "request" => command.method = value,
            "url" | ADDRESS => command.urls.push(value),
            "header" => match value.split_once(':') {
                Some((name, value)) => command.headers.push((name.trim().to_owned(), value.trim().to_owned())),
                None => refuse(format!("the header `{value}` has no colon")),
            },
            "data-urlencode" => match value.split_once('=') {
                Some((name, value)) => data.push(Ok((name.to_owned(), value.to_owned()))),
                None if value.contains('@') => refuse(format!("`{value}` reads a file")),
                None => data.push(Ok((String::new(), value))),
            },
            "data" | "data-ascii" | "data-binary" if value.starts_with('@') => {
                refuse(format!("`{value}` reads a file"));
            }
            "data" | "data-ascii" | "data-binary" | "data-raw" => data.push(Err(value)),
            name => command.options.push(format!("--{name} {value}").trim_end().to_owned()),
        }
    }
    if command.method.is_empty() {
        command.method.push_str(if data.is_empty() { "GET" } else { "POST" });
    }
    let media = command.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    // Without a media type, curl sends a form.
    let form = media.is_none_or(|(_, media)| media.contains("x-www-form-urlencoded"));
    if form || data.iter().any(Result::is_ok) {
        for data in data {
            match data {
                Ok(pair) => command.form.push(pair),
                Err(text) => command.form.extend(form_urlencoded::parse(text.as_bytes()).into_owned()),
            }
        }
    } else if !data.is_empty() {
        command.body = Some(data.into_iter().filter_map(Result::err).collect::<Vec<_>>().join("&"));
    }
    (command, unread)
}
