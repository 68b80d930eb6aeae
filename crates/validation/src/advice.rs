//! Values that are accepted but unusual.
//!
//! A value is rejected only when it is certainly wrong. Everything else that looks wrong is advice, and the caller
//! decides.

use core::fmt;

use crate::account::AccountNumber;
use crate::amount::Amount;
use crate::character::{Character, is_direction, is_zero_width};
#[cfg(feature = "directory")]
use crate::directory::{self, Bank, Listing};
use crate::ifsc::Ifsc;
use crate::kind::Kind;
use crate::merged::{self, Merger};
use crate::name::{Name, is_usual};
use crate::shapes::{self, StandIn};
use crate::vpa::Vpa;
use crate::{placeholder, rules};

/// Something in an accepted value that looks like a slip.
///
/// `Display` prints a sentence without the field name; it never contains a secret.
///
/// ```
/// use juspay_accounts_validation::AccountNumber;
///
/// let account: AccountNumber = "2640101".parse()?;
/// let advice = account.advice().unwrap();
/// assert_eq!(advice.to_string(), "it has 7 digits; most account numbers have 9 to 18");
/// # Ok::<(), juspay_accounts_validation::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Advice {
    /// Account number: it is not 9 to 18 digits, as most are.
    AccountNumber {
        /// The number of characters.
        length: usize,
        /// Whether all of them are digits.
        digits_only: bool,
    },
    /// Account number: all digits after the 15th are zeros. A spreadsheet keeps only 15 digits.
    PerhapsRounded,
    /// Account number: all digits are the same.
    EqualDigits,
    /// Account number: the digits count up, as in an example.
    CountingDigits,
    /// Account number: letters only.
    LettersOnly,
    /// Account number: a letter among digits that looks like a digit.
    LetterAmongDigits {
        /// The position of the character, counted from 1.
        position: usize,
        /// The letter, such as the letter O.
        character: Character,
    },
    /// Account number: a word such as `ditto`, which refers to the row above.
    Ditto,
    /// Account number: it has the form of a PAN, the tax id of a person or company.
    Pan,
    /// Account number: it has the form of an IFSC.
    IfscAsAccount,
    /// Account number: ten digits, like a mobile number.
    MobileNumber,
    /// UPI address: a dot before the `@`.
    DotBeforeAt,
    /// UPI address of the form `<account>@<IFSC>.ifsc.npci`: the IFSC part is not an IFSC.
    NoIfscInAddress,
    /// UPI address of the form `<account>@<IFSC>.ifsc.npci`: the account part is not an account number.
    NoAccountInAddress,
    /// Name: it begins with a character that starts a formula in a spreadsheet.
    NameStart {
        /// The first character of the name.
        character: Character,
    },
    /// Name: a placeholder such as `test` or `NA`.
    NamePlaceholder,
    /// Name: it is an account number or a UPI address.
    NameIsAccount,
    /// Name: it begins or ends with a space.
    NameEdge {
        /// The position of the character, counted from 1.
        position: usize,
    },
    /// Name: it contains an invisible character.
    NameInvisible {
        /// The position of the character, counted from 1.
        position: usize,
        /// The invisible character.
        character: Character,
    },
    /// Name: it contains a character that some gateways reject.
    NameCharacter {
        /// The position of the character, counted from 1.
        position: usize,
        /// The character that some gateways reject.
        character: Character,
    },
    /// Amount: more than 10 rupees for a penny drop.
    LargeAmount {
        /// The amount of each penny drop.
        amount: Amount,
    },
    /// Request: the same account twice. Each entry is validated, and a bank account is paid for each time.
    Repeated {
        /// The index of the first of the two entries, counted from 0 in its list.
        first: usize,
    },
    /// IFSC: the bank merged into another, and its IFSCs were withdrawn.
    Merged(Merger),
    /// IFSC: not in the [list of branches](crate::directory).
    #[cfg(feature = "directory")]
    Unlisted {
        /// The bank that owns the first four letters, if the list has it.
        bank: Option<Bank>,
    },
}

impl fmt::Display for Advice {
    #[allow(clippy::too_many_lines, reason = "one sentence each")]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AccountNumber { length, digits_only: true } => {
                write!(f, "it has {length} digits; most account numbers have 9 to 18")
            }
            Self::AccountNumber { length, digits_only: false } => {
                write!(f, "it has {length} letters and digits; most account numbers consist of 9 to 18 digits")
            }
            Self::PerhapsRounded => f.write_str(
                "all digits after the 15th are zeros; a spreadsheet keeps only 15 digits, so compare it with the source",
            ),
            Self::EqualDigits => f.write_str("all its digits are the same; check the account number"),
            Self::CountingDigits => f.write_str("its digits count up, as in an example; check the account number"),
            Self::LettersOnly => f.write_str("it has letters only; most account numbers have digits only"),
            Self::LetterAmongDigits { position, character } => {
                write!(f, "character {position} is {character}, among digits; most account numbers have digits only")
            }
            Self::Ditto => f.write_str("it refers to the row above; repeat the account number here"),
            Self::Pan => f.write_str("it looks like a PAN; perhaps two columns are swapped"),
            Self::IfscAsAccount => f.write_str("it looks like an IFSC; perhaps two columns are swapped"),
            Self::MobileNumber => f.write_str("it has 10 digits and begins like a mobile number; check that it is the account number"),
            Self::DotBeforeAt => f.write_str("it has a dot before the @, probably by mistake; check the address"),
            Self::NoIfscInAddress => f.write_str("the part between @ and .ifsc.npci is not an IFSC"),
            Self::NoAccountInAddress => f.write_str("the part before the @ is not an account number of 5 to 35 letters or digits"),
            Self::NameStart { character } => {
                write!(f, "it begins with {character}, so a spreadsheet takes it for a formula")
            }
            Self::NamePlaceholder => f.write_str("it looks like a placeholder, not a name"),
            Self::NameIsAccount => f.write_str("it looks like an account, not a name; perhaps two columns are swapped"),
            Self::NameEdge { position } => write!(f, "character {position} is a space at the start or end of the name; remove it"),
            Self::NameInvisible { position, character } => {
                write!(f, "character {position} is {character}, which is invisible")
            }
            Self::NameCharacter { position, character } => write!(
                f,
                "character {position} is {character}; some gateways accept only letters, digits, spaces and ' . - / & ( )"
            ),
            Self::LargeAmount { amount } => {
                write!(f, "{amount} rupees is unusually much for a penny drop; each validation pays this amount")
            }
            Self::Repeated { first } => {
                write!(f, "it is the same account as entry [{first}]; each entry is validated, and a bank account is paid for each time")
            }
            Self::Merged(Merger { bank, successor, year }) => write!(
                f,
                "{bank} merged into {successor} in {year}, and its IFSCs were withdrawn; ask the payee for the new IFSC",
            ),
            #[cfg(feature = "directory")]
            Self::Unlisted { bank: Some(bank) } => {
                write!(f, "{bank} has no such branch in the list; check the IFSC (it may be mistyped, or newer than the list)")
            }
            #[cfg(feature = "directory")]
            Self::Unlisted { bank: None } => f.write_str(
                "the list has no bank with these first four letters; check the IFSC (it may be mistyped, or newer than the list)",
            ),
        }
    }
}

impl Kind {
    /// Returns advice about a valid string of this kind without creating a value, the same as the method `advice` of
    /// the value's type. For an invalid string, the result is meaningless.
    ///
    /// ```
    /// use juspay_accounts_validation::{Advice, Kind};
    ///
    /// assert_eq!(Kind::AccountNumber.advice("026291800001191"), None);
    /// assert_eq!(Kind::Vpa.advice("someone.@upi"), Some(Advice::DotBeforeAt));
    /// ```
    pub fn advice(self, text: &str) -> Option<Advice> {
        match self {
            Self::Ifsc => ifsc(text),
            Self::AccountNumber => account(text),
            Self::Vpa => vpa(text),
            Self::Name => name(text),
            Self::Amount => Amount::try_from(text).ok().and_then(Amount::advice),
            _ => None,
        }
    }
}

impl AccountNumber {
    /// Returns what is unusual about the number. Of several signs, only the strongest is returned.
    ///
    /// ```
    /// use juspay_accounts_validation::{AccountNumber, Advice};
    ///
    /// let advice = |text: &str| text.parse::<AccountNumber>().map(|account| account.advice());
    /// assert_eq!(advice("026291800001191")?, None);
    /// assert_eq!(advice("4041000100100450")?, Some(Advice::PerhapsRounded));
    /// assert_eq!(advice("HDFC0000053")?, Some(Advice::IfscAsAccount));
    /// # Ok::<(), juspay_accounts_validation::ParseError>(())
    /// ```
    pub fn advice(&self) -> Option<Advice> {
        account(&self.0)
    }
}

fn account(text: &str) -> Option<Advice> {
    let bytes = text.as_bytes();
    let digits = bytes.iter().filter(|byte| byte.is_ascii_digit()).count();
    match (digits, bytes.len()) {
        (0, _) if shapes::stand_in(text) == Some(StandIn::Ditto) => Some(Advice::Ditto),
        (0, _) => Some(Advice::LettersOnly),
        (digits, length) if digits == length => of_digits(bytes),
        _ if shapes::is_pan(text) => Some(Advice::Pan),
        _ if rules::check(Kind::Ifsc, &text.to_ascii_uppercase()).is_ok() => Some(Advice::IfscAsAccount),
        (digits, length) => {
            let at = bytes.iter().position(u8::is_ascii_alphabetic).unwrap_or_default();
            let letter = char::from(bytes.get(at).copied().unwrap_or_default());
            let confused = digits >= 8 && matches!(letter, 'O' | 'o' | 'I' | 'l') && digits + 1 == length;
            Some(if confused {
                Advice::LetterAmongDigits { position: at + 1, character: letter.into() }
            } else {
                Advice::AccountNumber { length, digits_only: false }
            })
        }
    }
}

fn of_digits(digits: &[u8]) -> Option<Advice> {
    let next = |digit: u8| if digit == b'9' { b'0' } else { digit + 1 };
    if digits.array_windows().all(|[one, other]| one == other) {
        return Some(Advice::EqualDigits);
    }
    if digits.array_windows().all(|[one, other]| next(*one) == *other) {
        return Some(Advice::CountingDigits);
    }
    if digits.get(15..).is_some_and(|rest| !rest.is_empty() && rest.iter().all(|digit| *digit == b'0')) {
        return Some(Advice::PerhapsRounded);
    }
    if digits.len() == 10 && matches!(digits.first(), Some(b'6'..=b'9')) {
        return Some(Advice::MobileNumber);
    }
    let length = digits.len();
    (!(9..=18).contains(&length)).then_some(Advice::AccountNumber { length, digits_only: true })
}

impl Vpa {
    /// Returns what is unusual about the address: a dot before the `@`, or an invalid account number or IFSC in an
    /// address of the form `<account>@<IFSC>.ifsc.npci`.
    ///
    /// ```
    /// use juspay_accounts_validation::{Advice, Vpa};
    ///
    /// let vpa: Vpa = "50100241763@HDFCO000053.ifsc.npci".parse()?;
    /// assert_eq!(vpa.advice(), Some(Advice::NoIfscInAddress));
    /// # Ok::<(), juspay_accounts_validation::ParseError>(())
    /// ```
    pub fn advice(&self) -> Option<Advice> {
        vpa(&self.0)
    }
}

fn vpa(text: &str) -> Option<Advice> {
    let (local, handle) = text.split_once('@')?;
    if local.ends_with('.') {
        return Some(Advice::DotBeforeAt);
    }
    let (ifsc, end) = handle.split_once('.')?;
    if !end.eq_ignore_ascii_case("ifsc.npci") {
        return None;
    }
    if rules::check(Kind::Ifsc, &ifsc.to_ascii_uppercase()).is_err() {
        return Some(Advice::NoIfscInAddress);
    }
    rules::check(Kind::AccountNumber, local).err().map(|_| Advice::NoAccountInAddress)
}

impl Name {
    /// Returns what is unusual about the name: it is a placeholder, an account number or a formula, or some gateways
    /// reject one of its characters. All gateways accept letters, digits, spaces and `' . - / & ( )`, with no space at
    /// either end.
    ///
    /// ```
    /// use juspay_accounts_validation::Name;
    ///
    /// let name: Name = "Ramesh*".parse()?;
    /// assert_eq!(
    ///     name.advice().unwrap().to_string(),
    ///     "character 7 is an asterisk; some gateways accept only letters, digits, spaces and ' . - / & ( )",
    /// );
    /// # Ok::<(), juspay_accounts_validation::ParseError>(())
    /// ```
    pub fn advice(&self) -> Option<Advice> {
        name(&self.0)
    }
}

fn name(text: &str) -> Option<Advice> {
    if let Some(first) = text.chars().next().filter(|c| matches!(c, '=' | '+' | '-' | '@')) {
        return Some(Advice::NameStart { character: first.into() });
    }
    if placeholder::is_account(text) {
        return Some(Advice::NameIsAccount);
    }
    if placeholder::is_word(text) {
        return Some(Advice::NamePlaceholder);
    }
    let length = text.chars().count();
    text.chars().zip(1..).find_map(|(c, position)| match c {
        ' ' if position == 1 || position == length => Some(Advice::NameEdge { position }),
        _ if is_usual(c) => None,
        _ if is_zero_width(c) || is_direction(c) => {
            // Some words of Indian scripts contain a joiner.
            let spells = matches!(c, '\u{200c}' | '\u{200d}') && text.chars().any(is_indian);
            (!spells).then(|| Advice::NameInvisible { position, character: c.into() })
        }
        _ => Some(Advice::NameCharacter { position, character: c.into() }),
    })
}

fn is_indian(c: char) -> bool {
    ('\u{600}'..='\u{dff}').contains(&c)
}

impl Amount {
    /// Returns advice about an amount above 10 rupees, because each validation pays it.
    pub fn advice(self) -> Option<Advice> {
        (self.paise() > 1_000).then_some(Advice::LargeAmount { amount: self })
    }
}

impl Ifsc {
    /// Returns what is unusual about the code: its bank merged into another, or the list of branches does not have it.
    /// The list needs the feature `directory`.
    ///
    /// ```
    /// use juspay_accounts_validation::Ifsc;
    ///
    /// let ifsc: Ifsc = "SYNB0000445".parse()?;
    /// assert_eq!(
    ///     ifsc.advice().unwrap().to_string(),
    ///     "Syndicate Bank merged into Canara Bank in 2020, and its IFSCs were withdrawn; \
    ///      ask the payee for the new IFSC",
    /// );
    /// # Ok::<(), juspay_accounts_validation::ParseError>(())
    /// ```
    pub fn advice(&self) -> Option<Advice> {
        ifsc(&self.0)
    }
}

fn ifsc(text: &str) -> Option<Advice> {
    let merged = text.get(..4).and_then(merged::of_bank).map(Advice::Merged);
    #[cfg(feature = "directory")]
    let merged = merged.or_else(|| match directory::listing(text) {
        Listing::Listed(_) => None,
        listing => Some(Advice::Unlisted { bank: listing.bank() }),
    });
    merged
}
