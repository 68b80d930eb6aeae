//! The output on a terminal: with its width, and coloured. `script` provides the terminal.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use unicode_width::UnicodeWidthStr as _;

use crate::support::program;

/// Runs the program on a terminal with this many columns, and returns its output. `None`, with a message, if there is
/// no suitable `script`.
fn on_terminal(directory: &Path, columns: u16, args: &str) -> Option<String> {
    let own = program([""; 0]);
    let command = format!("stty cols {columns} rows 24 && exec {} {args}", own.get_program().to_str().unwrap());
    let mut script = Command::new("script");
    script.env_remove("JUSPAY_API_KEY").env_remove("NO_COLOR").env("TERM", "xterm").env("LC_ALL", "C.UTF-8");
    script.args(["--quiet", "--return", "--command", &command, "/dev/null"]).current_dir(directory);
    match script.stdin(Stdio::null()).output() {
        Ok(output) if String::from_utf8_lossy(&output.stderr).is_empty() => {
            Some(String::from_utf8(output.stdout).unwrap().replace("\r\n", "\n"))
        }
        _ => {
            eprintln!("skipped: there is no `script` of util-linux to make a terminal with");
            None
        }
    }
}

/// The text that a terminal shows in the end, without colours or lines that were overwritten.
fn shown(text: &str) -> String {
    let lines = text.split('\n').map(|line| {
        // The text after the last erasure of the line.
        let line = line.rsplit_once("\r\u{1b}[K").map_or(line, |(_, after)| after);
        anstream::adapter::strip_str(line).to_string()
    });
    lines.collect::<Vec<_>>().join("\n")
}

const VALIDATE: &str = "validate --customer-id cst_1 --bank-code JP_HDFC --bank-account YESB0000262:026291800001191:Ramesh \
                        --upi success@upi --upi failure@upi";

fn from<'a>(text: &'a str, start: &str) -> &'a str {
    let (at, _) = text.match_indices(start).find(|(at, _)| *at == 0 || text[..*at].ends_with('\n')).unwrap();
    &text[at..]
}

fn must_fit(text: &str, columns: u16) {
    for line in text.lines() {
        assert!(line.width() <= columns.into(), "{} columns: {line}", line.width());
    }
}

#[test]
fn accounts_fit_the_terminal_and_each_has_its_flag() {
    let directory = TempDir::new().unwrap();
    for columns in [80, 60] {
        let Some(text) = on_terminal(directory.path(), columns, VALIDATE) else { return };
        let text = shown(&text);
        let table = from(&text, "input");
        must_fit(table, columns);
        let one_line =
            |flag: &str, status: &str| table.lines().any(|line| line.contains(flag) && line.ends_with(status));
        let block = |flag: &str, status: &str| {
            let (_, block) = table.split_once(&format!("  {flag}\n")).unwrap();
            block.lines().find(|line| line.starts_with("status")).unwrap().ends_with(status)
        };
        for (flag, status) in [("--bank-account #1", "ACTIVE"), ("--upi #1", "ACTIVE"), ("--upi #2", "FAILURE")] {
            assert!(if columns == 80 { one_line(flag, status) } else { block(flag, status) }, "{flag}: {table}");
        }
    }
}

#[test]
fn a_batch_shows_which_rows_failed_within_the_terminal() {
    let directory = TempDir::new().unwrap();
    let rows = "customer_id,bank_code,vpa,reference\n\
                cst_1,JP_HDFC,success@upi,INV-1001\n\
                cst_2,JP_HDFC,failure@upi,INV-1002\n\
                cst_3,JP_HDFC,pending@upi,INV-1003\n";
    fs::write(directory.path().join("in.csv"), rows).unwrap();
    for columns in [80, 60] {
        let out = format!("out-{columns}.csv");
        let Some(text) = on_terminal(directory.path(), columns, &format!("batch in.csv --out {out}")) else { return };
        let text = shown(&text);
        let (listed, _) = from(&text, "2 rows not active").split_once("note: ").unwrap();
        must_fit(listed, columns);
        let row = |start: &str| {
            text.lines().find(|line| line.starts_with(start)).unwrap_or_else(|| panic!("{text}")).to_owned()
        };
        let words = |line: String| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(words(row("3 ")), ["3", "****@upi", "-", "INV-1002", "failed"]);
        assert_eq!(words(row("4 ")), ["4", "****@upi", "-", "INV-1003", "pending"]);
        assert!(!text.contains("INV-1001"), "{text}");
    }
}

#[test]
fn colours_mark_statuses_unless_the_user_wants_none() {
    let directory = TempDir::new().unwrap();
    let Some(text) = on_terminal(directory.path(), 80, VALIDATE) else { return };
    assert!(text.contains("\u{1b}[31mFAILURE\u{1b}[0m") && text.contains("\u{1b}[32mACTIVE\u{1b}[0m"), "{text:?}");
    let text = on_terminal(directory.path(), 80, &format!("--color never {VALIDATE}")).unwrap();
    assert!(!text.contains('\u{1b}'), "{text:?}");
    let ran = program(VALIDATE.split_whitespace()).output().unwrap();
    assert!(!ran.stdout.contains(&0x1b) && !ran.stderr.contains(&0x1b), "not a terminal");
}

#[test]
fn ctrl_c_at_a_question_ends_the_program_and_confirms_nothing() {
    use std::io::{Read as _, Write as _};
    let account = r#"{"customer_account_id":"banh_1","validation_status":"ACTIVE"}"#;
    let server = crate::support::Server::bodies(&[account]);
    let own = program([""; 0]);
    // A shell makes programs in the background ignore Ctrl-C.
    let command = format!(
        "env --default-signal=INT {} delete --customer-id c --account-id banh_1 --base-url {}",
        own.get_program().to_str().unwrap(),
        server.url
    );
    let mut script = Command::new("script");
    script.env_remove("JUSPAY_API_KEY").args(["--quiet", "--return", "--command", &command, "/dev/null"]);
    let spawned = script.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let Ok(mut child) = spawned else { return };
    let (mut keys, mut screen) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let mut shown = Vec::new();
    while !shown.ends_with(b"[y/N] ") {
        let mut byte = [0];
        if screen.read(&mut byte).unwrap() == 0 {
            // This `script` is not that of util-linux.
            return;
        }
        shown.push(byte[0]);
    }
    keys.write_all(b"\x03").unwrap();
    let end = Instant::now() + Duration::from_secs(30);
    let exit = loop {
        if let Some(exit) = child.try_wait().unwrap() {
            break exit;
        }
        if Instant::now() > end {
            child.kill().unwrap();
            panic!("Ctrl-C has no effect");
        }
        sleep(Duration::from_millis(20));
    };
    assert!(!exit.success());
    assert!(server.request().starts_with("GET "));
    assert_eq!(server.others(), 0, "the account was deleted");
}

/// Lines of other programs in the same terminal or log do not split a message.
#[cfg(unix)]
#[test]
fn a_message_is_written_at_once() {
    use std::os::fd::OwnedFd;
    use std::os::unix::net::UnixDatagram;
    let (reader, writer) = UnixDatagram::pair().unwrap();
    let writer = OwnedFd::from(writer);
    program(["validate", "--customer-id", "..", "--bank-code", "JP HDFC"]).stderr(writer).status().unwrap();
    let mut message = vec![0; 64 * 1024];
    let length = reader.recv(&mut message).unwrap();
    let message = String::from_utf8(message[..length].to_vec()).unwrap();
    assert!(message.starts_with("error: 3 problems in the input") && message.matches('\n').count() == 4, "{message:?}");
}

/// Files come from other people.
#[test]
fn a_file_name_does_not_control_the_terminal() {
    let found = program(["batch", "a\u{1b}]0;x\u{7}.csv", "--color", "always"]).output().unwrap();
    let stderr = String::from_utf8(found.stderr).unwrap();
    assert!(stderr.contains("a\u{fffd}]0;x\u{fffd}.csv cannot be read"), "{stderr:?}");
}

#[test]
fn a_terminal_shows_the_manual_as_text() {
    let directory = TempDir::new().unwrap();
    let Some(text) = on_terminal(directory.path(), 80, "man batch") else { return };
    must_fit(&text, 79);
    for words in
        ["--rotated-key", "The log is in the same folder.", "Exit codes:", "- failed:  The bank says", "Guide:  docs/"]
    {
        assert!(text.contains(words), "{words}: {text}");
    }
}
