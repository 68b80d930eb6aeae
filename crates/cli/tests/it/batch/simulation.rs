//! Batches against a vendor with bad habits. The runs are killed, stopped, interrupted or short of disk, and the input
//! can change between them. The test counts payments: no payee is paid twice, no row is lost, and no row is active
//! unless the vendor said so.
//!
//! `BATCH_SIMULATIONS=5000` runs more simulations, `BATCH_SIMULATION=17` runs a single one.

mod vendor;

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use fastrand::Rng;
use serde_json::Value;

use self::vendor::{LATEST, Payee, Vendor};
use super::support::{Ran, signal};

const SIMULATIONS: u64 = 300;

/// The number of simulations at a time. They mostly wait.
const AT_ONCE: usize = 20;

/// A row: the payee, the IFSC of a bank account, and a reference.
#[derive(Clone, Debug)]
struct Row {
    payee: Payee,
    ifsc: Option<&'static str>,
    reference: u32,
}

impl Row {
    fn new(random: &mut Rng, reference: u32) -> Self {
        // Some customers have several payees, so that their lists grow.
        let customer = format!("cst_{}", if random.bool() { random.u32(..6) } else { 10 + reference });
        if random.u8(..3) == 0 {
            return Self {
                payee: (customer, format!("payee{reference}.{}@upi", random.u32(..10_000))),
                ifsc: None,
                reference,
            };
        }
        let number = format!("{:012}", 100_000_000 + u64::from(reference) * 10_000 + random.u64(..10_000));
        Self { payee: (customer, number), ifsc: Some("HDFC0000001"), reference }
    }
}

/// Writes the rows in one of the formats in which programs save files.
fn save(random: &mut Rng, rows: &[Row], path: &Path) {
    let mut text = "customer_id,bank_code,ifsc,account,vpa,reference\n".to_owned();
    for Row { payee: (customer, account), ifsc, reference } in rows {
        match ifsc {
            Some(ifsc) => writeln!(text, "{customer},JP_HDFC,{ifsc},\"{account}\",,r{reference}").unwrap(),
            None => writeln!(text, "{customer},JP_HDFC,,,{account},r{reference}").unwrap(),
        }
        if random.u8(..20) == 0 {
            text.push('\n');
        }
    }
    if random.bool() {
        text = text.replace('\n', "\r\n");
    }
    std::fs::write(path, text).unwrap();
}

/// Changes the input between two runs: adds rows, replaces accounts, removes a row, and shuffles all of them.
fn edit(random: &mut Rng, rows: &mut Vec<Row>, next: &mut u32) {
    for _ in 0..random.u32(..6) {
        rows.push(Row::new(random, *next));
        *next += 1;
    }
    for _ in 0..random.u32(..3) {
        let at = random.usize(..rows.len());
        let customer = rows[at].payee.0.clone();
        let corrected = Row::new(random, *next);
        *next += 1;
        rows[at] = Row { payee: (customer, corrected.payee.1), ..corrected };
    }
    if random.u8(..4) == 0 {
        rows.remove(random.usize(..rows.len()));
    }
    random.shuffle(rows);
}

struct Simulation {
    random: Rng,
    vendor: Vendor,
    directory: tempfile::TempDir,
    story: String,
}

impl Simulation {
    fn new(seed: u64) -> Self {
        let mut random = Rng::with_seed(seed);
        let vendor = Vendor::start(&mut random);
        let story = format!("simulation {seed}: {}\n", vendor.describe());
        Self { random, vendor, directory: tempfile::tempdir().unwrap(), story }
    }

    /// The command of one run, with `--resume` if there is a log.
    fn command(&mut self, reconcile: bool, disk: Option<u32>) -> Command {
        let mut args =
            ["batch", "in.csv", "--out", "out.ndjson", "--timeout", "1s", "--base-url"].map(str::to_owned).to_vec();
        args.push(self.vendor.url.clone());
        args.extend(["--concurrency".to_owned(), [1, 2, 8, 30][self.random.usize(..4)].to_string()]);
        let is_resumed = self.directory.path().join("out.log").exists();
        let mut flag = |flag: &str| args.push(flag.to_owned());
        match self.random.u8(..6) {
            0 => flag("--rows-per-call=3"),
            1 => flag("--unless-validated=1d"),
            2 => flag("--rate=200"),
            _ => {}
        }
        if is_resumed {
            flag("--resume");
            if self.random.bool() {
                flag("--follow");
            }
            if self.random.u8(..4) == 0 {
                flag("--retry=refused");
            }
            if reconcile {
                flag("--reconcile");
                // The time covers the delays of the vendor and of its lists.
                flag("--settle=600ms");
            }
        }
        writeln!(self.story, "  {}", args[7..].join(" ")).unwrap();
        let program = env!("CARGO_BIN_EXE_juspay-accounts");
        let mut command = Command::new(program);
        command.args(&args);
        if let Some(blocks) = disk {
            writeln!(self.story, "  with a disk of {blocks} blocks").unwrap();
            command = Command::new("sh");
            command.args(["-c", "ulimit -f $0; exec \"$@\"", &blocks.to_string(), program]).args(&args);
        }
        command.current_dir(self.directory.path()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.env_remove("JUSPAY_API_KEY").env_remove("http_proxy").env_remove("HTTP_PROXY");
        command
    }

    fn disturbed_run(&mut self) {
        let disk = (self.random.u8(..6) == 0).then(|| self.random.u32(6..60));
        let reconcile = self.random.bool();
        let child = self.command(reconcile, disk).spawn().unwrap();
        let signals: &[&str] = match self.random.u8(..8) {
            0..=2 => &["KILL"],
            3 => &["STOP", "CONT", "KILL"],
            4 => &["INT", "INT"],
            5 => &["HUP"],
            6 => &["STOP", "CONT", "TERM"],
            _ => &[],
        };
        for name in signals {
            thread::sleep(Duration::from_micros(self.random.u64(..120_000)));
            send(&child, name);
        }
        let ran = Ran::of(child.wait_with_output().unwrap());
        writeln!(self.story, "  {signals:?}: exit {:?}\n{}", ran.exit, ran.stderr).unwrap();
        assert!(!ran.stderr.contains("panicked"), "{}", self.story);
    }

    /// Runs the program to its end twice, with a vendor that works again.
    fn last_run(&mut self) {
        self.vendor.heal();
        // Wait for the calls of killed runs that the vendor still processes.
        thread::sleep(LATEST);
        for _ in 0..2 {
            let ran = Ran::of(self.command(true, None).output().unwrap());
            writeln!(self.story, "  at last: exit {:?}\n{}", ran.exit, ran.stderr).unwrap();
            assert!(matches!(ran.exit, Some(0 | 1 | 3 | 4)), "{}", self.story);
        }
    }

    /// Compares the results with what the vendor did.
    fn check(&self, rows: &[Row], all: &HashSet<Payee>) -> HashMap<String, usize> {
        let story = || format!("{}  {}", self.story, self.vendor.describe());
        let payments = self.vendor.payments();
        for (payee, times) in &payments {
            assert!(*times <= 1, "{payee:?} was paid {times} times\n{}", story());
            assert!(all.contains(payee), "{payee:?} is in no input\n{}", story());
        }
        let text = std::fs::read_to_string(self.directory.path().join("out.ndjson")).unwrap();
        let results: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let references = |result: &Value| result["reference"].as_str().map(str::to_owned);
        let expected = rows.iter().map(|row| Some(format!("r{}", row.reference)));
        assert!(results.iter().map(references).eq(expected), "rows are lost\n{text}\n{}", story());
        let mut outcomes = HashMap::new();
        for (row, result) in rows.iter().zip(&results) {
            let paid = payments.get(&row.payee).copied().unwrap_or_default();
            let status = self.vendor.status(&row.payee);
            let outcome = result["outcome"].as_str().unwrap();
            let is_true = match outcome {
                "active" => paid == 1 && status == Some("ACTIVE"),
                "failed" => paid == 1 && status == Some("FAILURE"),
                "pending" => paid == 1 && matches!(status, Some("PENDING" | "ACTIVE")),
                "refused" => paid == 0,
                "unknown" => true,
                // The account was validated before, or the list does not rule that out.
                "skipped" => paid == 1 || result["status"].is_null(),
                _ => false,
            };
            assert!(is_true, "{row:?} was paid {paid} times, is {status:?}, and the result is {result}\n{}", story());
            // A penny drop pays a rupee. The reported amount is never less than what was paid. If it is certain, it is
            // exact.
            let reported =
                result["amount_paid"].as_str().map_or(0, |rupees| rupees.strip_suffix(".00").unwrap().parse().unwrap());
            let drops = if row.ifsc.is_some() { paid } else { 0 };
            let is_right = if result["amount_is_certain"] == true { reported == drops } else { reported >= drops };
            assert!(is_right, "{row:?} was paid {drops} rupees, and the result is {result}\n{}", story());
            *outcomes.entry(outcome.to_owned()).or_default() += 1;
        }
        outcomes
    }
}

/// Sends a signal, unless the program has ended.
fn send(child: &Child, name: &str) {
    if Path::new(&format!("/proc/{}/stat", child.id())).exists() {
        signal(child, name);
    }
}

fn simulate(seed: u64) -> HashMap<String, usize> {
    let mut simulation = Simulation::new(seed);
    let mut next = 100;
    let mut rows: Vec<_> =
        (0..simulation.random.u32(3..25)).map(|reference| Row::new(&mut simulation.random, reference)).collect();
    let mut all: HashSet<_> = HashSet::new();
    let input = simulation.directory.path().join("in.csv");
    for run in 0..=simulation.random.u32(1..4) {
        if run > 0 && simulation.random.bool() {
            edit(&mut simulation.random, &mut rows, &mut next);
        }
        if simulation.random.u8(..4) == 0 {
            let [log, backup] = ["out.log", "out.log.bak"].map(|name| simulation.directory.path().join(name));
            // There is no log before the first run.
            let _ = std::fs::copy(log, backup);
        }
        all.extend(rows.iter().map(|row| row.payee.clone()));
        save(&mut simulation.random, &rows, &input);
        simulation.disturbed_run();
    }
    simulation.last_run();
    simulation.check(&rows, &all)
}

#[test]
fn whatever_happens_nobody_is_paid_twice_and_no_row_is_lost() {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
    let seeds = match number("BATCH_SIMULATION") {
        Some(seed) => seed..seed + 1,
        None => 0..number("BATCH_SIMULATIONS").unwrap_or(SIMULATIONS),
    };
    let (next, began) = (AtomicU64::new(seeds.start), Instant::now());
    let outcomes = thread::scope(|scope| {
        let work = || {
            let mut outcomes: HashMap<String, usize> = HashMap::new();
            loop {
                let seed = next.fetch_add(1, Ordering::Relaxed);
                if seed >= seeds.end {
                    return outcomes;
                }
                for (outcome, rows) in simulate(seed) {
                    *outcomes.entry(outcome).or_default() += rows;
                }
            }
        };
        let workers: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(work)).collect();
        let joined =
            workers.into_iter().map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        joined.reduce(|mut all, one| {
            for (outcome, rows) in one {
                *all.entry(outcome).or_default() += rows;
            }
            all
        })
    });
    let outcomes = outcomes.unwrap();
    eprintln!("{} simulations in {:?}: {outcomes:?}", seeds.end - seeds.start, began.elapsed());
    // The simulation is meaningful only if most rows have a known outcome, and some do not.
    let of = |outcome: &str| outcomes.get(outcome).copied().unwrap_or_default();
    let total: usize = outcomes.values().sum();
    assert!(of("active") + of("failed") + of("pending") > total / 2, "{outcomes:?}");
    assert!(of("unknown") > 0 || seeds.end - seeds.start < 50, "{outcomes:?}");
}
