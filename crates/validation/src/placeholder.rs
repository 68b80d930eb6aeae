//! Texts in place of a name that are not a name.

/// Words that some providers return, and some people type, in place of a name.
const WORDS: [&str; 24] = [
    "account holder",
    "beneficiary",
    "customer",
    "dummy",
    "na",
    "name",
    "nil",
    "no name",
    "none",
    "not applicable",
    "not available",
    "null",
    "payee",
    "sample",
    "test",
    "test name",
    "test user",
    "testing",
    "tester",
    "unknown",
    "verified",
    "xxx",
    "xxxx",
    "xxxxx",
];

/// Whether a text is such a word, in any case and with any punctuation around or inside it.
pub(crate) fn is_word(text: &str) -> bool {
    let letters = || text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase);
    let Some(first) = letters().next() else { return true };
    let begins = |word: &str| word.bytes().next().map(char::from) == Some(first);
    WORDS.iter().any(|word| begins(word) && word.chars().filter(|c| *c != ' ').eq(letters()))
}

/// Whether a text is an account number or a UPI address: it has an `@` and no space, or at least four digits and fewer
/// letters than digits. The X of a mask does not count.
pub(crate) fn is_account(text: &str) -> bool {
    let text = text.trim();
    let digits = text.chars().filter(|c| c.is_numeric()).count();
    let letters = || text.chars().filter(|c| c.is_alphabetic() && !matches!(c, 'x' | 'X')).count();
    (text.contains('@') && !text.contains(' ')) || (digits >= 4 && digits > letters())
}
