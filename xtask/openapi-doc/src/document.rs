use std::path::{Path, PathBuf};

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::extensions;
use crate::{Place, Problem, Problems};

/// The deepest nesting of values, and the longest chain of references. Deeper input is an error, so that no walk over a
/// document can exhaust the stack.
pub const MAX_DEPTH: usize = 100;

/// A document that was read from a file.
#[derive(Clone, Debug)]
pub struct Document {
    /// The file, as the caller named it.
    pub file: PathBuf,
    /// SHA-256 of the file's bytes, in hexadecimal.
    pub sha256: String,
    /// The content of the file, with `oneOf` in place of `x-oneOf`, and `anyOf` in place of `x-extensible-enum`, unless
    /// it was [parsed as written](Self::parse_as_written).
    pub value: Value,
}

impl Document {
    /// Reads a file: JSON if its name ends in `.json`, otherwise YAML.
    ///
    /// # Errors
    /// The file cannot be read, is not UTF-8, is not valid YAML or JSON (with line and column), has a duplicate key,
    /// has a key that is not a string, a number or a boolean, or is nested deeper than [`MAX_DEPTH`].
    pub fn load(file: &Path) -> Result<Self, Problems> {
        let bytes = std::fs::read(file)
            .map_err(|error| Problems::new(file, vec![Problem::file(format!("cannot be read: {error}"))]))?;
        Self::parse(file, &bytes)
    }

    /// Parses bytes instead of reading a file. `file` determines the format, and is named in errors.
    pub fn parse(file: &Path, bytes: &[u8]) -> Result<Self, Problems> {
        Self::parse_as_written(file, bytes).map(Self::without_extensions)
    }

    /// Replaces the two extensions with the keywords that they mean.
    #[must_use]
    pub fn without_extensions(mut self) -> Self {
        extensions::replace(&mut self.value);
        self
    }

    /// Like [`parse`](Self::parse), but does not replace the extensions, so that the value is what other tools read.
    pub fn parse_as_written(file: &Path, bytes: &[u8]) -> Result<Self, Problems> {
        let fail = |problem| Problems::new(file, vec![problem]);
        let text = std::str::from_utf8(bytes)
            .map_err(|error| fail(Problem::file(format!("is not UTF-8 after byte {}", error.valid_up_to()))))?;
        let is_json = file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
        // Both formats are parsed into `serde_yaml::Value`, which rejects duplicate keys. `serde_json::Value` does not.
        let yaml = if is_json { from_json(text) } else { from_yaml(text) }.map_err(fail)?;
        let value = serde_json::to_value(yaml).map_err(|error| {
            fail(Problem::file(format!(
                "cannot be expressed as JSON; keys must be strings, numbers or booleans: {error}"
            )))
        })?;
        if depth(&value) > MAX_DEPTH {
            return Err(fail(Problem::file(format!("is nested deeper than {MAX_DEPTH} levels"))));
        }
        Ok(Self { file: file.to_owned(), sha256: sha256(bytes), value })
    }
}

fn from_json(text: &str) -> Result<serde_yaml::Value, Problem> {
    serde_json::from_str(text).map_err(|error| invalid("JSON", &error, Some((error.line(), error.column()))))
}

fn from_yaml(text: &str) -> Result<serde_yaml::Value, Problem> {
    serde_yaml::from_str(text)
        .map_err(|error| invalid("YAML", &error, error.location().map(|at| (at.line(), at.column()))))
}

/// A syntax error. The messages of the parsers contain the place, which is removed here.
fn invalid(language: &str, error: &dyn std::error::Error, at: Option<(usize, usize)>) -> Problem {
    let message = format!("is not valid {language}: {error}");
    let Some((line, column)) = at else { return Problem::file(message) };
    let message = message.replacen(&format!(" at line {line} column {column}"), "", 1);
    Problem { place: Place::Text(line, column), message }
}

/// Returns the SHA-256 of bytes, in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    let digits: Vec<_> = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    digits.concat()
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(map) => 1 + map.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}
