//! The error for a rejected text.
//!
//! A message never contains the rejected text or the suggestion, because errors end up in logs and the text may be an
//! account number.

use core::convert::Infallible;
use core::error::Error;
use core::fmt::{self, Write as _};

use alloc::boxed::Box;

use crate::kind::Kind;
use crate::mask::{self, Masked};
use crate::reason::Reason;

/// Why a string was rejected: what is wrong, at which position, and what was probably meant.
///
/// `Display` prints what is wrong: without the string, so that the message may be logged, and without the field name,
/// which the caller adds: `row 7, IFSC: {error}`. [`kind`](Self::kind) is the kind of value that was expected, and
/// [`Kind::accepted`] describes its rule.
///
/// ```
/// use juspay_accounts_validation::{Ifsc, Kind};
///
/// let error = "HDFCO000077".parse::<Ifsc>().unwrap_err();
/// assert_eq!(error.kind(), Kind::Ifsc);
/// assert_eq!(error.position(), Some(5));
/// assert_eq!(error.to_string(), "character 5 is the letter O; the digit 0 belongs there");
/// assert_eq!(error.suggestion(), Some("HDFC0000077"));
/// assert_eq!(
///     error.unmasked("HDFCO000077").to_string(),
///     "\"HDFCO000077\": character 5 is the letter O; the digit 0 belongs there; did you mean HDFC0000077?",
/// );
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ParseError {
    kind: Kind,
    reason: Reason,
    suggestion: Option<Box<str>>,
}

impl ParseError {
    pub(crate) const fn new(kind: Kind, reason: Reason) -> Self {
        Self { kind, reason, suggestion: None }
    }

    pub(crate) fn suggesting(self, suggestion: Option<impl Into<Box<str>>>) -> Self {
        Self { suggestion: suggestion.map(Into::into), ..self }
    }

    /// Returns the kind of value that was expected.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// Returns what is wrong with the string.
    pub const fn reason(&self) -> Reason {
        self.reason
    }

    /// Returns the position of the wrong character, counted from 1; `None` if the reason does not point to a single
    /// character.
    pub const fn position(&self) -> Option<usize> {
        self.reason.position()
    }

    /// Returns the value that was probably meant, unmasked. It is a valid value of this [`kind`](Self::kind).
    ///
    /// The suggestion is a guess that a person has to confirm. Use `clean` for repairs that are certain.
    pub fn suggestion(&self) -> Option<&str> {
        self.suggestion.as_deref()
    }

    /// Returns the suggestion, masked like a value of its kind.
    pub fn masked_suggestion(&self) -> Option<Masked<'_>> {
        self.suggestion().map(|suggestion| mask::of(self.kind, suggestion))
    }

    /// Returns the message with the rejected text and the suggestion unmasked, for a screen where both may be shown.
    pub fn unmasked<'a>(&'a self, text: &'a str) -> impl fmt::Display + 'a {
        fmt::from_fn(move |f| {
            // `{:?}` would also escape the vowel signs of Indian scripts, and `escape_debug` the apostrophe.
            f.write_char('"')?;
            for (number, part) in text.split('\'').enumerate() {
                write!(f, "{}{}", if number > 0 { "'" } else { "" }, part.escape_debug())?;
            }
            write!(f, "\": {self}")?;
            match self.suggestion() {
                Some(suggestion) => write!(f, "; did you mean {suggestion}?"),
                None => Ok(()),
            }
        })
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.reason.fmt(f)
    }
}

/// Prints `****` in place of the suggestion, which may be a secret.
impl fmt::Debug for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ParseError")
            .field("kind", &self.kind)
            .field("reason", &self.reason)
            .field("suggestion", &self.suggestion.as_ref().map(|_| format_args!("****")))
            .finish()
    }
}

impl Error for ParseError {}

/// Lets a parameter of type `impl TryInto<T, Error: Into<ParseError>>` also accept a `T`.
impl From<Infallible> for ParseError {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}
