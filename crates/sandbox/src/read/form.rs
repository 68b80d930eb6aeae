//! Parses forms, which are percent-encoded names and values.

use percent_encoding::percent_decode;

use crate::received::Form;
use crate::refusal::Problem;

/// Whether each `%` is followed by two hexadecimal digits. Servers differ in how they read any other `%`, so it is
/// refused.
pub(crate) fn is_escaped(text: &[u8]) -> bool {
    let mut escapes = text.split(|byte| *byte == b'%').skip(1);
    escapes.all(|after| after.len() >= 2 && after[..2].iter().all(u8::is_ascii_hexdigit))
}

/// Parses a form. Invalid UTF-8 and invalid escapes are refused, not repaired.
pub(crate) fn parse_form(body: &[u8]) -> Result<Form, Problem> {
    if !is_escaped(body) {
        return Err(Problem::new("body", "the form has a % without two hexadecimal digits"));
    }
    let decode = |bytes: &[u8]| {
        let spaces: Vec<u8> = bytes.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
        let text = percent_decode(&spaces).decode_utf8().map(std::borrow::Cow::into_owned);
        text.map_err(|_| Problem::new("body", "the form is not UTF-8"))
    };
    let pairs = body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let middle = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
            Ok((decode(&pair[..middle])?, decode(pair.get(middle + 1..).unwrap_or_default())?))
        })
        .collect()
}

/// Returns the first value of a field, and reports a problem if it occurs again.
pub(super) fn single<'a>(form: &'a Form, name: &str, problems: &mut Vec<Problem>) -> Option<&'a str> {
    let mut values = form.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let first = values.next();
    if values.next().is_some() {
        problems.push(Problem::new(name, "it occurs more than once"));
    }
    first
}
