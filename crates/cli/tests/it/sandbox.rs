//! `sandbox`: a server for programs in other languages.
#![cfg(unix)]

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpListener;
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use crate::support::{Run, call, program, run};

struct Running {
    child: Child,
    stdout: BufReader<ChildStdout>,
    first: String,
}

impl Running {
    fn start(args: &[&str]) -> Self {
        Self::of(program(["sandbox"]), args)
    }

    fn of(mut command: Command, args: &[&str]) -> Self {
        let mut child = command.args(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut first = String::new();
        stdout.read_line(&mut first).unwrap();
        Self { child, stdout, first: first.trim_end().to_owned() }
    }

    fn end(mut self, signal: &str) -> String {
        assert!(Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap().success());
        let output = self.child.wait_with_output().unwrap();
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).unwrap();
        assert_eq!((output.status.code(), rest.as_str()), (Some(0), ""));
        String::from_utf8(output.stderr).unwrap()
    }
}

#[test]
fn sandbox_prints_its_address_logs_without_secrets_and_ends_on_a_signal() {
    for signal in ["-INT", "-TERM"] {
        let sandbox = Running::start(&["--port", "0"]);
        let found = Run::of(&mut call(&sandbox.first));
        assert_eq!(found.exit, 0, "{}", found.stderr);
        let expected = format!(
            "note: see requests and set faults at {}/_sandbox/\n\
             sandbox-00000001 POST /customers/cst_zqqmw0v4exbhvv2l/accounts: 200, accounts changed; 1 bank account, 1 UPI address\n",
            sandbox.first
        );
        assert_eq!(sandbox.end(signal), expected);
    }
}

#[test]
fn sandbox_prints_json_for_programs() {
    let sandbox = Running::start(&["--output", "json", "--fault", "close@after"]);
    let first: Value = serde_json::from_str(&sandbox.first).unwrap();
    let url = first["url"].as_str().unwrap().to_owned();
    assert_eq!(first["console"], format!("{url}/_sandbox/"));
    assert_eq!(Run::of(&mut call(&url)).exit, 4);
    assert_eq!(
        serde_json::from_str::<Value>(&sandbox.end("-INT")).unwrap(),
        json!({ "request": {
            "id": "sandbox-00000001",
            "method": "POST",
            "path": "/customers/cst_zqqmw0v4exbhvv2l/accounts",
            "status": null,
            "changed_accounts": true,
            "bank_accounts": 1,
            "upi": 1
        } })
    );
}

#[test]
fn sandbox_accepts_one_key_and_repeats_faults_of_a_seed() {
    let sandbox = Running::start(&["--api-key", "made-up"]);
    assert_eq!(Run::of(call(&sandbox.first).env("JUSPAY_API_KEY", "made-up")).exit, 0);
    assert_eq!(Run::of(call(&sandbox.first).env("JUSPAY_API_KEY", "another")).exit, 3);
    assert!(!sandbox.end("-INT").contains("made-up"));
    let exits = |seed: &str| {
        let sandbox = Running::start(&["--fault", "status=500:0.5", "--seed", seed]);
        let exits: Vec<_> = (0..8).map(|_| Run::of(&mut call(&sandbox.first)).exit).collect();
        sandbox.end("-INT");
        exits
    };
    let first = exits("1");
    assert_eq!(first, exits("1"));
    assert!(first.contains(&0) && first.contains(&4), "{first:?}");
}

#[test]
fn sandbox_reports_why_it_cannot_start() {
    let found = run(["sandbox", "--fault", "status=503", "--fault", "sometimes", "--api-key", "two words"]);
    assert_eq!((found.exit, found.stdout.as_str()), (2, ""));
    assert!(found.stderr.contains("\n  --fault #2: ") && found.stderr.contains("\n  --api-key: "), "{}", found.stderr);
    let wrong = ["--pending", "soon", "--allow-origin", "localhost:3000", "--allow-host", "http://sandbox"];
    let found = run([&["sandbox"][..], &wrong].concat());
    assert_eq!((found.exit, found.stdout.as_str()), (2, ""));
    for flag in ["--pending", "--allow-origin #1", "--allow-host #1"] {
        assert!(found.stderr.contains(&format!("\n  {flag}: expected")), "{}", found.stderr);
    }
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let found = run(["sandbox", "--port", &port]);
    assert_eq!((found.exit, found.stdout.as_str()), (2, ""));
    assert!(found.stderr.contains(&format!("error: the sandbox cannot listen on port {port}")), "{}", found.stderr);
    assert!(found.stderr.contains("\n  next: choose another port with --port"), "{}", found.stderr);
    let found = run(["sandbox", "--host", "192.0.2.1", "--port", "0"]);
    assert_eq!((found.exit, found.stdout.as_str()), (2, ""));
    assert!(found.stderr.contains("\n  next: choose an address of this machine with --host"), "{}", found.stderr);
}

/// The crate `open` starts the first of several programs that exists; on Linux that is `xdg-open`.
#[cfg(target_os = "linux")]
#[test]
fn open_starts_the_browser_with_the_console() {
    use std::time::Duration;

    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("opened");
    // Another process writes the script: one that this process just wrote cannot run while another test starts a
    // program.
    let script =
        r#"mkfifo opened && printf '#!/bin/sh\necho "$1" > "%s"\n' "$PWD/opened" > xdg-open && chmod +x xdg-open"#;
    assert!(Command::new("sh").args(["-c", script]).current_dir(folder.path()).status().unwrap().success());
    let (send, opened) = std::sync::mpsc::channel();
    std::thread::spawn(move || send.send(std::fs::read_to_string(pipe).unwrap()));

    let mut command = program(["sandbox"]);
    command.env("PATH", folder.path());
    let sandbox = Running::of(command, &["--open"]);
    let opened = opened.recv_timeout(Duration::from_mins(1)).unwrap();
    assert_eq!(opened, format!("{}/_sandbox/\n", sandbox.first));
    sandbox.end("-INT");
}

#[cfg(target_os = "linux")]
#[test]
fn open_without_a_browser_is_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = program(["sandbox"]);
    command.env("PATH", folder.path());
    let sandbox = Running::of(command, &["--open"]);
    let page = format!("{}/_sandbox/", sandbox.first);
    let messages = sandbox.end("-INT");
    assert!(
        messages.contains("warning: no browser could be started (")
            && messages.contains(&format!("open {page} yourself")),
        "{messages}"
    );
}

/// The state at the end is restored at the next start, and a file with other content is not overwritten.
#[test]
fn sandbox_keeps_its_state_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.json");
    let file = file.to_str().unwrap();
    for runs in 1..=2 {
        let sandbox = Running::start(&["--state", file]);
        assert_eq!(Run::of(&mut call(&sandbox.first)).exit, 0);
        sandbox.end("-INT");
        let state: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        let validations: Vec<_> = state["accounts"].as_array().unwrap().iter().map(|one| &one["validations"]).collect();
        assert_eq!(validations, [&json!(runs), &json!(runs)]);
    }
    // The faults and the seed of this start win over those in the file; without them, those in the file stay.
    for (flags, exit) in
        [(&["--fault", "close@after", "--seed", "5"][..], 4), (&[], 4), (&["--fault", "latency=1ms"], 0)]
    {
        let sandbox = Running::start(&[&["--state", file], flags].concat());
        assert_eq!(Run::of(&mut call(&sandbox.first)).exit, exit, "{flags:?}");
        sandbox.end("-INT");
        let state: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        assert_eq!(state["seed"], 5, "{flags:?}");
    }
    std::fs::write(file, "my notes").unwrap();
    let found = run(["sandbox", "--state", file]);
    assert_eq!((found.exit, found.stdout.as_str()), (2, ""));
    assert!(found.stderr.contains("the snapshot cannot be restored"), "{}", found.stderr);
    assert_eq!(std::fs::read_to_string(file).unwrap(), "my notes");
}

#[test]
fn sandbox_warns_if_others_can_reach_it() {
    let sandbox = Running::start(&["--host", "0.0.0.0"]);
    assert!(sandbox.first.starts_with("http://127.0.0.1:"), "{}", sandbox.first);
    assert!(sandbox.end("-TERM").contains("anyone who can connect can use it"));
}
