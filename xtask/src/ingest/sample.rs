//! Samples: requests as curl commands, responses as bodies.

use super::Ingested;
use super::curl::{self, Command};
use super::markdown::{Code, Content};
use super::outline::Section;
use super::shell::{Reading, Split, split};
use crate::facts::{AsPasted, RequestSample, ResponseSample};

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
    let line = |at: usize| code.first_line + code.text.get(..at).unwrap_or_default().matches('\n').count();

    let meant = split(&code.text, Reading::Meant);
    if let Some(at) = meant.open_quote {
        read.problem(line(at), format!("in the sample `{name}` this quotation mark is not closed"));
    }
    let words: Vec<_> = meant.commands.into_iter().flatten().collect();
    let (command, unread) = curl::parse(&words);
    for (at, message) in unread {
        read.problem(line(at), format!("in the sample `{name}` {message}"));
    }
    let [url] = command.urls.as_slice() else {
        let message = format!("the sample `{name}` has {} addresses; accepted is one", command.urls.len());
        read.problem(code.first_line, message);
        return None;
    };

    let mut sample = RequestSample {
        name: name.to_owned(),
        options: command.options.clone(),
        method: command.method.clone(),
        url: url.clone(),
        headers: command.headers.clone(),
        form: command.form.clone(),
        body: command.body.clone(),
        as_pasted: None,
    };
    let pasted = split(&code.text, Reading::Pasted);
    // Where the first word is that a shell reads otherwise, or behind the one that it does not see.
    let mut both = pasted.commands.iter().flatten().zip(&words);
    let at = both.find(|(one, other)| one.text != other.text).map_or(0, |(word, _)| word.at);
    sample.as_pasted = as_pasted(pasted, &command);
    let differences = sample.differences();
    if !differences.is_empty() {
        let message =
            format!("a shell reads the sample `{name}` otherwise than it was meant: {}", differences.join("; "));
        read.note(line(at), message);
    }
    Some(sample)
}

/// What a shell makes of the command, if that is not what was meant.
fn as_pasted(split: Split, meant: &Command) -> Option<AsPasted> {
    let Split { commands, mut besides, .. } = split;
    let (first, rest) = commands.split_first()?;
    let (command, unread) = curl::parse(first);
    besides.extend(unread.into_iter().map(|(_, message)| message));
    besides.extend(rest.iter().map(|words| {
        let words: Vec<_> = words.iter().map(|word| word.text.as_str()).collect();
        format!("`{}` is run as a command of its own", words.join(" "))
    }));
    // Options are no part of the request.
    let command = Command { options: meant.options.clone(), ..command };
    if besides.is_empty() && command == *meant {
        return None;
    }
    let Command { method, urls, headers, form, body, options: _ } = command;
    Some(AsPasted { method, urls, headers, form, body, besides })
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
