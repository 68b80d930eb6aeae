//! The instructions of what runs for each call, for each row of a file and for a start, counted by callgrind. A count
//! hardly depends on the machine and not at all on its load, so CI can compare it with the last one.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};

use juspay_accounts_sandbox::Sandbox;
use serde::{Deserialize, Serialize};
use tokio::runtime;

use crate::by_hand::Failure;
use crate::row::{Row, Target, figure};
use crate::work::{BY_HAND, WORK};
use crate::{Scale, payees, process, report, root};

/// A count may grow by this factor.
const GROWTH: f64 = 1.03;

/// One process does the work `FIRST` times, and another `FIRST + COUNTED` times. The difference of their counts is that
/// of `COUNTED` times.
const FIRST: u32 = 100;
const COUNTED: u32 = 400;

/// The file with the counts, `benches/instructions.toml`.
#[derive(Debug, Deserialize, Serialize)]
struct Counts {
    compiler: String,
    instructions: BTreeMap<String, u64>,
}

pub(crate) fn measure(_: Scale) -> Vec<Row> {
    let counts = count().unwrap_or_else(|why| {
        eprintln!("not measured: {why}");
        BTreeMap::new()
    });
    let row = |(name, count): (&String, &u64)| {
        let what = format!("instructions: {name}");
        let target = WORK.iter().find(|(work, ..)| work == name).and_then(|(.., by_hand)| Some(by_hand.as_ref()?.1));
        match (counts.get(&format!("{name}{BY_HAND}")), target) {
            (Some(by_hand), Some(target)) => {
                let ratio = figure(*count) / figure(*by_hand);
                Row::ratio(&what, count.to_string(), by_hand.to_string(), ratio, Target::AtMost(target))
            }
            _ => Row::absolute(&what, "-".to_owned(), figure(*count), "", Target::None),
        }
    };
    counts.iter().filter(|(name, _)| !name.ends_with(BY_HAND)).map(row).collect()
}

/// Counts, and writes the counts to the file; or compares them with the file, if `check` is set.
pub(crate) fn update(check: bool) -> Result<(), Failure> {
    let path = root().join("benches/instructions.toml");
    if Command::new("valgrind").arg("--version").stdout(Stdio::null()).status().is_err() {
        println!("skipped: valgrind counts the instructions, and is not installed");
        return Ok(());
    }
    let compiler = report::compiler();
    if !check {
        let text = toml::to_string(&Counts { compiler, instructions: count()? })?;
        let head = "# Instructions of a call, row, start or 100 checks. `cargo xtask bench --instructions` writes this file.\n";
        std::fs::write(&path, format!("{head}{text}"))?;
        println!("written to {}", path.display());
        return Ok(());
    }
    let before: Counts = toml::from_str(&std::fs::read_to_string(&path)?)?;
    if before.compiler != compiler {
        println!("skipped: the counts in {} are those of {}, and this is {compiler}", path.display(), before.compiler);
        return Ok(());
    }
    let problems = compare(&before.instructions, &count()?);
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\n").into()) }
}

/// Prints each count beside the one before, and returns what is wrong.
fn compare(before: &BTreeMap<String, u64>, now: &BTreeMap<String, u64>) -> Vec<String> {
    let mut problems = Vec::new();
    for (name, now) in now {
        let Some(before) = before.get(name) else {
            problems.push(format!("{name} is not in the file; run `cargo xtask bench --instructions`"));
            continue;
        };
        let ratio = figure(*now) / figure(*before);
        println!("{name:<20} {before:>12} -> {now:>12}  {ratio:.3}");
        if ratio > GROWTH {
            let problem = "make it faster, or accept it with `cargo xtask bench --instructions`";
            problems.push(format!("{name}: {before} instructions have become {now}; {problem}"));
        }
    }
    problems
}

/// All counts, by name.
fn count() -> Result<BTreeMap<String, u64>, Failure> {
    let runtime = runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    // With a small capacity, each call costs the sandbox the same.
    let sandbox = runtime.block_on(Sandbox::builder().capacity(256).start())?;
    let url = sandbox.url();
    let mut counts = BTreeMap::new();
    for (name, _, by_hand) in WORK {
        let by_hand = by_hand.map(|_| format!("{name}{BY_HAND}"));
        for name in std::iter::once(name.to_owned()).chain(by_hand) {
            eprintln!("{name} …");
            let repeated = |runs: u32| {
                let mut work = Command::new(process::this());
                callgrind(work.args(["work", &name, &url, &runs.to_string()]))
            };
            let all = repeated(FIRST + COUNTED)?.saturating_sub(repeated(FIRST)?);
            counts.insert(name, all / u64::from(COUNTED));
        }
    }
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("payees.csv");
    let mut check = Command::new(process::program());
    check.arg("batch").arg(&file).arg("--check-only");
    let checked = |rows| {
        payees::write(&file, rows)?;
        callgrind(&check)
    };
    counts.insert("row-of-a-file".to_owned(), checked(11_000)?.saturating_sub(checked(1_000)?) / 10_000);
    let mut start = Command::new(process::program());
    counts.insert("start".to_owned(), callgrind(start.args(["check", "ifsc", "HDFC0000053"]))?);
    Ok(counts)
}

/// The instructions of a command from start to end.
fn callgrind(command: &Command) -> Result<u64, Failure> {
    let ran = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(command.get_program())
        .args(command.get_args())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .output()
        .map_err(|error| format!("valgrind cannot be run: {error}"))?;
    let printed = String::from_utf8_lossy(&ran.stderr);
    let collected = printed.lines().find_map(|line| line.split_once("Collected : ")?.1.trim().parse().ok());
    collected
        .filter(|_| ran.status.success())
        .ok_or_else(|| format!("callgrind failed for {command:?}: {printed}").into())
}
