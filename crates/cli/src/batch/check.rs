//! The check of an input file, before anything of it is sent: every row of it, in memory that does not grow with its
//! rows, but for the 16 bytes of each by which an account is found that comes twice.

use std::hash::{BuildHasher as _, RandomState};
use std::io::{self, Read};

use super::columns::{Column, Header};
use super::row::{self, Account};
use super::rows::{Bad, Found, Row, Rows, Unreadable};
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
    /// The rows whose branch is not in the list.
    pub(crate) unlisted: Unlisted,
}

/// Why a file cannot be checked to its end.
#[derive(Debug)]
pub(crate) enum Stopped {
    /// Something is wrong with the file as a whole, after all that was found before it.
    Problems(Vec<Problem>),
    /// It cannot be read.
    Io(io::Error),
}

/// Checks a whole file.
pub(crate) fn file<R: Read>(input: R) -> Result<Checked, Stopped> {
    let mut rows = Rows::new(input);
    let header = header(&mut rows)?;
    let mut checked = Checked::default();
    let mut accounts = Accounts::default();
    loop {
        let found = match rows.next() {
            Ok(Some(found)) => found,
            Ok(None) => break,
            Err(error) => {
                return Err(match Stopped::from(error) {
                    Stopped::Problems(last) => Stopped::Problems(checked.told().into_iter().chain(last).collect()),
                    stopped @ Stopped::Io(_) => stopped,
                });
            }
        };
        checked.rows += 1;
        let line = found.line();
        let before = checked.problems;
        problems(&found, &header, |column, problem| checked.add(line, column, problem));
        match found {
            Found::Row(row) if checked.problems == before => {
                checked.unlisted.look_up(line, row.get(&header, Column::Ifsc));
                accounts.add(&row, &header);
            }
            _ => checked.invalid += 1,
        }
    }
    checked.lines = rows.lines();
    if checked.rows == 0 {
        return Err(Stopped::one(checked.lines, "there is no row behind the header"));
    }
    checked.add_repeated(accounts.repeated());
    Ok(checked)
}

/// Reads the header, which is the first row.
pub(crate) fn header<R: Read>(rows: &mut Rows<R>) -> Result<Header, Stopped> {
    match rows.next()? {
        None => Err(Stopped::one(1, "the file is empty; a header and rows are expected")),
        Some(Found::Bad { line, problem }) => Err(Stopped::one(line, bad(problem))),
        Some(Found::Row(row)) => Header::read(row.values()).map_err(|problems| {
            Stopped::Problems(problems.into_iter().map(|problem| at(row.line, None, problem)).collect())
        }),
    }
}

/// Tells everything that is wrong with what stands in the place of a row.
pub(crate) fn problems(found: &Found<'_>, header: &Header, mut tell: impl FnMut(Option<Column>, String)) {
    match found {
        Found::Row(row) => row::check(row, header, tell),
        Found::Bad { problem: Bad::NotUtf8 { place }, .. } => {
            tell(header.column(*place), bad(Bad::NotUtf8 { place: *place }));
        }
        Found::Bad { problem, .. } => tell(None, bad(*problem)),
    }
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

fn at(line: u64, column: Option<Column>, problem: impl Into<String>) -> Problem {
    let problem = problem.into();
    match column {
        Some(column) => Problem::new(format!("line {line}, {}", column.name()), &problem),
        None => Problem::new(format!("line {line}"), &problem),
    }
}

impl Stopped {
    fn one(line: u64, problem: impl Into<String>) -> Self {
        Self::Problems(vec![at(line, None, problem)])
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

    fn add(&mut self, line: u64, column: Option<Column>, problem: String) {
        self.problems += 1;
        if self.told.len() < TOLD {
            self.told.push((line, at(line, column, problem)));
        }
    }

    /// They are known last, and told where they stand.
    fn add_repeated(&mut self, repeated: Repeated) {
        self.problems += repeated.0.len() as u64;
        self.invalid += repeated.0.len() as u64;
        let told = repeated.0.iter().take(TOLD).map(|(line, first)| (*line, at(*line, None, repeats(*first))));
        self.told.extend(told);
        self.told.sort_by_key(|(line, _)| *line);
        self.told.truncate(TOLD);
        self.repeated = repeated;
    }
}

/// Rows whose account stands in an earlier one: their lines, in order, each with the line of the first.
#[derive(Debug, Default)]
pub(crate) struct Repeated(Vec<(u64, u64)>);

impl Repeated {
    /// The line that a row repeats.
    pub(crate) fn first(&self, line: u64) -> Option<u64> {
        let index = self.0.binary_search_by_key(&line, |(line, _)| *line).ok()?;
        self.0.get(index).map(|(_, first)| *first)
    }
}

/// The accounts of a file, each as a number of 64 bits. That two different ones have the same happens in one of 37 million
/// files of a million rows, and in another run of the same file it does not: the numbers are other ones each time.
#[derive(Default)]
struct Accounts {
    hasher: RandomState,
    seen: Vec<(u64, u64)>,
    key: Vec<u8>,
}

impl Accounts {
    fn add(&mut self, row: &Row<'_>, header: &Header) {
        self.key.clear();
        self.key.extend_from_slice(row.get(header, Column::CustomerId).as_bytes());
        let customer = self.key.len();
        // No value holds a control character.
        match row::account(row, header) {
            Account::Bank { ifsc, account, .. } => {
                self.key.push(0);
                self.key.extend_from_slice(ifsc.as_bytes());
                self.key.extend_from_slice(account.as_bytes());
            }
            Account::Upi(vpa) => {
                self.key.push(1);
                self.key.extend_from_slice(vpa.as_bytes());
            }
        }
        // An answer does not tell them apart by case either.
        self.key[customer..].make_ascii_lowercase();
        self.seen.push((self.hasher.hash_one(&self.key), row.line));
    }

    fn repeated(mut self) -> Repeated {
        self.seen.sort_unstable();
        let mut repeated = Vec::new();
        for same in self.seen.chunk_by(|(one, _), (other, _)| one == other) {
            if let [(_, first), more @ ..] = same {
                repeated.extend(more.iter().map(|(_, line)| (*line, *first)));
            }
        }
        repeated.sort_unstable();
        Repeated(repeated)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<String> {
        let problems = match file(text.as_bytes()) {
            Ok(checked) => checked.told(),
            Err(Stopped::Problems(problems)) => problems,
            Err(Stopped::Io(error)) => panic!("{error}"),
        };
        problems.into_iter().map(|problem| format!("{}: {}", problem.at, problem.problem)).collect()
    }

    #[test]
    fn rows_and_problems_are_counted() {
        let checked = file(&b"customer_id,bank_code,vpa\nc,b,a@upi\n,,a@upi\nc,b\n\nc,b,b@upi\n"[..]).unwrap();
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
        let checked = file(text.as_bytes()).unwrap();
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
