//! Which test witnesses a fact. A contract test says so itself, in its documentation:
//!
//! ```text
//! /// Witnesses `responses.*.type`, `responses.*.value`.
//! #[test]
//! fn …
//! ```
//!
//! Each text in backticks is the path of a fact, in which `*` stands for any characters. The claims are read from the
//! sources, so they go when the test goes. A claim that no fact answers to, a test that is ignored and a function that is
//! no test are errors: what is listed here cannot rot in silence. That a test does what it claims is for its reviewer;
//! most of them walk over the facts themselves.

use std::path::{Path, PathBuf};

use syn::{Attribute, Expr, ExprLit, Item, ItemFn, Lit, Meta};

use crate::problem::{Problem, Problems};

/// A claim of a test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// The file of the test.
    pub file: PathBuf,
    /// The test.
    pub test: String,
    /// The paths that it claims.
    pub pattern: String,
}

impl Witness {
    /// Whether it witnesses this fact.
    pub fn covers(&self, path: &str) -> bool {
        let Some((first, rest)) = self.pattern.split_once('*') else { return self.pattern == path };
        let Some(mut left) = path.strip_prefix(first) else { return false };
        let parts: Vec<_> = rest.split('*').collect();
        let Some((last, middle)) = parts.split_last() else { return true };
        for part in middle {
            let Some(at) = left.find(part) else { return false };
            left = &left[at + part.len()..];
        }
        left.ends_with(last)
    }
}

/// The claims of all tests of a folder.
///
/// # Errors
/// A file cannot be read or is not Rust, or something other than a test that runs makes a claim.
pub fn witnesses(folder: &Path) -> Result<Vec<Witness>, Problems> {
    let fail = |file: &Path, message: String| Problems::new(file, vec![Problem::file(message)]);
    let entries = std::fs::read_dir(folder).map_err(|error| fail(folder, format!("cannot be read: {error}")))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| fail(folder, format!("cannot be read: {error}")))?.path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    let mut found = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).map_err(|error| fail(&file, format!("cannot be read: {error}")))?;
        let code = syn::parse_file(&text).map_err(|error| fail(&file, format!("is not Rust: {error}")))?;
        for item in &code.items {
            if let Item::Fn(function) = item {
                found.extend(claims(&file, function).map_err(|message| fail(&file, message))?);
            }
        }
    }
    Ok(found)
}

fn claims(file: &Path, function: &ItemFn) -> Result<Vec<Witness>, String> {
    let test = function.sig.ident.to_string();
    let documented: String = function.attrs.iter().filter_map(documentation).collect::<Vec<_>>().join("\n");
    let Some((_, claimed)) = documented.split_once("Witnesses") else { return Ok(Vec::new()) };
    if !claimed.starts_with(char::is_whitespace) {
        return Ok(Vec::new());
    }
    let is = |name: &str| {
        function.attrs.iter().any(|one| one.path().segments.last().is_some_and(|segment| segment.ident == name))
    };
    if !is("test") {
        return Err(format!("`{test}` claims to witness facts and is no test"));
    }
    if is("ignore") {
        return Err(format!("`{test}` claims to witness facts and is ignored"));
    }
    if is("cfg") || is("cfg_attr") {
        return Err(format!("`{test}` claims to witness facts and is not in every build"));
    }
    // Up to the end of the paragraph.
    let claimed = claimed.split("\n\n").next().unwrap_or_default();
    let patterns: Vec<_> = claimed.split('`').skip(1).step_by(2).filter(|pattern| !pattern.is_empty()).collect();
    if patterns.is_empty() {
        return Err(format!("`{test}` claims to witness facts and names none; accepted are paths in backticks"));
    }
    let witness =
        |pattern: &str| Witness { file: file.to_owned(), test: test.clone(), pattern: pattern.replace('\n', "") };
    Ok(patterns.into_iter().map(witness).collect())
}

fn documentation(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(pair) = &attribute.meta else { return None };
    let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) = &pair.value else { return None };
    pair.path.is_ident("doc").then(|| text.value().trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims_of(code: &str) -> Result<Vec<String>, String> {
        let function = syn::parse_str(code).unwrap();
        Ok(claims(Path::new("a.rs"), &function)?.into_iter().map(|witness| witness.pattern).collect())
    }

    #[test]
    fn a_claim_is_read_up_to_the_end_of_its_paragraph() {
        let code = "/// Sends.\n///\n/// Witnesses `a.*`,\n/// `b`.\n///\n/// Not `c`.\n#[tokio::test]\nasync fn it_is_sent() {}";
        assert_eq!(claims_of(code).unwrap(), ["a.*", "b"]);
        assert_eq!(claims_of("/// Not `c`.\n#[test]\nfn other() {}").unwrap(), [""; 0]);
    }

    #[test]
    fn only_a_test_that_runs_can_claim() {
        for (code, end) in [
            ("/// Witnesses `a`.\nfn helper() {}", "is no test"),
            ("/// Witnesses `a`.\n#[test]\n#[ignore]\nfn later() {}", "is ignored"),
            ("/// Witnesses `a`.\n#[test]\n#[cfg(any())]\nfn elsewhere() {}", "is not in every build"),
            ("/// Witnesses\n/// `a`.\n#[test]\n#[cfg_attr(all(), ignore)]\nfn later() {}", "is not in every build"),
            ("/// Witnesses everything.\n#[test]\nfn vague() {}", "names none; accepted are paths in backticks"),
        ] {
            let error = claims_of(code).unwrap_err();
            assert!(error.ends_with(end), "{error}");
        }
    }

    #[test]
    fn a_star_stands_for_any_characters() {
        let covers = |pattern: &str, path: &str| {
            Witness { file: PathBuf::new(), test: String::new(), pattern: pattern.to_owned() }.covers(path)
        };
        assert!(covers("a.b", "a.b") && !covers("a.b", "a.b.c"));
        assert!(covers("a.*", "a.b.c") && !covers("a.*", "a") && covers("*", "a"));
        assert!(covers("a.*.c", "a.b.c") && !covers("a.*.c", "a.c") && !covers("a.*.c", "a.b.d"));
        assert!(covers("*.b.*.d", "a.b.c.d") && !covers("*.b.*.d", "a.b.d"));
    }
}
