//! Describes characters in words, for people who cannot see what is wrong with a value.

use core::fmt;

/// One character of a rejected or unusual text.
///
/// `Display` and `Debug` name the character in words. They never print an invisible character or one that changes the
/// direction of text. A digit from 1 to 9 is printed as `a digit`, because it may be part of an account number. The
/// digit 0 is named, because people confuse it with the letter O.
///
/// ```
/// use juspay_accounts_validation::Character;
///
/// assert_eq!(Character::from('\u{200b}').to_string(), "a zero-width space (U+200B)");
/// assert_eq!(Character::from('O').to_string(), "the letter O");
/// assert_eq!(Character::from('\'').to_string(), "an apostrophe");
/// assert_eq!(Character::from('7').to_string(), "a digit");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Character(char);

impl From<char> for Character {
    fn from(character: char) -> Self {
        Self(character)
    }
}

impl fmt::Display for Character {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let c = self.0;
        let point = u32::from(c);
        match c {
            'A'..='Z' => write!(f, "the letter {c}"),
            'a'..='z' => write!(f, "the lower-case letter {c}"),
            '0' => f.write_str("the digit 0"),
            '1'..='9' => f.write_str("a digit"),
            _ if c.is_ascii() && !c.is_control() => f.write_str(ascii(c)),
            '\t' => f.write_str("a tab"),
            '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => f.write_str("a line break"),
            '₹' => f.write_str("a rupee sign"),
            'À'..='ɏ' if c.is_alphabetic() => write!(f, "the letter {c} (U+{point:04X})"),
            _ => write!(f, "{} (U+{point:04X})", beyond_ascii(c)),
        }
    }
}

impl fmt::Debug for Character {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The name of a space, or of an ASCII sign.
fn ascii(c: char) -> &'static str {
    match c {
        ' ' => "a space",
        '\'' => "an apostrophe",
        '"' => "a quotation mark",
        '-' => "a hyphen",
        '_' => "an underscore",
        '.' => "a dot",
        ',' => "a comma",
        ';' => "a semicolon",
        ':' => "a colon",
        '/' => "a slash",
        '\\' => "a backslash",
        '|' => "a vertical bar",
        '@' => "an @",
        '#' => "a # sign",
        '&' => "an ampersand",
        '+' => "a plus sign",
        '=' => "an equals sign",
        '*' => "an asterisk",
        '(' | ')' => "a round bracket",
        '[' | ']' => "a square bracket",
        '{' | '}' => "a curly bracket",
        '<' | '>' => "an angle bracket",
        '!' => "an exclamation mark",
        '?' => "a question mark",
        '%' => "a percent sign",
        '$' => "a dollar sign",
        '~' => "a tilde",
        '^' => "a caret",
        _ => "a backtick",
    }
}

fn beyond_ascii(c: char) -> &'static str {
    match c {
        '\u{a0}' => "a no-break space",
        '\u{202f}' => "a narrow no-break space",
        '\u{ad}' => "a soft hyphen",
        '\u{200b}' => "a zero-width space",
        '\u{200c}' => "a zero-width non-joiner",
        '\u{200d}' => "a zero-width joiner",
        '\u{2060}' => "a word joiner",
        '\u{feff}' => "a zero-width no-break space",
        '\u{200e}' => "a left-to-right mark",
        '\u{200f}' => "a right-to-left mark",
        _ if is_direction(c) => "a text-direction mark",
        '‘' | '’' => "a curly apostrophe",
        '“' | '”' => "a curly quotation mark",
        '‐' | '‑' => "a hyphen",
        '–' | '—' | '−' => "a dash",
        '…' => "an ellipsis",
        '\u{ff10}'..='\u{ff19}' => "a full-width digit",
        '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}' => "a full-width letter",
        '\u{ff01}'..='\u{ff5e}' => "a full-width sign",
        '\u{fffd}' => "a replacement for a lost letter",
        _ if c.is_control() => "a control character",
        _ if c.is_whitespace() => "an unusual space",
        _ if c.is_numeric() => "a digit or number other than 0 to 9",
        _ if c.is_alphabetic() => script(c),
        _ => "an unusual character",
    }
}

fn script(c: char) -> &'static str {
    match u32::from(c) {
        0x0370..=0x03FF => "a Greek letter",
        0x0400..=0x052F => "a Cyrillic letter",
        0x0600..=0x06FF => "an Arabic letter",
        0x0900..=0x097F => "a Devanagari letter",
        0x0980..=0x09FF => "a Bengali letter",
        0x0A00..=0x0A7F => "a Gurmukhi letter",
        0x0A80..=0x0AFF => "a Gujarati letter",
        0x0B00..=0x0B7F => "an Odia letter",
        0x0B80..=0x0BFF => "a Tamil letter",
        0x0C00..=0x0C7F => "a Telugu letter",
        0x0C80..=0x0CFF => "a Kannada letter",
        0x0D00..=0x0D7F => "a Malayalam letter",
        _ => "a letter of another script",
    }
}

/// Whether a character is invisible and only sets the direction of the text around it.
pub(crate) fn is_direction(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether a character is invisible because it has no width.
pub(crate) fn is_zero_width(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}
