//! A failed run: what is wrong, and what to do next.
//!
//! A failure never contains the values that were sent. The server's message can repeat them, so the failure contains
//! that message only with `--unmasked`.

use std::error::Error as StdError;
use std::io::{self, Write};

use juspay_accounts::{Delivery, Error, ErrorKind};
use serde::Serialize;

use crate::exit::Exit;
use crate::text::clean;

/// A problem, and where it is: `--bank-account #2`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Problem {
    pub(crate) at: String,
    pub(crate) problem: String,
}

impl Problem {
    pub(crate) fn new(at: impl Into<String>, problem: &(impl ToString + ?Sized)) -> Self {
        Self { at: at.into(), problem: problem.to_string() }
    }
}

/// How many times a problem occurs, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Count {
    #[serde(rename = "count")]
    pub(crate) number: u64,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) at: String,
    pub(crate) problem: String,
    pub(crate) rows: Vec<u32>,
}

impl Count {
    /// Formats the count as a line: `12 × column C ("IFSC"): it is too short (rows 2, 3, 4, 5, 6, …)`. A finding that
    /// has no rows gets neither a number nor rows.
    pub(crate) fn line(&self) -> String {
        let Self { number: count, at, problem, rows } = self;
        let at = if at.is_empty() { String::new() } else { format!("{at}: ") };
        let numbers: Vec<_> = rows.iter().map(u32::to_string).collect();
        let more = if *count > rows.len() as u64 { ", …" } else { "" };
        match numbers.len() {
            0 => format!("{at}{problem}"),
            1 => format!("{count} × {at}{problem} (row {})", numbers[0]),
            _ => format!("{count} × {at}{problem} (rows {}{more})", numbers.join(", ")),
        }
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    message: Box<str>,
    /// How many times each kind of problem occurs. Empty if `problems` lists every problem.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    counts: Vec<Count>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    problems: Vec<Problem>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    causes: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<Box<str>>,
    #[serde(flatten)]
    call: Option<Box<Call>>,
}

/// The facts about a failed call, for programs.
#[derive(Debug, Serialize)]
struct Call {
    kind: &'static str,
    delivery: &'static str,
    attempts: u32,
    status: Option<u16>,
    code: Option<String>,
    request_id: Option<String>,
    retry_after_seconds: Option<u64>,
    /// A summary of an unexpected response body: its status, type, length and codes.
    response: Option<String>,
    /// The server's message, which may repeat values that were sent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    server_says: Vec<String>,
}

impl Failure {
    pub(crate) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self {
            exit,
            message: message.into().into_boxed_str(),
            counts: Vec::new(),
            problems: Vec::new(),
            causes: Vec::new(),
            next: None,
            call: None,
        }
    }

    pub(crate) fn input(problems: Vec<Problem>) -> Self {
        let message = match problems.len() {
            1 => "there is a problem in the input; nothing was sent".to_owned(),
            count => format!("{count} problems in the input; nothing was sent"),
        };
        Self { problems, ..Self::new(Exit::Usage, message) }
    }

    pub(crate) fn caused(exit: Exit, message: impl Into<String>, cause: &(dyn StdError + 'static)) -> Self {
        Self { causes: chain(Some(cause)), ..Self::new(exit, message) }
    }

    /// The failure for a call that can move money and was interrupted by the user.
    pub(crate) fn interrupted() -> Self {
        let message = "interrupted before a response arrived; the request may have been processed";
        Self::new(Exit::Unknown, message).next(find_out(None))
    }

    /// The failure for a call that changes accounts, moves no money, and was interrupted by the user.
    pub(crate) fn interrupted_free() -> Self {
        Self::interrupted().next(LOOK)
    }

    /// The failure for accounts with an unknown outcome, which may have been paid.
    pub(crate) fn outcome_unknown(accounts: Vec<Problem>, request_id: Option<&str>) -> Self {
        let message = "the outcome of some accounts is unknown; they may have been paid";
        Self::new(Exit::Unknown, message).problems(accounts).next(find_out(request_id))
    }

    /// The failure for a failed call. With `unmasked`, it contains the server's message.
    pub(crate) fn call(error: &Error, unmasked: bool) -> Self {
        let call = Call {
            kind: error.kind().as_str(),
            delivery: error.delivery().as_str(),
            attempts: error.attempts(),
            status: error.status(),
            code: error.code().map(ToString::to_string),
            request_id: error.request_id().map(str::to_owned),
            retry_after_seconds: error.retry_after().map(|wait| wait.as_secs()),
            response: error.body_excerpt().map(str::to_owned),
            server_says: if unmasked { server_says(error) } else { Vec::new() },
        };
        let next = next_step(error, &call);
        Self {
            causes: chain(error.source()),
            next: Some(next.into_boxed_str()),
            call: Some(Box::new(call)),
            ..Self::new(error.into(), error.to_string())
        }
    }

    pub(crate) fn counts(self, counts: Vec<Count>) -> Self {
        Self { counts, ..self }
    }

    pub(crate) fn problems(self, problems: Vec<Problem>) -> Self {
        Self { problems, ..self }
    }

    pub(crate) fn exit(self, exit: Exit) -> Self {
        Self { exit, ..self }
    }

    pub(crate) fn next(self, step: impl Into<String>) -> Self {
        Self { next: Some(step.into().into_boxed_str()), ..self }
    }

    pub(crate) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}", self.message)?;
        for count in &self.counts {
            writeln!(out, "  {}", count.line())?;
        }
        if !self.counts.is_empty() {
            writeln!(out, "the first problems:")?;
        }
        for Problem { at, problem } in &self.problems {
            writeln!(out, "  {at}: {problem}")?;
        }
        for cause in &self.causes {
            writeln!(out, "  cause: {cause}")?;
        }
        if let Some(call) = &self.call {
            if let Some(response) = &call.response {
                writeln!(out, "  response: {response}")?;
            }
            for sentence in &call.server_says {
                writeln!(out, "  the server says: {sentence}")?;
            }
        }
        if let Some(next) = &self.next {
            writeln!(out, "  next: {next}")?;
        }
        Ok(())
    }
}

/// What to do if accounts may have been paid.
fn find_out(request_id: Option<&str>) -> String {
    let about = request_id.map(|id| format!(" about request {id}")).unwrap_or_default();
    format!(
        "do not run the command again until the outcome is known, or the accounts may be paid twice: check the customer's \
         accounts (`list`), or ask the vendor{about}"
    )
}

/// What to do if accounts may have changed but no money can have moved.
const LOOK: &str = "nothing was paid; `list` shows whether the request was processed";

fn next_step(error: &Error, call: &Call) -> String {
    match error.delivery() {
        Delivery::Refused if error.kind() == ErrorKind::RateLimited => match call.retry_after_seconds {
            Some(seconds) => {
                format!("nothing was paid; wait {seconds} s, as the server asks, and run the same command again")
            }
            None => "nothing was paid; run the same command again later".to_owned(),
        },
        Delivery::NotSent | Delivery::Refused => {
            "nothing was paid; fix the problem, and run the same command again".to_owned()
        }
        Delivery::Unknown if error.may_have_moved_money() => find_out(call.request_id.as_deref()),
        Delivery::Unknown if !error.is_read_only() => LOOK.to_owned(),
        Delivery::Unknown => "nothing was paid; run the same command again".to_owned(),
    }
}

fn server_says(error: &Error) -> Vec<String> {
    let messages = [error.unmasked_user_message(), error.unmasked_developer_message()];
    let messages = messages.into_iter().flatten().map(clean);
    let fields = error.fields().iter().map(|field| {
        let shown = |text: &str| clean(if text.is_empty() { "-" } else { text });
        format!("{}: {}", shown(field.0.unmasked()), shown(field.1.unmasked()))
    });
    messages.chain(fields).collect()
}

fn chain(first: Option<&(dyn StdError + 'static)>) -> Vec<String> {
    let mut causes = Vec::new();
    let mut next = first;
    while let Some(cause) = next {
        causes.push(cause.to_string());
        next = cause.source();
    }
    causes
}
