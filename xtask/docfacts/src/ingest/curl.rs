//! The request that a curl command makes.

use clap::error::{ContextKind, ErrorKind};
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches};

use super::shell::Word;
use crate::page::Pair;

/// What a command asks for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Command {
    pub(super) method: String,
    pub(super) urls: Vec<String>,
    pub(super) headers: Vec<Pair>,
    pub(super) form: Vec<Pair>,
    pub(super) body: Option<String>,
    /// Options that are not part of the request.
    pub(super) options: Vec<String>,
}

/// Something that is not understood, and the text of the argument that it is about.
pub(super) type Unread = (String, String);

/// Options that are followed by a value, with their short forms.
const WITH_VALUE: &str = "request/X header/H data/d data-ascii data-raw data-binary data-urlencode url user/u \
                          user-agent/A max-time/m connect-timeout output/o";

/// Options that stand alone.
const ALONE: &str = "location/L silent/s show-error/S verbose/v insecure/k include/i fail/f compressed http1.1";

/// The argument that is not an option.
const ADDRESS: &str = "address";

/// Reads the arguments of a command as curl does.
///
/// # Errors
/// It is not a curl command, or has an option that is not known or lacks its value.
pub(super) fn parse(words: &[String]) -> Result<(Command, Vec<Unread>), Unread> {
    if words.first().is_none_or(|word| word != "curl") {
        return Err((words.first().cloned().unwrap_or_default(), "this is not a curl command".to_owned()));
    }
    let options = |list: &'static str, action: ArgAction| {
        list.split_whitespace().map(move |option| {
            let (name, short) = option.split_once('/').unwrap_or((option, ""));
            let option = Arg::new(name).long(name).short(short.chars().next()).action(action.clone());
            option.allow_hyphen_values(matches!(action, ArgAction::Append))
        })
    };
    let curl = clap::Command::new("curl").disable_help_flag(true).disable_version_flag(true);
    let curl = curl.args(options(ALONE, ArgAction::Count)).args(options(WITH_VALUE, ArgAction::Append));
    let curl = curl.arg(Arg::new(ADDRESS).action(ArgAction::Append));
    let matches = curl.try_get_matches_from(words).map_err(|error| {
        let argument = error.get(ContextKind::InvalidArg).map(ToString::to_string).unwrap_or_default();
        let name = argument.split(' ').next().unwrap_or_default().to_owned();
        let message = match error.kind() {
            ErrorKind::UnknownArgument => format!("the option `{name}` is not known"),
            _ => format!("`{name}` has no value"),
        };
        (name, message)
    })?;
    Ok(request(&in_order(&matches)))
}

/// The options with their values, in the order of the command.
fn in_order(matches: &ArgMatches) -> Vec<(&str, &str)> {
    let mut given: Vec<(usize, &str, &str)> = Vec::new();
    for id in matches.ids().map(clap::Id::as_str) {
        if matches.value_source(id) != Some(ValueSource::CommandLine) {
            continue;
        }
        let indices = matches.indices_of(id).into_iter().flatten();
        match matches.try_get_many::<String>(id) {
            Ok(values) => {
                let values = values.into_iter().flatten().map(String::as_str);
                given.extend(indices.zip(values).map(|(at, value)| (at, id, value)));
            }

            // An option that stands alone.
            Err(_) => given.extend(indices.map(|at| (at, id, ""))),
        }
    }
    given.sort_unstable();
    given.into_iter().map(|(_, id, value)| (id, value)).collect()
}

fn request(given: &[(&str, &str)]) -> (Command, Vec<Unread>) {
    let mut command = Command::default();
    let mut unread = Vec::new();
    // Each is a pair, or text that is sent as it is.
    let mut data: Vec<Result<Pair, String>> = Vec::new();
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    for (name, value) in given {
        let mut refuse = |message: String| unread.push(((*value).to_owned(), message));
        match *name {
            "request" => (*value).clone_into(&mut command.method),
            "url" | ADDRESS => command.urls.push((*value).to_owned()),
            "header" => match value.split_once(':') {
                Some((name, value)) => command.headers.push(pair(name.trim(), value.trim())),
                None => refuse(format!("the header `{value}` has no colon")),
            },
            "data-urlencode" => match value.split_once('=') {
                Some((name, value)) => data.push(Ok(pair(name, value))),
                None if value.contains('@') => refuse(format!("`{value}` reads a file")),
                None => data.push(Ok(pair("", value))),
            },
            "data" | "data-ascii" | "data-binary" if value.starts_with('@') => {
                refuse(format!("`{value}` reads a file"));
            }
            "data" | "data-ascii" | "data-binary" | "data-raw" => data.push(Err((*value).to_owned())),
            name if value.is_empty() => command.options.push(format!("--{name}")),
            name => command.options.push(format!("--{name} {value}")),
        }
    }
    if command.method.is_empty() {
        command.method.push_str(if data.is_empty() { "GET" } else { "POST" });
    }
    let media = command.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    // A form is what curl sends if no type is given.
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

/// Where an argument is: the line of the first word that has its text.
pub(super) fn line(words: &[Word], argument: &str) -> usize {
    // A short option may be joined with others.
    let short = argument.strip_prefix('-').filter(|rest| rest.chars().count() == 1);
    let joined = |word: &&Word| word.text.starts_with('-') && short.is_some_and(|short| word.text.contains(short));
    let exact =
        words.iter().find(|word| word.text == argument || word.text.ends_with(argument) && !argument.is_empty());
    exact.or_else(|| words.iter().find(joined)).map_or(0, |word| word.line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(text: &str) -> (Command, Vec<Unread>) {
        parse(&shlex::split(text).unwrap()).unwrap()
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<Pair> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn options_have_long_and_short_forms_and_may_be_joined() {
        let (long, unread) =
            command("curl --silent --location --request PUT --header 'A: b:c' --data 'x=1&y=%20' http://h/");
        assert_eq!(unread, []);
        assert_eq!((long.method.as_str(), &long.headers), ("PUT", &pairs(&[("A", "b:c")])));
        assert_eq!(long.form, pairs(&[("x", "1"), ("y", " ")]));
        assert_eq!(long.urls, ["http://h/"]);
        assert_eq!(long.options, ["--silent", "--location"]);
        assert_eq!(long, command("curl -sLXPUT -H 'A: b:c' -d 'x=1&y=%20' http://h/").0);
        assert_eq!(command("curl -m 5 http://h -L").0.options, ["--max-time 5", "--location"]);
    }

    #[test]
    fn data_makes_a_post_and_a_form_unless_something_else_is_said() {
        let (command, _) = self::command("curl --url http://h --data-urlencode 'a=b=c&d' -d e=f --data-urlencode -g=");
        assert_eq!(command.method, "POST");
        assert_eq!(command.form, pairs(&[("a", "b=c&d"), ("e", "f"), ("-g", "")]));
        let (command, _) = self::command("curl http://h -H 'content-type: application/json' -d '{\"a\": 1}'");
        assert_eq!((command.form, command.body.as_deref()), (vec![], Some("{\"a\": 1}")));
        assert_eq!(self::command("curl http://h").0.method, "GET");
    }

    #[test]
    fn what_is_not_understood_is_reported() {
        for (text, message) in [
            ("wget http://h", "this is not a curl command"),
            ("curl --form a=b", "the option `--form` is not known"),
            ("curl -sZ http://h", "the option `-Z` is not known"),
            ("curl http://h -H", "`--header` has no value"),
            ("curl http://h -H 'no colon'", "the header `no colon` has no colon"),
            ("curl http://h -d @file", "`@file` reads a file"),
            ("curl http://h --data-urlencode a@file", "`a@file` reads a file"),
        ] {
            let found = match parse(&shlex::split(text).unwrap()) {
                Ok((_, unread)) => unread[0].1.clone(),
                Err((_, found)) => found,
            };
            assert_eq!(found, message, "{text}");
        }
    }
}
