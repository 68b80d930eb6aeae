//! Reads samples: requests from curl commands, responses from bodies.

use super::curl::{self, Command};
use super::markdown::{self, Code, PARAGRAPH, QUOTATION, line};
use super::outline::Section;
use super::remarks::Ingested;
use super::shell::{self, Word};
use crate::page::{RequestSample, ResponseSample};

/// The code block of a sample. `None` if there is none, or if it shows that the site could not load the sample, which
/// is not a fact of the API.
fn code(section: &Section<'_>, name: &str, read: &mut Ingested) -> Option<Code> {
    let mut found = None;
    for block in &section.blocks {
        match (markdown::name(block), markdown::code(block)) {
            (PARAGRAPH | QUOTATION, _) => {}
            (_, Some(_)) if found.is_some() => {
                let message = format!("`{}` has a second code block; the first was read", section.title);
                read.problem(line(block), message);
            }
            (_, Some(code)) => {
                let message = "this code block has no closing fence, so the rest of the page counts as code";
                read.expect(code.closed, line(block), message);
                // A code block ends only at a fence without a language. So a fence with a language inside a block means
                // that the block is not closed.
                if let Some(at) = code.text.lines().position(|line| line.starts_with("```")) {
                    read.problem(code.first_line + at, "the code block around this fence has no closing fence");
                }
                found = Some(code);
            }
            (_, None) => read.unexpected(block, "in a sample"),
        }
    }
    section.no_headings(read);
    read.expect(found.is_some(), section.line, format!("the sample `{}` has no code block", section.title));
    if let Some(code) = found.take_if(|code| is_error_of_the_site(&code.text)) {
        read.note(code.first_line, format!("the site could not load the sample `{name}`; it was skipped"));
    }
    found
}

/// Whether the text shows that the site could not load the sample: it is empty, or is a status with its reason, an HTML
/// page, an error message, or a JavaScript value such as `undefined`.
fn is_error_of_the_site(text: &str) -> bool {
    let text = text.trim().to_lowercase();
    let is_status = || {
        let rest = text.trim_start_matches("error").trim_start_matches([':', ' ']);
        let (code, reason) = rest.split_at_checked(3).unwrap_or_default();
        code.starts_with(['4', '5'])
            && code.bytes().all(|digit| digit.is_ascii_digit())
            && reason.starts_with([':', ' '])
    };
    let begins = ["<!doctype", "<html", "[object ", "failed to ", "error:", "error loading", "not found"];
    let is_line =
        !text.contains('\n') && (is_status() || matches!(&*text, "" | "undefined" | "null" | "nan" | "error"));
    is_line || begins.iter().any(|begin| text.starts_with(begin))
}

pub(super) fn request(section: &Section<'_>, read: &mut Ingested) -> Option<RequestSample> {
    let title = section.title.as_str();
    let name = title.strip_suffix(" Code Snippet").unwrap_or(title).trim();
    let code = code(section, name, read)?;
    let words = match shell::meant(&code.text) {
        Ok(words) => words,
        Err(line) => {
            let message = format!("in the sample `{name}`, a quotation mark is not closed");
            read.problem(code.first_line + line, message);
            return None;
        }
    };
    let mut problem = |(line, message): &(usize, String)| {
        read.problem(code.first_line + line, format!("in the sample `{name}`, {message}"));
    };
    let (command, unread) = curl::parse(&words).inspect_err(&mut problem).ok()?;
    unread.iter().for_each(problem);
    let [url] = command.urls.as_slice() else {
        let message = format!("the sample `{name}` has {} addresses; expected one", command.urls.len());
        read.problem(code.first_line, message);
        return None;
    };
    let commands = shell::pasted(&code.text);
    let as_pasted = as_pasted(&commands, &code.text, &command);
    if !as_pasted.is_empty() {
        // The first word that a shell reads differently, or the first word that the shell does not read.
        let pairs = commands.iter().flatten().zip(&words);
        let same = pairs.take_while(|(pasted, meant)| pasted.text == meant.text).count();
        let line = words.get(same).map_or(0, |word| word.line);
        let message = format!("a shell reads the sample `{name}` differently: {}", as_pasted.join("; "));
        read.note(code.first_line + line, message);
    }
    let url = url.clone();
    let Command { method, headers, form, body, options, .. } = command;
    Some(RequestSample { name: name.to_owned(), options, method, url, headers, form, body, as_pasted })
}

/// What a shell does differently from what the author meant, one sentence for each difference.
fn as_pasted(commands: &[Vec<Word>], text: &str, meant: &Command) -> Vec<String> {
    let Some((first, rest)) = commands.split_first() else { return Vec::new() };
    let (pasted, unread) = match curl::parse(first) {
        Ok(read) => read,
        Err((_, message)) => return vec![message],
    };
    let [meant, pasted] = [meant, &pasted].map(parts);
    let more = pasted.iter().filter(|part| !meant.contains(part));
    let less = meant.iter().filter(|part| !pasted.contains(part));
    let mut found: Vec<_> = more.map(|part| format!("{part} was not meant")).collect();
    found.extend(less.map(|part| format!("{part} is missing")));
    found.extend(shell::side_effects(text));
    found.extend(unread.into_iter().map(|(_, message)| message));
    found.extend(rest.iter().map(|words| {
        let words: Vec<_> = words.iter().map(|word| word.text.as_str()).collect();
        format!("`{}` is run as a command of its own", words.join(" "))
    }));
    found
}

fn parts(command: &Command) -> Vec<String> {
    let mut parts = vec![format!("method {}", command.method)];
    parts.extend(command.urls.iter().map(|url| format!("URL `{url}`")));
    parts.extend(command.headers.iter().map(|(name, value)| format!("header `{name}: {value}`")));
    parts.extend(command.form.iter().map(|(name, value)| format!("form field `{name}={value}`")));
    parts.extend(command.body.iter().map(|body| format!("body `{body}`")));
    parts
}

pub(super) fn response(section: &Section<'_>, read: &mut Ingested) -> Option<ResponseSample> {
    let name = section.title.clone();
    let status: String = name.chars().take_while(char::is_ascii_digit).collect();
    if status.len() != 3 {
        let message = format!("the sample `{name}` does not begin with a status code, such as `200 - Success`");
        read.problem(section.line, message);
        return None;
    }
    let code = code(section, &name, read)?;
    let body = code.text.trim_end_matches('\n').to_owned();
    if serde_json::from_str::<serde_json::Value>(&body).is_err() {
        read.note(code.first_line, format!("the body of the sample `{name}` is not JSON; it is kept as text"));
    }
    Some(ResponseSample { name, status, body })
}
