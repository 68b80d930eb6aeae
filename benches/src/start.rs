//! How long the program takes to start and to end.

use std::process::Command;

use crate::process::{program, run};
use crate::row::{Row, Target, time};
use crate::{Scale, pairs};

pub(crate) fn measure(scale: Scale) -> Vec<Row> {
    [&["--version"][..], &["check", "ifsc", "HDFC0000053"]].map(|arguments| row(scale, arguments)).into()
}

fn row(scale: Scale, arguments: &[&str]) -> Row {
    let mut command = Command::new(program());
    command.args(arguments);
    let runs = if scale.quick { 10 } else { 100 };
    let seconds = pairs::median((0..runs).map(|_| run(&mut command).time.as_secs_f64()).collect());
    let what = format!("juspay-accounts {}", arguments.join(" "));
    Row::absolute(&what, time(seconds), seconds * 1e3, "ms", Target::AtMost(20.0))
}
