//! Tests the output of `cargo xtask`.

use std::path::Path;
use std::process::Command;

/// Runs a task. Returns its exit status, standard output and standard error.
pub(crate) fn xtask(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    with_key(folder, arguments, None)
}

fn with_key(folder: &Path, arguments: &[&str], key: Option<&str>) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command
        .args(arguments)
        .current_dir(folder)
        .env_remove("JUSPAY_API_KEY")
        .envs(key.map(|key| ("JUSPAY_API_KEY", key)));
    let output = command.output().unwrap();
    let [stdout, stderr] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    (output.status.code().unwrap(), stdout, stderr)
}

#[test]
fn regen_check_prints_the_command_that_updates() {
    let folder = tempfile::tempdir().unwrap();
    let spec = crate::workspace().join("xtask/specgen/petrol/petrol.yaml");
    std::fs::copy(spec, folder.path().join("petrol.yaml")).unwrap();
    let regen = |arguments: &[&str]| xtask(folder.path(), arguments);
    let arguments = ["regen", "--spec", "petrol.yaml", "--out", "out"];
    let check = [&arguments[..], &["--check"]].concat();

    assert_eq!(regen(&arguments), (0, "out: 6 files, 6 changed\n".to_owned(), String::new()));
    assert_eq!(regen(&check), (0, String::new(), String::new()));

    std::fs::remove_file(folder.path().join("out/json.rs")).unwrap();
    let (code, difference, error) = regen(&check);
    assert_eq!(code, 1);
    assert!(difference.replace('\\', "/").starts_with("--- out/json.rs\n+++ expected\n"));
    insta::assert_snapshot!(error, @"error: generated code is out of date; run `cargo xtask regen --spec petrol.yaml --out out`");
    let remedy: Vec<_> = error.split('`').nth(1).unwrap().split(' ').skip(2).collect();
    assert_eq!(regen(&remedy).0, 0);
    assert_eq!(regen(&check).0, 0);
}

#[test]
fn regen_prints_each_problem_of_a_spec_and_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.yaml"), "openapi: 3.0.3\npaths: {}\nservers: 1\n").unwrap();
    let (code, output, errors) = xtask(folder.path(), &["regen", "--spec", "a.yaml", "--out", "out"]);
    assert_eq!((code, output), (1, String::new()));
    insta::assert_snapshot!(errors, @"
    error: a.yaml: at /: `info` is missing
    error: a.yaml: at /servers: expected type array, found number
    ");
    assert!(!folder.path().join("out").exists());
}

#[test]
fn regen_requires_spec_and_out_together() {
    for (arguments, missing) in
        [(["regen", "--spec", "a.yaml"], "--out <DIR>"), (["regen", "--out", "out"], "--spec <FILE>")]
    {
        let (code, _, error) = xtask(crate::workspace(), &arguments);
        assert_eq!(code, 2);
        assert!(error.contains("required arguments were not provided") && error.contains(missing), "{error}");
    }
}

#[test]
fn probe_prints_the_cost_and_sends_nothing_without_consent_or_to_production() {
    let probe = |arguments: &[&str], key| with_key(crate::workspace(), &[&["probe"], arguments].concat(), key);
    let (code, output, error) = probe(&["--env", "sandbox"], Some("the-key"));
    assert_eq!((code, error.contains("--yes"), error.contains("the-key")), (1, true, false), "{error}");
    assert!(
        output.contains("penny drops")
            && output.contains("rupees in all")
            && output.contains("https://sandbox.juspay.in")
    );
    let (code, output, error) = probe(&["--base-url", "http://localhost:9", "--yes"], None);
    assert_eq!((code, output.as_str(), error.contains("JUSPAY_API_KEY")), (1, "", true), "{error}");
    let (code, output, error) = probe(&["--base-url", "https://api.juspay.in", "--yes"], Some("the-key"));
    assert_eq!((code, output.as_str(), error.contains("is production")), (1, "", true), "{error}");
    let (code, _, error) = probe(&["--env", "production", "--yes"], Some("the-key"));
    assert_eq!((code, error.contains("possible values: sandbox")), (2, true), "{error}");
    assert_eq!(probe(&["--yes"], Some("the-key")).0, 2);
}

#[test]
fn tasks_are_listed_if_there_are_no_arguments() {
    let (code, _, help) = xtask(crate::workspace(), &[]);
    assert_eq!(code, 2);
    insta::assert_snapshot!(help, @"
    The maintainer's tasks

    Usage: cargo xtask <COMMAND>

    Commands:
      ingest          Read a page of the vendor's documentation into spec/documented
      lint            Check spec/openapi.yaml against the documented facts and the generator
      regen           Generate the client and the mock from spec/openapi.yaml
      ifsc-directory  Make the list of bank branches from the npm package `ifsc`
      bench           Run the benchmarks, and count the instructions of each call
      outside         Try the spec with other people's tools, against the embedded sandbox
      probe           Call a server, and compare its responses with the spec and the test data
      release         Check that everything is ready for a release with this tag
      help            Print this message or the help of the given subcommand(s)

    Options:
      -h, --help  Print help
    ");
}
