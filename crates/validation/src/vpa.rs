use core::cmp::Ordering;
use core::hash::{Hash, Hasher};

use alloc::string::String;

use crate::reason::Reason;
use crate::scan;

/// A UPI address, or VPA (virtual payment address): a local part, `@`, and the handle of a payment app or bank.
///
/// The handle is a letter followed by 1 to 63 letters or digits, or one of NPCI's dotted forms: one or two labels and
/// `npci`. Examples are an account number at `HDFC0000001.ifsc.npci` and a mobile number at `mobile.npci`. The local
/// part is 1 to 255 letters, digits, dots, hyphens or underscores.
///
/// People often enter an e-mail address by mistake; the error then has [a reason of its own](Reason::EmailAddress).
///
/// UPI ignores case, so addresses that differ only in case are equal, and hash and sort alike. The address is sent
/// unchanged.
///
/// # Secrecy
///
/// The local part is often a phone number. `Display` and `Debug` show the handle only, so `Display` does not
/// round-trip: to get the address unmasked, use [`as_str`](Self::as_str), `AsRef<str>`, `String::from` or serde.
///
/// ```
/// use juspay_accounts_validation::{Reason, Vpa};
///
/// let vpa: Vpa = "9164326296@upi".parse()?;
/// assert_eq!(vpa.handle(), "upi");
/// assert_eq!(vpa.to_string(), "****@upi");
/// assert_eq!(vpa, "9164326296@UPI".parse()?);
///
/// let error = "someone@example.com".parse::<Vpa>().unwrap_err();
/// assert_eq!(error.reason(), Reason::EmailAddress);
/// # Ok::<(), juspay_accounts_validation::ParseError>(())
/// ```
#[derive(Clone)]
pub struct Vpa(pub(crate) String);

impl Vpa {
    /// Returns the part after the `@`, unchanged: `upi`, `mobile.npci`.
    pub fn handle(&self) -> &str {
        self.0.split_once('@').map_or("", |(_, handle)| handle)
    }

    fn folded(&self) -> impl Iterator<Item = u8> + '_ {
        self.0.bytes().map(|b| b.to_ascii_lowercase())
    }
}

/// The maximum number of characters before the `@`.
const LOCAL: usize = 255;

/// The minimum and maximum number of characters in a handle without dots.
const HANDLE: (usize, usize) = (2, 64);

/// The maximum number of characters in a label before `.npci`, and the maximum number of labels.
const LABEL: usize = 63;
const LABELS: usize = 2;

#[inline]
pub(crate) fn rule(text: &str) -> Result<(), Reason> {
    let is_of_local = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    let end = text.bytes().position(|byte| !is_of_local(byte)).unwrap_or(text.len());
    let Some((_, [b'@', ..])) = text.as_bytes().split_at_checked(end) else {
        return Err(match text.contains('@') {
            true => scan::unexpected(text, end),
            false if text.is_empty() => Reason::Empty,
            false => Reason::MissingAt,
        });
    };
    match end {
        1..=LOCAL => {}
        0 => return Err(Reason::LocalEmpty),
        length => return Err(Reason::LocalTooLong { length, max: LOCAL }),
    }
    handle_rule(text, end + 1)
}

/// Checks the handle, which begins at byte `start`. All characters before it are ASCII, so `start` also counts them.
#[inline]
fn handle_rule(text: &str, start: usize) -> Result<(), Reason> {
    let handle = text.get(start..).unwrap_or_default();
    let (mut dots, mut label, mut sized) = (0, 0, true);
    for (at, byte) in handle.bytes().enumerate() {
        match byte {
            b'.' => {
                dots += 1;
                sized &= (1..=LABEL).contains(&label);
                label = 0;
            }
            b'@' => return Err(Reason::SecondAt { position: start + at + 1 }),
            _ if byte.is_ascii_alphanumeric() => label += 1,
            _ => return Err(scan::unexpected(text, start + at)),
        }
    }
    if dots == 0 {
        return match label {
            0 => Err(Reason::HandleEmpty),
            _ if handle.starts_with(|c: char| c.is_ascii_digit()) => Err(Reason::HandleStart { position: start + 1 }),
            length if length < HANDLE.0 => Err(Reason::HandleTooShort { length, min: HANDLE.0 }),
            length if length > HANDLE.1 => Err(Reason::HandleTooLong { length, max: HANDLE.1 }),
            _ => Ok(()),
        };
    }
    let is_npci =
        label == 4 && handle.as_bytes().last_chunk().is_some_and(|end: &[u8; 4]| end.eq_ignore_ascii_case(b"npci"));
    if sized && dots <= LABELS && is_npci { Ok(()) } else { Err(Reason::DottedHandle) }
}

/// Ignores ASCII case, as UPI does.
impl PartialEq for Vpa {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for Vpa {}

/// Ignores ASCII case, as UPI does.
impl Hash for Vpa {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for byte in self.folded() {
            state.write_u8(byte);
        }
        // A byte that no address contains ends the hash, as for `str`: otherwise the pairs (`ab`, `c`) and (`a`, `bc`)
        // would have the same hash.
        state.write_u8(0xff);
    }
}

impl PartialOrd for Vpa {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Ignores ASCII case, as UPI does.
impl Ord for Vpa {
    fn cmp(&self, other: &Self) -> Ordering {
        self.folded().cmp(other.folded())
    }
}
