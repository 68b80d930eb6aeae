//! The checks that several rules share. None of the checks allocates.

use crate::reason::Reason;

/// Rejects a string at its first byte that `accepted` does not allow. `accepted` must allow only ASCII, so each byte of
/// a valid string is one character.
#[inline]
pub(crate) fn ascii(text: &str, accepted: impl Fn(u8) -> bool) -> Result<(), Reason> {
    match text.bytes().position(|byte| !accepted(byte)) {
        None => Ok(()),
        Some(at) => Err(unexpected(text, at)),
    }
}

/// Rejects a `length` that is not `min` to `max` characters.
#[inline]
pub(crate) fn length(length: usize, min: usize, max: usize) -> Result<(), Reason> {
    match length {
        0 => Err(Reason::Empty),
        _ if length < min => Err(Reason::TooShort { length, min }),
        _ if length > max => Err(Reason::TooLong { length, max }),
        _ => Ok(()),
    }
}

/// Rejects a string that is not one visible ASCII word. Such a word is safe in a header and in a form field.
///
/// The characters are checked before the length, so that the error names a stray line break instead of counting it.
#[inline]
pub(crate) fn visible_word(text: &str, max: usize) -> Result<(), Reason> {
    ascii(text, |byte| byte.is_ascii_graphic())?;
    length(text.len(), 1, max)
}

/// The reason to reject the character at byte `at`.
#[cold]
pub(crate) fn unexpected(text: &str, at: usize) -> Reason {
    let (before, rest) = text.split_at_checked(at).unwrap_or((text, ""));
    let character = rest.chars().next().unwrap_or_default().into();
    Reason::UnexpectedCharacter { position: before.chars().count() + 1, character }
}
