//! The report for an approver: one HTML page that loads nothing and runs no scripts.
//!
//! The template is `templates/report.html`, which escapes every value. The content comes from an [`Overview`].

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;
use std::time::SystemTime;

use askama::Template;

use super::cell;
use super::file::Draft;
use super::overview::{AtBank, Cost, Item, List, Overview};
use crate::connect;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::log::{Outcome, directory, millis};
use crate::text::{clean, percent};

/// The start of every report contains this tag, by which the program recognizes its own reports.
const MARK: &str = "<meta name=\"generator\" content=\"juspay-accounts";

/// The maximum number of banks that have their own bar.
const BANKS: usize = 15;

/// The files and the server of a report.
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

/// Writes the report of a run, if the user asked for one. Call it only when every outcome is in the log.
pub(crate) fn publish(report: Option<&Path>, log: &Path, about: About<'_>, overview: &Overview) -> Result<(), Failure> {
    let Some(path) = report else { return Ok(()) };
    write(path, about, overview).map_err(|error| {
        let message = format!("the report cannot be written to {}", path.display());
        let next = format!("juspay-accounts results {} --report FILE.html writes it, and pays nothing", log.display());
        Failure::caused(Exit::Unknown, message, &error).next(next)
    })
}

fn write(path: &Path, about: About<'_>, overview: &Overview) -> io::Result<()> {
    let draft = Draft::new(path)?;
    Page::new(about, overview).write_into(&mut draft.open()?)?;
    draft.publish().map(drop)
}

#[derive(Template)]
#[template(path = "report.html")]
#[allow(clippy::struct_excessive_bools, reason = "each shows or hides a part of the page")]
struct Page<'a> {
    input: String,
    version: &'static str,
    is_trial: bool,
    is_masked: bool,
    verdict: Verdict,
    rows: String,
    rows_word: &'static str,
    active: String,
    open: String,
    unknown: String,
    has_unknown: bool,
    has_names: bool,
    drops: String,
    rupees: String,
    maybe: Option<String>,
    facts: Vec<(&'static str, String)>,
    outcomes: Vec<Bar>,
    banks: Vec<BankBar>,
    groups: Vec<Group<'a>>,
    names: Names<'a>,
}

/// The result of the batch in one sentence, and what to do next.
struct Verdict {
    class: &'static str,
    headline: String,
    next: String,
}

struct Bar {
    class: &'static str,
    name: &'static str,
    meaning: &'static str,
    rows: String,
    share: String,
    width: String,
}

struct BankBar {
    name: String,
    rows: String,
    active: String,
    open: String,
    /// The CSS class and the width in percent of each part.
    parts: Vec<(&'static str, String)>,
}

/// The rows with the same outcome.
struct Group<'a> {
    outcome: Outcome,
    class: &'static str,
    title: String,
    meaning: &'static str,
    /// Whether any row has advice of its own.
    has_todo: bool,
    items: &'a [Item],
    more: Option<String>,
}

struct Names<'a> {
    count: u64,
    total: String,
    items: &'a [Item],
    more: Option<String>,
}

impl<'a> Page<'a> {
    fn new(about: About<'a>, overview: &'a Overview) -> Self {
        let (server, is_trial) = connect::described(about.server);
        let results = file_name(about.results);
        let rows = overview.outcomes.total();
        let unknown = overview.outcomes.of(Outcome::Unknown);
        let group = |outcome: Outcome| {
            let list = overview.list(outcome);
            let (class, title, meaning) = described(outcome);
            (list.count > 0).then(|| Group {
                outcome,
                class,
                title: format!("{title}: {}", counted(list.count, "row", "rows")),
                meaning,
                has_todo: list.items.iter().any(|item| !item.todo.is_empty()),
                items: &list.items,
                more: more(list, &results),
            })
        };
        let Cost { drops, paise } = overview.paid;
        let maybe = overview.maybe_paid;
        Self {
            input: file_name(Path::new(about.input)),
            version: env!("CARGO_PKG_VERSION"),
            is_trial,
            is_masked: !overview.unmasked,
            verdict: verdict(overview),
            rows: grouped(rows),
            rows_word: if rows == 1 { "row" } else { "rows" },
            active: grouped(rows - overview.open()),
            open: grouped(overview.open()),
            unknown: counted(unknown, "row", "rows"),
            has_unknown: unknown > 0,
            has_names: overview.compared > 0,
            drops: counted(drops, "penny drop", "penny drops"),
            rupees: rupees(paise),
            maybe: (maybe.drops > 0).then(|| {
                let (paid, drops) = (rupees(maybe.paise), counted(maybe.drops, "other", "others"));
                format!("{drops} may have been paid (at most {paid})")
            }),
            facts: facts(&server, overview.checked, about.made, &results),
            outcomes: overview.outcomes.iter().map(|(outcome, number)| bar(outcome, number, rows)).collect(),
            banks: banks(overview),
            groups: BY_URGENCY.into_iter().filter_map(group).collect(),
            names: Names {
                count: overview.names.count,
                total: grouped(overview.names.count),
                items: &overview.names.items,
                more: more(&overview.names, &results),
            },
        }
    }
}

impl Page<'_> {
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
fn described(outcome: Outcome) -> (&'static str, &'static str, &'static str) {
    match outcome {
        Outcome::Active => ("good", "Active", "The bank accepted the account."),
        Outcome::Failed => ("bad", "Failed", "The bank says that the account is not valid."),
        Outcome::Pending => ("caution", "Pending", "The bank has not responded yet."),
        Outcome::Other => ("caution", "Another status", "The vendor returned a status that is not documented."),
        Outcome::Refused => ("bad", "Refused", "The vendor refused the request. No penny drop was paid."),
        Outcome::NotSent => ("quiet", "Not sent", "The row was not checked yet. No penny drop was paid."),
        Outcome::Unknown => ("bad", "Outcome unknown", "The response was lost. The penny drop may have been paid."),
        Outcome::Skipped => {
            ("caution", "Skipped", "The row was left out, because it is invalid or was validated recently.")
        }
    }
}

fn verdict(overview: &Overview) -> Verdict {
    let (rows, open, names) = (overview.outcomes.total(), overview.open(), overview.names.count);
    let active = rows - open;
    let differ = match names {
        0 => String::new(),
        _ => format!(" In {}, the name at the bank differs from the name in the file.", counted(names, "row", "rows")),
    };
    if open > 0 {
        let rest = match active {
            0 => String::new(),
            _ => format!(" {} active.", is_are(active, "other row", "other rows")),
        };
        return Verdict {
            class: "bad",
            headline: format!("{} not confirmed.", is_are(open, "row", "rows")),
            next: format!("Hold these payments back until each row below is cleared.{rest}{differ}"),
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

fn facts(server: &str, checked: Option<(u64, u64)>, made: SystemTime, results: &str) -> Vec<(&'static str, String)> {
    let checked = match checked {
        Some((first, last)) if first == last => cell::time(first),
        Some((first, last)) => format!("{} to {}", cell::time(first), cell::time(last)),
        None => "not yet".to_owned(),
    };
    vec![
        ("Checked", checked),
        ("Server", clean(server)),
        ("Report made", cell::time(millis(made))),
        ("Program", format!("juspay-accounts {}", env!("CARGO_PKG_VERSION"))),
        ("Results", results.to_owned()),
    ]
}

fn bar(outcome: Outcome, number: u64, rows: u64) -> Bar {
    let (class, name, meaning) = described(outcome);
    let width = percent(number, rows);
    Bar { class, name, meaning, rows: grouped(number), share: format!("{width} %"), width }
}

/// The banks with the most rows; the rest are combined.
fn banks(overview: &Overview) -> Vec<BankBar> {
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
    let most = banks.iter().map(|(_, bank)| bank.rows).max().unwrap_or_default();
    let bar = |(name, AtBank { rows, active }): (String, AtBank)| BankBar {
        name,
        rows: grouped(rows),
        active: grouped(active),
        open: grouped(rows - active),
        parts: [("active", active), ("open", rows - active)]
            .into_iter()
            .filter(|(_, number)| *number > 0)
            .map(|(class, number)| (class, percent(number, most)))
            .collect(),
    };
    banks.into_iter().map(bar).collect()
}

fn file_name(path: &Path) -> String {
    clean(&path.file_name().unwrap_or(path.as_os_str()).to_string_lossy())
}

fn more(list: &List, results: &str) -> Option<String> {
    let left = list.count - list.items.len() as u64;
    let rows_are = is_are(left, "more row", "more rows");
    (left > 0).then(|| format!("{rows_are} not listed here, but in {results}."))
}

/// Formats a number with Indian grouping: 12,34,567.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
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

fn rupees(paise: u64) -> String {
    format!("₹{}.{:02}", grouped(paise / 100), paise % 100)
}

fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number), if number == 1 { one } else { many })
}

fn is_are(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", counted(number, one, many), if number == 1 { "is" } else { "are" })
}

#[cfg(test)]
mod tests;
