//! What can be wrong with a text, in as much detail as can be told without quoting it.

use core::fmt;

/// What was wrong with a text. Lengths and positions count Unicode scalar values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// There is no text.
    Empty,
    /// Fewer characters than the kind needs.
    TooShort {
        /// How many there are.
        length: usize,
        /// The least that is accepted.
        min: usize,
    },
    /// More characters than the kind may have.
    TooLong {
        /// How many there are.
        length: usize,
        /// The most that is accepted.
        max: usize,
    },
    /// A character that may not stand where it stands. It is the first such character.
    UnexpectedCharacter {
        /// Which one, counted from 1.
        position: usize,
        /// What sort of character it is.
        class: CharacterClass,
    },
    /// IFSC: the fifth character is something other than the digit 0, often the letter O.
    FifthNotZero {
        /// What sort of character stands there instead.
        class: CharacterClass,
    },
    /// VPA: an e-mail address in its place.
    EmailAddress,
    /// VPA: no `@`.
    MissingAt,
    /// VPA: more than one `@`.
    SecondAt {
        /// Where the second one stands, counted from 1.
        position: usize,
    },
    /// VPA: nothing before the `@`.
    LocalEmpty,
    /// VPA: too many characters before the `@`.
    LocalTooLong {
        /// How many there are.
        length: usize,
        /// The most that is accepted.
        max: usize,
    },
    /// VPA: nothing after the `@`.
    HandleEmpty,
    /// VPA: a handle without dots begins with a digit.
    HandleStart {
        /// Where the handle begins, counted from 1.
        position: usize,
    },
    /// VPA: too few characters after the `@`.
    HandleTooShort {
        /// How many there are.
        length: usize,
        /// The least that is accepted.
        min: usize,
    },
    /// VPA: too many characters after the `@`.
    HandleTooLong {
        /// How many there are.
        length: usize,
        /// The most that is accepted.
        max: usize,
    },
    /// VPA: the handle ends in `.npci`, but what precedes that is not one or two labels of 1 to 63
    /// letters or digits.
    DottedHandle,
    /// Customer id: `.` or `..`, which an HTTP client takes for a step within the URL's path.
    DotSegment,
    /// Amount: nothing to pay.
    Zero,
    /// Amount: a needless 0 at the start.
    LeadingZero,
    /// Amount: a decimal point without digits behind it.
    MissingDecimals,
    /// Amount: fractions of a paisa.
    TooManyDecimals {
        /// How many decimals there are; two is the most.
        decimals: usize,
    },
    /// Amount: more than [`Amount::MAX`](crate::Amount::MAX).
    TooLarge,
    /// Request: neither a bank account nor a UPI address.
    NoAccount,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("it is empty"),
            Self::TooShort { length, min } => {
                write!(f, "it has {}, fewer than {min}", Characters(*length))
            }
            Self::TooLong { length, max } => {
                write!(f, "it has {}, more than {max}", Characters(*length))
            }
            Self::UnexpectedCharacter { position, class } => {
                write!(f, "character {position} is {class}")
            }
            Self::FifthNotZero { class } => {
                write!(f, "character 5 is {class}; the fifth character is always the digit 0")
            }
            Self::EmailAddress => f.write_str(
                "this looks like an e-mail address; after the @ of a UPI address stands the \
                 handle of a payment app or bank, not an Internet domain",
            ),
            Self::MissingAt => f.write_str("it has no @"),
            Self::SecondAt { position } => write!(f, "character {position} is a second @"),
            Self::LocalEmpty => f.write_str("nothing stands before the @"),
            Self::LocalTooLong { length, max } => {
                write!(f, "{} before the @, more than {max}", Characters(*length))
            }
            Self::HandleEmpty => f.write_str("nothing stands after the @"),
            Self::HandleStart { position } => {
                write!(f, "character {position} is a digit; the handle after the @ begins with a letter")
            }
            Self::HandleTooShort { length, min } => {
                write!(f, "{} after the @, fewer than {min}", Characters(*length))
            }
            Self::HandleTooLong { length, max } => {
                write!(f, "{} after the @, more than {max}", Characters(*length))
            }
            Self::DottedHandle => {
                f.write_str("before .npci stand one or two labels, each of 1 to 63 letters or digits")
            }
            Self::DotSegment => f.write_str("one or two dots alone would be resolved as a step within the URL's path"),
            Self::Zero => f.write_str("it is zero"),
            Self::LeadingZero => f.write_str("it begins with a needless 0"),
            Self::MissingDecimals => f.write_str("no digit follows the decimal point"),
            Self::TooManyDecimals { decimals } => {
                write!(f, "it has {decimals} decimals; a paisa is not divided, and nothing is rounded here")
            }
            Self::TooLarge => f.write_str("it is too large"),
            Self::NoAccount => f.write_str("no account at all: add at least one bank account or UPI address"),
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

/// What sort of character was found: as much as an error may tell about it.
///
/// `Display` has an article: `a space`, `a digit`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CharacterClass {
    /// A control character, such as a tab or the end of a line.
    Control,
    /// The ASCII space.
    Space,
    /// One of `a` to `z`.
    LowercaseLetter,
    /// One of `A` to `Z`.
    UppercaseLetter,
    /// One of `0` to `9`.
    Digit,
    /// Any other visible ASCII character.
    Symbol,
    /// Anything outside ASCII that is no control character.
    NonAscii,
}

impl CharacterClass {
    pub(crate) fn of(c: char) -> Self {
        match c {
            _ if c.is_control() => Self::Control,
            ' ' => Self::Space,
            'a'..='z' => Self::LowercaseLetter,
            'A'..='Z' => Self::UppercaseLetter,
            '0'..='9' => Self::Digit,
            _ if c.is_ascii() => Self::Symbol,
            _ => Self::NonAscii,
        }
    }
}

impl fmt::Display for CharacterClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Control => "a control character",
            Self::Space => "a space",
            Self::LowercaseLetter => "a lower-case letter",
            Self::UppercaseLetter => "a capital letter",
            Self::Digit => "a digit",
            Self::Symbol => "a punctuation mark or symbol",
            Self::NonAscii => "a non-ASCII character",
        })
    }
}
