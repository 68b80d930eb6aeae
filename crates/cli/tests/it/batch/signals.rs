//! A run that is ended by a signal, or lacks resources of the machine, sends nothing more and loses nothing.

use std::fs;
use std::io::Read as _;
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;

use super::support::{Place, Ran, rows, signal, start, until};

/// After an interrupt, a call that waits between two attempts ends, and nothing more is sent.
#[tokio::test(flavor = "multi_thread")]
async fn no_attempt_is_made_after_an_interrupt() {
    let place = Place::new(&["rate-limit=5"]).await;
    place.input(rows(20));
    let child = start(&mut place.command(&["--concurrency", "4"]));
    until(|| place.sandbox.requests() == 4).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    let began = Instant::now();
    signal(&child, "INT");
    let ran = Ran::of(child.wait_with_output().unwrap());
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    assert_eq!(ran.exit, Some(5), "{}", ran.stderr);
    assert_eq!(place.sandbox.requests(), 4);
    assert_eq!(json!(place.tally()), json!({ "not_sent": 4 }));
    place.sandbox.heal();
    assert_eq!(place.run(&["--resume"]).exit, Some(0));
    assert!(place.validations().values().all(|times| *times == 1));
}

/// After a signal, a call that still waits for its connection does not send anything either.
#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_opens_after_a_signal_is_not_used() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    // Connect until the queue of the listener is full.
    let connect = |_| TcpStream::connect_timeout(&address, Duration::from_millis(300)).ok();
    let waiting: Vec<_> = (0..10_000).map_while(connect).collect();
    let place = Place::new(&[]).await;
    place.input(rows(4));
    let url = format!("http://{address}");
    let args = ["in.csv", "--out", "out.ndjson", "--base-url", &url, "--concurrency", "2"];
    let child = start(&mut place.program(&args));
    until(|| place.logged("send") >= 2).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    let began = Instant::now();
    signal(&child, "TERM");
    let ran = Ran::of(child.wait_with_output().unwrap());
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    assert_eq!(ran.exit, Some(5), "{}", ran.stderr);
    assert_eq!(json!(place.tally()), json!({ "not_sent": 2 }));
    // No connection in the queue has sent anything.
    drop(waiting);
    listener.set_nonblocking(true).unwrap();
    while let Ok((mut stream, _)) = listener.accept() {
        let mut text = String::new();
        stream.set_nonblocking(true).unwrap();
        let _ = stream.read_to_string(&mut text);
        assert_eq!(text, "");
    }
}

/// Closing the terminal ends a run as gently as Ctrl-C does, unless `nohup` protects the run.
#[tokio::test(flavor = "multi_thread")]
async fn a_hangup_waits_for_what_is_in_flight_and_nohup_keeps_the_run_going() {
    let place = Place::new(&["latency=200ms@after"]).await;
    place.input(rows(24));
    let under = |wrapper: &[&str], program: Command| {
        let mut command = Command::new(wrapper[0]);
        command.args(&wrapper[1..]).arg(program.get_program()).args(program.get_args());
        command.current_dir(place.directory.path());
        command
    };
    // The tests themselves may run under `nohup`.
    let mut command = under(&["env", "--default-signal=HUP"], place.command(&["--concurrency", "4"]));
    let child = start(&mut command);
    until(|| place.sandbox.requests() >= 4).await;
    signal(&child, "HUP");
    let ran = Ran::of(child.wait_with_output().unwrap());
    assert_eq!(ran.exit, Some(5), "{}", ran.stderr);
    assert_eq!(place.tally()["active"] as u64, place.sandbox.requests());

    let before = place.sandbox.requests();
    let mut command = under(&["nohup"], place.command(&["--resume", "--concurrency", "4"]));
    let child = start(&mut command);
    until(|| place.sandbox.requests() > before).await;
    signal(&child, "HUP");
    assert_eq!(Ran::of(child.wait_with_output().unwrap()).exit, Some(0));
    assert_eq!(place.sandbox.requests(), 24);
}

/// An interrupt while the last calls end well changes nothing: there is no error, and the exit code is that of the
/// rows.
#[tokio::test(flavor = "multi_thread")]
async fn an_interrupt_when_nothing_is_left_to_send_is_not_an_error() {
    let place = Place::new(&["latency=1s@after"]).await;
    place.input(rows(2));
    let child = start(&mut place.command(&[]));
    until(|| place.sandbox.requests() == 2).await;
    signal(&child, "INT");
    let ran = Ran::of(child.wait_with_output().unwrap());
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    assert!(ran.stderr.contains("waiting for 2 calls") && !ran.stderr.contains("error"), "{}", ran.stderr);
}

/// The results are written after Ctrl-C too. Only a second Ctrl-C prevents that.
#[tokio::test(flavor = "multi_thread")]
async fn a_single_ctrl_c_does_not_keep_the_results_from_being_written() {
    let place = Place::new(&[]).await;
    // Invalid rows take no time to send, and some to write.
    place.input(rows(1) + &",,,,,,\"not a payee\"\n".repeat(20_000));
    let child = start(&mut place.command(&["--skip-invalid"]));
    let is_writing = || {
        let mut names = fs::read_dir(place.directory.path()).unwrap().map(|entry| entry.unwrap().file_name());
        place.logged("end") == 1 && names.any(|name| name.to_string_lossy().starts_with(".tmp"))
    };
    until(is_writing).await;
    signal(&child, "INT");
    let ran = Ran::of(child.wait_with_output().unwrap());
    assert_eq!(ran.exit, Some(1), "{}", ran.stderr);
    assert!(ran.stderr.contains("note: writing the results (interrupt again to stop waiting)"), "{}", ran.stderr);
    assert_eq!(place.outcomes().len(), 20_001);
}

/// If the program is killed right after the results got their name, the log already has their hash.
#[tokio::test(flavor = "multi_thread")]
async fn results_never_look_changed_after_a_kill() {
    if !is_installed("strace") {
        return eprintln!("skipped: strace kills at a system call, and is not installed");
    }
    let place = Place::new(&[]).await;
    place.input(rows(2));
    assert_eq!(place.run(&[]).exit, Some(0));
    place.input(rows(3));
    let resume = place.command(&["--resume"]);
    let mut command = Command::new("strace");
    // The first `fsync` is that of the results; the second, that of their folder, comes after they have their name.
    command.args(["-f", "-o", "/dev/null", "-e", "inject=fsync:signal=KILL:when=2"]);
    command.arg(resume.get_program()).args(resume.get_args()).current_dir(place.directory.path());
    let ran = Ran::of(start(&mut command).wait_with_output().unwrap());
    assert_ne!(ran.exit, Some(0), "{}", ran.stderr);
    assert_eq!(place.outcomes().len(), 3, "the results have their name");
    let ran = place.run(&["--resume"]);
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    assert!(!ran.stderr.contains("changed after the last run"), "{}", ran.stderr);
}

/// A disk that does not respond does not hold up a second Ctrl-C.
#[tokio::test(flavor = "multi_thread")]
async fn a_second_ctrl_c_does_not_wait_for_the_disk() {
    if !is_installed("strace") {
        return eprintln!("skipped: strace delays the disk, and is not installed");
    }
    let place = Place::new(&[]).await;
    place.input(rows(4));
    let slow = place.command(&[]);
    let mut command = Command::new("strace");
    // From the second `fdatasync` on, each takes a minute.
    command.args(["-f", "-o", "/dev/null", "-e", "inject=fdatasync:delay_enter=60s:when=2+"]);
    command.arg(slow.get_program()).args(slow.get_args()).current_dir(place.directory.path());
    let mut child = start(&mut command);
    until(|| place.logged("send") > 0).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let program = children(child.id())[0];
    let state = || fs::read_to_string(format!("/proc/{program}/stat")).unwrap_or_default();
    let began = Instant::now();
    for _ in 0..2 {
        let status = Command::new("kill").args(["-s", "INT", &program.to_string()]).status().unwrap();
        assert!(status.success());
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    // strace itself waits until the delay is over.
    until(|| state().is_empty() || state().contains(") Z ")).await;
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    child.kill().unwrap();
    let ran = Ran::of(child.wait_with_output().unwrap());
    assert!(ran.stderr.contains("ended without waiting for the disk"), "{}", ran.stderr);
}

fn is_installed(program: &str) -> bool {
    Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}

fn children(parent: u32) -> Vec<u32> {
    let text = fs::read_to_string(format!("/proc/{parent}/task/{parent}/children")).unwrap();
    text.split_whitespace().map(|id| id.parse().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lack_of_descriptors_or_threads_is_an_error_and_not_a_panic() {
    let place = Place::new(&[]).await;
    place.input(rows(3));
    let program = env!("CARGO_BIN_EXE_juspay-accounts");
    let shell = |script: String| {
        Ran::of(Command::new("sh").args(["-c", &script]).current_dir(place.directory.path()).output().unwrap())
    };
    let batch = format!("{program} batch in.csv --out out.ndjson --base-url {}", place.sandbox.url());
    for number in [8, 12, 20, 30] {
        let ran = shell(format!("ulimit -n {number}; {batch}"));
        assert_eq!(ran.exit, Some(2), "{number}: {}", ran.stderr);
        assert!(
            ran.stderr.contains("open files (ulimit -n), which the system does not allow; nothing was sent"),
            "{}",
            ran.stderr
        );
        let ran = shell(format!("ulimit -n {number}; {program} check ifsc HDFC0000001"));
        assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    }
    // Root has no limit on threads.
    let unprivileged = "setpriv --reuid=65534 --regid=65534 --clear-groups";
    let is_possible = shell(format!("prlimit --nproc=100 {unprivileged} {program} --version")).exit == Some(0);
    if !is_possible {
        return eprintln!("skipped: a limit on threads needs another user, prlimit and setpriv");
    }
    let ran = shell(format!("prlimit --nproc=1 {unprivileged} {batch}"));
    assert_eq!(ran.exit, Some(2), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("threads (ulimit -u), which the system does not allow; nothing was sent"),
        "{}",
        ran.stderr
    );
    let ran = shell(format!("prlimit --nproc=1 {unprivileged} {program} check ifsc HDFC0000001"));
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    assert_eq!(place.sandbox.requests(), 0);
}
