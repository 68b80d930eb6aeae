//! What the npm package `ifsc` says: `src/IFSC.json` has the branches of each bank, and `src/banknames.json` names.
//!
//! A branch is the last six characters of an IFSC. One that is digits only is written as a number, so that leading zeros
//! are lost, and is found by its number; any other is a text. The package's own `validate` would find neither a text of
//! digits, nor one in lower case, nor a number of seven digits: such an entry is refused here, since nobody can say which
//! code it stands for.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Map, Value};

use crate::document::sha256;
use crate::problem::{Pointer, Problem, Problems};

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
    pub(super) fn read(folder: &Path) -> Result<Self, Problems> {
        let (manifest, _) = object(folder, MANIFEST)?;
        let version = match (manifest.get("name").and_then(Value::as_str), manifest.get("version")) {
            (Some("ifsc"), Some(Value::String(version))) if version.bytes().all(|c| c.is_ascii_graphic()) => {
                version.clone()
            }
            _ => {
                let problem = Problem::file("is not that of a version of the npm package `ifsc`");
                return Err(Problems::new(&folder.join(MANIFEST), vec![problem]));
            }
        };
        let (list, list_sha256) = object(folder, LIST)?;
        let (names, names_sha256) = object(folder, NAMES)?;
        Ok(Self { version, inputs: [(LIST, list_sha256), (NAMES, names_sha256)], banks: banks(folder, &list, &names)? })
    }
}

/// An object of JSON, and the hash of its file.
fn object(folder: &Path, name: &str) -> Result<(Map<String, Value>, String), Problems> {
    let file = folder.join(name);
    let fail = |message: String| Problems::new(&file, vec![Problem::file(message)]);
    let bytes = std::fs::read(&file).map_err(|error| {
        fail(format!(
            "cannot be read: {error}; unpack the package with `npm pack ifsc && tar xzf ifsc-*.tgz`, and give its folder"
        ))
    })?;
    let object = serde_json::from_slice(&bytes).map_err(|error| fail(format!("is no object of JSON: {error}")))?;
    Ok((object, sha256(&bytes)))
}

fn banks(folder: &Path, list: &Map<String, Value>, names: &Map<String, Value>) -> Result<Vec<Bank>, Problems> {
    let mut banks = Vec::new();
    let [mut in_list, mut in_names] = [Vec::new(), Vec::new()];
    for (prefix, entries) in list {
        let at = Pointer::default().join(prefix);
        if prefix.len() != 4 || !prefix.bytes().all(|letter| letter.is_ascii_uppercase()) {
            in_list.push(Problem::at(&at, "is no prefix of a bank; accepted: 4 capital letters"));
        }
        let entries = entries.as_array().map(Vec::as_slice).unwrap_or_default();
        if entries.is_empty() {
            in_list.push(Problem::at(&at, "is no list with branches"));
        }
        let mut branches = BTreeSet::new();
        for (index, entry) in entries.iter().enumerate() {
            match branch(entry) {
                Some(branch) if branches.insert(branch.clone()) => {}
                Some(_) => in_list.push(Problem::at(&at.join(index), "is there twice")),
                None => in_list.push(Problem::at(
                    &at.join(index),
                    format!(
                        "{entry} is no branch; accepted: a number up to 999999, or a text of 6 capital letters or digits \
                         that is no number"
                    ),
                )),
            }
        }
        let name = match names.get(prefix).map(name) {
            None => None,
            Some(Some(name)) => Some(name),
            Some(None) => {
                in_names.push(Problem::at(&at, "is no name; accepted: a text without control characters"));
                None
            }
        };
        banks.push(Bank { prefix: prefix.clone(), name, branches });
    }
    banks.sort_by(|one, other| one.prefix.cmp(&other.prefix));
    for (file, problems) in [(LIST, in_list), (NAMES, in_names)] {
        if !problems.is_empty() {
            return Err(Problems::new(&folder.join(file), problems));
        }
    }
    Ok(banks)
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

    /// The package with these two files, or what is said of it.
    fn read(list: &Value, names: &Value) -> Result<Package, String> {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), list, names);
        let shown = format!("{}/", folder.path().display());
        Package::read(folder.path()).map_err(|problems| problems.to_string().replace(&shown, ""))
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
    fn what_stands_for_no_branch_is_told_with_its_place() {
        let list = json!({
            "YESB": [1, 1_000_000, -1, 1.5, "000262", "0tss01", "0TSS1", null, 1],
            "yesb": [1], "ABHY": [], "ABNA": {"a": 1},
        });
        insta::assert_snapshot!(read(&list, &json!({})).unwrap_err(), @r#"
        error: src/IFSC.json: at /ABHY: is no list with branches
        error: src/IFSC.json: at /ABNA: is no list with branches
        error: src/IFSC.json: at /YESB/1: 1000000 is no branch; accepted: a number up to 999999, or a text of 6 capital letters or digits that is no number
        error: src/IFSC.json: at /YESB/2: -1 is no branch; accepted: a number up to 999999, or a text of 6 capital letters or digits that is no number
        error: src/IFSC.json: at /YESB/3: 1.5 is no branch; accepted: a number up to 999999, or a text of 6 capital letters or digits that is no number
        error: src/IFSC.json: at /YESB/4: "000262" is no branch; accepted: a number up to 999999, or a text of 6 capital letters or digits that is no number
        error: src/IFSC.json: at /YESB/5: "0tss01" is no branch; accepted: a number up to 999999, or a text of 6 capital letters or digits that is no number
        error: src/IFSC.json: at /YESB/6: "0TSS1" is no branch; accepted: a number up to 999999, or a text of 6 capital letters or digits that is no number
        error: src/IFSC.json: at /YESB/7: null is no branch; accepted: a number up to 999999, or a text of 6 capital letters or digits that is no number
        error: src/IFSC.json: at /YESB/8: is there twice
        error: src/IFSC.json: at /yesb: is no prefix of a bank; accepted: 4 capital letters
        "#);
    }

    #[test]
    fn what_is_no_name_is_told_with_its_place() {
        for name in [json!(1), json!("\u{1b}[31m"), json!(" ")] {
            let told = read(&json!({"YESB": [1]}), &json!({"YESB": name, "AACX": 1})).unwrap_err();
            assert_eq!(
                told,
                "error: src/banknames.json: at /YESB: is no name; accepted: a text without control characters"
            );
        }
    }

    #[test]
    fn another_package_and_a_file_in_its_place_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let told = |path: &Path| Package::read(path).unwrap_err().to_string();
        assert!(told(&folder.path().join("ifsc-2.0.50.tgz")).contains("npm pack ifsc && tar xzf"));
        std::fs::write(folder.path().join(MANIFEST), r#"{"name": "left-pad", "version": "1.0.0"}"#).unwrap();
        assert!(told(folder.path()).ends_with("is not that of a version of the npm package `ifsc`"));
    }
}
