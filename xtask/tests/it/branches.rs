//! Makes the list of bank branches from packages of a few banks.

use std::path::Path;

use ifsc_table::{Directory, directory};
use openapi_doc::sha256;
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
