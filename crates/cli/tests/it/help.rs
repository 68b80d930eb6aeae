//! Help and wrong usage.

use std::fmt::Write as _;

use clap::CommandFactory as _;

use crate::support::{Run, program, run};

/// The names of all commands, and an empty name for the program.
fn commands() -> Vec<String> {
    let program = juspay_accounts_cli::Cli::command();
    program.get_subcommands().map(|command| command.get_name().to_owned()).chain([String::new()]).collect()
}

#[test]
fn help_was_reviewed_and_fits_one_screen() {
    for command in commands() {
        let args = [&*command, "--help"].into_iter().filter(|arg| !arg.is_empty());
        let Run { exit, stdout, stderr } = run(args);
        assert_eq!((exit, stderr.as_str()), (0, ""), "{command}");
        assert!(stdout.lines().count() <= 50, "{command} has {} lines", stdout.lines().count());
        let long: Vec<_> = stdout.lines().filter(|line| line.chars().count() >= 80).collect();
        assert!(long.is_empty(), "{command}: {long:#?}");
        assert!(stdout.contains("\nGuide:  docs/") && stdout.contains("\nManual: juspay-accounts "), "{command}");
        insta::assert_snapshot!(format!("help_{}", if command.is_empty() { "program" } else { &command }), stdout);
    }
}

#[test]
fn a_narrow_terminal_has_narrow_help() {
    let wide = run(["validate", "--help"]);
    let narrow = Run::of(program(["validate", "--help"]).env("COLUMNS", "60"));
    assert_ne!(wide, narrow);
    assert_eq!(Run::of(program(["validate", "--help"]).env("COLUMNS", "300")), wide, "at most 79 columns");
    assert_eq!(run(["validate", "-h"]), wide, "the short flag prints the same");
}

#[test]
fn the_version_is_printed_with_exit_code_0() {
    let expected = format!("juspay-accounts {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(run(["--version"]), Run { exit: 0, stdout: expected, stderr: String::new() });
}

#[test]
fn usage_errors_do_not_repeat_words_that_may_be_secrets() {
    let mut transcript = String::new();
    for args in [
        "",
        "vlidate",
        "serve",
        "Ramesh",
        "ramesh.kumar@okhdfcbank",
        "validate",
        "validate --customer-id cst_1",
        "validate --customer-id cst_1 --bank-code B --upi a@upi --env moon",
        "validate --customer-id cst_1 --bank-code B --upi a@upi --env sandbox --base-url http://localhost",
        "validate --customer-id cst_1 --bank-code B --bank-account YESB0000262:026291800001191:Ramesh Kumar",
        "validate --customer-id cst_1 --bank-code B --api-key SECRET",
        "validate --api-key=SECRET",
        "validate -upi 9164326296@upi",
        "validate --upi",
        "validate --upi --bank-account YESB0000262:026291800001191",
        "026291800001191",
        "check 026291800001191",
        "check ramesh sharma",
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
        for secret in ["26291800001191", "9164326296", "Kumar", "ramesh", "Ramesh", "okhdfcbank", "SECRET"] {
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
fn colours_follow_the_color_flag() {
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
    assert!(found.stdout.contains('\u{1b}'), "--color always wins over NO_COLOR");
}
