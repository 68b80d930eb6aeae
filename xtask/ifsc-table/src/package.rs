//! What the npm package `ifsc` says: `src/IFSC.json` has the branches of each bank, `src/banknames.json` names, and
//! `src/sublet.json` and `src/custom-sublets.json` the sub-members: smaller banks that use codes of larger ones.
//!
//! A branch is the last six characters of an IFSC. One that is digits only is written as a number, so that leading zeros
//! are lost, and is found by its number; any other is a text. The package's own `validate` would find neither a text of
//! digits, nor one in lower case, nor a number of seven digits: such an entry is refused here, since nobody can say which
//! code it stands for.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

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
        let (sublets, sublets_sha256) = object(folder, SUBLETS)?;
        let (custom, custom_sha256) = object(folder, CUSTOM)?;
        let mut problems = Vec::new();
        let banks = banks(&list, &names, &mut problems);
        let mut sub_members = sub_members(CUSTOM, &custom, &names, &mut problems);
        // The list of the payments corporation outweighs the one that is kept by hand.
        sub_members.extend(self::sub_members(SUBLETS, &sublets, &names, &mut problems));
        if !problems.is_empty() {
            bail!("{}: the package has entries that are not understood:\n{}", folder.display(), problems.join("\n"));
        }
        Ok(Self {
            version,
            inputs: [(LIST, list_sha256), (NAMES, names_sha256), (SUBLETS, sublets_sha256), (CUSTOM, custom_sha256)],
            banks,
            sub_members: needed(sub_members, &names),
        })
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

fn sub_members(
    file: &str,
    entries: &Map<String, Value>,
    names: &Map<String, Value>,
    problems: &mut Vec<String>,
) -> BTreeMap<String, String> {
    let mut members = BTreeMap::new();
    for (code, value) in entries {
        let capital = |text: &str| text.bytes().all(|c| c.is_ascii_uppercase());
        let fits = (4..=11).contains(&code.len())
            && code.bytes().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
            && capital(&code[..4])
            && code[4..].chars().next().is_none_or(|fifth| fifth == '0');
        if !fits {
            problems.push(format!("{file}: {code} is neither an IFSC nor the beginning of one"));
        }
        // A bank is named by its prefix, or in full where it has none.
        let prefix = value.as_str().filter(|text| text.len() == 4 && capital(text));
        let found = name(prefix.map_or(Some(value), |prefix| names.get(prefix)).unwrap_or(&Value::Null));
        match found.filter(|name| !name.contains(super::ABBREVIATIONS.map(|(sign, _)| sign))) {
            Some(name) => _ = members.insert(code.clone(), name),
            None => problems.push(format!("{file}, {code}: {value} is neither a bank with a name nor a name")),
        }
    }
    members
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
        assert_eq!(told.lines().count(), 7, "{told}");
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
