//! Runs that know nothing of each other do not pay the same payees.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

use serde_json::json;

use super::support::{HEADER, Place, Ran, rows, start, until};

/// The program on a terminal. Nothing leaves this machine, as the proxy does not exist.
struct Terminal {
    child: Child,
    shown: String,
}

impl Terminal {
    fn start(place: &Place, program: &str) -> Self {
        let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut command = Command::new("script");
        command.args(["-qec", program, "/dev/null"]).current_dir(place.directory.path());
        command.env("JUSPAY_API_KEY", "key").env("HTTPS_PROXY", format!("http://{nobody}"));
        let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        Self { child, shown: String::new() }
    }

    fn wait_for(&mut self, text: &str) {
        let mut buffer = [0; 4096];
        while !self.shown.contains(text) {
            let length = self.child.stdout.as_mut().unwrap().read(&mut buffer).unwrap();
            assert!(length > 0, "{}", self.shown);
            self.shown.push_str(&String::from_utf8_lossy(&buffer[..length]));
        }
    }

    /// Types a text, and returns the exit code and what was shown.
    fn finish(mut self, typed: &str) -> (Option<i32>, String) {
        self.child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
        self.child.stdout.take().unwrap().read_to_string(&mut self.shown).unwrap();
        (self.child.wait().unwrap().code(), self.shown)
    }
}

/// Two runs that start together would not find each other's payees in the logs.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_sent_by_one_run_at_a_time() {
    let place = Place::new(&[]).await;
    place.input(rows(2));
    let other = fs::File::open(place.path("in.csv")).unwrap();
    other.lock().unwrap();
    let ran = place.run(&[]);
    assert_eq!(ran.exit, Some(2), "{}", ran.stderr);
    assert!(ran.stderr.contains("another run is using in.csv, and may send the same payees"), "{}", ran.stderr);
    assert!(!place.path("out.log").exists() && place.sandbox.requests() == 0);
    drop(other);
    // A run keeps the lock until it ends.
    place.sandbox.set_faults(&["hang".parse().unwrap()]);
    let mut first = start(&mut place.command(&[]));
    until(|| place.sandbox.requests() > 0).await;
    let url = place.sandbox.url();
    let ran = Ran::of(place.program(&["in.csv", "--out", "new.csv", "--base-url", &url]).output().unwrap());
    assert!(ran.exit == Some(2) && ran.stderr.contains("another run is using in.csv"), "{}", ran.stderr);
    first.kill().unwrap();
    first.wait().unwrap();
}

/// Production has two addresses, and a log of another version may be about any payee.
#[tokio::test(flavor = "multi_thread")]
async fn a_payee_of_another_log_is_found_whatever_the_log_calls_the_server() {
    let place = Place::new(&[]).await;
    place.input(rows(2));
    assert_eq!(place.run(&[]).exit, Some(0));
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let run = || {
        let mut command =
            place.program(&["in.csv", "--out", "new.csv", "--env", "production-static", "--yes", "--timeout", "1s"]);
        command.env("JUSPAY_API_KEY", "key").env("HTTPS_PROXY", format!("http://{nobody}"));
        Ran::of(command.output().unwrap())
    };
    for (key, value, why) in [
        (
            "target",
            "https://api.juspay.in",
            "2 payees in this file may have been paid before, in the run that wrote ./out.log",
        ),
        (
            "format",
            "juspay-accounts batch log 2",
            "./out.log is damaged or of another version, so a run may have sent payees",
        ),
    ] {
        place.edit_log(|events| events[0]["log"][key] = json!(value));
        let ran = run();
        assert_eq!(ran.exit, Some(2), "{}", ran.stderr);
        assert!(ran.stderr.contains(why), "{}", ran.stderr);
    }
    place.edit_log(|events| events[0]["log"]["format"] = json!("juspay-accounts batch log 3"));
    // Whatever line is damaged, the lines after it may be about these payees.
    let log = fs::read_to_string(place.path("out.log")).unwrap();
    fs::write(place.path("out.log"), log.replacen("\"attempt\":1", "\"attempt\":9", 1)).unwrap();
    let ran = run();
    assert_eq!(ran.exit, Some(2), "{}", ran.stderr);
    assert!(ran.stderr.contains("./out.log is damaged or of another version"), "{}", ran.stderr);
    assert!(!place.path("new.log").exists());
}

/// A spreadsheet that saves the file drops the leading zeros of the accounts.
#[tokio::test(flavor = "multi_thread")]
async fn a_payee_of_another_log_is_found_without_the_leading_zeros_of_its_account() {
    let place = Place::new(&[]).await;
    place.input(rows(1));
    assert_eq!(place.run(&[]).exit, Some(0));
    place.input(rows(1).replace(",00000", ","));
    let url = place.sandbox.url();
    let ran = Ran::of(place.program(&["in.csv", "--out", "new.csv", "--base-url", &url]).output().unwrap());
    assert_eq!(ran.exit, Some(2), "{}", ran.stderr);
    assert!(ran.stderr.contains("1 payee in this file may have been paid before"), "{}", ran.stderr);
    assert_eq!(place.sandbox.requests(), 1);
}

/// An editor replaces the file while a run is sending it, so the lock on the file is gone; or somebody splits
/// the file. The payees that the run has not reached are not in its log.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_run_does_not_start_while_another_one_may_send_its_payees() {
    let place = Place::new(&["hang,next=1"]).await;
    place.input(rows(20));
    let mut first = start(&mut place.command(&["--concurrency", "1"]));
    until(|| place.sandbox.requests() > 0).await;
    let url = place.sandbox.url();
    let run = |file: &str, text: &str| {
        fs::write(place.path("saved"), text).unwrap();
        fs::rename(place.path("saved"), place.path(file)).unwrap();
        let ran = Ran::of(place.program(&[file, "--base-url", &url]).output().unwrap());
        let log = place.path(&file.replace(".csv", ".results.log"));
        assert_eq!(log.exists(), ran.exit == Some(0), "{file}: {}", ran.stderr);
        (ran.exit, ran.stderr)
    };
    let all = rows(20);
    let last_rows = HEADER.to_owned() + &all[all.find("cst_19").unwrap()..];
    let others = |name: &str| rows(2).replace("cst_", name).replace(",00000", ",10000").replace("payee", name);
    // A run with another file and other payees does not wait.
    assert_eq!(run("others.csv", &others("new_")).0, Some(0));
    let sent = place.sandbox.requests();
    for (file, text) in [
        ("corrected.csv", &all),
        ("split.csv", &last_rows),
        ("split_without_zeros.csv", &last_rows.replace(",00000", ",")),
        ("in.csv", &others("newer_")),
        // The file that the first run reads has no name any more, so this file may be a part of it.
        ("others_again.csv", &others("newest_")),
    ] {
        let (exit, stderr) = run(file, text);
        assert_eq!((exit, place.sandbox.requests()), (Some(2), sent), "{file}: {stderr}");
        assert!(stderr.contains("another run is using ./out.log, and may send the same payees"), "{file}: {stderr}");
    }
    first.kill().unwrap();
    first.wait().unwrap();
}

/// While a question waits, another run can pay.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn other_logs_are_searched_after_the_question_about_the_cost() {
    let place = Place::new(&[]).await;
    place.input(rows(2));
    assert_eq!(place.run(&[]).exit, Some(0));
    place.edit_log(|events| events[0]["log"]["target"] = json!("https://api.juspay.in"));
    fs::rename(place.path("out.log"), place.path("later")).unwrap();
    let program = format!("{} batch in.csv --env production --timeout 1s", env!("CARGO_BIN_EXE_juspay-accounts"));
    let mut terminal = Terminal::start(&place, &program);
    terminal.wait_for("Pay at https://api.juspay.in (production)? [y/N]");
    // The file is locked from here on, so that a run of another file can compare its payees.
    assert!(fs::File::open(place.path("in.csv")).unwrap().try_lock().is_err());
    fs::rename(place.path("later"), place.path("out.log")).unwrap();
    let (exit, shown) = terminal.finish("y\nn\n");
    assert_eq!(exit, Some(2), "{shown}");
    assert!(
        shown.contains("2 payees in this file may have been paid before, in the run that wrote ./out.log"),
        "{shown}"
    );
    assert!(!place.path("in.results.log").exists());
}

/// Two runs begin at the same time, so neither finds the log of the other before it has one itself.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn of_two_runs_that_begin_together_one_finds_the_other() {
    let place = Place::new(&[]).await;
    let url = place.sandbox.url();
    fs::create_dir(place.path("july")).unwrap();
    fs::write(place.path("july/in.csv"), rows(2)).unwrap();
    let july = ["july/in.csv", "--base-url", &url];
    assert_eq!(Ran::of(place.program(&july).output().unwrap()).exit, Some(0));
    place.sandbox.set_faults(&["hang,next=1".parse().unwrap()]);
    // A question about a log keeps the first run from going on until the second has begun.
    std::os::unix::fs::symlink("july/in.csv", place.path("in.csv")).unwrap();
    let program = format!("{} batch in.csv --base-url {url}", env!("CARGO_BIN_EXE_juspay-accounts"));
    let mut terminal = Terminal::start(&place, &program);
    terminal.wait_for("Pay again? [y/N]");
    fs::write(place.path("split.csv"), rows(1)).unwrap();
    let mut second = start(&mut place.program(&["split.csv", "--pay-again", "--base-url", &url]));
    until(|| place.sandbox.requests() > 2).await;
    let (exit, shown) = terminal.finish("y\n");
    assert_eq!((exit, place.sandbox.requests()), (Some(2), 3), "{shown}");
    assert!(shown.contains("another run is using ./split.results.log, and may send the same payees"), "{shown}");
    assert!(!place.path("in.results.log").exists());
    second.kill().unwrap();
    second.wait().unwrap();
}

/// A run locks its file even with `--pay-again`, so that another run can compare its payees with those of the file. A
/// run that has not logged its start has not sent anything.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_run_with_other_payees_does_not_wait() {
    let place = Place::new(&["hang,next=1"]).await;
    place.input(rows(3));
    let mut first = start(&mut place.command(&["--concurrency", "1", "--pay-again"]));
    until(|| place.sandbox.requests() > 0).await;
    let url = place.sandbox.url();
    let run = |name: &str| {
        let file = format!("{name}.csv");
        let others = rows(2).replace("cst_", name).replace(",00000", ",10000").replace("payee", name);
        fs::write(place.path(&file), others).unwrap();
        Ran::of(place.program(&[&file, "--base-url", &url]).output().unwrap())
    };
    let ran = run("new");
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    first.kill().unwrap();
    first.wait().unwrap();

    let log = fs::read_to_string(place.path("out.log")).unwrap();
    fs::remove_file(place.path("out.log")).unwrap();
    fs::write(place.path("begun.log"), log.lines().next().unwrap().to_owned() + "\n").unwrap();
    let begun = fs::File::open(place.path("begun.log")).unwrap();
    begun.lock().unwrap();
    fs::remove_file(place.path("new.results.log")).unwrap();
    let ran = run("newer");
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
}

/// A backup of the log is not another run. If it were, the advice to continue it would pay again for what was
/// sent after the backup was made.
#[tokio::test(flavor = "multi_thread")]
async fn a_backup_of_the_log_is_not_another_run() {
    let place = Place::new(&["reset@after,next=1"]).await;
    place.input(rows(2));
    assert_eq!(place.run(&[]).exit, Some(4));
    let [log, copy] = ["out.log", "out.log.bak"].map(|name| place.path(name));
    fs::copy(&log, &copy).unwrap();
    place.input(rows(3));
    let ran = place.run(&["--resume", "--reconcile", "--settle", "0s"]);
    assert_eq!((ran.exit, place.sandbox.requests()), (Some(0), 4), "{}", ran.stderr);
    // Now the backup is older than the log. Somebody confuses the two.
    fs::rename(&log, place.path("aside")).unwrap();
    fs::rename(&copy, &log).unwrap();
    fs::rename(place.path("aside"), &copy).unwrap();
    let ran = place.run(&["--resume"]);
    assert_eq!((ran.exit, place.sandbox.requests()), (Some(2), 4), "{}", ran.stderr);
    let message = "1 payee in this file may have been paid before, in the run that wrote ./out.log.bak";
    assert!(ran.stderr.contains(message), "{}", ran.stderr);
    assert!(place.validations().values().all(|times| *times == 1), "{:?}", place.validations());
}

/// Somebody copies the folder with the file and its log, and resumes in both.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn the_log_of_which_a_log_is_a_copy_is_found_in_its_folder() {
    let place = Place::new(&[]).await;
    let url = place.sandbox.url();
    let resume = |folder: &str, number: u64, more: &[&str]| {
        fs::write(place.path(folder).join("in.csv"), rows(number)).unwrap();
        let args = [&["in.csv", "--base-url", &url], more].concat();
        Ran::of(place.program(&args).current_dir(place.path(folder)).output().unwrap())
    };
    fs::create_dir(place.path("july")).unwrap();
    assert_eq!(resume("july", 1, &[]).exit, Some(0));
    fs::create_dir(place.path("copy")).unwrap();
    for file in ["in.csv", "in.results.csv", "in.results.log"] {
        fs::copy(place.path("july").join(file), place.path("copy").join(file)).unwrap();
    }
    assert_eq!(resume("july", 3, &["--resume"]).exit, Some(0));
    let ran = resume("copy", 3, &["--resume"]);
    assert_eq!((ran.exit, place.sandbox.requests()), (Some(2), 3), "{}", ran.stderr);
    let log = place.path("july/in.results.log");
    let message = format!("2 payees in this file may have been paid before, in the run that wrote {}", log.display());
    assert!(ran.stderr.contains(&message), "{}", ran.stderr);
    // A folder that cannot be listed may have such a log.
    fs::rename(place.path("july"), place.path("moved")).unwrap();
    std::os::unix::fs::symlink("july", place.path("july")).unwrap();
    let ran = resume("copy", 3, &["--resume"]);
    assert_eq!((ran.exit, place.sandbox.requests()), (Some(2), 3), "{}", ran.stderr);
    assert!(ran.stderr.contains("july cannot be read, so a run may have sent payees of this file"), "{}", ran.stderr);
    // A folder that was moved with its log does not exist any more.
    fs::remove_file(place.path("july")).unwrap();
    assert_eq!(resume("moved", 3, &["--resume"]).exit, Some(0));
    assert_eq!(place.sandbox.requests(), 3);
}

/// A symbolic link to the file of the month is in another folder than the file and its log.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_log_is_found_next_to_the_file_that_a_link_leads_to() {
    let place = Place::new(&[]).await;
    let url = place.sandbox.url();
    fs::create_dir(place.path("july")).unwrap();
    fs::write(place.path("july/in.csv"), rows(2)).unwrap();
    let run = |file: &str| Ran::of(place.program(&[file, "--base-url", &url]).output().unwrap());
    assert_eq!(run("july/in.csv").exit, Some(0));
    std::os::unix::fs::symlink("july/in.csv", place.path("latest.csv")).unwrap();
    let ran = run("latest.csv");
    assert_eq!((ran.exit, place.sandbox.requests()), (Some(2), 2), "{}", ran.stderr);
    assert!(ran.stderr.contains("2 payees in this file may have been paid before"), "{}", ran.stderr);
}

/// Somebody renames the log, or cannot read the log of a colleague.
#[tokio::test(flavor = "multi_thread")]
async fn a_log_is_found_under_another_name_and_asked_about_if_it_cannot_be_read() {
    let place = Place::new(&[]).await;
    place.input(rows(2));
    assert_eq!(place.run(&[]).exit, Some(0));
    fs::rename(place.path("out.ndjson"), place.path("old.ndjson")).unwrap();
    let mut name = place.path("out.log");
    for moved in ["out.log.old", "out.log (1)", "OUT.LOG", "out.log.txt"] {
        fs::rename(&name, place.path(moved)).unwrap();
        name = place.path(moved);
        let ran = place.run(&[]);
        assert_eq!((ran.exit, place.sandbox.requests()), (Some(2), 2), "{moved}: {}", ran.stderr);
        let message = format!("2 payees in this file may have been paid before, in the run that wrote ./{moved}");
        assert!(ran.stderr.contains(&message), "{}", ran.stderr);
        assert!(ran.stderr.contains("; first rename it to its old name, which ended in .log)"), "{}", ran.stderr);
    }
    // An editor puts a mark at the start of the file, or a spreadsheet doubles the quotation marks.
    let text = fs::read_to_string(&name).unwrap();
    for saved in [format!("\u{feff}{text}"), text.replace('"', "\"\"")] {
        fs::write(&name, saved).unwrap();
        let ran = place.run(&[]);
        assert_eq!((ran.exit, place.sandbox.requests()), (Some(2), 2), "{}", ran.stderr);
        assert!(ran.stderr.contains("out.log.txt is damaged or of another version"), "{}", ran.stderr);
    }
    fs::remove_file(&name).unwrap();
    // Neither of these is a log.
    fs::create_dir(place.path("old.log")).unwrap();
    fs::write(place.path("server.log"), "started\n").unwrap();
    #[cfg(target_os = "linux")]
    {
        // Nobody can read this file at its start, not even root.
        std::os::unix::fs::symlink("/proc/self/mem", place.path("colleague.log")).unwrap();
        let ran = place.run(&[]);
        assert_eq!((ran.exit, place.sandbox.requests()), (Some(2), 2), "{}", ran.stderr);
        let message = "./colleague.log cannot be read, so a run may have sent payees of this file. Pay?";
        assert!(ran.stderr.contains(message), "{}", ran.stderr);
        fs::remove_file(place.path("colleague.log")).unwrap();
    }
    assert_eq!(place.run(&[]).exit, Some(0));
}
