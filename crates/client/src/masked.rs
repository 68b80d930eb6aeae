//! Values of a response that need their own types: an amount that arrives as a number or as a string, and strings that
//! must not be printed by accident.
//!
//! None of them rejects a value of another type: when a response is read, the money has already moved.

use std::fmt;
use std::marker::PhantomData;

use juspay_accounts_validation::{AccountNumber, Name, Vpa, mask};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::generated::lenient;

/// An amount in rupees as it was received: a number or a string. It is serialized in the same form. A value of another
/// type is kept as a string: an array as `[…]`, and an object as `{…}`.
///
/// ```
/// use juspay_accounts::ReceivedAmount;
///
/// let amounts: Vec<ReceivedAmount> = serde_json::from_str(r#"[1, 1.0, "1.50", "a lot"]"#)?;
/// let paise: Vec<_> = amounts.iter().map(ReceivedAmount::paise).collect();
/// assert_eq!(paise, [Some(100), Some(100), Some(150), None]);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ReceivedAmount(#[serde(deserialize_with = "number_or_text")] Value);

impl ReceivedAmount {
    /// Returns the amount in paise (hundredths of a rupee). `None` if it is negative, has a fraction of a paisa, is not
    /// a number, or is too large for a `u64`.
    pub fn paise(&self) -> Option<u64> {
        let text = self.to_string();
        let (rupees, decimals) = text.trim().split_once('.').unwrap_or((text.trim(), "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(rupees) || !digits(decimals) || decimals.bytes().skip(2).any(|digit| digit != b'0') {
            return None;
        }
        let paise: u64 = format!("{decimals:0<2}").get(..2)?.parse().ok()?;
        rupees.parse::<u64>().ok()?.checked_mul(100)?.checked_add(paise)
    }
}

/// The amount as text, as it was received.
impl fmt::Display for ReceivedAmount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Value::String(text) => f.pad(text),
            other => other.fmt(f),
        }
    }
}

fn number_or_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
    match Value::deserialize(deserializer)? {
        value @ (Value::Number(_) | Value::String(_)) => Ok(value),
        other => lenient::text(other).map(Value::String).map_err(D::Error::custom),
    }
}

/// Text from a response. `Display` and `Debug` print only what is safe to log. The type parameter says what the text
/// is.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent, bound = "")]
pub struct Masked<T>(#[serde(deserialize_with = "lenient::text")] String, PhantomData<T>);

impl<T> Masked<T> {
    /// Returns the text as it was received: do not log it.
    pub fn unmasked(&self) -> &str {
        &self.0
    }
}

impl<T> From<&str> for Masked<T> {
    fn from(text: &str) -> Self {
        Self(text.to_owned(), PhantomData)
    }
}

impl<T: Mask> fmt::Display for Masked<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&T::mask(&self.0))
    }
}

impl<T: Mask> fmt::Debug for Masked<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({self})", T::NAME)
    }
}

/// Decides which part of a text is printed.
pub trait Mask {
    /// The name of the masked type.
    const NAME: &'static str;

    /// The part that is safe to print.
    fn mask(text: &str) -> String;
}

macro_rules! masked {
    ($($(#[$doc:meta])* $Name:ident: $Text:ty, $mask:path;)*) => {$(
        $(#[$doc])*
        pub type $Name = Masked<$Text>;

        impl Mask for $Text {
            const NAME: &'static str = stringify!($Name);

            fn mask(text: &str) -> String {
                $mask(text).to_string()
            }
        }
    )*};
}

masked! {
    /// A bank account number. Prints at most its last four characters.
    MaskedAccountNumber: AccountNumber, mask::account;
    /// A payee's name at the bank. Prints its first letter.
    MaskedName: Name, mask::name;
    /// A UPI address. Prints its handle.
    MaskedVpa: Vpa, mask::vpa;
    /// Text from the server. It can repeat what was sent, so only its length is printed.
    MaskedText: String, length;
}

fn length(text: &str) -> String {
    match text.chars().count() {
        1 => "1 character".to_owned(),
        count => format!("{count} characters"),
    }
}
