//! Values that are accepted but unusual.
//!
//! A value is rejected only when it is certainly wrong. Everything else that looks wrong is advice, and the caller
//! decides.

#[cfg(feature = "directory")]
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
use crate::sentences::sentences;
use crate::shapes::{self, StandIn};
use crate::vpa::Vpa;
use crate::{placeholder, rules};

sentences! {
    /// Something in an accepted value that looks like a slip.
    ///
    /// `Display` prints a sentence without the field name; it never contains a secret. Positions start at 1.
    ///
    /// ```
    /// use juspay_accounts_validation::{AccountNumber, Advice, Ifsc, Name, ParseError, Vpa};
    ///
    /// let advice = AccountNumber::try_from("2640101")?.advice().unwrap();
    /// assert_eq!(advice.to_string(), "it has 7 digits; most account numbers have 9 to 18");
    /// assert_eq!(AccountNumber::try_from("4041000100100450")?.advice(), Some(Advice::PerhapsRounded));
    /// assert_eq!(AccountNumber::try_from("026291800001191")?.advice(), None);
    /// assert_eq!(Vpa::try_from("50100241763@HDFCO000053.ifsc.npci")?.advice(), Some(Advice::NoIfscInAddress));
    /// assert_eq!(
    ///     Name::try_from("Ramesh*")?.advice().unwrap().to_string(),
    ///     "character 7 is an asterisk; some gateways accept only letters, digits, spaces and ' . - / & ( )",
    /// );
    /// assert_eq!(
    ///     Ifsc::try_from("SYNB0000445")?.advice().unwrap().to_string(),
    ///     "Syndicate Bank merged into Canara Bank in 2020, and its IFSCs were withdrawn; \
    ///      ask the payee for the new IFSC",
    /// );
    /// # Ok::<(), ParseError>(())
    /// ```
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum Advice {
        // Account number.
        AccountNumber { length: usize, digits_only: bool } => "it has {length} {signs}; most account numbers {most}",
            signs = if *digits_only { "digits" } else { "letters and digits" },
            most = if *digits_only { "have 9 to 18" } else { "consist of 9 to 18 digits" };
        PerhapsRounded => "all digits after the 15th are zeros; a spreadsheet keeps only 15 digits, so compare the number with the source";
        EqualDigits => "all its digits are the same; check the account number";
        CountingDigits => "its digits count up, as in an example; check the account number";
        LettersOnly => "it has letters only; most account numbers have digits only";
        LetterAmongDigits { position: usize, character: Character } => "character {position} is {character}, among digits; most account numbers have digits only";
        MaskedNumber => "the letters X look like a mask; ask the payee for the whole number";
        Ditto => "it refers to the row above; repeat the account number in this row";
        Pan => "it looks like a PAN; perhaps two columns are swapped";
        IfscAsAccount => "it looks like an IFSC; perhaps two columns are swapped";
        MobileNumber => "it has 10 digits and begins like a mobile number; check that it is the account number";

        // UPI address.
        DotBeforeAt => "it has a dot before the @, probably by mistake; check the address";
        NoIfscInAddress => "the part between @ and .ifsc.npci is not an IFSC";
        NoAccountInAddress => "the part before the @ is not an account number of 5 to 35 letters or digits";

        // Name.
        NameStart { character: Character } => "it begins with {character}, so a spreadsheet takes it for a formula";
        NamePlaceholder => "it looks like a placeholder, not a name";
        NameIsAccount => "it looks like an account, not a name; perhaps two columns are swapped";
        NameEdge { position: usize } => "character {position} is a space at the start or end of the name; remove it";
        NameInvisible { position: usize, character: Character } => "character {position} is {character}, which is invisible";
        NameCharacter { position: usize, character: Character } => "character {position} is {character}; some gateways accept only letters, digits, spaces and ' . - / & ( )";

        // Amount.
        LargeAmount { amount: Amount } => "{amount} rupees is unusually high for a penny drop; each validation pays this amount";

        // Request.
        /// `first` is the position of the first of the two entries, counted from 0 in its list.
        Repeated { first: usize } => "it is the same account as entry [{first}]; each entry is validated, and a bank account is paid each time";

        // IFSC.
        Merged(merger: Merger) => "{bank} merged into {successor} in {year}, and its IFSCs were withdrawn; ask the payee for the new IFSC",
            bank = merger.bank, successor = merger.successor, year = merger.year;
        Unlisted { bank: Option<Bank> } if feature "directory" => "{lacking}; check the IFSC (it may be mistyped, or newer than the list)",
            lacking = fmt::from_fn(|f| match bank {
                Some(bank) => write!(f, "{bank} has no such branch in the list"),
                None => f.write_str("the list has no bank with these first four letters"),
            });
    }
}

impl Kind {
    /// Returns what is unusual about a valid string of this kind, without creating a value. If several things are
    /// unusual, returns the most important. For an invalid string, the result is meaningless.
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

macro_rules! advice {
    ($($Type:ident)*) => {$(
        impl $Type {
            /// Returns what is unusual about the value. If several things are unusual, returns the most important.
            pub fn advice(&self) -> Option<Advice> {
                Kind::$Type.advice(&self.0)
            }
        }
    )*};
}

advice!(AccountNumber Ifsc Name Vpa);

fn account(text: &str) -> Option<Advice> {
    let bytes = text.as_bytes();
    let digits = bytes.iter().filter(|byte| byte.is_ascii_digit()).count();
    match (digits, bytes.len()) {
        (0, _) if shapes::stand_in(text) == Some(StandIn::Ditto) => Some(Advice::Ditto),
        (0, _) => Some(Advice::LettersOnly),
        (digits, length) if digits == length => of_digits(bytes),
        (digits, length) if length - digits > 2 && text.trim_matches(is_digit_or_x).is_empty() => {
            Some(Advice::MaskedNumber)
        }
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

fn is_digit_or_x(c: char) -> bool {
    matches!(c, '0'..='9' | 'x' | 'X')
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
            // Some words of Arabic and of Indian scripts contain a joiner.
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

fn ifsc(text: &str) -> Option<Advice> {
    let merged = text.get(..4).and_then(merged::of_bank).map(Advice::Merged);
    #[cfg(feature = "directory")]
    let merged = merged.or_else(|| match directory::listing(text) {
        Listing::Listed(_) => None,
        listing => Some(Advice::Unlisted { bank: listing.bank() }),
    });
    merged
}
