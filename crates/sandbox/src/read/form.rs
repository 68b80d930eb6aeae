//! Parses forms, which are percent-encoded names and values.

use percent_encoding::percent_decode;

use crate::received::Form;
use crate::refusal::Problem;

/// Whether each `%` is followed by two hexadecimal digits. Any other `%` is refused, because servers differ in how they
/// read it.
pub(crate) fn is_escaped(text: &[u8]) -> bool {
    let mut escapes = text.split(|byte| *byte == b'%').skip(1);
    escapes.all(|after| after.len() >= 2 && after[..2].iter().all(u8::is_ascii_hexdigit))
}

/// Parses a form. Invalid UTF-8 and invalid escapes are refused, not repaired.
pub(crate) fn parse_form(body: &[u8]) -> Result<Form, Problem> {
    if !is_escaped(body) {
        return Err(Problem::new("body", "it has a % that is not followed by two hexadecimal digits"));
    }
    // The signs that separate names and values are ASCII, so each part is UTF-8 if and only if the whole is.
    if percent_decode(body).decode_utf8().is_err() {
        return Err(Problem::new("body", "it is not UTF-8"));
    }
    Ok(form_urlencoded::parse(body).into_owned().collect())
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
