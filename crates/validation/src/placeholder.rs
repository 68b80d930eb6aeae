//! Recognizes text that is not a name but is in its place, such as `verified` or an account number.

/// Words that some providers return, and some people type, in place of a name.
const WORDS: [&str; 24] = [
    "accountholder",
    "beneficiary",
    "customer",
    "dummy",
    "na",
    "name",
    "nil",
    "noname",
    "none",
    "notapplicable",
    "notavailable",
    "null",
    "payee",
    "sample",
    "test",
    "testname",
    "testuser",
    "testing",
    "tester",
    "unknown",
    "verified",
    "xxx",
    "xxxx",
    "xxxxx",
];

/// Whether a string is one of [`WORDS`], ignoring case and punctuation, or has neither letters nor digits.
pub(crate) fn is_word(text: &str) -> bool {
    let letters = || text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase);
    let Some(first) = letters().next() else { return true };
    // The first letter of each word is read as a byte: `starts_with` would call a function for each word, which takes
    // longer than the rest of the check.
    WORDS.iter().any(|word| word.bytes().next().map(char::from) == Some(first) && word.chars().eq(letters()))
}

/// Whether a string looks like an account number or a UPI address: it has an `@` and no space, or at least four digits
/// and fewer letters than digits. An X does not count as a letter, because masks contain it.
pub(crate) fn is_account(text: &str) -> bool {
    let text = text.trim();
    let digits = text.chars().filter(|c| c.is_numeric()).count();
    let letters = || text.chars().filter(|c| c.is_alphabetic() && !matches!(c, 'x' | 'X')).count();
    (text.contains('@') && !text.contains(' ')) || (digits >= 4 && digits > letters())
}
