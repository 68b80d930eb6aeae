//! Help and wrong usage.

use std::fmt::Write as _;

use clap::CommandFactory as _;

use crate::support::{Run, program, run};

#[test]
fn help_is_what_was_reviewed() {
    let program = juspay_accounts_cli::Cli::command();
    // The help of `batch` has its own test.
    let commands = program.get_subcommands().map(clap::Command::get_name).filter(|name| *name != "batch");
    for command in commands.chain([""]) {
        let args = [command, "--help"].into_iter().filter(|arg| !arg.is_empty());
        let Run { exit, stdout, stderr } = run(args);
        assert_eq!((exit, stderr.as_str()), (0, ""), "{command}");
        insta::assert_snapshot!(format!("help_{}", if command.is_empty() { "program" } else { command }), stdout);
    }
}

#[test]
fn a_narrow_terminal_has_narrow_help() {
    let wide = run(["validate", "--help"]);
    let narrow = Run::of(program(["validate", "--help"]).env("COLUMNS", "60"));
    assert_ne!(wide, narrow);
    assert_eq!(Run::of(program(["validate", "--help"]).env("COLUMNS", "300")), wide, "and no more than 100 columns");
}

#[test]
fn the_version_is_a_success() {
    let expected = format!("juspay-accounts {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(run(["--version"]), Run { exit: 0, stdout: expected, stderr: String::new() });
}

#[test]
fn wrong_usage_is_told_and_words_that_may_be_secrets_are_not_repeated() {
    let mut transcript = String::new();
    for args in [
        "",
        "vlidate",
        "validate",
        "validate --customer-id cst_1",
        "validate --customer-id cst_1 --bank-code B --upi a@upi --env moon",
        "validate --customer-id cst_1 --bank-code B --upi a@upi --env sandbox --base-url http://localhost",
        "validate --customer-id cst_1 --bank-code B --bank-account YESB0000262:026291800001191:Ramesh Kumar",
        "validate --customer-id cst_1 --bank-code B --api-key SECRET",
        "validate --api-key=SECRET",
        "026291800001191",
        "check 026291800001191",
        "check ifsc",
        "check vpa --9164326296@upi",
        "sandbox --port 026291800001191",
        "sandbox --seed -1",
        "batch in.csv --check-only --concurrency 026291800001191",
        "batch in.csv --check-only --rows-per-call 026291800001191",
        "batch in.csv --check-only --rate 026291800001191",
        "completions tcsh",
        "man nothing",
    ] {
        let found = run(args.split_whitespace());
        assert_eq!((found.exit, found.stdout.as_str()), (2, ""), "{args}");
        for secret in ["26291800001191", "9164326296", "Kumar", "SECRET"] {
            assert!(!found.stderr.contains(secret), "{args}: {}", found.stderr);
        }
        // Help texts have their own snapshots.
        if !args.is_empty() {
            writeln!(transcript, "$ juspay-accounts {args}\n{}", found.stderr).unwrap();
        }
    }
    insta::assert_snapshot!(transcript);
}

#[test]
fn colours_are_where_they_were_asked_for() {
    for (args, coloured) in [
        ("--color always", true),
        ("--color=always", true),
        ("--color never", false),
        ("--color auto", false),
        ("", false),
    ] {
        for command in ["--help", "check ifsc YESB0000262", "check ifsc X --bad"] {
            let line = format!("{command} {args}");
            // Arguments after --help are not read, so the flag must come before it.
            let line = if command == "--help" { format!("{args} --help") } else { line };
            let found = Run::of(program(line.split_whitespace()).env("TERM", "xterm"));
            assert_eq!((found.stdout + &found.stderr).contains('\u{1b}'), coloured, "{line}");
        }
    }
    let found = Run::of(program(["check", "ifsc", "YESB0000262", "--color", "always"]).env("NO_COLOR", "1"));
    assert!(found.stdout.contains('\u{1b}'), "what is asked for by name is done");
}
