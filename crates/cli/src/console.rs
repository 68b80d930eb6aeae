//! Prints results to standard output, and everything else to standard error.
//!
//! A reader such as `head` can close the pipe early. That is not an error, because what was sent does not depend on the
//! reader.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, BufWriter, IsTerminal as _, Write};

use anstream::adapter::strip_bytes;
use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use clap::ValueEnum;
use serde::Serialize;
use terminal_size::Width;

use crate::exit::Exit;
use crate::failure::Failure;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A table, for people
    #[default]
    Table,
    /// JSON for programs, one object on each line, also on standard error
    Json,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// Use colours on a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    /// Use colours in files and pipes too
    Always,
    /// Use no colours
    Never,
}

impl Color {
    fn choice(self, stream: &impl anstream::stream::RawStream) -> ColorChoice {
        match self {
            Self::Auto => AutoStream::choice(stream),
            Self::Always => ColorChoice::Always,
            Self::Never => ColorChoice::Never,
        }
    }
}

pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
/// The style of results that the user should check.
pub(crate) const CAUTION: Style = AnsiColor::Yellow.on_default().bold();
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Printed {
    Whole,
    /// The reader closed the pipe early.
    Cut,
}

/// Prints in the format and with the colours that the user chose.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Console {
    pub(crate) format: Format,
    color: Color,
}

impl Console {
    pub(crate) fn new(format: Format, color: Color) -> Self {
        Self { format, color }
    }

    /// Writes a result to standard output through a buffer. `write` takes its colours from [`style`](Self::style).
    pub(crate) fn print(self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<Printed> {
        let stdout = io::stdout();
        match self.color.choice(&stdout) {
            // Without colours there is nothing to strip, so the stream filter is left out: it is slow for a million
            // lines.
            ColorChoice::Never => Self::buffered(stdout.lock(), write),
            choice => Self::buffered(AutoStream::new(stdout.lock(), choice), write),
        }
    }

    /// Prints a result: `value` as JSON, or the text that `text` writes. If the output cannot be written, the failure
    /// has the exit code `exit`.
    pub(crate) fn result(
        self,
        value: &impl Serialize,
        exit: Exit,
        text: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Failure> {
        self.text(exit, |out| match self.format {
            Format::Table => text(out),
            Format::Json => json_line(out, value),
        })
        .map(drop)
    }

    /// Prints a result in either format. If the output cannot be written, the failure has the exit code `exit`.
    pub(crate) fn text(
        self,
        exit: Exit,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<Printed, Failure> {
        let cannot = |error| Failure::caused(exit, "the result cannot be written to standard output", &error);
        self.print(write).map_err(cannot)
    }

    /// Returns the style, or a plain style if standard output has no colours.
    pub(crate) fn style(self, style: Style) -> Style {
        match self.color.choice(&io::stdout()) {
            ColorChoice::Never => Style::new(),
            _ => style,
        }
    }

    fn buffered(out: impl Write, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<Printed> {
        let mut out = BufWriter::with_capacity(64 * 1024, out);
        match write(&mut out).and_then(|()| out.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                // Dropping the writer would write to the closed pipe again.
                drop(out.into_parts());
                Ok(Printed::Cut)
            }
            result => result.map(|()| Printed::Whole),
        }
    }

    pub(crate) fn note(self, text: impl fmt::Display) {
        self.say("note", GOOD, &text);
    }

    pub(crate) fn warn(self, text: impl fmt::Display) {
        self.say("warning", CAUTION, &text);
    }

    /// Prints an event: as JSON for programs, or as `line` for people.
    pub(crate) fn event(self, label: &'static str, value: &impl Serialize, line: impl FnOnce() -> String) {
        match self.format {
            Format::Table => self.stderr(|out| writeln!(out, "{}", line())),
            Format::Json => self.stderr(|out| json_line(out, &BTreeMap::from([(label, value)]))),
        }
    }

    /// Asks the user to confirm on the terminal. Without a terminal, the user can confirm only with `flag`. If the user
    /// does not confirm, the next step of the failure starts with `otherwise`.
    ///
    /// # Errors
    /// The user declines, or there is no terminal.
    pub(crate) fn ask(self, question: &str, flag: &str, otherwise: &str) -> Result<(), Failure> {
        let refused = |message: String| {
            Failure::new(Exit::Usage, message).next(format!("{otherwise}; {flag} confirms without asking"))
        };
        if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
            return Err(refused(format!(
                "{question} Without a terminal, {flag} is required; nothing was paid or changed"
            )));
        }
        self.stderr(|out| write!(out, "{question} [y/N] "));
        let mut line = String::new();
        match io::stdin().read_line(&mut line) {
            Ok(_) if matches!(line.trim().to_ascii_lowercase().as_str(), "y" | "yes") => Ok(()),
            _ => Err(refused("nothing was paid or changed".to_owned())),
        }
    }

    pub(crate) fn fail(self, failure: &Failure) {
        match self.format {
            Format::Table => self.stderr(|out| {
                write!(out, "{BAD}error{BAD:#}: ")?;
                failure.write(out)
            }),
            Format::Json => self.stderr(|out| json_line(out, &BTreeMap::from([("error", failure)]))),
        }
    }

    fn say(self, label: &'static str, style: Style, text: &dyn fmt::Display) {
        match self.format {
            Format::Table => self.stderr(|out| writeln!(out, "{style}{label}{style:#}: {text}")),
            Format::Json => self.stderr(|out| json_line(out, &BTreeMap::from([(label, text.to_string())]))),
        }
    }

    /// Writes to standard error. An error is ignored, because the program cannot report it anywhere.
    fn stderr(self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) {
        let stderr = io::stderr();
        let choice = self.color.choice(&stderr);
        // Collects the message and writes it at once, so that messages of other programs do not split it.
        let mut message = Vec::new();
        let _ = write(&mut message).and_then(|()| match choice {
            ColorChoice::Never => stderr.lock().write_all(&strip_bytes(&message).into_vec()),
            _ => AutoStream::new(stderr.lock(), choice).write_all(&message),
        });
    }
}

/// The width of the terminal in columns; `None` if standard output is not a terminal.
pub(crate) fn width() -> Option<usize> {
    let (Width(columns), _) = terminal_size::terminal_size_of(io::stdout())?;
    Some(columns.into())
}

pub(crate) fn json_line(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}
