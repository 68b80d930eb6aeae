//! What the npm package `ifsc` says: `src/IFSC.json` has the branches of each bank, and `src/banknames.json` names.
//!
//! A branch is the last six characters of an IFSC. One that is digits only is written as a number, so that leading zeros
//! are lost, and is found by its number; any other is a text. The package's own `validate` would find neither a text of
//! digits, nor one in lower case, nor a number of seven digits: such an entry is refused here, since nobody can say which
//! code it stands for.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

const MANIFEST: &str = "package.json";
const LIST: &str = "src/IFSC.json";
const NAMES: &str = "src/banknames.json";

/// What was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Package {
    pub(super) version: String,
    /// The files with data, each with its SHA-256.
    pub(super) inputs: [(&'static str, String); 2],
    /// In the order of their prefixes.
    pub(super) banks: Vec<Bank>,
}

/// A bank that has branches in the list.
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

/// The SHA-256 of bytes, in hexadecimal.
pub(super) fn sha256(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in Sha256::digest(bytes) {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// An object of JSON, and the hash of its file.
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

/// Writes a package with these two files.
#[cfg(test)]
pub(super) fn write(folder: &Path, list: &Value, names: &Value) {
    std::fs::create_dir_all(folder.join("src")).unwrap();
    let manifest = serde_json::json!({"name": "ifsc", "version": "2.0.50"});
    for (name, value) in [(MANIFEST, &manifest), (LIST, list), (NAMES, names)] {
        std::fs::write(folder.join(name), value.to_string()).unwrap();
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The package with these two files, or what is wrong with it.
    fn read(list: &Value, names: &Value) -> Result<Package, String> {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), list, names);
        let shown = format!("{}: ", folder.path().display());
        Package::read(folder.path()).map_err(|error| error.to_string().replace(&shown, ""))
    }

    #[test]
    fn numbers_get_their_leading_zeros_back_and_banks_their_names() {
        let names = json!({"YESB": " Yes  Bank ", "AACX": "A member of NACH, and no prefix"});
        let package = read(&json!({"YESB": [262, "0TSS01", 0, 999_999], "ADBK": ["A00000"]}), &names).unwrap();
        let bank = |prefix: &str, name: Option<&str>, branches: &[&str]| Bank {
            prefix: prefix.into(),
            name: name.map(str::to_owned),
            branches: branches.iter().map(|branch| (*branch).to_owned()).collect(),
        };
        assert_eq!(package.version, "2.0.50");
        assert_eq!(
            package.banks,
            [
                bank("ADBK", None, &["A00000"]),
                bank("YESB", Some("Yes Bank"), &["000000", "000262", "0TSS01", "999999"])
            ]
        );
        assert_eq!(package.inputs[1], (NAMES, sha256(names.to_string().as_bytes())));
    }

    #[test]
    fn entries_that_are_not_branches_are_reported_with_their_bank() {
        let list = json!({
            "YESB": [1, 1_000_000, -1, 1.5, "000262", "0tss01", "0TSS1", null, 1],
            "yesb": [1], "ABHY": [], "ABNA": {"a": 1},
        });
        insta::assert_snapshot!(read(&list, &json!({})).unwrap_err());
    }

    #[test]
    fn names_that_are_not_text_are_reported_with_their_bank() {
        for name in [json!(1), json!("\u{1b}[31m"), json!(" ")] {
            let reported = read(&json!({"YESB": [1]}), &json!({"YESB": name, "AACX": 1})).unwrap_err();
            let expected = "src/banknames.json, YESB: not a name; expected a text without control characters";
            assert_eq!(reported.lines().nth(1), Some(expected));
        }
    }

    #[test]
    fn another_package_and_a_file_in_place_of_the_folder_are_reported() {
        let folder = tempfile::tempdir().unwrap();
        let reported = |path: &Path| format!("{:#}", Package::read(path).unwrap_err());
        assert!(reported(&folder.path().join("ifsc-2.0.50.tgz")).contains("npm pack ifsc && tar xzf"));
        std::fs::write(folder.path().join(MANIFEST), r#"{"name": "left-pad", "version": "1.0.0"}"#).unwrap();
        assert!(reported(folder.path()).ends_with("not a version of the npm package `ifsc`"));
    }
}
