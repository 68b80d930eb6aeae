//! The whole program `batch --check-only`, compared with a process that only reads the same file with the `csv` crate.

use std::path::Path;
use std::process::Command;

use crate::process::{self, run};
use crate::row::{Row, Target, mebibytes, number, speed, time};
use crate::{Scale, pairs, payees};

/// The rows of the group: growth by factors of ten, and a target for the largest file.
pub(crate) fn measure(scale: Scale) -> Vec<Row> {
    let largest = if scale.quick { 100_000 } else { 1_000_000 };
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("payees.csv");
    let sizes = [1000, 10_000, 100_000, 1_000_000].into_iter().filter(|rows| *rows <= largest);
    sizes.map(|rows| row(scale, &file, rows, rows == largest)).collect()
}

fn row(scale: Scale, file: &Path, rows: usize, largest: bool) -> Row {
    payees::write(file, rows).expect("a file of payees");
    let mut check = Command::new(process::program());
    check.arg("batch").arg(file).arg("--check-only");
    let mut read = Command::new(process::this());
    read.arg("read").arg(file);
    let mut memory = 0;
    let pair = pairs::in_turns(
        scale.budget(),
        || {
            let took = run(&mut check);
            memory = took.memory;
            took.time
        },
        || run(&mut read).time,
    );
    let target = if largest { Target::AtMost(3.0) } else { Target::None };
    let speed = number(speed(rows, pair.measured));
    let measured = format!("{}, {speed} rows/s, {}", time(pair.measured), mebibytes(memory));
    Row::ratio(
        &format!("batch --check-only / csv crate: {rows} rows"),
        measured,
        time(pair.baseline),
        pair.ratio,
        target,
    )
}

/// The baseline: reads a file with the `csv` crate in its ordinary way, a new `StringRecord` for each row, and counts
/// the rows.
pub(crate) fn read(file: &Path) -> csv::Result<u64> {
    csv::Reader::from_path(file)?.into_records().try_fold(0, |rows, row| row.map(|_| rows + 1))
}
