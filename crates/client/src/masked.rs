//! Values of a response that a plain string cannot represent: an amount that arrives as a number or as a string, and
//! texts that must not be printed by accident.
//!
//! None of them rejects a value: when a response is read, the money has already moved.

use std::fmt;

use juspay_accounts_validation::{Amount, mask};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// An amount in rupees as it was received: a number or a string. It is serialized in the same form.
///
/// ```
/// use juspay_accounts::ReceivedAmount;
///
/// let amounts: Vec<ReceivedAmount> = serde_json::from_str(r#"[1, 1.0, "1.50", "a lot"]"#)?;
/// let paise: Vec<_> = amounts.iter().map(ReceivedAmount::paise).collect();
/// assert_eq!(paise, [Some(100), Some(100), Some(150), None]);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct ReceivedAmount(Repr);

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
enum Repr {
    Number(serde_json::Number),
    Text(String),
}

impl ReceivedAmount {
    /// The amount in paise, a hundredth of a rupee. `None` if it is negative, has a fraction of a paisa, or is not a
    /// number.
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

/// A number, as in the samples of the vendor.
impl From<Amount> for ReceivedAmount {
    fn from(amount: Amount) -> Self {
        let text = amount.to_string();
        Self(text.parse().map_or(Repr::Text(text), Repr::Number))
    }
}

/// The amount as it was received.
impl fmt::Display for ReceivedAmount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Number(number) => number.fmt(f),
            Repr::Text(text) => f.pad(text),
        }
    }
}

impl<'de> Deserialize<'de> for ReceivedAmount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(match Value::deserialize(deserializer)? {
            Value::Number(number) => Repr::Number(number),
            Value::String(text) => Repr::Text(text),
            Value::Bool(truth) => Repr::Text(truth.to_string()),
            _ => return Err(D::Error::custom("expected a number or a string")),
        }))
    }
}

macro_rules! masked {
    ($(#[$doc:meta])* $name:ident, $expected:literal, $mask:path) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The text as it was received: do not log it.
            pub fn unmasked(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        /// Masked.
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                $mask(&self.0).fmt(f)
            }
        }

        /// Masked.
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), $mask(&self.0))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::generated::lenient::deserialize(deserializer, $expected)
            }
        }
    };
}

masked!(
    /// The number of a bank account. Prints its last four characters.
    MaskedAccountNumber,
    "an account number",
    mask::account
);
masked!(
    /// The name of a beneficiary at the bank. Prints its first letter.
    MaskedName,
    "a name",
    mask::name
);
masked!(
    /// A UPI address. Prints its handle.
    MaskedVpa,
    "a UPI address",
    mask::vpa
);
masked!(
    /// A text that the server wrote. It can repeat what was sent, so only its length is printed.
    ///
    /// ```
    /// use juspay_accounts::MaskedText;
    ///
    /// let text = MaskedText::from("account 026291800001191 is unknown");
    /// assert_eq!(text.to_string(), "34 characters");
    /// assert_eq!(text.unmasked(), "account 026291800001191 is unknown");
    /// ```
    MaskedText,
    "a text",
    length
);

/// The length of a text with unknown content.
fn length(text: &str) -> String {
    match text.chars().count() {
        1 => "1 character".to_owned(),
        count => format!("{count} characters"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_read_to_the_paisa_or_not_at_all() {
        let cases = [
            ("1", Some(100)),
            ("1.0", Some(100)),
            ("0.1", Some(10)),
            ("12.34", Some(1234)),
            ("\"1.500\"", Some(150)),
            ("\" 2 \"", Some(200)),
            ("0", Some(0)),
            ("1.005", None),
            ("-1", None),
            ("1e30", None),
            ("\"1.\"", None),
            ("\".5\"", None),
            ("\"\"", None),
            ("\"18446744073709551615\"", None),
            ("true", None),
        ];
        for (json, paise) in cases {
            let amount: ReceivedAmount = serde_json::from_str(json).unwrap();
            assert_eq!(amount.paise(), paise, "{json}");
        }
    }

    #[test]
    fn texts_are_masked_and_numbers_are_read_as_text() {
        let account: MaskedAccountNumber = serde_json::from_str("26291800001191").unwrap();
        assert_eq!((account.unmasked(), account.to_string().as_str()), ("26291800001191", "****1191"));
        assert_eq!(format!("{:?}", MaskedVpa::from("9164326296@upi")), "MaskedVpa(****@upi)");
        assert_eq!(format!("{:?}", MaskedName::from("test")), "MaskedName(t***)");
        assert_eq!(format!("{:?}", MaskedText::from("राम")), "MaskedText(3 characters)");
        assert_eq!(format!("{:>12}|", MaskedText::from("7")), " 1 character|");
    }

    #[test]
    fn an_amount_of_ours_is_written_as_the_samples_write_it() {
        for (amount, json) in [("1", "1"), ("1.50", "1.5"), ("0.01", "0.01"), ("9999999.99", "9999999.99")] {
            let amount: Amount = amount.parse().unwrap();
            let returned = ReceivedAmount::from(amount);
            assert_eq!(serde_json::to_string(&returned).unwrap(), json);
            assert_eq!(returned.paise(), Some(amount.paise()));
        }
    }

    #[test]
    fn what_is_no_amount_is_told_from_one() {
        let error = serde_json::from_str::<ReceivedAmount>("[]").unwrap_err();
        assert!(error.to_string().contains("expected a number or a string"), "{error}");
    }
}
