//! `completions` and `man`.

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

#[test]
fn every_command_has_a_page_of_its_own() {
    for (command, name) in [
        (None, "juspay-accounts"),
        (Some("validate"), "juspay-accounts-validate"),
        (Some("check"), "juspay-accounts-check"),
        (Some("sandbox"), "juspay-accounts-sandbox"),
    ] {
        let found = run(["man"].into_iter().chain(command));
        assert_eq!((found.exit, found.stderr.as_str()), (0, ""));
        assert!(found.stdout.contains(&format!(".TH {name} 1")), "{name}: {}", found.stdout);
        assert!(found.stdout.contains("Exit codes:"), "{name}");
    }
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_is_no_failure_and_a_full_disk_is_one() {
    use crate::support::program;

    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let found = program(["man"]).stdout(writer).output().unwrap();
    assert_eq!((found.status.code(), found.stderr.as_slice()), (Some(0), &b""[..]));
    if let Ok(full) = std::fs::File::options().write(true).open("/dev/full") {
        assert_eq!(program(["man"]).stdout(full).output().unwrap().status.code(), Some(2));
    }
}
