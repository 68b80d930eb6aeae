//! The questions that most checks ask of a text. None allocates.
//!
//! Nearly every text is accepted, and a file can have millions of them. So a text is first asked as a whole, several bytes at
//! a time, and only one that does not pass is gone through again, character by character, for what to say about it.

use crate::reason::{CharacterClass, Reason};

/// Whether `accepted` takes every byte. The order in which they are asked is not that of the text, and some are asked twice.
#[inline]
pub(crate) fn all(bytes: &[u8], accepted: impl Fn(u8) -> bool) -> bool {
    // Without a branch for each byte, the compiler asks all of a piece at once. The last piece overlaps the one before it.
    fn piece<const N: usize>(piece: &[u8; N], accepted: impl Fn(u8) -> bool) -> bool {
        piece.iter().fold(true, |all, byte| all & accepted(*byte))
    }
    if let Some(last) = bytes.last_chunk::<16>() {
        let (pieces, _) = bytes.as_chunks::<16>();
        pieces.iter().all(|sixteen| piece(sixteen, &accepted)) && piece(last, &accepted)
    } else if let (Some(first), Some(last)) = (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        piece(first, &accepted) & piece(last, &accepted)
    } else if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        piece(first, &accepted) & piece(last, &accepted)
    } else {
        bytes.iter().all(|byte| accepted(*byte))
    }
}

/// Refuses the first character that is not ASCII or that `accepted` does not take. Of a text that passes, the bytes count the
/// characters.
#[inline]
pub(crate) fn ascii(text: &str, accepted: impl Fn(u8) -> bool) -> Result<(), Reason> {
    if all(text.as_bytes(), |byte| byte.is_ascii() & accepted(byte)) {
        return Ok(());
    }
    characters(text, |c| c.is_ascii() && u8::try_from(c).is_ok_and(&accepted))
}

/// Refuses the first character that `accepted` does not take.
#[cold]
pub(crate) fn characters(text: &str, accepted: impl Fn(char) -> bool) -> Result<(), Reason> {
    match text.chars().zip(1..).find(|&(c, _)| !accepted(c)) {
        None => Ok(()),
        Some((c, position)) => Err(unexpected(c, position)),
    }
}

/// Refuses a text that is not `min` to `max` characters long.
#[inline]
pub(crate) fn length(length: usize, min: usize, max: usize) -> Result<(), Reason> {
    match length {
        0 => Err(Reason::Empty),
        _ if length < min => Err(Reason::TooShort { length, min }),
        _ if length > max => Err(Reason::TooLong { length, max }),
        _ => Ok(()),
    }
}

/// One visible word: what fits in a header and in a form field without surprises.
///
/// Characters are judged before the length, so that a stray end of line is named as such and not
/// as one character too many.
#[inline]
pub(crate) fn visible_word(text: &str, max: usize) -> Result<(), Reason> {
    ascii(text, |byte| byte.is_ascii_graphic())?;
    length(text.len(), 1, max)
}

#[cold]
pub(crate) fn unexpected(c: char, position: usize) -> Reason {
    Reason::UnexpectedCharacter { position, class: CharacterClass::of(c) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_text_as_a_whole_is_asked_the_same_as_its_characters(text in "[a-c]{0,40}[\u{0}-\u{7f}é]{0,2}[a-c]{0,40}") {
            let accepted = |c: char| matches!(c, 'a'..='c');
            let expected = characters(&text, accepted);
            prop_assert_eq!(all(text.as_bytes(), |byte| accepted(char::from(byte))), expected.is_ok());
            prop_assert_eq!(ascii(&text, |byte| accepted(char::from(byte))), expected);
            // Whatever is said of bytes that are no characters of their own.
            prop_assert_eq!(ascii(&text, |_| true), characters(&text, |c| c.is_ascii()));
        }
    }
}
