//! Samples: requests as curl commands, responses as bodies.

use super::curl::{self, Command};
use super::markdown::{Code, Content};
use super::outline::Section;
use super::remarks::Ingested;
use super::shell;
use crate::page::{Pair, RequestSample, ResponseSample};

/// The one code block of a section.
fn code<'a>(section: &'a Section, read: &mut Ingested) -> Option<&'a Code> {
    let mut found = None;
    for block in &section.blocks {
        match &block.content {
            Content::Paragraph(_) | Content::Quote => {}
            Content::Code(code) if found.is_none() => {
                if !code.closed {
                    read.problem(block.line, "this fence is not closed: the rest of the page counts as code");
                }
                // It ends at the next fence that opens nothing.
                if let Some(at) = code.text.lines().position(|line| line.starts_with("```")) {
                    read.problem(code.first_line + at, "a fence within code: the one before is not closed");
                }
                found = Some(code);
            }
            Content::Code(_) => {
                read.problem(block.line, format!("`{}` has a second code block; the first was read", section.title));
            }
            other => read.problem(block.line, format!("{} is not known in a sample", other.name())),
        }
    }
    for inner in &section.sections {
        read.problem(inner.line, format!("the heading `{}` is not known within a sample", inner.title));
    }
    if found.is_none() {
        read.problem(section.line, format!("the sample `{}` has no code block", section.title));
    }
    found
}

pub(super) fn request(section: &Section, read: &mut Ingested) -> Option<RequestSample> {
    let title = section.title.as_str();
    let name = title.strip_suffix(" Code Snippet").unwrap_or(title).trim();
    let code = code(section, read)?;
    let words = match shell::meant(&code.text) {
        Ok(words) => words,
        Err(line) => {
            let message = format!("in the sample `{name}` this quotation mark is not closed");
            read.problem(code.first_line + line, message);
            return None;
        }
    };
    let texts: Vec<_> = words.iter().map(|word| word.text.clone()).collect();
    let mut problem = |(argument, message): &(String, String)| {
        read.problem(code.first_line + curl::line(&words, argument), format!("in the sample `{name}` {message}"));
    };
    let (command, unread) = curl::parse(&texts).inspect_err(&mut problem).ok()?;
    unread.iter().for_each(problem);
    let [url] = command.urls.as_slice() else {
        let message = format!("the sample `{name}` has {} addresses; expected one", command.urls.len());
        read.problem(code.first_line, message);
        return None;
    };
    let commands = shell::pasted(&code.text);
    let as_pasted = as_pasted(&commands, &code.text, &command);
    if !as_pasted.is_empty() {
        // The first word that a shell reads otherwise, or the one after those that it sees.
        let same = commands.iter().flatten().zip(&texts).take_while(|(pasted, meant)| pasted == meant).count();
        let line = words.get(same).map_or(0, |word| word.line);
        let message =
            format!("a shell reads the sample `{name}` otherwise than it was meant: {}", as_pasted.join("; "));
        read.note(code.first_line + line, message);
    }
    let url = url.clone();
    let Command { method, headers, form, body, options, .. } = command;
    Some(RequestSample { name: name.to_owned(), options, method, url, headers, form, body, as_pasted })
}

/// How a shell reads a command, where that is not what was meant; a sentence each.
fn as_pasted(commands: &[Vec<String>], text: &str, meant: &Command) -> Vec<String> {
    let Some((first, rest)) = commands.split_first() else { return Vec::new() };
    let (pasted, unread) = match curl::parse(first) {
        Ok(read) => read,
        Err((_, message)) => return vec![message],
    };
    let mut found = Vec::new();
    if pasted.method != meant.method {
        found.push(format!("the method is {}, not {}", pasted.method, meant.method));
    }
    let other = pasted.urls.iter().filter(|url| !meant.urls.contains(url));
    found.extend(other.map(|url| format!("`{url}` is taken for a URL")));
    let uncalled = meant.urls.iter().filter(|url| !pasted.urls.contains(url));
    found.extend(uncalled.map(|url| format!("`{url}` is not called")));
    pairs_differ("header", &meant.headers, &pasted.headers, &mut found);
    pairs_differ("form field", &meant.form, &pasted.form, &mut found);
    if pasted.body != meant.body {
        found.push("the body is another".to_owned());
    }
    found.extend(shell::side_effects(text));
    found.extend(unread.into_iter().map(|(_, message)| message));
    found.extend(rest.iter().map(|words| format!("`{}` is run as a command of its own", words.join(" "))));
    found
}

fn pairs_differ(what: &str, meant: &[Pair], pasted: &[Pair], found: &mut Vec<String>) {
    fn value<'a>(pairs: &'a [Pair], name: &str) -> Option<&'a str> {
        pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
    for (name, meant) in meant {
        match value(pasted, name) {
            None => found.push(format!("{what} `{name}` is not sent")),
            Some(other) if other != meant => found.push(format!("{what} `{name}` is `{other}`, not `{meant}`")),
            Some(_) => {}
        }
    }
    let more = pasted.iter().filter(|(name, _)| value(meant, name).is_none());
    found.extend(more.map(|(name, _)| format!("{what} `{name}` is sent, which was not meant")));
}

pub(super) fn response(section: &Section, read: &mut Ingested) -> Option<ResponseSample> {
    let name = section.title.clone();
    let status: String = name.chars().take_while(char::is_ascii_digit).collect();
    if status.len() != 3 {
        read.problem(
            section.line,
            format!("the sample `{name}` does not begin with a status code, such as `200 - Success`"),
        );
        return None;
    }
    let code = code(section, read)?;
    let body = code.text.trim_end_matches('\n').to_owned();
    if serde_json::from_str::<serde_json::Value>(&body).is_err() {
        read.note(code.first_line, format!("the body of the sample `{name}` is no JSON; it is kept as a text"));
    }
    Some(ResponseSample { name, status, body })
}
