//! Virtual payment addresses.

use core::cmp::Ordering;
use core::hash::{Hash, Hasher};

use alloc::string::String;

use crate::error::{Kind, ParseError};
use crate::reason::Reason;
use crate::{mask, scan};

/// A UPI address, or VPA (virtual payment address): a local part, `@`, and the handle of a payment
/// app or bank.
///
/// The handle is either a letter followed by 1 to 63 letters or digits, or one of NPCI's dotted
/// forms: one or two labels and `npci`, as in an account number at `HDFC0000001.ifsc.npci` or a
/// mobile number at `mobile.npci`. The local part is 1 to 255 letters, digits, dots, hyphens or
/// underscores.
///
/// An e-mail address in its place is a common slip and gets
/// [a reason of its own](Reason::EmailAddress).
///
/// UPI does not tell capital letters from small ones, so two addresses that differ only in that
/// are equal here, and hash and sort alike. What is sent is what was given.
///
/// # Secrecy
///
/// The local part is often a phone number. `Display` and `Debug` show the handle only, and so
/// `Display` does not round-trip: the address comes out in clear only where the code says so, by
/// [`as_str`](Self::as_str), `AsRef<str>`, `String::from` or serde.
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
pub struct Vpa(String);

impl Vpa {
    /// Whether `text` is a UPI address. Does not allocate.
    pub fn check(text: &str) -> Result<(), ParseError> {
        check(text).map_err(|reason| ParseError::new(Kind::Vpa, reason))
    }

    /// What stands after the `@`, as it was given: `upi`, `mobile.npci`.
    pub fn handle(&self) -> &str {
        self.0.split_once('@').map_or("", |(_, handle)| handle)
    }

    fn folded(&self) -> impl Iterator<Item = u8> + '_ {
        self.0.bytes().map(|b| b.to_ascii_lowercase())
    }
}

fn check(text: &str) -> Result<(), Reason> {
    if text.is_empty() {
        return Err(Reason::Empty);
    }
    let Some((local, handle)) = text.split_once('@') else {
        return Err(Reason::MissingAt);
    };
    // Before the characters are judged: a local part such as `first+last` or a domain such as
    // `my-bank.example` should be called an e-mail address, not a bad character.
    if is_domain(handle) {
        return Err(Reason::EmailAddress);
    }
    check_local(local)?;
    // The local part is ASCII by now, so its bytes count its characters.
    check_handle(handle, local.len() + "@".len())
}

/// Has a dot, and is none of NPCI's own forms.
fn is_domain(handle: &str) -> bool {
    !handle.contains('@') && handle.rsplit_once('.').is_some_and(|(_, last)| !last.eq_ignore_ascii_case("npci"))
}

fn check_local(local: &str) -> Result<(), Reason> {
    const MAX: usize = 255;

    scan::characters(local, |c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'))?;
    match local.len() {
        0 => Err(Reason::LocalEmpty),
        length if length > MAX => Err(Reason::LocalTooLong { length, max: MAX }),
        _ => Ok(()),
    }
}

/// `offset` is how many characters stand before the handle.
fn check_handle(handle: &str, offset: usize) -> Result<(), Reason> {
    for (c, position) in handle.chars().zip(offset + 1..) {
        match c {
            'A'..='Z' | 'a'..='z' | '0'..='9' | '.' => {}
            '@' => return Err(Reason::SecondAt { position }),
            _ => return Err(scan::unexpected(c, position)),
        }
    }
    match handle.rsplit_once('.') {
        Some((labels, _npci)) => check_labels(labels),
        None => check_plain_handle(handle, offset),
    }
}

fn check_plain_handle(handle: &str, offset: usize) -> Result<(), Reason> {
    const MIN: usize = 2;
    const MAX: usize = 64;

    if handle.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(Reason::HandleStart { position: offset + 1 });
    }
    match handle.len() {
        0 => Err(Reason::HandleEmpty),
        length if length < MIN => Err(Reason::HandleTooShort { length, min: MIN }),
        length if length > MAX => Err(Reason::HandleTooLong { length, max: MAX }),
        _ => Ok(()),
    }
}

/// What precedes `.npci`: `mobile`, `HDFC0000001.ifsc`.
fn check_labels(labels: &str) -> Result<(), Reason> {
    let few = labels.split('.').count() <= 2;
    let sized = labels.split('.').all(|label| (1..=63).contains(&label.len()));
    if few && sized { Ok(()) } else { Err(Reason::DottedHandle) }
}

/// Without ASCII case.
impl PartialEq for Vpa {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for Vpa {}

/// Without ASCII case.
impl Hash for Vpa {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for byte in self.folded() {
            state.write_u8(byte);
        }
        // As `str` does, so that a tuple of two addresses hashes unlike another split of the same
        // bytes. No address contains this byte.
        state.write_u8(0xff);
    }
}

impl PartialOrd for Vpa {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Without ASCII case.
impl Ord for Vpa {
    fn cmp(&self, other: &Self) -> Ordering {
        self.folded().cmp(other.folded())
    }
}

text_conversions!(Vpa);
show_masked!(Vpa, mask::vpa);
