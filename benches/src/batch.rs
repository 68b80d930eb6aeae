//! The whole program `batch`, compared with a bare loop of calls by hand, like a load generator: the same sandbox, the
//! same number of rows, the same number of calls in flight.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use juspay_accounts_sandbox::{Fault, FaultKind, Sandbox};

use crate::payees::payee;
use crate::process::{self, Took, run};
use crate::row::{Row, Target, mebibytes, number, speed};
use crate::{Scale, by_hand, pairs, payees};

/// The number of calls in flight by default.
const CONCURRENCY: usize = 8;

/// The number of calls in flight for somebody in a hurry.
const MANY: usize = 64;

/// The response time of a service that is as fast as a network allows, in milliseconds. A service that asks a bank
/// takes longer.
const LATENCY: u64 = 20;

/// The rows of the group: growth by factors of ten, and the ratios for files that take some seconds.
pub(crate) fn measure(scale: Scale) -> Vec<Row> {
    let server = Server::start(0);
    let folder = tempfile::tempdir().expect("a folder");
    let (many, few) = if scale.quick { (2000, 200) } else { (20_000, 1000) };
    let path = folder.path();
    let slow = Server::start(LATENCY);
    let after = format!(", responses after {LATENCY} ms");
    let mut rows = vec![
        against_loop(scale, &server, path, (many, CONCURRENCY), "", 0.7),
        against_loop(scale, &server, path, (many, MANY), "", 0.85),
        against_loop(scale, &slow, path, (few, CONCURRENCY), &after, 0.9),
    ];
    let largest = if scale.quick { 10_000 } else { 1_000_000 };
    let sizes = [1000, 10_000, 100_000, 1_000_000].into_iter().filter(|rows| *rows <= largest);
    rows.extend(sizes.map(|rows| {
        payees::write(&folder.path().join("payees.csv"), rows).expect("a file of payees");
        let took = batch(&server, folder.path(), CONCURRENCY);
        let speed = speed(rows, took.time.as_secs_f64());
        Row::absolute(&format!("batch: {rows} rows"), mebibytes(took.memory), speed, "calls/s", Target::None)
    }));
    rows
}

fn against_loop(
    scale: Scale,
    server: &Server,
    folder: &Path,
    (rows, calls): (usize, usize),
    late: &str,
    target: f64,
) -> Row {
    payees::write(&folder.join("payees.csv"), rows).expect("a file of payees");
    let mut load = Command::new(process::this());
    load.args(["load", &server.url, &rows.to_string(), &calls.to_string()]);
    let pair = pairs::in_turns(scale.budget(), || batch(server, folder, calls).time, || run(&mut load).time);
    let each = |seconds| format!("{} calls/s", number(speed(rows, seconds)));
    let what = format!("batch / bare loop by hand: calls per second, {rows} rows, {calls} at once{late}");
    Row::ratio(&what, each(pair.measured), each(pair.baseline), 1.0 / pair.ratio, Target::AtLeast(target))
}

/// Runs `batch` on the file of the folder, with the output and the log in a new folder.
fn batch(server: &Server, folder: &Path, calls: usize) -> Took {
    let new = tempfile::tempdir_in(folder).expect("a folder");
    let mut batch = Command::new(process::program());
    batch.arg("batch").arg(folder.join("payees.csv")).arg("--out").arg(new.path().join("outcomes.ndjson"));
    batch.args(["--base-url", &server.url, "--concurrency", &calls.to_string()]);
    run(&mut batch)
}

/// The bare loop: makes a number of calls, `concurrency` of them at a time.
pub(crate) async fn load(url: &str, calls: usize, concurrency: usize) -> Result<(), by_hand::Failure> {
    let client = by_hand::Client::new(url, "key")?;
    let next = Arc::new(AtomicUsize::new(0));
    let tasks = (0..concurrency).map(|_| {
        let (client, next) = (client.clone(), next.clone());
        tokio::spawn(async move {
            loop {
                let call = next.fetch_add(1, Ordering::Relaxed);
                if call >= calls {
                    return Ok::<_, by_hand::Failure>(());
                }
                client.validate(&by_hand::Request::new([payee(call)])).await?;
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await??;
    }
    Ok(())
}

/// The sandbox in its own process.
struct Server {
    process: Child,
    url: String,
}

impl Server {
    /// Starts a sandbox that responds after this number of milliseconds.
    fn start(latency: u64) -> Self {
        let mut process = Command::new(process::this())
            .args(["serve", &latency.to_string()])
            .stdout(Stdio::piped())
            .spawn()
            .expect("a process of the sandbox");
        let mut url = String::new();
        let stdout = process.stdout.take().expect("its output");
        BufReader::new(stdout).read_line(&mut url).expect("its address");
        Self { process, url: url.trim().to_owned() }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The process may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Runs the sandbox until the process is ended. Prints its address as the first line of the output. Each response takes
/// this number of milliseconds.
pub(crate) async fn serve(latency: u64) -> std::io::Result<()> {
    let mut sandbox = Sandbox::builder().capacity(64);
    if latency > 0 {
        sandbox = sandbox.fault(Fault::new(FaultKind::Latency(Duration::from_millis(latency))));
    }
    let sandbox = sandbox.start().await?;
    println!("{}", sandbox.url());
    std::future::pending().await
}
