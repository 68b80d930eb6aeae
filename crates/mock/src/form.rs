use std::collections::BTreeMap;

use httpmock::When;
use serde::Serialize;

/// Matches a form that has exactly the fields of `value`, in any order. If `value` cannot be written as a form, no
/// request matches.
pub(crate) fn body<T: Serialize>(when: When, value: &T) -> When {
    let expected = serde_urlencoded::to_string(value).map(|text| pairs(text.as_bytes())).ok();
    when.header("content-type", "application/x-www-form-urlencoded")
        .is_true(move |request| expected.as_ref().is_some_and(|expected| *expected == pairs(request.body_ref())))
}

/// Counts how many times each pair of name and value occurs in a form.
fn pairs(form: &[u8]) -> BTreeMap<(String, String), usize> {
    let mut pairs = BTreeMap::new();
    for (name, value) in form_urlencoded::parse(form).into_owned() {
        *pairs.entry((name, value)).or_default() += 1;
    }
    pairs
}
