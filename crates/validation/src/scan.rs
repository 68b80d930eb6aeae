//! The two questions that most checks ask of a text. Neither allocates.

use crate::reason::{CharacterClass, Reason};

/// Refuses the first character that `accepted` does not take.
pub(crate) fn characters(text: &str, accepted: impl Fn(char) -> bool) -> Result<(), Reason> {
    match text.chars().zip(1..).find(|&(c, _)| !accepted(c)) {
        None => Ok(()),
        Some((c, position)) => Err(unexpected(c, position)),
    }
}

/// Refuses a text that is not `min` to `max` characters long.
pub(crate) fn length(text: &str, min: usize, max: usize) -> Result<(), Reason> {
    match text.chars().count() {
        0 => Err(Reason::Empty),
        length if length < min => Err(Reason::TooShort { length, min }),
        length if length > max => Err(Reason::TooLong { length, max }),
        _ => Ok(()),
    }
}

/// One visible word: what fits in a header and in a form field without surprises.
///
/// Characters are judged before the length, so that a stray end of line is named as such and not
/// as one character too many.
pub(crate) fn visible_word(text: &str, max: usize) -> Result<(), Reason> {
    characters(text, |c| c.is_ascii_graphic())?;
    length(text, 1, max)
}

pub(crate) fn unexpected(c: char, position: usize) -> Reason {
    Reason::UnexpectedCharacter { position, class: CharacterClass::of(c) }
}
