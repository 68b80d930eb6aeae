//! What is said about text that was refused.
//!
//! The rule that must stay true: nothing in this file holds the refused text, a piece of it, or
//! even one character of it. Errors end up in logs, and the text may be somebody's account number.

use core::convert::Infallible;
use core::error::Error;
use core::fmt;

use crate::reason::Reason;

/// Why a text was refused: which kind of value it was meant to be, what was wrong, and where.
///
/// `Display` is one sentence to show to whoever typed the value. It never contains the value, so
/// it may be logged.
///
/// ```
/// use juspay_accounts_validation::{Ifsc, Kind};
///
/// let error = "HDFCO000001".parse::<Ifsc>().unwrap_err();
/// assert_eq!(error.kind(), Kind::Ifsc);
/// assert_eq!(error.position(), Some(5));
/// assert_eq!(
///     error.to_string(),
///     "IFSC: character 5 is a capital letter; the fifth character is always the digit 0 \
///      (accepted: 4 capital letters, 0, then 6 capital letters or digits)",
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ParseError {
    kind: Kind,
    reason: Reason,
}

impl ParseError {
    pub(crate) const fn new(kind: Kind, reason: Reason) -> Self {
        Self { kind, reason }
    }

    /// What the text was meant to be.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// What was wrong with it.
    pub const fn reason(&self) -> Reason {
        self.reason
    }

    /// Which character was wrong, counted in Unicode scalar values from 1; `None` when the fault
    /// lies in the text as a whole.
    pub const fn position(&self) -> Option<usize> {
        match self.reason {
            Reason::UnexpectedCharacter { position, .. }
            | Reason::SecondAt { position }
            | Reason::HandleStart { position } => Some(position),
            Reason::FifthNotZero { .. } => Some(5),
            Reason::LeadingZero => Some(1),
            _ => None,
        }
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind, self.reason)?;
        match self.reason {
            // This sentence already says what to do.
            Reason::NoAccount => Ok(()),
            _ => write!(f, " (accepted: {})", self.kind.accepted()),
        }
    }
}

impl Error for ParseError {}

/// Lets a value that was validated before pass through `impl TryInto<T, Error: Into<ParseError>>`.
impl From<Infallible> for ParseError {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

/// The kinds of value that this crate reads.
///
/// `Display` is the name that people know it by, such as `account number`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// [`Ifsc`](crate::Ifsc)
    Ifsc,
    /// [`AccountNumber`](crate::AccountNumber)
    AccountNumber,
    /// [`Name`](crate::Name)
    Name,
    /// [`Vpa`](crate::Vpa)
    Vpa,
    /// [`CustomerId`](crate::CustomerId)
    CustomerId,
    /// [`CustomerAccountId`](crate::CustomerAccountId)
    CustomerAccountId,
    /// [`RoutingId`](crate::RoutingId)
    RoutingId,
    /// [`BankCode`](crate::BankCode)
    BankCode,
    /// [`GatewayId`](crate::GatewayId)
    GatewayId,
    /// [`GatewayReferenceId`](crate::GatewayReferenceId)
    GatewayReferenceId,
    /// [`Gateway`](crate::Gateway)
    Gateway,
    /// [`Amount`](crate::Amount)
    Amount,
    /// The accounts of a request taken together.
    AccountDetails,
}

impl Kind {
    /// What is accepted as this kind of value, in words that follow "accepted:".
    ///
    /// ```
    /// use juspay_accounts_validation::Kind;
    ///
    /// assert_eq!(Kind::AccountNumber.accepted(), "5 to 35 letters or digits");
    /// ```
    pub const fn accepted(self) -> &'static str {
        match self {
            Self::Ifsc => "4 capital letters, 0, then 6 capital letters or digits",
            Self::AccountNumber => "5 to 35 letters or digits",
            Self::Name => "1 to 120 characters, none of them a control character",
            Self::Vpa => {
                "1 to 255 letters, digits, dots, hyphens or underscores, then @, then a handle: \
                 a letter and 1 to 63 letters or digits, or one of NPCI's forms that end in .npci"
            }
            Self::CustomerId => "1 to 255 visible ASCII characters other than / ? # \\, but neither . nor ..",
            Self::CustomerAccountId => "5 to 255 letters, digits, hyphens or underscores",
            Self::RoutingId => "1 to 255 visible ASCII characters",
            Self::BankCode | Self::GatewayId | Self::GatewayReferenceId | Self::Gateway => {
                "1 to 128 visible ASCII characters"
            }
            Self::Amount => "rupees from 0.01 to 9999999.99, at most two decimals, digits and one point only",
            Self::AccountDetails => "at least one bank account or UPI address",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Ifsc => "IFSC",
            Self::AccountNumber => "account number",
            Self::Name => "account holder's name",
            Self::Vpa => "UPI address",
            Self::CustomerId => "customer id",
            Self::CustomerAccountId => "customer account id",
            Self::RoutingId => "routing id",
            Self::BankCode => "bank code",
            Self::GatewayId => "gateway id",
            Self::GatewayReferenceId => "gateway reference id",
            Self::Gateway => "gateway",
            Self::Amount => "amount",
            Self::AccountDetails => "account details",
        })
    }
}
