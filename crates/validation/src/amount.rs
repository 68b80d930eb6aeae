use core::fmt;

use alloc::format;

use crate::error::ParseError;
use crate::kind::Kind;
use crate::reason::Reason;
use crate::scan;

/// An amount in rupees, 0.01 to 9999999.99, stored in paise (hundredths of a rupee).
///
/// A penny drop pays this amount into the account. Text has at most two decimals; more are rejected and never rounded,
/// because this is money. Leading zeros, signs, separators and zero are rejected too. This crate sets the upper limit
/// as a protection against a misplaced decimal point.
///
/// `Display` prints the canonical text, which is also what is sent: `1` for whole rupees, otherwise two decimals.
///
/// ```
/// use juspay_accounts_validation::Amount;
///
/// let amount: Amount = "1.5".parse()?;
/// assert_eq!(amount.paise(), 150);
/// assert_eq!(amount.to_string(), "1.50");
/// assert_eq!(Amount::from_paise(100)?, Amount::ONE_RUPEE);
/// assert_eq!(Amount::ONE_RUPEE.to_string(), "1");
///
/// assert!("1.005".parse::<Amount>().is_err());
/// # Ok::<(), juspay_accounts_validation::ParseError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Amount {
    paise: u64,
}

impl Amount {
    /// The smallest amount: one paisa.
    pub const MIN: Self = Self { paise: 1 };

    /// One rupee, which the vendor pays if a request names no amount.
    pub const ONE_RUPEE: Self = Self { paise: 100 };

    /// The largest amount: 9999999.99 rupees.
    pub const MAX: Self = Self { paise: 999_999_999 };

    /// Makes an amount from paise.
    ///
    /// # Errors
    ///
    /// The amount is zero, or more than [`Amount::MAX`].
    pub const fn from_paise(paise: u64) -> Result<Self, ParseError> {
        if paise < Self::MIN.paise {
            Err(ParseError::new(Kind::Amount, Reason::Zero))
        } else if paise > Self::MAX.paise {
            Err(ParseError::new(Kind::Amount, Reason::TooLarge))
        } else {
            Ok(Self { paise })
        }
    }

    /// Returns the amount in paise.
    pub const fn paise(self) -> u64 {
        self.paise
    }
}

/// Parses an amount. The arithmetic cannot overflow, because the number of digits is limited first.
pub(crate) fn parse(text: &str) -> Result<Amount, Reason> {
    const MAX_RUPEE_DIGITS: usize = 7;

    if text.is_empty() {
        return Err(Reason::Empty);
    }
    let (rupees, decimals) = match text.split_once('.') {
        Some((rupees, decimals)) => (rupees, Some(decimals)),
        None => (text, None),
    };
    scan::ascii(rupees, |byte| byte.is_ascii_digit())?;
    if rupees.is_empty() {
        return Err(scan::unexpected(text, 0));
    }
    if let Some(at) = decimals.unwrap_or_default().bytes().position(|byte| !byte.is_ascii_digit()) {
        return Err(scan::unexpected(text, rupees.len() + 1 + at));
    }
    if rupees.len() > 1 && rupees.starts_with('0') {
        return Err(Reason::LeadingZero);
    }
    let paise = match decimals.map(str::as_bytes) {
        None => 0,
        Some([]) => return Err(Reason::MissingDecimals),
        Some([tenths]) => 10 * digit(*tenths),
        Some([tenths, hundredths]) => 10 * digit(*tenths) + digit(*hundredths),
        Some(more) => return Err(Reason::TooManyDecimals { decimals: more.len() }),
    };
    if rupees.len() > MAX_RUPEE_DIGITS {
        return Err(Reason::TooLarge);
    }
    let rupees = rupees.bytes().fold(0, |sum, b| 10 * sum + digit(b));
    match 100 * rupees + paise {
        0 => Err(Reason::Zero),
        paise => Ok(Amount { paise }),
    }
}

fn digit(ascii: u8) -> u64 {
    u64::from(ascii.saturating_sub(b'0'))
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (rupees, paise) = (self.paise / 100, self.paise % 100);
        match paise {
            0 => f.pad(&format!("{rupees}")),
            _ => f.pad(&format!("{rupees}.{paise:02}")),
        }
    }
}

impl fmt::Debug for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Amount").field(&format_args!("{self}")).finish()
    }
}
