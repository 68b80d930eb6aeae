//! Checks that several rules share. None of them allocates.

use crate::reason::Reason;

/// Rejects the first byte that `accepted` rejects. `accepted` must allow ASCII only, so that in a text that passes,
/// bytes and characters are the same.
#[inline]
pub(crate) fn ascii(text: &str, accepted: impl Fn(u8) -> bool) -> Result<(), Reason> {
    match text.bytes().position(|byte| !accepted(byte)) {
        None => Ok(()),
        Some(at) => Err(unexpected(text, at)),
    }
}

/// Rejects a text that does not have `min` to `max` characters.
#[inline]
pub(crate) fn length(length: usize, min: usize, max: usize) -> Result<(), Reason> {
    match length {
        0 => Err(Reason::Empty),
        _ if length < min => Err(Reason::TooShort { length, min }),
        _ if length > max => Err(Reason::TooLong { length, max }),
        _ => Ok(()),
    }
}

/// One visible word: safe in a header and in a form field.
///
/// Characters are checked before the length, so that a stray line break is named instead of counted as one character
/// too many.
#[inline]
pub(crate) fn visible_word(text: &str, max: usize) -> Result<(), Reason> {
    ascii(text, |byte| byte.is_ascii_graphic())?;
    length(text.len(), 1, max)
}

/// The character at this byte.
#[cold]
pub(crate) fn unexpected(text: &str, at: usize) -> Reason {
    let (before, rest) = text.split_at_checked(at).unwrap_or((text, ""));
    let character = rest.chars().next().unwrap_or_default().into();
    Reason::UnexpectedCharacter { position: before.chars().count() + 1, character }
}
