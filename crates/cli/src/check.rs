//! `check`: is a value one that could be sent? Nothing is sent to find out, so a file of any length can be checked.

use std::fmt::Display;
use std::io::{self, Write};
use std::mem;

use anstyle::Style;
use clap::ValueEnum;
use juspay_accounts_validation::directory::{self, Bank};
use juspay_accounts_validation::{AccountNumber, Advice, Amount, Name, ParseError, Vpa, mask};
use serde::{Serialize, Serializer};

use crate::console::{BAD, Console, DOUBTFUL, Format, GOOD, Printed, json_line};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::lines::{LONGEST, Line, Lines};
use crate::text::count;

const EXAMPLES: &str = "\
Examples:
  juspay-accounts check ifsc YESB0000262 HDFC0000001
  juspay-accounts check account - < numbers.txt
  juspay-accounts check vpa - --output json < addresses.txt | jq -c 'select(.valid | not)'

Results:
  For each value a row, or with --output json a line
    {\"kind\", \"valid\", \"bank\", \"problem\", \"advice\"}
  in the order of the values. What is valid may still be unusual, such as an account number of 7 digits; then there is \
advice. Of an IFSC the bank is told, and there is advice if the branch is not in the list within this program, which can be \
out of date. Whether an account exists is not known here: that is what `validate` is for.

Standard input:
  With `-`, every line is a value, an empty one too. Lines end in LF or CRLF and have at most 65536 bytes. Other users of \
this machine can see arguments, but not standard input.

Exit codes:
  0  all are valid
  1  some are not
  2  wrong usage, or the input cannot be read";

/// Check values without sending anything
#[derive(clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// What the values are
    #[arg(value_enum)]
    kind: Kind,

    /// The values, or `-` alone to read one from each line of standard input
    #[arg(required = true, value_name = "VALUE", allow_negative_numbers = true)]
    values: Vec<String>,
}

/// What can be checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
enum Kind {
    /// Code of a bank's branch
    Ifsc,
    /// Number of a bank account
    Account,
    /// UPI address
    Vpa,
    /// Rupees
    Amount,
    /// Name of an account's holder
    Name,
}

/// What is wrong with a value.
enum Invalid {
    Value(ParseError),
    NoText,
    TooLong,
}

impl Display for Invalid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Value(error) => error.fmt(f),
            Self::NoText => f.write_str("the line is not UTF-8 text"),
            Self::TooLong => write!(f, "the line has more than {LONGEST} bytes"),
        }
    }
}

/// What is known of a valid value.
#[derive(Default)]
struct Known {
    bank: Option<Bank>,
    advice: Option<Advice>,
}

impl From<Option<Advice>> for Known {
    fn from(advice: Option<Advice>) -> Self {
        Self { bank: None, advice }
    }
}

/// What was found of a value.
type Finding = Result<Known, Invalid>;

/// The finding as a line of JSON.
#[derive(Serialize)]
struct Record<'a> {
    kind: Kind,
    valid: bool,
    /// Its name, or its four letters if it has no name in the list.
    bank: Option<Sentence<Bank>>,
    problem: Option<Sentence<&'a Invalid>>,
    advice: Option<Sentence<&'a Advice>>,
}

/// What a value says of itself, written without a copy of it.
struct Sentence<T>(T);

impl<T: Display> Serialize for Sentence<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// How many were checked, and how many of them are invalid.
#[derive(Default)]
struct Tally {
    checked: usize,
    invalid: usize,
}

pub(crate) fn run(args: Args, console: Console) -> Result<Exit, Failure> {
    let Args { kind, values } = args;
    let mut tally = Tally::default();
    let mut unread = None;
    let printed = console.print(|out| {
        let styles = [GOOD, DOUBTFUL, BAD].map(|style| console.style(style));
        let mut report = Report { kind, format: console.format, styles, tally: &mut tally, out };
        report.head()?;
        if values == ["-"] {
            let mut lines = Lines::new(io::stdin().lock());
            let mut line = Vec::new();
            loop {
                if lines.must_wait() {
                    report.out.flush()?;
                }
                match lines.next(&mut line) {
                    Ok(Some(what)) => report.line(&mut line, what)?,
                    Ok(None) => return Ok(()),
                    Err(error) => {
                        unread = Some(error);
                        return Ok(());
                    }
                }
            }
        }
        values.into_iter().try_for_each(|value| report.line(&mut value.into_bytes(), Line::Whole))
    });
    let printed = printed.map_err(|error| Failure::caused(Exit::Usage, "the result cannot be written", &error))?;
    if let Some(error) = unread {
        let message = format!("standard input cannot be read behind line {}", tally.checked);
        return Err(Failure::caused(Exit::Usage, message, &error));
    }
    if console.format == Format::Table && printed == Printed::Whole && tally.checked != 1 {
        let checked = count(tally.checked, "value", "values");
        console.note(format_args!("{checked} checked, {} invalid", tally.invalid));
    }
    Ok(if tally.invalid == 0 { Exit::Active } else { Exit::NotActive })
}

/// Writes findings one by one. Nothing is shown of invalid values: one can be a secret in the wrong place.
struct Report<'a> {
    kind: Kind,
    format: Format,
    /// For what is valid, unusual and invalid.
    styles: [Style; 3],
    tally: &'a mut Tally,
    out: &'a mut dyn Write,
}

impl Report<'_> {
    fn head(&mut self) -> io::Result<()> {
        match self.format {
            Format::Json => Ok(()),
            Format::Table => {
                let bank = if self.kind == Kind::Ifsc { "bank, " } else { "" };
                writeln!(self.out, "{:>7}  valid  {:24}  {bank}problem or advice", "number", "value")
            }
        }
    }

    fn line(&mut self, line: &mut Vec<u8>, what: Line) -> io::Result<()> {
        let finding = match what {
            Line::TooLong => Err(Invalid::TooLong),
            Line::Whole => self.kind.check_bytes(line),
        };
        self.tally.checked += 1;
        self.tally.invalid += usize::from(finding.is_err());
        match self.format {
            Format::Json => self.json(&finding),
            Format::Table => self.row(line, &finding),
        }
    }

    fn json(&mut self, finding: &Finding) -> io::Result<()> {
        let (bank, problem, advice) = match finding {
            Ok(Known { bank, advice }) => (*bank, None, advice.as_ref()),
            Err(problem) => (None, Some(problem), None),
        };
        let record = Record {
            kind: self.kind,
            valid: problem.is_none(),
            bank: bank.map(Sentence),
            problem: problem.map(Sentence),
            advice: advice.map(Sentence),
        };
        json_line(self.out, &record)
    }

    fn row(&mut self, line: &[u8], finding: &Finding) -> io::Result<()> {
        let number = self.tally.checked;
        let [good, doubtful, bad] = self.styles;
        let (style, valid) = match finding {
            Ok(Known { advice: None, .. }) => (good, "yes"),
            Ok(Known { advice: Some(_), .. }) => (doubtful, "yes"),
            Err(_) => (bad, "no"),
        };
        write!(self.out, "{number:>7}  {style}{valid:5}{style:#}  ")?;
        match (finding, std::str::from_utf8(line)) {
            (Ok(_), Ok(text)) => match self.kind {
                Kind::Ifsc | Kind::Amount => write!(self.out, "{text:24}")?,
                Kind::Account => write!(self.out, "{:24}", mask::account(text))?,
                Kind::Vpa => write!(self.out, "{:24}", mask::vpa(text))?,
                Kind::Name => write!(self.out, "{:24}", mask::name(text))?,
            },
            _ => write!(self.out, "{:24}", "****")?,
        }
        match finding {
            Ok(Known { advice: Some(advice), .. }) => writeln!(self.out, "  {advice}"),
            Ok(Known { bank: Some(bank), .. }) => writeln!(self.out, "  {bank}"),
            Ok(Known { bank: None, advice: None }) => writeln!(self.out, "  -"),
            Err(problem) => writeln!(self.out, "  {problem}"),
        }
    }
}

impl Kind {
    /// Checks a line. Its allocation is used and given back.
    fn check_bytes(self, line: &mut Vec<u8>) -> Finding {
        match String::from_utf8(mem::take(line)) {
            Ok(mut text) => {
                let finding = self.check(&mut text).map_err(Invalid::Value);
                *line = text.into_bytes();
                finding
            }
            Err(error) => {
                *line = error.into_bytes();
                Err(Invalid::NoText)
            }
        }
    }

    fn check(self, text: &mut String) -> Result<Known, ParseError> {
        match self {
            Self::Ifsc => {
                let listing = directory::lookup(text)?;
                Ok(Known { bank: listing.bank(), advice: listing.advice() })
            }
            Self::Vpa => Vpa::check(text).map(|()| Known::default()),
            Self::Amount => Ok(Amount::try_from(text.as_str())?.advice().into()),
            Self::Account => {
                AccountNumber::check(text)?;
                advice(text, AccountNumber::advice)
            }
            Self::Name => {
                Name::check(text)?;
                advice(text, Name::advice)
            }
        }
    }
}

/// Asks a value of the type for advice, without a copy of the text: it moves into the value and out again. A text that is
/// refused does not come out again, so it is checked before.
fn advice<T>(text: &mut String, ask: impl FnOnce(&T) -> Option<Advice>) -> Result<Known, ParseError>
where
    T: TryFrom<String, Error = ParseError> + Into<String>,
{
    let value = T::try_from(mem::take(text))?;
    let advice = ask(&value);
    *text = value.into();
    Ok(advice.into())
}
