//! Times two things in turns, and computes the median of their ratios.
//!
//! Criterion and divan measure one function after the other, so other activity of the machine in between distorts the
//! ratio. Here, two measurements follow each other immediately, in changing order, and the result is the median.

use std::time::{Duration, Instant};

/// At least this number of pairs is measured, however long they take.
const LEAST: usize = 5;

/// The median times of two things that were timed in turns, in seconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair {
    pub(crate) measured: f64,
    pub(crate) baseline: f64,
    /// The median of the ratios of `measured` to `baseline`, one from each pair.
    pub(crate) ratio: f64,
}

/// Times two things in turns until the budget is used up, but at least [`LEAST`] times. Each closure returns how long
/// it took.
pub(crate) fn in_turns(
    budget: Duration,
    mut measured: impl FnMut() -> Duration,
    mut baseline: impl FnMut() -> Duration,
) -> Pair {
    measured();
    baseline();
    let (mut firsts, mut seconds, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    let began = Instant::now();
    while began.elapsed() < budget || ratios.len() < LEAST {
        let (first, second) = if ratios.len() % 2 == 0 {
            let first = measured();
            (first, baseline())
        } else {
            let second = baseline();
            (measured(), second)
        };
        firsts.push(first.as_secs_f64());
        seconds.push(second.as_secs_f64());
        ratios.push(first.as_secs_f64() / second.as_secs_f64());
    }
    Pair { measured: median(firsts), baseline: median(seconds), ratio: median(ratios) }
}

pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
