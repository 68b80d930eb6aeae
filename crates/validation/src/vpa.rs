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
    #[inline]
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

/// The most characters before the `@`.
const LOCAL: usize = 255;

/// The fewest and the most characters of a handle without dots.
const HANDLE: (usize, usize) = (2, 64);

/// The most characters of a label that stands before `.npci`, and the most labels.
const LABEL: usize = 63;
const LABELS: usize = 2;

fn is_of_local(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'_' || byte == b'-'
}

#[inline]
fn check(text: &str) -> Result<(), Reason> {
    if is_valid(text.as_bytes()) { Ok(()) } else { judge(text) }
}

#[inline]
fn is_valid(text: &[u8]) -> bool {
    let at = text.iter().position(|byte| *byte == b'@');
    let Some((local, [_, handle @ ..])) = at.and_then(|at| text.split_at_checked(at)) else { return false };
    (1..=LOCAL).contains(&local.len())
        && scan::all(local, is_of_local)
        && (is_plain_handle(handle) || is_dotted_handle(handle))
}

/// Nearly all are.
#[inline]
fn is_plain_handle(handle: &[u8]) -> bool {
    (HANDLE.0..=HANDLE.1).contains(&handle.len())
        && handle.first().is_some_and(u8::is_ascii_alphabetic)
        && scan::all(handle, |byte| byte.is_ascii_alphanumeric())
}

fn is_dotted_handle(handle: &[u8]) -> bool {
    let Some((labels, end)) = handle.split_last_chunk::<5>() else { return false };
    let is_label =
        |label: &[u8]| (1..=LABEL).contains(&label.len()) && scan::all(label, |byte| byte.is_ascii_alphanumeric());
    let mut labels = labels.split(|byte| *byte == b'.');
    end.eq_ignore_ascii_case(b".npci") && labels.by_ref().take(LABELS).all(is_label) && labels.next().is_none()
}

/// The first thing that is wrong, if there is any.
fn judge(text: &str) -> Result<(), Reason> {
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
    scan::ascii(local, is_of_local)?;
    match local.len() {
        0 => Err(Reason::LocalEmpty),
        length if length > LOCAL => Err(Reason::LocalTooLong { length, max: LOCAL }),
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
    if handle.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(Reason::HandleStart { position: offset + 1 });
    }
    match handle.len() {
        0 => Err(Reason::HandleEmpty),
        length if length < HANDLE.0 => Err(Reason::HandleTooShort { length, min: HANDLE.0 }),
        length if length > HANDLE.1 => Err(Reason::HandleTooLong { length, max: HANDLE.1 }),
        _ => Ok(()),
    }
}

/// What precedes `.npci`: `mobile`, `HDFC0000001.ifsc`.
fn check_labels(labels: &str) -> Result<(), Reason> {
    let few = labels.split('.').count() <= LABELS;
    let sized = labels.split('.').all(|label| (1..=LABEL).contains(&label.len()));
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

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use proptest::prelude::*;

    #[test]
    fn asked_at_once_it_is_one_exactly_if_nothing_is_wrong_at_each_limit() {
        let label = |length| "a".repeat(length);
        let plain = [0, 1, 2, 3, 63, 64, 65].map(label);
        let dotted = [0, 1, 2, 62, 63, 64].map(|length| format!("{}.npci", label(length)));
        let deep = (0..4).map(|labels| format!("{}npci", "a.".repeat(labels)));
        for handle in plain.into_iter().chain(dotted).chain(deep) {
            for local in [0, 1, 2, 254, 255, 256].map(label) {
                let text = format!("{local}@{handle}");
                assert_eq!(is_valid(text.as_bytes()), judge(&text).is_ok(), "{text}");
            }
        }
    }

    proptest! {
        #[test]
        fn asked_at_once_it_is_one_exactly_if_nothing_is_wrong(
            local in "[a-z0-9._-]{0,20}[+é@]{0,1}|[a-z]{250,260}",
            handle in "@{0,2}[a-z0-9]{0,9}[-_é \n]{0,1}|@[a-z]{60,70}",
            labels in "@{0,1}[a-z0-9]{0,3}[.]{0,2}[a-z0-9]{0,3}[.é]{0,1}[a-z]{0,1}|@a[.]{0,1}[a-z]{60,66}",
            end in "[.][nN]pci|npci|[.]npci[.]npci",
        ) {
            for text in [format!("{local}{handle}"), format!("{local}{labels}{end}")] {
                prop_assert_eq!(is_valid(text.as_bytes()), judge(&text).is_ok(), "{}", text);
            }
        }
    }
}
