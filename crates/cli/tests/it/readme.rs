//! The README shows what the program prints.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::{Run, run};

const README: &str = include_str!("../../README.md");

fn block(language: &str) -> &'static str {
    let (_, rest) = README.split_once(&format!("```{language}\n")).unwrap();
    rest.split_once("```").unwrap().0
}

/// The arguments of the first command in the README.
fn arguments() -> Vec<String> {
    let command = block("sh").replace("\\\n", " ");
    let mut words = command.split_whitespace().map(str::to_owned);
    assert_eq!(words.next().as_deref(), Some("juspay-accounts"));
    words.collect()
}

#[test]
fn the_first_command_prints_the_table_that_follows_it() {
    let Run { exit, stdout, .. } = run(arguments());
    assert_eq!((exit, stdout.as_str()), (0, block("text")));
}

/// Adds the paths of all fields in a value. All elements of a list have the same path.
fn fields(value: &Value, path: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                let path = format!("{path}/{name}");
                fields(value, &path, found);
                found.insert(path);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| fields(value, path, found)),
        _ => {}
    }
}

#[test]
fn the_json_has_the_fields_that_are_shown() {
    let Run { exit, stdout, .. } = run(arguments().into_iter().chain(["--output".into(), "json".into()]));
    assert_eq!(exit, 0);
    let (mut printed, mut shown) = (BTreeSet::new(), BTreeSet::new());
    fields(&serde_json::from_str(&stdout).unwrap(), "", &mut printed);
    fields(&serde_json::from_str(block("json")).unwrap(), "", &mut shown);
    // The README shows only some fields of an account.
    let missing: Vec<_> = shown.difference(&printed).collect();
    assert!(missing.is_empty(), "the README shows what is not printed: {missing:?}");
    printed.retain(|path| !path.starts_with("/accounts/account/"));
    let silent: Vec<_> = printed.difference(&shown).collect();
    assert!(silent.is_empty(), "what is printed is not in the README: {silent:?}");
}

/// Runs the commands of a block in the README, and returns them with their output, as a shell shows it.
#[cfg(unix)]
fn play(block: &str) -> String {
    use std::path::Path;
    use std::process::{Command, Stdio};

    let directory = tempfile::tempdir().unwrap();
    let templates = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/payees/templates");
    for file in std::fs::read_dir(templates).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), directory.path().join(file.file_name())).unwrap();
    }
    let program = Path::new(env!("CARGO_BIN_EXE_juspay-accounts"));
    let mut played = String::new();
    for line in block.lines().filter(|line| line.starts_with("$ ")) {
        let path = directory.path().join("printed");
        let printed = std::fs::File::create(&path).unwrap();
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", &line[2..]]).current_dir(directory.path()).stdin(Stdio::null());
        shell.env_clear().env("PATH", program.parent().unwrap());
        // Both streams go to the same file, in order.
        shell.stdout(printed.try_clone().unwrap()).stderr(printed).status().unwrap();
        let printed = std::fs::read_to_string(path).unwrap();
        played += line;
        played.push('\n');
        played += &printed;
    }
    played
}

/// `UPDATE_README=1` updates the README.
#[cfg(unix)]
#[test]
fn transcripts_are_what_the_program_prints() {
    const START: &str = "```console\n";
    let mut parts = README.split(START);
    let mut played = parts.next().unwrap().to_owned();
    let mut number = 0;
    for part in parts {
        let (block, rest) = part.split_once("```").unwrap();
        played += START;
        played += &play(block);
        played += "```";
        played += rest;
        number += 1;
    }
    assert_eq!(number, 3);
    if std::env::var_os("UPDATE_README").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md"), &played).unwrap();
    }
    assert!(played == README, "the README shows what is not printed; UPDATE_README=1 writes it anew:\n{played}");
}
