//! `completions` and `man`.

use clap::CommandFactory as _;

use crate::support::run;

#[test]
fn every_shell_has_completions_that_know_the_commands() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let found = run(["completions", shell]);
        assert_eq!((found.exit, found.stderr.as_str()), (0, ""));
        for word in ["validate", "check", "sandbox", "--bank-account", "api-key-file"] {
            let word = if shell == "fish" { word.trim_start_matches("--") } else { word };
            assert!(found.stdout.contains(word), "{shell}: {word}");
        }
    }
}

/// A man page without its markup.
fn plain(page: &str) -> String {
    let markup = [("\\fB", ""), ("\\fI", ""), ("\\fR", ""), ("\\&", ""), ("\\-", "-"), ("\\*(Aq", "'"), ("\\e", "\\")];
    markup.iter().fold(page.to_owned(), |page, (markup, plain)| page.replace(markup, plain))
}

#[test]
fn every_command_has_a_man_page_with_all_options_and_exit_codes() {
    let program = juspay_accounts_cli::Cli::command();
    for command in program.get_subcommands() {
        let name = command.get_name();
        let found = run(["man", name]);
        assert_eq!((found.exit, found.stderr.as_str()), (0, ""));
        let title = format!(".TH juspay-accounts-{name} 1  \"juspay-accounts {}\"", env!("CARGO_PKG_VERSION"));
        assert!(found.stdout.contains(&title), "{name}: {}", found.stdout);
        let page = plain(&found.stdout);
        for arg in command.get_arguments() {
            let Some(flag) = arg.get_long().filter(|flag| *flag != "help").map(|flag| format!("--{flag}")) else {
                continue;
            };
            let (_, entry) = page.split_once(&format!("\n{flag}")).unwrap_or_else(|| panic!("{name} lacks {flag}"));
            let help = arg.get_long_help().or(arg.get_help()).unwrap().to_string();
            assert!(entry.contains(help.lines().next().unwrap()), "{name} {flag}: {help}");
        }
        let has_codes = !["completions", "man"].contains(&name);
        assert_eq!(page.contains("\n.SH EXIT CODES\n"), has_codes, "{name}");
        assert!(page.contains("\n.SH EXAMPLES\n"), "{name}");
        assert!(!page.contains(".SH EXTRA"), "{name}: the text has sections of its own");
    }
    let page = plain(&run(["man"]).stdout);
    for words in [".TH juspay-accounts 1", ".SH EXIT CODES", ".SH ENVIRONMENT", "juspay-accounts-validate(1)"] {
        assert!(page.contains(words), "{words}: {page}");
    }
}

#[test]
fn a_man_page_keeps_the_lines_of_tables_and_examples() {
    let page = plain(&run(["man", "batch"]).stdout);
    for line in [
        "  --resume --reconcile",
        "  amount paid          rupees that the penny drop paid; \"up to\" if that is",
        "5  some rows were not sent",
    ] {
        assert!(page.contains(&format!("\n.nf\n{line}\n.fi\n")), "{line}: {page}");
    }
    assert!(page.contains("skipped: The payee was left out because of --unless-validated"), "the values of --retry");
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_is_a_success_and_a_full_disk_a_failure() {
    use crate::support::program;

    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let found = program(["man"]).stdout(writer).output().unwrap();
    assert_eq!((found.status.code(), found.stderr.as_slice()), (Some(0), &b""[..]));
    if let Ok(full) = std::fs::File::options().write(true).open("/dev/full") {
        assert_eq!(program(["man"]).stdout(full).output().unwrap().status.code(), Some(2));
    }
}
