//! What can be wrong with a text, in as much detail as possible without quoting it.

use core::fmt;

use crate::character::Character;

/// What is wrong with a text. Lengths and positions count characters; positions start at 1.
///
/// `Display` prints a sentence without the name of the field, which the caller knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// The text is empty.
    Empty,
    /// Fewer characters than needed.
    TooShort {
        /// Number of characters.
        length: usize,
        /// Minimum.
        min: usize,
    },
    /// More characters than allowed.
    TooLong {
        /// Number of characters.
        length: usize,
        /// Maximum.
        max: usize,
    },
    /// A character that does not belong there; the first such character.
    UnexpectedCharacter {
        /// The position of the character, counted from 1.
        position: usize,
        /// The character.
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
    /// A mark that stops a spreadsheet from changing a value: `'00123`, `="00123"`, a leading tab.
    TextGuard,
    /// Thousands separators.
    ThousandsSeparators,
    /// Account number: decimals, as in `50100241763.0`.
    DecimalPoint,
    /// IFSC: the fifth character is not the digit 0; often it is the letter O.
    FifthNotZero {
        /// The character.
        character: Character,
    },
    /// IFSC: a digit 0 among the four letters of the bank.
    ZeroForLetter {
        /// The position of the character, counted from 1.
        position: usize,
    },
    /// IFSC: small letters.
    Lowercase,
    /// IFSC: more or fewer than four letters before the 0.
    BankLetters {
        /// The number of letters.
        letters: usize,
    },
    /// An account number in another field.
    AccountNumber,
    /// A PAN (the tax id of a person or company) in another field.
    Pan,
    /// A UPI address in another field.
    UpiAddress,
    /// UPI address: an IFSC in its place.
    Ifsc,
    /// UPI address: an e-mail address in its place.
    EmailAddress,
    /// UPI address: a mobile number in its place.
    MobileNumber,
    /// UPI address: a payment link around it.
    PaymentLink,
    /// UPI address: angle brackets around it, usually after a name.
    AngleBrackets,
    /// UPI address: a dot at the end.
    TrailingDot,
    /// UPI address: no `@`.
    MissingAt,
    /// UPI address: more than one `@`.
    SecondAt {
        /// Position of the second one.
        position: usize,
    },
    /// UPI address: nothing before the `@`.
    LocalEmpty,
    /// UPI address: too many characters before the `@`.
    LocalTooLong {
        /// Number of characters.
        length: usize,
        /// Maximum.
        max: usize,
    },
    /// UPI address: nothing after the `@`.
    HandleEmpty,
    /// UPI address: a handle without dots that begins with a digit.
    HandleStart {
        /// Position of the handle.
        position: usize,
    },
    /// UPI address: too few characters after the `@`.
    HandleTooShort {
        /// Number of characters.
        length: usize,
        /// Minimum.
        min: usize,
    },
    /// UPI address: too many characters after the `@`.
    HandleTooLong {
        /// Number of characters.
        length: usize,
        /// Maximum.
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
    /// Amount: a fraction of a paisa.
    TooManyDecimals {
        /// Number of decimals; two is the maximum.
        decimals: usize,
    },
    /// Amount: more than [`Amount::MAX`](crate::Amount::MAX).
    TooLarge,
    /// Request: neither a bank account nor a UPI address.
    NoAccount,
}

impl Reason {
    /// The position of the wrong character; `None` when the whole text is wrong.
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
            Self::SecondAt { position } => write!(f, "character {position} is a second @"),
            Self::LocalTooLong { length, max } => {
                write!(f, "{} before the @; at most {max} are allowed", Characters(*length))
            }
            Self::HandleStart { position } => {
                write!(f, "character {position} is a digit; after the @ comes a letter")
            }
            Self::HandleTooShort { length, min } => {
                write!(f, "{} after the @; at least {min} are needed", Characters(*length))
            }
            Self::HandleTooLong { length, max } => {
                write!(f, "{} after the @; at most {max} are allowed", Characters(*length))
            }
            Self::TooManyDecimals { decimals } => write!(f, "it has {decimals} decimals; at most 2 are allowed"),
            Self::Empty => f.write_str("it is empty"),
            Self::Ditto => f.write_str("it refers to the row above; repeat the value here"),
            Self::Placeholder => f.write_str("this means a missing value; leave it empty, or fill in the value"),
            Self::Rounded => f.write_str("a spreadsheet rounded this number; copy it from the source and format the column as text"),
            Self::Hidden => f.write_str("the column was too narrow to show the value; widen it and copy the value again"),
            Self::SpreadsheetError => f.write_str("this is a spreadsheet error; correct the formula and copy the value again"),
            Self::TextGuard => f.write_str("a spreadsheet's text marker is part of the value"),
            Self::ThousandsSeparators => f.write_str("it has separators for thousands; write digits only"),
            Self::DecimalPoint => f.write_str("it has decimals, which a spreadsheet adds to a number; format the column as text"),
            Self::Lowercase => f.write_str("it has small letters; an IFSC has capital letters"),
            Self::AccountNumber => f.write_str("these are digits only, as in an account number; perhaps two columns have changed places"),
            Self::Pan => f.write_str("this is a PAN; perhaps two columns have changed places"),
            Self::UpiAddress => f.write_str("this is a UPI address; perhaps two columns have changed places"),
            Self::Ifsc => f.write_str("this is an IFSC; perhaps two columns have changed places"),
            Self::EmailAddress => f.write_str("this looks like an e-mail address; a UPI address ends in the handle of a payment app or bank, such as @upi"),
            Self::MobileNumber => f.write_str("this is a mobile number; ask the payee for the UPI address, which has an @"),
            Self::PaymentLink => f.write_str("this is a payment link; only the address in it is needed"),
            Self::AngleBrackets => f.write_str("the address is in angle brackets; write the address only"),
            Self::TrailingDot => f.write_str("it ends in a dot"),
            Self::MissingAt => f.write_str("it has no @"),
            Self::LocalEmpty => f.write_str("there is nothing before the @"),
            Self::HandleEmpty => f.write_str("there is nothing after the @"),
            Self::DottedHandle => f.write_str("a handle with dots ends in .npci, after one or two words of 1 to 63 letters or digits"),
            Self::DotSegment => f.write_str("one or two dots alone have a meaning of their own in a URL"),
            Self::Currency => f.write_str("it has a currency; write the number only"),
            Self::Zero => f.write_str("it is zero"),
            Self::Negative => f.write_str("it is less than zero"),
            Self::LeadingZero => f.write_str("it has a leading zero"),
            Self::MissingDecimals => f.write_str("no digit follows the decimal point"),
            Self::TooLarge => f.write_str("it is more than 9999999.99"),
            Self::NoAccount => f.write_str("there is no account; add a bank account or a UPI address"),
        }
    }
}

/// "1 character", "2 characters".
struct Characters(usize);

impl fmt::Display for Characters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.0 == 1 { "" } else { "s" };
        write!(f, "{} character{plural}", self.0)
    }
}
