//! Findings about a row: what is wrong, and what is unusual.

use std::borrow::Cow;
use std::fmt;

use juspay_accounts_validation::{Advice, Amount, ParseError, Reason};

use crate::input::{Column, Misshapen};
use crate::text::{count, masked_suggestion};

/// A problem with a row. `Display` prints a sentence without the place of the problem, and without accounts or names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// It is unclear which cell belongs to which column.
    Misshapen(Misshapen),
    /// A value is invalid.
    Value(Column, ParseError),
    /// A customer id begins with the apostrophe that the results have before a sign. It would be the id of another
    /// customer.
    Marked(Column),
    /// A composed value lacks the part with this name.
    Incomplete(Column, String),
    /// The account number is a word such as "ditto".
    Ditto,
    /// The account number is stored as a number and has lost digits.
    Rounded,
    /// The number to confirm the account number, in the column with this name, is another one.
    Unconfirmed(String),
    /// The row has both a bank account and a UPI address.
    TwoAccounts,
    /// The row has neither a bank account nor a UPI address.
    NoAccount,
    /// The penny drop exceeds the limit.
    TooMuch(Amount),
    LongReference,
    Reference,
    /// An earlier row has the same account of the same customer.
    Repeats(u32),
}

/// Something unusual about a row or the file. The rows are sent anyway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unusual {
    Value(Column, Advice),
    Number,
    Hidden,
    /// An earlier row has almost the same payee.
    Like(Likeness, u32),
    SameIfsc,
}

/// How a payee resembles the payee of an earlier row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Likeness {
    /// The same number with more or fewer leading zeros.
    LeadingZeros,
    /// The same number with another IFSC.
    OtherIfsc,
    /// The same account for another customer.
    OtherCustomer,
}

/// The maximum length of a reference, in characters.
pub(crate) const REFERENCE: usize = 255;

impl Flaw {
    pub(crate) fn column(&self) -> Option<Column> {
        match self {
            Self::Value(column, _) | Self::Marked(column) | Self::Incomplete(column, _) => Some(*column),
            Self::Ditto | Self::Rounded | Self::Unconfirmed(_) => Some(Column::Account),
            Self::TooMuch(_) => Some(Column::Amount),
            Self::LongReference | Self::Reference => Some(Column::Reference),
            Self::Misshapen(_) | Self::TwoAccounts | Self::NoAccount | Self::Repeats(_) => None,
        }
    }

    /// The probable correction, unmasked.
    pub(crate) fn suggestion(&self) -> Option<&str> {
        if let Self::Value(_, error) = self { error.suggestion() } else { None }
    }

    /// The probable correction, masked.
    pub(crate) fn masked_suggestion(&self) -> Option<String> {
        if let Self::Value(_, error) = self { masked_suggestion(error) } else { None }
    }

    /// Describes the kind of finding, without details that differ from row to row.
    pub(crate) fn kind(&self) -> Cow<'static, str> {
        match self {
            Self::Misshapen(Misshapen::TooFew { .. }) => "the row has fewer cells than the header".into(),
            Self::Misshapen(Misshapen::TooMany { .. }) => "the row has more cells than the header".into(),
            Self::TooMuch(_) => "the amount is higher than --max-amount".into(),
            Self::Repeats(_) => "the row repeats the account and customer of an earlier row".into(),
            Self::Value(_, error) => match error.reason() {
                Reason::TooShort { .. } => "it is too short".into(),
                Reason::TooLong { .. } => "it is too long".into(),
                Reason::UnexpectedCharacter { .. } => "it has a character that is not allowed".into(),
                Reason::FifthNotZero { .. } => "character 5 is not the digit 0".into(),
                Reason::ZeroForLetter { .. } => "it has the digit 0 among the letters of the bank".into(),
                Reason::BankLetters { .. } => "it does not begin with the 4 letters of a bank".into(),
                Reason::SecondAt { .. } => "it has a second @".into(),
                Reason::TooManyDecimals { .. } => "it has too many decimals".into(),
                reason => reason.to_string().into(),
            },
            other => other.to_string().into(),
        }
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Misshapen(misshapen) => misshapen.fmt(f),
            Self::Value(_, error) => error.fmt(f),
            Self::Marked(_) => {
                f.write_str("it begins with an apostrophe, by which spreadsheets mark text; remove the apostrophe")
            }
            Self::Incomplete(_, part) => {
                write!(f, "it is made from {part}, which is empty in this row; fill in the cell, use another column, or set one value for all rows")
            }
            Self::Ditto => Advice::Ditto.fmt(f),
            Self::Rounded => f.write_str(
                "a spreadsheet stored it as a number and kept only 15 digits; format the column as text, and then copy the number from the source again",
            ),
            Self::Unconfirmed(column) => {
                write!(f, "it differs from {column}; ask the payee which of the two is right, and correct the other, or do not compare them: --column confirm_account=")
            }
            Self::TwoAccounts => f.write_str(
                "the row has both a bank account and a UPI address; leave one of them empty, or read only one kind: --column vpa= or --column account= --column ifsc=",
            ),
            Self::NoAccount => f.write_str("the row has no account; a payee has an account number and an IFSC, or a UPI address; if it is a remark, leave a blank row above it"),
            Self::TooMuch(amount) => write!(f, "the penny drop would pay {amount} rupees, more than --max-amount allows"),
            Self::LongReference => write!(f, "it has more than {REFERENCE} characters; shorten it"),
            Self::Reference => f.write_str("it has a line break or a control character; remove it"),
            Self::Repeats(first) => {
                write!(f, "the row repeats the account and customer of row {first}; leave one of the two out")
            }
        }
    }
}

impl fmt::Display for Misshapen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooFew { cells, expected } => {
                let cells = count(*cells as u64, "cell", "cells");
                write!(f, "the row has {cells}, but the header has {expected}; perhaps a separator is missing")
            }
            Self::TooMany { cells, expected } => write!(
                f,
                "the row has {cells} cells, but the header has {expected}; perhaps a value with a separator in it lacks quotation marks"
            ),
            Self::OpenQuote => f.write_str(
                "a value contains text that looks like other rows; perhaps the quotation mark before the value should not be there",
            ),
        }
    }
}

impl Likeness {
    fn of(self, row: &str) -> String {
        let what = match self {
            Self::LeadingZeros => "number with more or fewer leading zeros; one of them may be wrong",
            Self::OtherIfsc => "number with another IFSC; one of them may be wrong",
            Self::OtherCustomer => "account for another customer",
        };
        format!("{row} has the same {what}")
    }
}

impl Unusual {
    pub(crate) fn column(self) -> Option<Column> {
        match self {
            Self::Value(column, _) => Some(column),
            Self::Number | Self::Like(..) => Some(Column::Account),
            Self::SameIfsc => Some(Column::Ifsc),
            Self::Hidden => None,
        }
    }

    /// Describes the kind of finding, without details that differ from row to row.
    pub(crate) fn kind(&self) -> Cow<'static, str> {
        match self {
            Self::Like(likeness, _) => likeness.of("another row").into(),
            Self::Value(_, advice) => match advice {
                Advice::AccountNumber { digits_only: true, .. } => {
                    "it has an unusual number of digits; most account numbers have 9 to 18".into()
                }
                Advice::AccountNumber { .. } => "it has letters; most account numbers consist of 9 to 18 digits".into(),
                Advice::LetterAmongDigits { .. } => "among its digits, it has a letter that looks like a digit".into(),
                Advice::NameStart { .. } => "it begins like a spreadsheet formula".into(),
                Advice::NameEdge { .. } => "it begins or ends with a space".into(),
                Advice::NameInvisible { .. } => "it has an invisible character".into(),
                Advice::NameCharacter { .. } => {
                    "it has a character that some gateways refuse: they accept only letters, digits, spaces and ' . - / & ( )".into()
                }
                Advice::LargeAmount { .. } => "it is high for a penny drop; each validation pays this amount".into(),
                Advice::Unlisted { .. } => {
                    "the list of branches lacks it; check the IFSC, which may be mistyped or newer than the list".into()
                }
                advice => advice.to_string().into(),
            },
            other => other.to_string().into(),
        }
    }
}

impl fmt::Display for Unusual {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(_, advice) => advice.fmt(f),
            Self::Number => f.write_str(
                "the workbook stores it as a number, so any leading zeros are lost; compare it with the source",
            ),
            Self::Hidden => f.write_str(
                "the sheet hides this row, perhaps by a filter; show all rows, and delete those that must not be sent",
            ),
            Self::Like(likeness, row) => f.write_str(&likeness.of(&format!("row {row}"))),
            Self::SameIfsc => {
                f.write_str("all rows have the same IFSC; check whether the first was copied to the others by mistake")
            }
        }
    }
}
