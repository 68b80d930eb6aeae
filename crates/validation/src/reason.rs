//! The reasons to reject a string. They are detailed, but never quote the string.

use core::fmt;

use crate::character::Character;

/// What is wrong with a string. Lengths and positions count characters; positions start at 1.
///
/// `Display` prints a sentence without the field name, which the caller knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// The string is empty.
    Empty,
    /// The string has too few characters.
    TooShort {
        /// The number of characters in the string.
        length: usize,
        /// The minimum number of characters.
        min: usize,
    },
    /// The string has too many characters.
    TooLong {
        /// The number of characters in the string.
        length: usize,
        /// The maximum number of characters.
        max: usize,
    },
    /// The first character that is not allowed.
    UnexpectedCharacter {
        /// The position of the character, counted from 1.
        position: usize,
        /// The character that is not allowed.
        character: Character,
    },
    /// A word such as `-do-`, which refers to the row above.
    Ditto,
    /// A word such as `N/A` in place of a missing value.
    Placeholder,
    /// A number that a spreadsheet shortened, such as `2.62918E+13`. Its digits are lost.
    Rounded,
    /// `########`, which a spreadsheet shows when a column is too narrow.
    Hidden,
    /// `#N/A` or another spreadsheet error.
    SpreadsheetError,
    /// A marker that makes a spreadsheet treat a value as text: `'00123`, `="00123"`, a leading tab.
    TextGuard,
    /// Commas that separate thousands or lakhs.
    ThousandsSeparators,
    /// Account number: decimals, as in `50100241763.0`.
    DecimalPoint,
    /// IFSC: the fifth character is not the digit 0; often it is the letter O.
    FifthNotZero {
        /// The fifth character.
        character: Character,
    },
    /// IFSC: a digit 0 among the first four letters, which stand for the bank.
    ZeroForLetter {
        /// The position of the character, counted from 1.
        position: usize,
    },
    /// IFSC: it has small letters.
    Lowercase,
    /// IFSC: more or fewer than four letters before the 0.
    BankLetters {
        /// The number of letters before the 0.
        letters: usize,
    },
    /// Only digits, like an account number, in place of the expected value.
    AccountNumber,
    /// A PAN (the tax id of a person or company) in place of the expected value.
    Pan,
    /// A UPI address in place of the expected value.
    UpiAddress,
    /// An IFSC in place of a UPI address.
    Ifsc,
    /// An e-mail address in place of a UPI address.
    EmailAddress,
    /// A mobile number in place of a UPI address.
    MobileNumber,
    /// A payment link that contains the UPI address.
    PaymentLink,
    /// UPI address: angle brackets around the address, usually after a name.
    AngleBrackets,
    /// UPI address: a dot at the end.
    TrailingDot,
    /// UPI address: no `@`.
    MissingAt,
    /// UPI address: more than one `@`.
    SecondAt {
        /// The position of the second `@`, counted from 1.
        position: usize,
    },
    /// UPI address: nothing before the `@`.
    LocalEmpty,
    /// UPI address: too many characters before the `@`.
    LocalTooLong {
        /// The number of characters before the `@`.
        length: usize,
        /// The maximum number of characters.
        max: usize,
    },
    /// UPI address: nothing after the `@`.
    HandleEmpty,
    /// UPI address: a handle without dots that begins with a digit.
    HandleStart {
        /// The position of that digit, counted from 1.
        position: usize,
    },
    /// UPI address: too few characters after the `@`.
    HandleTooShort {
        /// The number of characters after the `@`.
        length: usize,
        /// The minimum number of characters.
        min: usize,
    },
    /// UPI address: too many characters after the `@`.
    HandleTooLong {
        /// The number of characters after the `@`.
        length: usize,
        /// The maximum number of characters.
        max: usize,
    },
    /// UPI address: the handle has a dot and is not one or two labels of 1 to 63 letters or digits, followed by
    /// `.npci`.
    DottedHandle,
    /// Customer id: `.` or `..`, which an HTTP client resolves as part of a path.
    DotSegment,
    /// Amount: a currency before or after the number.
    Currency,
    /// Amount: zero.
    Zero,
    /// Amount: less than zero.
    Negative,
    /// Amount: an unnecessary leading 0.
    LeadingZero,
    /// Amount: a decimal point with no digits after it.
    MissingDecimals,
    /// Amount: more than two decimals.
    TooManyDecimals {
        /// The number of decimals.
        decimals: usize,
    },
    /// Amount: more than [`Amount::MAX`](crate::Amount::MAX).
    TooLarge,
    /// Request: it has neither a bank account nor a UPI address.
    NoAccount,
}

impl Reason {
    /// Returns the position of the wrong character; `None` when the whole string is wrong.
    pub const fn position(self) -> Option<usize> {
        match self {
            Self::UnexpectedCharacter { position, .. }
            | Self::ZeroForLetter { position }
            | Self::SecondAt { position }
            | Self::HandleStart { position } => Some(position),
            Self::FifthNotZero { .. } => Some(5),
            Self::LeadingZero => Some(1),
            _ => None,
        }
    }
}

impl fmt::Display for Reason {
    #[allow(clippy::too_many_lines, reason = "one sentence each")]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooShort { length, min } => write!(f, "it has {}; at least {min} are needed", Characters(*length)),
            Self::TooLong { length, max } => write!(f, "it has {}; at most {max} are allowed", Characters(*length)),
            Self::UnexpectedCharacter { position, character } => write!(f, "character {position} is {character}"),
            Self::FifthNotZero { character } => {
                write!(f, "character 5 is {character}; the digit 0 belongs there")
            }
            Self::ZeroForLetter { position } => {
                write!(f, "character {position} is the digit 0; a letter belongs there, perhaps the letter O")
            }
            Self::BankLetters { letters } => {
                let plural = if *letters == 1 { "" } else { "s" };
                write!(f, "it begins with {letters} letter{plural}; an IFSC begins with the 4 letters of a bank")
            }
            Self::SecondAt { position } => write!(f, "character {position} is a second @; an address has only one"),
            Self::LocalTooLong { length, max } => {
                write!(f, "it has {} before the @; at most {max} are allowed", Characters(*length))
            }
            Self::HandleStart { position } => {
                write!(f, "character {position} is a digit; the part after the @ must begin with a letter")
            }
            Self::HandleTooShort { length, min } => {
                write!(f, "it has {} after the @; at least {min} are needed", Characters(*length))
            }
            Self::HandleTooLong { length, max } => {
                write!(f, "it has {} after the @; at most {max} are allowed", Characters(*length))
            }
            Self::TooManyDecimals { decimals } => write!(f, "it has {decimals} decimals; at most 2 are allowed"),
            Self::Empty => f.write_str("it is empty"),
            Self::Ditto => f.write_str("it refers to the row above; repeat the value here"),
            Self::Placeholder => f.write_str("this stands for a missing value; fill in the value, or leave the field empty"),
            Self::Rounded => f.write_str("a spreadsheet rounded this number; copy it from the source and format the column as text"),
            Self::Hidden => f.write_str("the column was too narrow to show the value; widen it and copy the value again"),
            Self::SpreadsheetError => f.write_str("this is a spreadsheet error; correct the formula and copy the value again"),
            Self::TextGuard => f.write_str("it includes a spreadsheet's text marker, such as a leading apostrophe; remove the marker"),
            Self::ThousandsSeparators => f.write_str("it has thousands separators; write only the digits"),
            Self::DecimalPoint => f.write_str("it has decimals, which a spreadsheet adds to a number; format the column as text"),
            Self::Lowercase => f.write_str("it has small letters; an IFSC has capital letters"),
            Self::AccountNumber => f.write_str("it has only digits, like an account number; perhaps two columns are swapped"),
            Self::Pan => f.write_str("this is a PAN; perhaps two columns are swapped"),
            Self::UpiAddress => f.write_str("this is a UPI address; perhaps two columns are swapped"),
            Self::Ifsc => f.write_str("this is an IFSC; perhaps two columns are swapped"),
            Self::EmailAddress => f.write_str("this looks like an e-mail address; a UPI address ends in the handle of a payment app or bank, such as @upi"),
            Self::MobileNumber => f.write_str("this is a mobile number; ask the payee for the UPI address, which has an @"),
            Self::PaymentLink => f.write_str("this is a payment link; write only the address in it"),
            Self::AngleBrackets => f.write_str("the address is in angle brackets; write only the address"),
            Self::TrailingDot => f.write_str("it ends in a dot; remove the dot"),
            Self::MissingAt => f.write_str("it has no @; a UPI address has the form name@handle"),
            Self::LocalEmpty => f.write_str("the part before the @ is empty"),
            Self::HandleEmpty => f.write_str("the part after the @ is empty"),
            Self::DottedHandle => f.write_str("the part after the @ has a dot, so it must be one of NPCI's forms, such as mobile.npci"),
            Self::DotSegment => f.write_str("an id of one or two dots has a special meaning in a URL; use another id"),
            Self::Currency => f.write_str("it includes a currency; write only the number"),
            Self::Zero => f.write_str("it is zero"),
            Self::Negative => f.write_str("it is less than zero; the least amount is 0.01 rupees"),
            Self::LeadingZero => f.write_str("it has a leading zero; remove the zero"),
            Self::MissingDecimals => f.write_str("no digit follows the decimal point; add the decimals, or remove the point"),
            Self::TooLarge => f.write_str("it is more than 9999999.99 rupees, the limit"),
            Self::NoAccount => f.write_str("the request has no account; add a bank account or a UPI address"),
        }
    }
}

/// Prints `1 character` or `2 characters`.
struct Characters(usize);

impl fmt::Display for Characters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.0 == 1 { "" } else { "s" };
        write!(f, "{} character{plural}", self.0)
    }
}
