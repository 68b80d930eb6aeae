//! The report for an approver: one HTML page that loads nothing and runs no scripts.
//!
//! The template is `templates/report.html`, which escapes every value. The content comes from an [`Overview`].

use std::borrow::Borrow;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;
use std::time::SystemTime;

use askama::Template;

use super::cell;
use super::file::Draft;
use super::overview::{AtBank, List, Overview};
use crate::connect;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::log::{Outcome, directory, millis};
use crate::text::{clean, percent, quoted};

/// The start of every report contains this tag, by which the program recognizes its own reports.
const MARK: &str = "<meta name=\"generator\" content=\"juspay-accounts";

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The number of banks that have their own bar if the others are combined. A single other bank has its own bar too.
const BANKS: usize = 15;

/// The files, the server and the time of a report.
#[derive(Clone, Copy, Debug)]
pub(crate) struct About<'a> {
    pub(crate) input: &'a str,
    pub(crate) results: &'a Path,
    /// The address of the server, or `embedded`.
    pub(crate) server: &'a str,
    pub(crate) made: SystemTime,
}

/// Returns a reason if the report cannot be written to this path. A report may replace an earlier report, but no other
/// file.
pub(crate) fn cannot_take(path: &Path) -> Option<String> {
    if !path.extension().is_some_and(|end| end.eq_ignore_ascii_case("html") || end.eq_ignore_ascii_case("htm")) {
        return Some("use a name that ends in .html".to_owned());
    }
    if !directory(path).is_dir() {
        return Some(format!("the folder {} does not exist", directory(path).display()));
    }
    let mut start = String::new();
    match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
        Ok(file) => drop(file.take(1024).read_to_string(&mut start)),
        Err(_) => {}
    }
    (!start.contains(MARK)).then(|| "the file exists, and is not a report; use another name".to_owned())
}

/// Writes the report of a run, and returns its path. Every outcome must already be in the log.
pub(super) fn publish(path: &Path, log: &Path, about: About<'_>, overview: &Overview) -> Result<String, Failure> {
    let shown = path.display().to_string();
    match write(path, about, overview) {
        Ok(()) => Ok(shown),
        Err(error) => {
            let log = quoted(&log.display().to_string());
            let next =
                format!("run `juspay-accounts results {log} --report FILE.html`, which writes it and pays nothing");
            Err(Failure::caused(Exit::Unknown, format!("the report cannot be written to {shown}"), &error).next(next))
        }
    }
}

fn write(path: &Path, about: About<'_>, overview: &Overview) -> io::Result<()> {
    // Somebody may have put another file there during the run.
    if let Some(reason) = cannot_take(path) {
        return Err(io::Error::other(reason));
    }
    let draft = Draft::new(path)?;
    Page::new(about, overview).write_into(&mut draft.open()?)?;
    draft.publish()
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    about: About<'a>,
    overview: &'a Overview,
    server: String,
    is_trial: bool,
    verdict: Verdict,
    banks: Vec<(String, AtBank)>,
}

/// The result of the batch in one sentence, and what to do next.
struct Verdict {
    class: &'static str,
    headline: String,
    next: String,
}

impl<'a> Page<'a> {
    fn new(about: About<'a>, overview: &'a Overview) -> Self {
        let (server, is_trial) = connect::described(about.server);
        Self { about, overview, server, is_trial, verdict: verdict(overview), banks: banks(overview) }
    }

    /// The outcomes that need attention, each with its rows.
    fn groups(&self) -> impl Iterator<Item = (Outcome, &'a List)> {
        let lists = BY_URGENCY.map(|outcome| (outcome, self.overview.list(outcome)));
        lists.into_iter().filter(|(_, list)| list.count > 0)
    }

    fn more(&self, list: &List) -> Option<String> {
        let left = list.count - list.items.len() as u64;
        let (rows_are, results) = (is_are(left, "more row", "more rows"), file_name(self.about.results));
        (left > 0).then(|| format!("{rows_are} in {results}."))
    }

    fn facts(&self) -> [(&'static str, String); 5] {
        let checked = match self.overview.checked.map(|(first, last)| (cell::time(first), cell::time(last))) {
            Some((first, last)) if first == last => first,
            Some((first, last)) => format!("{first} to {last}"),
            None => "not yet".to_owned(),
        };
        [
            ("Checked", checked),
            ("Server", clean(&self.server)),
            ("Report made", cell::time(millis(self.about.made))),
            ("Program", format!("juspay-accounts {VERSION}")),
            ("Results", file_name(self.about.results)),
        ]
    }
}

impl Page<'_> {
    /// The number of rows of the bank with the most rows.
    fn most(&self) -> u64 {
        self.banks.iter().map(|(_, bank)| bank.rows).max().unwrap_or_default()
    }

    fn is_flag(word: &str) -> bool {
        matches!(word, "--resume" | "--reconcile" | "--follow")
    }
}

/// All outcomes except active, the most urgent first.
pub(crate) const BY_URGENCY: [Outcome; 7] = [
    Outcome::Unknown,
    Outcome::Failed,
    Outcome::Other,
    Outcome::Refused,
    Outcome::Skipped,
    Outcome::Pending,
    Outcome::NotSent,
];

/// Returns the CSS class of an outcome, its title and its meaning.
fn described(outcome: impl Borrow<Outcome>) -> (&'static str, &'static str, &'static str) {
    match outcome.borrow() {
        Outcome::Active => ("good", "Active", "The bank accepted the account."),
        Outcome::Failed => ("bad", "Failed", "The bank says that the account is not valid."),
        Outcome::Pending => ("caution", "Pending", "The bank has not responded yet."),
        Outcome::Other => ("caution", "Another status", "The vendor returned an unexpected status, or none."),
        Outcome::Refused => ("bad", "Refused", "The vendor refused the last request, which paid no penny drop."),
        Outcome::NotSent => ("quiet", "Not sent", "The last run did not send the row, and paid no penny drop for it."),
        Outcome::Unknown => {
            ("bad", "Outcome unknown", "No response shows the outcome. The penny drop may have been paid.")
        }
        Outcome::Skipped => {
            ("caution", "Skipped", "The row is invalid, or its account may have been validated recently.")
        }
    }
}

fn verdict(overview: &Overview) -> Verdict {
    let (rows, open, names) = (overview.outcomes.total(), overview.open(), overview.names.count);
    let active = rows - open;
    let differ = match names {
        0 => String::new(),
        _ => format!(
            " In {}, the name at the bank does not clearly match the name in the file.",
            counted(names, "row", "rows")
        ),
    };
    if open > 0 {
        let rest = match active {
            0 => String::new(),
            _ => format!(" {} active.", is_are(active, "other row", "other rows")),
        };
        return Verdict {
            class: "bad",
            headline: format!("{} not confirmed.", is_are(open, "row", "rows")),
            next: format!("Do not pay a row until it is confirmed.{rest}{differ}"),
        };
    }
    let headline =
        if rows == 1 { "The row is active.".to_owned() } else { format!("All {} rows are active.", grouped(rows)) };
    if names > 0 {
        return Verdict { class: "caution", headline, next: format!("Compare the names before you pay.{differ}") };
    }
    let next = match overview.compared {
        0 => "No name was compared with the name at the bank.".to_owned(),
        compared if compared == rows => "Every name at the bank matches the name in the file.".to_owned(),
        compared => format!(
            "The name at the bank matches in {}; the others have no name to compare.",
            counted(compared, "row", "rows")
        ),
    };
    Verdict { class: "good", headline, next }
}

/// The banks with the most rows; the other banks are combined if there are at least two.
fn banks(overview: &Overview) -> Vec<(String, AtBank)> {
    let mut banks: Vec<_> = overview.banks.iter().map(|(name, at_bank)| (name.clone(), *at_bank)).collect();
    banks.sort_by_key(|(_, at_bank)| std::cmp::Reverse(at_bank.rows));
    if banks.len() > BANKS + 1 {
        let others = banks.split_off(BANKS);
        let name = format!("{} other banks", grouped(others.len() as u64));
        let sum = others.iter().fold(AtBank::default(), |sum, (_, bank)| AtBank {
            rows: sum.rows + bank.rows,
            active: sum.active + bank.active,
        });
        banks.push((name, sum));
    }
    banks
}

fn file_name(path: impl AsRef<Path>) -> String {
    let path = path.as_ref();
    clean(&path.file_name().unwrap_or(path.as_os_str()).to_string_lossy())
}

/// Formats a number with Indian grouping: 12,34,567. The template passes some numbers by reference.
fn grouped(number: impl Borrow<u64>) -> String {
    let digits = number.borrow().to_string();
    let mut text = String::with_capacity(digits.len() * 3 / 2);
    for (place, digit) in digits.chars().enumerate() {
        let left = digits.len() - place;
        if place > 0 && left >= 3 && left % 2 == 1 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn rupees(paise: impl Borrow<u64>) -> String {
    let paise = paise.borrow();
    format!("₹{}.{:02}", grouped(paise / 100), paise % 100)
}

fn counted(number: impl Borrow<u64>, one: &str, many: &str) -> String {
    let number = *number.borrow();
    format!("{} {}", grouped(number), if number == 1 { one } else { many })
}

fn share(part: impl Borrow<u64>, whole: impl Borrow<u64>) -> String {
    percent(*part.borrow(), *whole.borrow())
}

fn is_are(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", counted(number, one, many), if number == 1 { "is" } else { "are" })
}

#[cfg(test)]
mod tests;
