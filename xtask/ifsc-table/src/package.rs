//! What the npm package `ifsc` says: `src/IFSC.json` has the branches of each bank, and `src/banknames.json` names.
//!
//! A branch is the last six characters of an IFSC. One that is digits only is written as a number, so that leading zeros
//! are lost, and is found by its number; any other is a text. The package's own `validate` would find neither a text of
//! digits, nor one in lower case, nor a number of seven digits: such an entry is refused here, since nobody can say which
//! code it stands for.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use openapi_doc::sha256;
use serde_json::{Map, Value};

const MANIFEST: &str = "package.json";
const LIST: &str = "src/IFSC.json";
const NAMES: &str = "src/banknames.json";

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Package {
    pub(super) version: String,
    pub(super) inputs: [(&'static str, String); 2],
    /// In the order of their prefixes.
    pub(super) banks: Vec<Bank>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bank {
    /// Four capital letters.
    pub(super) prefix: String,
    /// Not every bank in the list has one.
    pub(super) name: Option<String>,
    /// At least one; each is six capital letters or digits.
    pub(super) branches: BTreeSet<String>,
}

impl Package {
    pub(super) fn read(folder: &Path) -> Result<Self> {
        let (manifest, _) = object(folder, MANIFEST)?;
        let version = match (manifest.get("name").and_then(Value::as_str), manifest.get("version")) {
            (Some("ifsc"), Some(Value::String(version))) if version.bytes().all(|c| c.is_ascii_graphic()) => {
                version.clone()
            }
            _ => bail!("{}: not a version of the npm package `ifsc`", folder.join(MANIFEST).display()),
        };
        let (list, list_sha256) = object(folder, LIST)?;
        let (names, names_sha256) = object(folder, NAMES)?;
        let mut problems = Vec::new();
        let banks = banks(&list, &names, &mut problems);
        if !problems.is_empty() {
            bail!("{}: the package has entries that are not understood:\n{}", folder.display(), problems.join("\n"));
        }
        Ok(Self { version, inputs: [(LIST, list_sha256), (NAMES, names_sha256)], banks })
    }
}

fn object(folder: &Path, name: &str) -> Result<(Map<String, Value>, String)> {
    let file = folder.join(name);
    let bytes = fs_err::read(&file).context(
        "not an unpacked package: unpack it with `npm pack ifsc && tar xzf ifsc-*.tgz`, and name its folder",
    )?;
    let object =
        serde_json::from_slice(&bytes).with_context(|| format!("{}: not an object of JSON", file.display()))?;
    Ok((object, sha256(&bytes)))
}

fn banks(list: &Map<String, Value>, names: &Map<String, Value>, problems: &mut Vec<String>) -> Vec<Bank> {
    let mut banks = Vec::new();
    for (prefix, entries) in list {
        let mut problem = |file: &str, what: String| problems.push(format!("{file}, {prefix}: {what}"));
        if prefix.len() != 4 || !prefix.bytes().all(|letter| letter.is_ascii_uppercase()) {
            problem(LIST, "not the prefix of a bank; expected 4 capital letters".to_owned());
        }
        let entries = entries.as_array().map(Vec::as_slice).unwrap_or_default();
        if entries.is_empty() {
            problem(LIST, "not a list of branches".to_owned());
        }
        let mut branches = BTreeSet::new();
        for entry in entries {
            match branch(entry) {
                None => problem(
                    LIST,
                    format!(
                        "{entry} is not a branch; expected a number up to 999999, or a text of 6 capital letters or \
                         digits that is not a number"
                    ),
                ),
                Some(branch) => {
                    if !branches.insert(branch) {
                        problem(LIST, format!("{entry} is there twice"));
                    }
                }
            }
        }
        let name = names.get(prefix).and_then(|value| {
            let name = name(value);
            if name.is_none() {
                problem(NAMES, "not a name; expected a text without control characters".to_owned());
            }
            name
        });
        banks.push(Bank { prefix: prefix.clone(), name, branches });
    }
    banks.sort_by(|one, other| one.prefix.cmp(&other.prefix));
    banks
}

/// The six characters that an entry stands for.
fn branch(entry: &Value) -> Option<String> {
    match entry {
        Value::Number(number) => {
            number.as_u64().filter(|number| *number <= 999_999).map(|number| format!("{number:06}"))
        }
        Value::String(text) => {
            let fits = text.len() == 6 && text.bytes().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
            let number = text.bytes().all(|c| c.is_ascii_digit());
            (fits && !number).then(|| text.clone())
        }
        _ => None,
    }
}

/// A name with single spaces between its words; some of the package have more, or one at their end.
fn name(value: &Value) -> Option<String> {
    let words: Vec<_> = value.as_str()?.split_whitespace().collect();
    let name = words.join(" ");
    (!name.is_empty() && !name.contains(char::is_control)).then_some(name)
}
