//! The table, and the file that stores a full run.

use std::process::Command;

use comfy_table::Table;
use comfy_table::presets::ASCII_MARKDOWN;

use crate::row::Row;

/// The constant text: the method, and why a target is not met.
const METHOD: &str = include_str!("../method.md");

/// The rows as a table in Markdown.
pub(crate) fn table(rows: &[Row]) -> String {
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN);
    table.set_header(["what", "measured", "baseline", "result", "target", "met"]);
    for row in rows.iter().cloned() {
        table.add_row([row.what, row.measured, row.baseline, row.figure, row.target, row.met]);
    }
    table.to_string()
}

/// The file `BENCHMARKS.md` of a run.
pub(crate) fn file(rows: &[Row]) -> String {
    let date = jiff::Timestamp::now().strftime("%Y-%m-%d");
    let run = format!("- date: {date}\n- machine: {}\n- compiler: {}", machine(), compiler());
    let (table, method) = (table(rows), METHOD.trim_end());
    format!("# Benchmarks\n\nWritten by `cargo xtask bench`.\n\n{run}\n\n{table}\n\n{method}\n")
}

fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let described = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = described.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let model = model.map_or("a processor that the system does not name", |(_, model)| model);
    format!("{model}, {cores} cores, {} {}", std::env::consts::OS, std::env::consts::ARCH)
}

/// The compiler, as it names itself.
pub(crate) fn compiler() -> String {
    let version = Command::new("rustc").arg("--version").output().map(|ran| ran.stdout).unwrap_or_default();
    String::from_utf8_lossy(&version).trim().to_owned()
}
