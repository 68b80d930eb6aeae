//! The check of an input file, before anything of it is sent: every row of it, in memory that hardly grows with its rows.

use std::hash::RandomState;
use std::io::{self, Read};

use super::columns::{Column, Header};
use super::repeated::{Accounts, Repeated};
use super::row;
use super::rows::{Bad, Cells, Found, Rows, Unreadable};
use super::unlisted::Unlisted;
use crate::failure::Problem;
use crate::lines::LONGEST;

/// So many problems are told; of the others, only how many there are.
pub(crate) const TOLD: usize = 100;

/// What is known of a file that was read to its end.
#[derive(Debug, Default)]
pub(crate) struct Checked {
    /// How many rows it has, the header not counted.
    pub(crate) rows: u64,
    /// How many lines it has.
    pub(crate) lines: u64,
    /// How many rows cannot be sent.
    pub(crate) invalid: u64,
    /// How many problems there are.
    pub(crate) problems: u64,
    /// The first of them, each with its line.
    told: Vec<(u64, Problem)>,
    /// The rows whose account stands in an earlier one.
    pub(crate) repeated: Repeated,
    /// The rows whose IFSC is in no list.
    pub(crate) unlisted: Unlisted,
}

/// Why a file cannot be checked to its end.
#[derive(Debug)]
pub(crate) enum Stopped {
    /// Something is wrong with the file as a whole, after all that was found before it.
    Problems(Vec<Problem>),
    /// It cannot be read.
    Io(io::Error),
    /// What is kept of its rows finds no place.
    Spill(io::Error),
}

/// Checks rows of a file, not necessarily all of them.
pub(crate) struct Checker<'a> {
    header: &'a Header,
    checked: Checked,
    accounts: Accounts,
}

impl<'a> Checker<'a> {
    /// For all rows of a file, the hasher has to be the same.
    pub(crate) fn new(header: &'a Header, hasher: RandomState) -> Self {
        Self { header, checked: Checked::default(), accounts: Accounts::new(hasher) }
    }

    /// Checks rows to their end.
    pub(crate) fn check<R: Read>(&mut self, rows: &mut Rows<R>) -> Result<(), Stopped> {
        let Self { header, checked, accounts } = self;
        while rows.advance()? {
            checked.rows += 1;
            let before = checked.problems;
            match &rows.found() {
                Found::Row(row) => {
                    let mut cells = Cells::default();
                    row::check(cells.fill(row, header), header, |column, problem| {
                        checked.add(row.line, column, &problem);
                    });
                    if checked.problems == before {
                        checked.unlisted.look_up(row.line, cells.get(Column::Ifsc));
                        accounts.add(&cells, row.line).map_err(Stopped::Spill)?;
                    }
                }
                Found::Bad { line, problem } => {
                    no_row(*problem, header, |column, problem| checked.add(*line, column, &problem));
                }
            }
            checked.invalid += u64::from(checked.problems > before);
        }
        checked.lines = checked.lines.max(rows.lines());
        Ok(())
    }

    /// What is known of what was checked so far.
    pub(crate) fn into_checked(self) -> Checked {
        self.checked
    }

    /// What is known of a file when all of its rows were checked, by one or more.
    pub(crate) fn finish(all: Vec<Self>) -> Result<Checked, Stopped> {
        let (checked, accounts): (Vec<_>, Vec<_>) = all.into_iter().map(|one| (one.checked, one.accounts)).unzip();
        let mut checked = checked.into_iter().fold(Checked::default(), Checked::and);
        if checked.rows == 0 {
            return Err(Stopped::one(checked.lines, "there is no row behind the header"));
        }
        checked.add_repeated(Repeated::find(&accounts).map_err(Stopped::Spill)?);
        Ok(checked)
    }
}

/// Reads the header, which is the first row.
pub(crate) fn header<R: Read>(rows: &mut Rows<R>) -> Result<Header, Stopped> {
    match rows.next()? {
        None => Err(Stopped::one(1, "the file is empty; a header and rows are expected")),
        Some(Found::Bad { line, problem }) => Err(Stopped::one(line, bad(problem))),
        Some(Found::Row(row)) => Header::read(row.values().into_iter()).map_err(|problems| {
            Stopped::Problems(problems.into_iter().map(|problem| at(row.line, None, &problem)).collect())
        }),
    }
}

/// Tells everything that is wrong with what stands in the place of a row.
pub(crate) fn problems(found: &Found<'_>, header: &Header, tell: impl FnMut(Option<Column>, String)) {
    match found {
        Found::Row(row) => row::check(Cells::default().fill(row, header), header, tell),
        Found::Bad { problem, .. } => no_row(*problem, header, tell),
    }
}

/// Tells why something is no row.
fn no_row(problem: Bad, header: &Header, mut tell: impl FnMut(Option<Column>, String)) {
    let column = match problem {
        Bad::NotUtf8 { place } => header.column(place),
        Bad::LineBreak => None,
    };
    tell(column, bad(problem));
}

fn bad(problem: Bad) -> String {
    match problem {
        Bad::LineBreak => "a quoted value goes on in the next line; no value has a line break".to_owned(),
        Bad::NotUtf8 { .. } => "this is not UTF-8 text".to_owned(),
    }
}

/// What is said of a row that repeats the account of an earlier one.
pub(crate) fn repeats(first: u64) -> String {
    format!("the same account of the same customer as in line {first}; it would be validated, and paid for, twice")
}

fn at(line: u64, column: Option<Column>, problem: &str) -> Problem {
    match column {
        Some(column) => Problem::new(format!("line {line}, {}", column.name()), problem),
        None => Problem::new(format!("line {line}"), problem),
    }
}

impl Stopped {
    fn one(line: u64, problem: impl AsRef<str>) -> Self {
        Self::Problems(vec![at(line, None, problem.as_ref())])
    }
}

impl From<io::Error> for Stopped {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<Unreadable> for Stopped {
    fn from(error: Unreadable) -> Self {
        match error {
            Unreadable::Io(error) => Self::Io(error),
            Unreadable::TooLong { line } => {
                Self::one(line, format!("the line has more than {LONGEST} bytes, as no row has; the rest was not read"))
            }
            Unreadable::OpenQuote { line } => {
                Self::one(line, "a quote is opened and not closed; the rest was not read")
            }
            Unreadable::Utf16 => Self::one(1, "this is UTF-16 text; accepted: UTF-8"),
        }
    }
}

impl Checked {
    /// The first problems, in the order of the file.
    pub(crate) fn told(self) -> Vec<Problem> {
        self.told.into_iter().map(|(_, problem)| problem).collect()
    }

    fn add(&mut self, line: u64, column: Option<Column>, problem: &str) {
        self.problems += 1;
        if self.told.len() < TOLD {
            self.told.push((line, at(line, column, problem)));
        }
    }

    /// Adds what is known of other rows of the same file.
    fn and(mut self, other: Self) -> Self {
        self.rows += other.rows;
        self.lines = self.lines.max(other.lines);
        self.invalid += other.invalid;
        self.problems += other.problems;
        self.tell(other.told);
        self.unlisted = self.unlisted.and(other.unlisted);
        self
    }

    /// They are known last, and told where they stand.
    fn add_repeated(&mut self, repeated: Repeated) {
        self.problems += repeated.len();
        self.invalid += repeated.len();
        self.tell(repeated.iter().take(TOLD).map(|(line, first)| (line, at(line, None, &repeats(first)))));
        self.repeated = repeated;
    }

    /// Keeps the first of all problems.
    fn tell(&mut self, more: impl IntoIterator<Item = (u64, Problem)>) {
        self.told.extend(more);
        self.told.sort_by_key(|(line, _)| *line);
        self.told.truncate(TOLD);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::parallel;

    fn told(text: &str) -> Vec<String> {
        let problems = match parallel::file(|| Ok(text.as_bytes())) {
            Ok((checked, _)) => checked.told(),
            Err(Stopped::Problems(problems)) => problems,
            Err(Stopped::Io(error) | Stopped::Spill(error)) => panic!("{error}"),
        };
        problems.into_iter().map(|problem| format!("{}: {}", problem.at, problem.problem)).collect()
    }

    #[test]
    fn rows_and_problems_are_counted() {
        let text = b"customer_id,bank_code,vpa\nc,b,a@upi\n,,a@upi\nc,b\n\nc,b,b@upi\n";
        let (checked, _) = parallel::file(|| Ok(&text[..])).unwrap();
        let Checked { rows, lines, invalid, problems, .. } = checked;
        assert_eq!((rows, lines, invalid, problems), (4, 6, 2, 3));
    }

    #[test]
    fn an_account_that_comes_twice_is_told_where_it_comes_again() {
        let head = "customer_id,bank_code,ifsc,account,vpa";
        let told = told(&format!(
            "{head}\nc,b,YESB0000262,0012345,\nc,b,,,a@upi\nd,b,,,a@upi\nc,x,,,A@UPI\nc,b,YESB0000262,12345,\n\
             c,b,yesb,,\nc,b,YESB0000262,0012345,\nC,b,YESB0000262,0012345,\nc,b,,,a@upi\n"
        ));
        let expected = [
            "line 5: the same account of the same customer as in line 3; it would be validated, and paid for, twice",
            "line 7, ifsc: IFSC: character 1 is a lower-case letter",
            "line 7, account: account number: it is empty",
            "line 8: the same account of the same customer as in line 2",
            "line 10: the same account of the same customer as in line 3",
        ];
        assert_eq!(told.len(), expected.len(), "{told:#?}");
        for (told, expected) in told.iter().zip(expected) {
            assert!(told.starts_with(expected), "{told}");
        }
    }

    #[test]
    fn only_the_first_problems_are_told_and_all_are_counted() {
        let text = format!("customer_id,bank_code,vpa\n{}{}", "c,b,@\n".repeat(150), "c,b,a@upi\n".repeat(150));
        let (checked, _) = parallel::file(|| Ok(text.as_bytes())).unwrap();
        assert_eq!((checked.problems, checked.invalid), (299, 299));
        assert_eq!((checked.repeated.first(152), checked.repeated.first(153)), (None, Some(152)));
        let told = checked.told();
        assert_eq!((told.len(), told[99].at.as_str()), (TOLD, "line 101, vpa"));
    }

    #[test]
    fn what_stops_the_reading_is_told_after_what_was_found() {
        assert_eq!(
            told("customer_id,bank_code,vpa\nc,b,@\nc,b,\"a@upi\n"),
            [
                "line 2, vpa: UPI address: nothing stands before the @ (accepted: 1 to 255 letters, digits, dots, hyphens or \
             underscores, then @, then a handle: a letter and 1 to 63 letters or digits, or one of NPCI's forms that end \
             in .npci)",
                "line 3: a quote is opened and not closed; the rest was not read",
            ]
        );
    }
}
