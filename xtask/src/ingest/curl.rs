//! The request that a curl command makes: its arguments read as curl reads them.

use super::shell::Word;
use crate::facts::Pair;

/// What a command asks for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Command {
    pub(super) method: String,
    pub(super) urls: Vec<String>,
    pub(super) headers: Vec<Pair>,
    pub(super) form: Vec<Pair>,
    pub(super) body: Option<String>,
    /// Options that are no part of the request.
    pub(super) options: Vec<String>,
}

/// An argument that is not understood, and where it begins.
pub(super) type Unread = (usize, String);

/// Options that are followed by a value.
const WITH_VALUE: [(&str, char); 13] = [
    ("--request", 'X'),
    ("--header", 'H'),
    ("--data", 'd'),
    ("--data-ascii", '\0'),
    ("--data-raw", '\0'),
    ("--data-binary", '\0'),
    ("--data-urlencode", '\0'),
    ("--url", '\0'),
    ("--user", 'u'),
    ("--user-agent", 'A'),
    ("--max-time", 'm'),
    ("--connect-timeout", '\0'),
    ("--output", 'o'),
];

/// Options that stand alone.
const ALONE: [(&str, char); 9] = [
    ("--location", 'L'),
    ("--silent", 's'),
    ("--show-error", 'S'),
    ("--verbose", 'v'),
    ("--insecure", 'k'),
    ("--include", 'i'),
    ("--fail", 'f'),
    ("--compressed", '\0'),
    ("--http1.1", '\0'),
];

/// One piece of data, in the order of the command.
enum Data {
    Pair(Pair),
    /// As it is sent.
    Raw(String),
}

pub(super) fn parse(words: &[Word]) -> (Command, Vec<Unread>) {
    let mut reader = Reader::default();
    let mut words = words.iter();
    if words.next().is_none_or(|word| word.text != "curl") {
        reader.unread.push((0, "this is no curl command".to_owned()));
        return reader.finish();
    }
    while let Some(word) = words.next() {
        for (name, attached) in options(word, &mut reader) {
            let needs_value = WITH_VALUE.iter().any(|(long, _)| *long == name);
            let value =
                if needs_value { attached.or_else(|| words.next().map(|word| word.text.clone())) } else { None };
            match value {
                None if needs_value => reader.unread.push((word.at, format!("`{name}` has no value"))),
                value => reader.option(word.at, name, value.unwrap_or_default()),
            }
        }
    }
    reader.finish()
}

/// The options of one word, by their long names; `-sSXPOST` is three, the last with its value. None for an address.
fn options(word: &Word, reader: &mut Reader) -> Vec<(&'static str, Option<String>)> {
    let text = word.text.as_str();
    let mut known = WITH_VALUE.iter().chain(&ALONE);
    if text.starts_with("--") {
        match known.find(|(long, _)| *long == text) {
            Some((long, _)) => return vec![(*long, None)],
            None => reader.unread.push((word.at, format!("the option `{text}` is not known"))),
        }
    } else if let Some(letters) = text.strip_prefix('-').filter(|letters| !letters.is_empty()) {
        let mut found = Vec::new();
        for (at, letter) in letters.char_indices() {
            let rest = &letters[at + letter.len_utf8()..];
            let short =
                |list: &'static [(&str, char)]| list.iter().find(|(_, short)| *short == letter && letter != '\0');
            if let Some((long, _)) = short(&WITH_VALUE) {
                found.push((*long, Some(rest.to_owned()).filter(|rest| !rest.is_empty())));
                return found;
            }
            match short(&ALONE) {
                Some((long, _)) => found.push((*long, None)),
                None => reader.unread.push((word.at, format!("the option `-{letter}` is not known"))),
            }
        }
        return found;
    } else {
        reader.command.urls.push(text.to_owned());
    }
    Vec::new()
}

#[derive(Default)]
struct Reader {
    command: Command,
    data: Vec<Data>,
    unread: Vec<Unread>,
}

impl Reader {
    fn option(&mut self, at: usize, name: &str, value: String) {
        match name {
            "--request" => self.command.method = value,
            "--url" => self.command.urls.push(value),
            "--header" => match value.split_once(':') {
                Some((name, value)) => self.command.headers.push((name.trim().to_owned(), value.trim().to_owned())),
                None => self.unread.push((at, format!("the header `{value}` has no colon"))),
            },
            "--data-urlencode" => match value.split_once('=') {
                Some((name, value)) => self.data.push(Data::Pair((name.to_owned(), value.to_owned()))),
                None if value.contains('@') => self.unread.push((at, format!("`{value}` reads a file"))),
                None => self.data.push(Data::Pair((String::new(), value))),
            },
            "--data" | "--data-ascii" | "--data-binary" if value.starts_with('@') => {
                self.unread.push((at, format!("`{value}` reads a file")));
            }
            "--data" | "--data-ascii" | "--data-binary" | "--data-raw" => self.data.push(Data::Raw(value)),
            _ if value.is_empty() => self.command.options.push(name.to_owned()),
            _ => self.command.options.push(format!("{name} {value}")),
        }
    }

    fn finish(self) -> (Command, Vec<Unread>) {
        let Self { mut command, data, unread } = self;
        if command.method.is_empty() {
            command.method.push_str(if data.is_empty() { "GET" } else { "POST" });
        }
        let media = command.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        // What curl itself says where nothing else is said.
        let form = media.is_none_or(|(_, media)| media.contains("x-www-form-urlencoded"));
        if form || data.iter().any(|data| matches!(data, Data::Pair(_))) {
            for data in data {
                match data {
                    Data::Pair(pair) => command.form.push(pair),
                    Data::Raw(text) => command.form.extend(form_urlencoded::parse(text.as_bytes()).into_owned()),
                }
            }
        } else if !data.is_empty() {
            let texts = data.iter().map(|data| match data {
                Data::Raw(text) | Data::Pair((_, text)) => text.as_str(),
            });
            command.body = Some(texts.collect::<Vec<_>>().join("&"));
        }
        (command, unread)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::shell::{Reading, split};
    use super::*;

    fn command(text: &str) -> (Command, Vec<String>) {
        let words: Vec<Word> = split(text, Reading::Meant).commands.into_iter().flatten().collect();
        let (command, unread) = parse(&words);
        (command, unread.into_iter().map(|(_, message)| message).collect())
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<Pair> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn options_have_long_and_short_forms_and_may_be_joined() {
        let (long, unread) =
            command("curl --silent --location --request PUT --header 'A: b:c' --data 'x=1&y=%20' http://h/");
        assert_eq!(unread, [""; 0]);
        assert_eq!(long.method, "PUT");
        assert_eq!(long.headers, pairs(&[("A", "b:c")]));
        assert_eq!(long.form, pairs(&[("x", "1"), ("y", " ")]));
        assert_eq!(long.urls, ["http://h/"]);
        let (short, _) = command("curl -sLXPUT -H 'A: b:c' -d 'x=1&y=%20' http://h/");
        assert_eq!(long, short);
    }

    #[test]
    fn data_makes_a_post_and_a_form_unless_something_else_is_said() {
        let (command, _) = self::command("curl --url http://h --data-urlencode 'a=b=c&d' -d e=f");
        assert_eq!((command.method.as_str(), command.form), ("POST", pairs(&[("a", "b=c&d"), ("e", "f")])));
        let (command, _) = self::command("curl http://h -H 'content-type: application/json' -d '{\"a\": 1}'");
        assert_eq!((command.form, command.body.as_deref()), (vec![], Some("{\"a\": 1}")));
        assert_eq!(self::command("curl http://h").0.method, "GET");
    }

    #[test]
    fn what_is_not_understood_is_told() {
        for (text, message) in [
            ("wget http://h", "this is no curl command"),
            ("curl --form a=b", "the option `--form` is not known"),
            ("curl -sZ http://h", "the option `-Z` is not known"),
            ("curl http://h -H", "`--header` has no value"),
            ("curl http://h -H 'no colon'", "the header `no colon` has no colon"),
            ("curl http://h -d @file", "`@file` reads a file"),
            ("curl http://h --data-urlencode a@file", "`a@file` reads a file"),
        ] {
            assert_eq!(command(text).1[0], message, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_arguments_panic(words in proptest::collection::vec("(-{0,2}[a-zé]{0,4}|--data-urlencode|-[XHdsu]|[=:@&%{}é]{0,6})", 0..12)) {
            let curl = std::iter::once("curl".to_owned()).chain(words);
            parse(&curl.map(|text| Word { at: 0, text }).collect::<Vec<_>>());
        }
    }
}
