//! What is unusual but may be sent.
//!
//! A refusal has to be certain. What is only improbable is said here, and the caller decides.

use core::fmt;

use crate::amount::Amount;
#[cfg(feature = "directory")]
use crate::directory::Bank;
use crate::error::Kind;
use crate::reason::CharacterClass;

/// Something that looks like a slip in a value that is nevertheless accepted.
///
/// `Display` is one sentence, which like that of an error never contains a secret.
///
/// ```
/// use juspay_accounts_validation::AccountNumber;
///
/// let account: AccountNumber = "1234567".parse()?;
/// assert_eq!(
///     account.advice().unwrap().to_string(),
///     "account number: 7 digits long; most have 9 to 18 digits",
/// );
/// # Ok::<(), juspay_accounts_validation::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Advice {
    /// An account number that is not 9 to 18 digits.
    AccountNumber {
        /// How many characters it has.
        length: usize,
        /// Whether all of them are digits.
        digits_only: bool,
    },
    /// A name that begins or ends with a space.
    NameEdge {
        /// Where, counted from 1.
        position: usize,
    },
    /// A name with a character that some gateways refuse.
    NameCharacter {
        /// Where, counted from 1.
        position: usize,
        /// What sort of character it is.
        class: CharacterClass,
    },
    /// More than 10 rupees for a penny drop.
    LargeAmount {
        /// How much.
        amount: Amount,
    },
    /// The same account twice in one request. Each entry is validated, and paid for, by itself.
    Repeated {
        /// Index of the first such entry in the same list, counted from 0 as paths are.
        first: usize,
    },
    /// An IFSC that is not in the [list of branches](crate::directory).
    #[cfg(feature = "directory")]
    Unlisted {
        /// The bank, where the list has one with the first four letters.
        bank: Option<Bank>,
    },
}

impl fmt::Display for Advice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AccountNumber { length, digits_only } => {
                let what = if *digits_only { "digits" } else { "letters and digits" };
                write!(f, "{}: {length} {what} long; most have 9 to 18 digits", Kind::AccountNumber)
            }
            Self::NameEdge { position } => {
                write!(f, "{}: character {position} is a space at the edge of the name", Kind::Name)
            }
            Self::NameCharacter { position, class } => write!(
                f,
                "{}: character {position} is {class}; some gateways accept only letters, \
                 digits, spaces and ' . - / & ( )",
                Kind::Name
            ),
            Self::LargeAmount { amount } => {
                write!(f, "{}: {amount} rupees is a lot for a penny drop, and every validation pays it", Kind::Amount)
            }
            Self::Repeated { first } => {
                write!(f, "the same account as entry [{first}]; each entry is validated and paid for")
            }
            #[cfg(feature = "directory")]
            Self::Unlisted { bank } => {
                write!(f, "{}: ", Kind::Ifsc)?;
                match bank {
                    Some(bank) => write!(f, "no such branch of {bank} is listed")?,
                    None => f.write_str("no bank with these first four letters is listed")?,
                }
                f.write_str("; the list can be out of date, or the code mistyped")
            }
        }
    }
}
