//! What is written where: results on standard output, everything else on standard error.
//!
//! A reader that has seen enough (`| head`) closes the pipe. That is no failure: it is not reported, and does not change
//! the exit code, since it changes nothing about what was sent.

use std::fmt;
use std::io::{self, BufWriter, IsTerminal as _, Write};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use clap::ValueEnum;
use serde::Serialize;
use terminal_size::Width;

use crate::exit::Exit;
use crate::failure::Failure;

/// How results and messages are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    #[default]
    Table,
    /// For programs: one JSON object on each line, messages on standard error included
    Json,
}

/// When colours are used.
#[allow(clippy::doc_markdown, reason = "help is plain text")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    /// In files and pipes too
    Always,
    /// Nowhere
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

/// Marks what is good.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
/// Marks what needs a look.
pub(crate) const DOUBTFUL: Style = AnsiColor::Yellow.on_default().bold();
/// Marks what is bad.
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();

/// How much of a result was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Printed {
    /// All of it.
    Whole,
    /// As much as its reader wanted.
    Cut,
}

/// Where a run writes to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Console {
    pub(crate) format: Format,
    color: Color,
}

impl Console {
    pub(crate) fn new(format: Format, color: Color) -> Self {
        Self { format, color }
    }

    /// Writes a result, through a buffer. Colours in it are to be those of [`style`](Self::style).
    pub(crate) fn print(self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<Printed> {
        let stdout = io::stdout();
        match self.color.choice(&stdout) {
            // Looking for colours in a million lines takes longer than checking them.
            ColorChoice::Never => Self::buffered(stdout.lock(), write),
            choice => Self::buffered(AutoStream::new(stdout.lock(), choice), write),
        }
    }

    /// A style for results, or none where colours do not belong.
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
                // Dropped as it is, it would try to write once more.
                drop(out.into_parts());
                Ok(Printed::Cut)
            }
            result => result.map(|()| Printed::Whole),
        }
    }

    /// Says something that is neither a result nor a failure.
    pub(crate) fn note(self, text: impl fmt::Display) {
        self.say("note", GOOD, &text);
    }

    /// Says that something may be a slip.
    pub(crate) fn warn(self, text: impl fmt::Display) {
        self.say("warning", DOUBTFUL, &text);
    }

    /// Tells of an event: for programs all that is known of it, for people a line.
    pub(crate) fn event(self, label: &'static str, value: &impl Serialize, line: impl FnOnce() -> String) {
        match self.format {
            Format::Table => self.stderr(|out| writeln!(out, "{}", line())),
            Format::Json => self.stderr(|out| json_line(out, &Labelled { label, value })),
        }
    }

    /// Asks on a terminal. `otherwise` is what to do if not; elsewhere than on a terminal `flag` is the answer.
    ///
    /// # Errors
    /// The user declines, or nobody can be asked because there is no terminal.
    pub(crate) fn ask(self, question: &str, flag: &str, otherwise: &str) -> Result<(), Failure> {
        let refused = |message: String| {
            Failure::new(Exit::Usage, message).next(format!("{otherwise}; {flag} agrees without being asked"))
        };
        if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
            return Err(refused(format!("{question} Without a terminal, {flag} is required; nothing was sent")));
        }
        self.stderr(|out| write!(out, "{question} [y/N] "));
        let mut answer = String::new();
        match io::stdin().read_line(&mut answer) {
            Ok(_) if matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes") => Ok(()),
            _ => Err(refused("nothing was sent".to_owned())),
        }
    }

    /// Says why a run has failed.
    pub(crate) fn fail(self, failure: &Failure) {
        match self.format {
            Format::Table => self.stderr(|out| {
                write!(out, "{BAD}error{BAD:#}: ")?;
                failure.write(out)
            }),
            Format::Json => self.stderr(|out| json_line(out, &Labelled { label: "error", value: failure })),
        }
    }

    fn say(self, label: &'static str, style: Style, text: &dyn fmt::Display) {
        match self.format {
            Format::Table => self.stderr(|out| writeln!(out, "{style}{label}{style:#}: {text}")),
            Format::Json => self.stderr(|out| json_line(out, &Labelled { label, value: &text.to_string() })),
        }
    }

    /// If nobody reads standard error, there is nobody to tell.
    fn stderr(self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) {
        let stderr = io::stderr();
        let choice = self.color.choice(&stderr);
        // One write for a message, which so stays whole between those of other programs.
        let mut message = Vec::new();
        let _ = write(&mut message).and_then(|()| AutoStream::new(stderr.lock(), choice).write_all(&message));
    }
}

/// The number of columns for results, if there is a limit: on a terminal.
pub(crate) fn width() -> Option<usize> {
    let (Width(columns), _) = terminal_size::terminal_size_of(io::stdout())?;
    Some(columns.into())
}

/// Writes a value as one line of JSON.
pub(crate) fn json_line(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}

/// `{"label": value}`
struct Labelled<'a, T> {
    label: &'static str,
    value: &'a T,
}

impl<T: Serialize> Serialize for Labelled<'_, T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map([(self.label, self.value)])
    }
}
