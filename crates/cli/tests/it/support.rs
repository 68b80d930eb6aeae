//! Runs the program, and a server with given responses.

use std::ffi::OsStr;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;

/// The program, without the environment of this machine.
pub(crate) fn program<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_juspay-accounts"));
    command.env_clear().args(args).stdin(Stdio::null());
    command
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) exit: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    pub(crate) fn of(command: &mut Command) -> Self {
        let output = command.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        // A panic has its own code, and no signal ends the program.
        Self { exit: output.status.code().unwrap(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    pub(crate) fn transcript(&self) -> String {
        let Self { exit, stdout, stderr } = self;
        format!("exit {exit}\n--- stdout\n{stdout}--- stderr\n{stderr}")
    }
}

pub(crate) fn run<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> Run {
    Run::of(&mut program(args))
}

/// The documented call, without the flags for the server.
pub(crate) const CALL: [&str; 9] = [
    "validate",
    "--customer-id",
    "cst_zqqmw0v4exbhvv2l",
    "--bank-code",
    "JP_HDFC",
    "--bank-account",
    "YESB0000262:026291800001191:Ramesh Kumar",
    "--upi",
    "9164326296@upi",
];

pub(crate) fn call(url: &str) -> Command {
    let mut command = program(CALL);
    command.args(["--base-url", url]);
    command
}

/// A server that sends given responses, byte for byte.
pub(crate) struct Server {
    pub(crate) url: String,
    requests: mpsc::Receiver<String>,
}

impl Server {
    /// Responds with a status such as `200 OK`, headers that each end in CRLF, and a body.
    pub(crate) fn responding(status: &str, headers: &str, body: &str) -> Self {
        Self::sending(vec![Self::response(status, headers, body)])
    }

    /// Responds with these bodies in turn, and then with the last one forever.
    pub(crate) fn bodies(bodies: &[&str]) -> Self {
        Self::sending(bodies.iter().map(|body| Self::response("200 OK", "", body)).collect())
    }

    fn response(status: &str, headers: &str, body: &str) -> String {
        let length = body.len();
        format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n{body}")
    }

    pub(crate) fn silent() -> Self {
        Self::sending(Vec::new())
    }

    fn sending(responses: Vec<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (sender, requests) = mpsc::channel();
        // The thread runs until the test ends.
        thread::spawn(move || {
            let mut kept = Vec::new();
            for (stream, number) in listener.incoming().zip(0..) {
                let mut stream = stream.unwrap();
                // The request is recorded before the response is sent, so a test that has the response also finds the
                // request.
                if sender.send(read_request(&mut stream)).is_err() {
                    break;
                }
                match responses.get(number).or(responses.last()) {
                    Some(response) => stream.write_all(response.as_bytes()).unwrap(),
                    None => kept.push(stream),
                }
            }
        });
        Self { url, requests }
    }

    /// The next request, as it arrived.
    pub(crate) fn request(&self) -> String {
        self.requests.recv().unwrap()
    }

    /// Takes the remaining requests, and returns their number.
    pub(crate) fn others(&self) -> usize {
        self.requests.try_iter().count()
    }
}

fn read_request(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let count = stream.read(&mut buffer).unwrap();
        bytes.extend_from_slice(&buffer[..count]);
        let text = String::from_utf8(bytes.clone()).unwrap();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length =
            head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
        if body.len() >= length.unwrap_or(0_usize) {
            return text;
        }
    }
}
