//! Makes the list of bank branches from packages of a few banks.

use std::path::Path;

use ifsc_table::{Directory, directory};
use openapi_doc::sha256;
use proptest::collection::{btree_map, btree_set};
use proptest::prelude::*;
use serde_json::{Value, json};
use tempfile::tempdir;

/// Makes the files from a package with these two files and without sub-members. The error lists the problems of the
/// package.
fn made(list: &Value, names: &Value) -> Result<Directory, String> {
    made_with(list, names, &json!({}), &json!({}))
}

/// The same, with the two files of sub-members.
fn made_with(list: &Value, names: &Value, sublets: &Value, custom: &Value) -> Result<Directory, String> {
    let folder = tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("src")).unwrap();
    let manifest = json!({"name": "ifsc", "version": "2.0.50"});
    let files = [
        ("package.json", &manifest),
        ("src/IFSC.json", list),
        ("src/banknames.json", names),
        ("src/sublet.json", sublets),
        ("src/custom-sublets.json", custom),
    ];
    for (name, value) in files {
        std::fs::write(folder.path().join(name), value.to_string()).unwrap();
    }
    let shown = format!("{}: ", folder.path().display());
    directory(folder.path(), "2026-08-24").map_err(|error| error.to_string().replace(&shown, ""))
}

fn code(made: &Directory) -> &str {
    std::str::from_utf8(&made.files[0].1).unwrap()
}

#[test]
fn same_package_makes_the_same_files() {
    let names = json!({"YESB": " Yes  Bank ", "HDFC": "HDFC \"Bank\"", "AACX": "A member of NACH, and no prefix"});
    let list = json!({"YESB": [2, 1, "0TSS01"], "HDFC": [1], "ADBK": [999_999]});
    let first = made(&list, &names).unwrap();
    assert_eq!(first.summary, "ifsc 2.0.50: 3 banks, 5 branches, 0 codes of sub-members");
    insta::assert_snapshot!(code(&first));
    let text = "ADBK0999999\nHDFC0000001\nYESB0000001\nYESB0000002\nYESB00TSS01\n";
    for sum in [sha256(text.as_bytes()), sha256(names.to_string().as_bytes()), sha256(&first.files[1].1)] {
        assert!(code(&first).contains(&sum));
    }
    assert_eq!(made(&list, &names).unwrap(), first);
    assert_eq!(
        first.files.clone().map(|(name, _)| name),
        ["mod.rs", "branches.bin", "sub_members.txt"].map(|name| format!("crates/validation/src/generated/{name}"))
    );

    let other = made(&json!({"YESB": [1, 2, "0TSS01"], "HDFC": [1, 100], "ADBK": [999_999]}), &names).unwrap();
    assert_eq!((first.files[1].1.len(), other.files[1].1.len()), (64, 68));
    let (old, new) = (code(&first), code(&other));
    assert_eq!(new.lines().filter(|line| line.contains("Row {") && !old.contains(line)).count(), 1, "{new}");

    let many = made(&json!({"ADBK": (0..12_345).collect::<Vec<_>>()}), &names).unwrap();
    assert!(code(&many).contains("BRANCHES: usize = 12_345;"));
    let many = made(&json!({"ADBK": (0..9_999).collect::<Vec<_>>()}), &names).unwrap();
    assert!(code(&many).contains("BRANCHES: usize = 9999;"));
}

#[test]
fn unknown_entries_are_reported_with_their_bank() {
    let list = json!({
        "YESB": [1, 1_000_000, -1, 1.5, "000262", "0tss01", "0TSS1", null, 1],
        "yesb": [1], "ABHY": [], "ABNA": {"a": 1}, "HDFC": [1], "ICIC": [1], "UTIB": [1],
    });
    let names = json!({"HDFC": 1, "ICIC": "\u{1b}[31m", "UTIB": " ", "AACX": 1});
    insta::assert_snapshot!(made(&list, &names).unwrap_err());
}

#[test]
fn sub_members_are_listed_only_if_their_name_is_new() {
    let names = json!({"YESB": "Yes Bank", "UJVN": "Ujjivan", "USFB": "Ujjivan", "ADCX": "Adinath Co-operative Bank", "HCBL": "Hasti Sahakari Bank"});
    let sublets = json!({"YESB0ACB002": "ADCX", "YESB0ACB003": "HCBL", "YESB0XYZ001": "HCBL"});
    let custom = json!({"YESB0ACB": "ADCX", "YESB0ACB003": "ADCX", "YESB0XYZ001": "Konark Bank", "UJVN": "USFB"});
    let list = json!({"YESB": [1]});
    let files = made_with(&list, &names, &sublets, &custom).unwrap().files;
    assert_eq!(
        std::str::from_utf8(&files[2].1).unwrap(),
        "YESB0ACB=Adinath*\nYESB0ACB003=Hasti+\nYESB0XYZ001=Hasti+\n"
    );
    let custom =
        json!({"YESB1": "ADCX", "yesb0": "ADCX", "YES": "ADCX", "YESB0AAA": "ZZZZ", "YESB0AAB": 1, "YESB0AAC": "A*"});
    insta::assert_snapshot!(made_with(&list, &names, &sublets, &custom).unwrap_err());
}

#[test]
fn wrong_package_and_missing_folder_are_reported() {
    let folder = tempdir().unwrap();
    let reported = |path: &Path| format!("{:#}", directory(path, "2026-08-24").unwrap_err());
    assert!(reported(&folder.path().join("ifsc-2.0.50.tgz")).contains("npm pack ifsc && tar xzf"));
    std::fs::write(folder.path().join("package.json"), r#"{"name": "left-pad", "version": "1.0.0"}"#).unwrap();
    assert!(reported(folder.path()).ends_with("not a version of the npm package `ifsc`"));
}

/// Reads the table independently, by the documentation of `xtask/ifsc-table/src/table.rs`.
fn branches(made: &Directory) -> Vec<Vec<String>> {
    let words: Vec<_> = made.files[1].1.chunks(4).map(|word| u32::from_le_bytes(word.try_into().unwrap())).collect();
    let lengths = code(made).lines().filter_map(|line| line.split_once("pages: ")?.1.split_once(' ')?.0.parse().ok());
    let lengths: Vec<usize> = lengths.collect();
    let pages: usize = lengths.iter().sum();
    let (mut page, mut group, mut banks) = (0, pages * 3, Vec::new());
    for length in lengths {
        let own = page..page + length;
        assert!(words[own.clone()].is_sorted());
        let mut branches = Vec::new();
        for at in own {
            let (number, present, first) = (words[at], words[at + pages], words[at + 2 * pages]);
            assert_eq!(pages * 3 + first as usize, group, "words between the groups of two pages");
            assert_ne!(present, 0, "a page without a group");
            for place in (0..32).filter(|place| present >> place & 1 == 1) {
                assert_ne!(words[group], 0, "a group without a branch");
                let numbers = (0..32).filter(|bit| words[group] >> bit & 1 == 1);
                branches.extend(numbers.map(|bit| text(number * 1024 + place * 32 + bit)));
                group += 1;
            }
        }
        page += length;
        branches.sort();
        banks.push(branches);
    }
    assert_eq!(group, words.len(), "words after the groups of the last bank");
    banks
}

fn text(number: u32) -> String {
    let Some(number) = number.checked_sub(1_000_000) else { return format!("{number:06}") };
    let digits = (0..6).rev().map(|place| char::from_digit(number / 36_u32.pow(place) % 36, 36).unwrap());
    digits.collect::<String>().to_uppercase()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn table_contains_exactly_the_branches(
        banks in btree_map("[A-Z]{4}", btree_set("0000[0-9]{2}|00[0-9]{4}|[0-9A-Z]{6}|000000|999999|00000A|ZZZZZZ", 1..70), 0..6),
    ) {
        // The package writes a branch of digits as a number.
        let entry = |branch: &String| branch.parse::<u32>().map_or_else(|_| json!(branch), |number| json!(number));
        let list = banks.iter().map(|(prefix, branches)| {
            (prefix.clone(), branches.iter().map(entry).collect::<Value>())
        });
        let expected: Vec<Vec<_>> = banks.values().map(|branches| branches.iter().cloned().collect()).collect();
        prop_assert_eq!(branches(&made(&Value::Object(list.collect()), &json!({})).unwrap()), expected);
    }
}
