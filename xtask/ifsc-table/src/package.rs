//! Reads the npm package `ifsc`: `src/IFSC.json` has the branches of each bank, `src/banknames.json` the names of the
//! banks, and `src/sublet.json` and `src/custom-sublets.json` the sub-members: smaller banks that use codes of larger
//! ones.
//!
//! A branch is the last six characters of an IFSC. The package writes a branch of digits as a number, without its
//! leading zeros, and finds it by its number. Any other branch is a string. The package's own `validate` would not find
//! a string of digits, a string in lower case, or a number of seven digits. Such an entry is an error here, because the
//! code that it means is unknown.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use openapi_doc::sha256;
use serde_json::{Map, Value};

const MANIFEST: &str = "package.json";
const LIST: &str = "src/IFSC.json";
const NAMES: &str = "src/banknames.json";
const SUBLETS: &str = "src/sublet.json";
const CUSTOM: &str = "src/custom-sublets.json";

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Package {
    pub(super) version: String,
    pub(super) inputs: [(&'static str, String); 4],
    /// The banks in the order of their prefixes.
    pub(super) banks: Vec<Bank>,
    /// The names of sub-members, by code or by the beginning of their codes.
    pub(super) sub_members: BTreeMap<String, String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bank {
    /// Four capital letters.
    pub(super) prefix: String,
    /// Not every bank in the list has a name.
    pub(super) name: Option<String>,
    /// At least one branch; each is six capital letters or digits.
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
        // The list of the National Payments Corporation of India (`sublet.json`) overrides the hand-maintained one.
        sub_members.extend(self::sub_members(SUBLETS, &sublets, &names, &mut problems));
        if !problems.is_empty() {
            bail!("{}: the package has unexpected entries:\n{}", folder.display(), problems.join("\n"));
        }
        Ok(Self {
            version,
            inputs: [(LIST, list_sha256), (NAMES, names_sha256), (SUBLETS, sublets_sha256), (CUSTOM, custom_sha256)],
            banks,
            sub_members: needed(sub_members, &names),
        })
    }
}

fn object(folder: &Path, name: &str) -> Result<(Map<String, Value>, String)> {
    let file = folder.join(name);
    let bytes = fs_err::read(&file)
        .context("not an unpacked package; run `npm pack ifsc && tar xzf ifsc-*.tgz`, and pass the folder `package`")?;
    let object = serde_json::from_slice(&bytes).with_context(|| format!("{}: not a JSON object", file.display()))?;
    Ok((object, sha256(&bytes)))
}

fn banks(list: &Map<String, Value>, names: &Map<String, Value>, problems: &mut Vec<String>) -> Vec<Bank> {
    let mut banks = Vec::new();
    for (prefix, entries) in list {
        let mut expect = |holds: bool, file: &str, otherwise: &str| {
            if !holds {
                problems.push(format!("{file}, {prefix}: {otherwise}"));
            }
        };
        let is_prefix = prefix.len() == 4 && prefix.bytes().all(|letter| letter.is_ascii_uppercase());
        expect(is_prefix, LIST, "not the prefix of a bank; expected 4 capital letters");
        let entries = entries.as_array().map(Vec::as_slice).unwrap_or_default();
        expect(!entries.is_empty(), LIST, "expected a list with at least one branch");
        let mut branches = BTreeSet::new();
        for entry in entries {
            let expected = "a number up to 999999, or a string of 6 capital letters or digits that is not a number";
            let branch = branch(entry);
            expect(branch.is_some(), LIST, &format!("{entry} is not a branch; expected {expected}"));
            let is_new = branch.is_none_or(|branch| branches.insert(branch));
            expect(is_new, LIST, &format!("the list contains {entry} twice"));
        }
        let name = names.get(prefix).map(name);
        expect(name != Some(None), NAMES, "not a name; expected a string without control characters");
        banks.push(Bank { prefix: prefix.clone(), name: name.flatten(), branches });
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
        // A bank is named by its prefix, or in full if it has no prefix.
        let prefix = value.as_str().filter(|text| text.len() == 4 && capital(text));
        let found = name(prefix.map_or(Some(value), |prefix| names.get(prefix)).unwrap_or(&Value::Null));
        match found.filter(|name| !name.contains(super::ABBREVIATIONS.map(|(sign, _)| sign))) {
            Some(name) => _ = members.insert(code.clone(), name),
            None => problems.push(format!("{file}, {code}: {value} is neither the prefix of a named bank nor a name")),
        }
    }
    members
}

/// Removes each entry if its name already follows from a shorter entry or, without a shorter entry, from the bank of
/// the first four letters.
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

/// The six characters of a branch. `None` if the entry is not a branch.
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

/// A name with single spaces between its words. Some names of the package have double spaces, or a space at the end.
fn name(value: &Value) -> Option<String> {
    let words: Vec<_> = value.as_str()?.split_whitespace().collect();
    let name = words.join(" ");
    (!name.is_empty() && !name.contains(char::is_control)).then_some(name)
}
