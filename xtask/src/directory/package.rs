//! What the npm package `ifsc` says: `src/IFSC.json` has the branches of each bank, `src/banknames.json` names, and
//! `src/sublet.json` and `src/custom-sublets.json` the sub-members: smaller banks that use codes of larger ones.
//!
//! A branch is the last six characters of an IFSC. One that is digits only is written as a number, so that leading zeros
//! are lost, and is found by its number; any other is a text. The package's own `validate` would find neither a text of
//! digits, nor one in lower case, nor a number of seven digits: such an entry is refused here, since nobody can say which
//! code it stands for.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Map, Value};

use crate::document::sha256;
use crate::problem::{Pointer, Problem, Problems};

const MANIFEST: &str = "package.json";
const LIST: &str = "src/IFSC.json";
const NAMES: &str = "src/banknames.json";
/// Sub-members by their codes.
const SUBLETS: &str = "src/sublet.json";
/// Sub-members by their codes, or by what their codes begin with.
const CUSTOM: &str = "src/custom-sublets.json";

/// What was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Package {
    pub(super) version: String,
    /// The files with data, each with its SHA-256.
    pub(super) inputs: [(&'static str, String); 4],
    /// In the order of their prefixes.
    pub(super) banks: Vec<Bank>,
    /// The names of sub-members, by a code or by what their codes begin with.
    pub(super) sub_members: BTreeMap<String, String>,
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
        let (sublets, sublets_sha256) = object(folder, SUBLETS)?;
        let (custom, custom_sha256) = object(folder, CUSTOM)?;
        let mut sub_members = sub_members(folder, CUSTOM, &custom, &names)?;
        // The list of the payments corporation outweighs the one that is kept by hand.
        sub_members.extend(self::sub_members(folder, SUBLETS, &sublets, &names)?);
        Ok(Self {
            version,
            inputs: [(LIST, list_sha256), (NAMES, names_sha256), (SUBLETS, sublets_sha256), (CUSTOM, custom_sha256)],
            banks: banks(folder, &list, &names)?,
            sub_members: needed(sub_members, &names),
        })
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

fn sub_members(
    folder: &Path,
    file: &str,
    entries: &Map<String, Value>,
    names: &Map<String, Value>,
) -> Result<BTreeMap<String, String>, Problems> {
    let mut members = BTreeMap::new();
    let mut problems = Vec::new();
    for (code, value) in entries {
        let at = Pointer::default().join(code);
        let capital = |text: &str| text.bytes().all(|c| c.is_ascii_uppercase());
        let fits = (4..=11).contains(&code.len())
            && code.bytes().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
            && capital(&code[..4])
            && code[4..].chars().next().is_none_or(|fifth| fifth == '0');
        if !fits {
            problems.push(Problem::at(&at, "is neither an IFSC nor the beginning of one"));
        }
        // A bank is named by its prefix, or in full where it has none.
        let prefix = value.as_str().filter(|text| text.len() == 4 && capital(text));
        let found = name(prefix.map_or(Some(value), |prefix| names.get(prefix)).unwrap_or(&Value::Null));
        match found.filter(|name| !name.contains(super::ABBREVIATIONS.map(|(sign, _)| sign))) {
            Some(name) => _ = members.insert(code.clone(), name),
            None => problems.push(Problem::at(&at, format!("{value} is neither a bank with a name nor a name"))),
        }
    }
    if problems.is_empty() { Ok(members) } else { Err(Problems::new(&folder.join(file), problems)) }
}

/// Without entries that say what is known without them: the bank of the code itself, or what a shorter entry says.
fn needed(members: BTreeMap<String, String>, names: &Map<String, Value>) -> BTreeMap<String, String> {
    let mut needed = BTreeMap::<String, String>::new();
    for (code, member) in members {
        let shorter = (4..code.len()).rev().find_map(|length| needed.get(&code[..length]));
        let known = shorter.cloned().or_else(|| names.get(&code[..4]).and_then(name));
        if known.as_ref() != Some(&member) {
            needed.insert(code, member);
        }
    }
    needed
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

/// Writes a package with these two files, and without sub-members.
#[cfg(test)]
pub(super) fn write(folder: &Path, list: &Value, names: &Value) {
    std::fs::create_dir_all(folder.join("src")).unwrap();
    let manifest = serde_json::json!({"name": "ifsc", "version": "2.0.50"});
    let none = serde_json::json!({});
    for (name, value) in [(MANIFEST, &manifest), (LIST, list), (NAMES, names), (SUBLETS, &none), (CUSTOM, &none)] {
        std::fs::write(folder.join(name), value.to_string()).unwrap();
    }
}

/// Writes the two files with sub-members.
#[cfg(test)]
pub(super) fn write_sub_members(folder: &Path, sublets: &Value, custom: &Value) {
    for (name, value) in [(SUBLETS, sublets), (CUSTOM, custom)] {
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
    fn sub_members_are_named_by_their_own_list_first_and_only_where_it_says_more() {
        let folder = tempfile::tempdir().unwrap();
        let names = json!({"YESB": "Yes Bank", "UJVN": "Ujjivan", "USFB": "Ujjivan", "ADCX": "Adinath Bank", "HCBL": "Hasti Bank"});
        write(folder.path(), &json!({"YESB": [1]}), &names);
        let sublets = json!({"YESB0ACB002": "ADCX", "YESB0ACB003": "HCBL", "YESB0XYZ001": "HCBL"});
        let custom = json!({"YESB0ACB": "ADCX", "YESB0ACB003": "ADCX", "YESB0XYZ001": "Konark Bank", "UJVN": "USFB"});
        write_sub_members(folder.path(), &sublets, &custom);
        let members = Package::read(folder.path()).unwrap().sub_members;
        let members: Vec<_> = members.iter().map(|(code, name)| (code.as_str(), name.as_str())).collect();
        assert_eq!(
            members,
            [("YESB0ACB", "Adinath Bank"), ("YESB0ACB003", "Hasti Bank"), ("YESB0XYZ001", "Hasti Bank")]
        );

        let custom = json!({"YESB1": "ADCX", "yesb0": "ADCX", "YES": "ADCX", "YESB0AAA": "ZZZZ", "YESB0AAB": 1, "YESB0AAC": "A*"});
        write_sub_members(folder.path(), &sublets, &custom);
        let told = Package::read(folder.path()).unwrap_err().to_string();
        assert_eq!(told.lines().count(), 6, "{told}");
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
