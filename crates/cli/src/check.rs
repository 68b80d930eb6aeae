//! `check`: checks values, or compares names, from arguments or from any number of lines of standard input. It sends
//! nothing.

mod names;

use std::io::{self, Write};

use anstyle::Style;
use clap::ValueEnum;
use juspay_accounts_validation::{Ifsc, Kind, ParseError, mask};
use serde::Serialize;

use crate::console::{BAD, CAUTION, Console, Format, GOOD, Printed, json_line};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::lines::{Line, Lines};
use crate::text::{clean, count, masked_suggestion};

/// Check values or compare names; sends nothing
#[derive(clap::Args)]
pub(crate) struct Args {
    /// ifsc, account, vpa, amount, name or names
    #[arg(value_enum, hide_possible_values = true)]
    kind: What,

    /// Values, or - to read one from each line of standard input
    #[arg(required = true, value_name = "VALUE", allow_negative_numbers = true)]
    values: Vec<String>,

    /// Print the rule that the values must follow
    #[arg(long)]
    rule: bool,

    /// Show values unmasked
    #[arg(long)]
    unmasked: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
enum What {
    /// Code of a bank branch
    Ifsc,
    /// Bank account number
    Account,
    /// UPI address
    Vpa,
    /// Amount in rupees
    Amount,
    /// Name of the account holder
    Name,
    /// Two names: the expected name, and the name at the bank
    Names,
}

/// The result of checking one value.
#[derive(Serialize)]
struct Record<'a> {
    line: usize,
    kind: What,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<&'a str>,
    valid: bool,
    bank: Option<String>,
    problem: Option<String>,
    suggestion: Option<String>,
    advice: Option<String>,
}

#[derive(Default)]
struct Tally {
    checked: usize,
    invalid: usize,
}

struct Report<'a> {
    args: &'a Args,
    format: Format,
    /// The styles of a valid value, a valid value with advice and an invalid value. For names: of a match, an unclear
    /// verdict and a different name.
    styles: [Style; 3],
    tally: &'a mut Tally,
    out: &'a mut dyn Write,
}

pub(crate) fn run(args: &Args, console: Console) -> Result<Exit, Failure> {
    let from_input = args.values == ["-"];
    if args.kind == What::Names && !from_input && args.values.len() != 2 {
        return Err(Failure::new(
            Exit::Usage,
            "`names` compares two names: the expected name and the name at the bank",
        )
        .next("put each name in quotes; or use - to read pairs from standard input, with a tab between the names"));
    }
    let mut tally = Tally::default();
    let mut unread = None;
    let printed = console.text(Exit::Usage, |out| {
        let styles = [GOOD, CAUTION, BAD].map(|style| console.style(style));
        let mut report = Report { args, format: console.format, styles, tally: &mut tally, out };
        report.head()?;
        match (from_input, args.kind) {
            (true, _) => report.lines(&mut unread),
            (false, What::Names) => report.line(args.values.join("\t").as_bytes(), Line::Whole),
            (false, _) => args.values.iter().try_for_each(|value| report.line(value.as_bytes(), Line::Whole)),
        }
    })?;
    if let Some(error) = unread {
        let message = format!("standard input cannot be read after line {}", tally.checked);
        return Err(Failure::caused(Exit::Usage, message, &error));
    }
    if console.format == Format::Table && printed == Printed::Whole && tally.checked != 1 {
        let (one, many) = if args.kind == What::Names { ("pair", "pairs") } else { ("value", "values") };
        let what = if args.kind == What::Names { "unreadable" } else { "invalid" };
        console.note(format_args!("{} checked, {} {what}", count(tally.checked, one, many), tally.invalid));
    }
    Ok(if tally.invalid == 0 { Exit::Active } else { Exit::NotActive })
}

impl Report<'_> {
    fn head(&mut self) -> io::Result<()> {
        match (self.format, self.args.kind) {
            (Format::Json, _) => return Ok(()),
            (Format::Table, What::Names) => {
                writeln!(self.out, "{:>7}  {:11}  {:>5}  differences", "line", "verdict", "score")?;
            }
            (Format::Table, kind) => {
                let bank = if kind == What::Ifsc { "bank, " } else { "" };
                writeln!(self.out, "{:>7}  valid  {:24}  {bank}problem or advice", "line", "value")?;
            }
        }
        match self.args.kind.parsed().filter(|_| self.args.rule) {
            Some(kind) => writeln!(self.out, "   rule: {}", kind.accepted()),
            None => Ok(()),
        }
    }

    /// Checks each line of standard input. Stores a read error in `unread`, and returns a write error.
    fn lines(&mut self, unread: &mut Option<io::Error>) -> io::Result<()> {
        let mut lines = Lines::new(io::stdin().lock());
        let mut line = Vec::new();
        loop {
            if lines.must_wait() {
                self.out.flush()?;
            }
            match lines.next(&mut line) {
                Ok(Some(what)) => self.line(&line, what)?,
                Ok(None) => return Ok(()),
                Err(error) => {
                    *unread = Some(error);
                    return Ok(());
                }
            }
        }
    }

    fn line(&mut self, line: &[u8], what: Line) -> io::Result<()> {
        self.tally.checked += 1;
        let text = match (what, std::str::from_utf8(line)) {
            (Line::TooLong, _) => Err("the line is too long to be a value"),
            (Line::Whole, Ok(text)) => Ok(text),
            (Line::Whole, Err(_)) => {
                Err("the line has letters that cannot be read; save the file as UTF-8 (in Excel: CSV UTF-8)")
            }
        };
        match self.args.kind.parsed() {
            Some(kind) => self.value(kind, text),
            None => self.names(text),
        }
    }

    fn value(&mut self, kind: Kind, text: Result<&str, &'static str>) -> io::Result<()> {
        let error = text.ok().and_then(|text| kind.check(text).err());
        let valid = text.ok().filter(|_| error.is_none());
        let record = Record {
            line: self.tally.checked,
            kind: self.args.kind,
            value: text.ok().filter(|_| self.args.unmasked),
            valid: valid.is_some(),
            bank: valid.filter(|_| kind == Kind::Ifsc).and_then(bank),
            problem: error.as_ref().map(|error| self.problem(error)).or(text.err().map(str::to_owned)),
            suggestion: error.as_ref().and_then(|error| self.suggestion(error)),
            advice: valid.and_then(|text| kind.advice(text)).map(|advice| advice.to_string()),
        };
        self.tally.invalid += usize::from(!record.valid);
        if self.format == Format::Json {
            return json_line(self.out, &record);
        }
        let value = match (text, valid) {
            (Ok(text), _) if self.args.unmasked => clean(text),
            (_, Some(text)) => mask::of(kind, text).to_string(),
            // An invalid value may be a secret of another kind, such as an account number.
            _ => "****".to_owned(),
        };
        let Record { line, advice, problem, bank, suggestion, .. } = record;
        let [good, caution, bad] = self.styles;
        let (style, word) = match (valid, &advice) {
            (None, _) => (bad, "no"),
            (Some(_), Some(_)) => (caution, "yes"),
            (Some(_), None) => (good, "yes"),
        };
        let text = advice.or(problem).or(bank).unwrap_or_else(|| "-".to_owned());
        let hint = suggestion.map(|text| format!("; did you mean {text}?")).unwrap_or_default();
        writeln!(self.out, "{line:>7}  {style}{word:5}{style:#}  {value:24}  {text}{hint}")
    }

    /// Describes the problem. In JSON, the description includes the rule if the user asked for it.
    fn problem(&self, error: &ParseError) -> String {
        if self.args.rule && self.format == Format::Json {
            format!("{error} (rule: {})", error.kind().accepted())
        } else {
            error.to_string()
        }
    }

    fn suggestion(&self, error: &ParseError) -> Option<String> {
        if self.args.unmasked {
            return error.suggestion().map(clean);
        }
        masked_suggestion(error)
    }
}

impl What {
    /// The kind of the values; `None` for pairs of names.
    fn parsed(self) -> Option<Kind> {
        Some(match self {
            Self::Ifsc => Kind::Ifsc,
            Self::Account => Kind::AccountNumber,
            Self::Vpa => Kind::Vpa,
            Self::Amount => Kind::Amount,
            Self::Name => Kind::Name,
            Self::Names => return None,
        })
    }
}

/// Names the bank of the branch. A sub-member is a bank that uses the codes of another bank; both are named.
fn bank(ifsc: &str) -> Option<String> {
    let ifsc: Ifsc = ifsc.parse().ok()?;
    let bank = ifsc.listing().bank()?;
    Some(match ifsc.sub_member() {
        Some(member) => format!("{member} (through {bank})"),
        None => bank.to_string(),
    })
}
