//! Times two things in turns, and computes the median of their ratios.
//!
//! Criterion and divan are well maintained, but both measure one function after the other, so that other activity of
//! the machine in between distorts the ratio of the two. `tango-bench` measures in turns, but only two builds of one
//! program. This module needs little: pairs that follow each other immediately, in changing order, so that whatever
//! slows the machine down slows down both; and a median, which a few disturbed pairs do not change.

use std::time::{Duration, Instant};

/// At least this number of pairs is measured, however long they take.
const LEAST: usize = 5;

/// The duration of a batch of runs that are too short for the clock.
const BATCH: Duration = Duration::from_micros(200);

/// The median times of two things that were timed in turns, in seconds.
#[derive(Clone, Copy, Debug)]
pub struct Pair {
    /// The time of the thing that is measured.
    pub measured: f64,
    /// The time of the baseline.
    pub baseline: f64,
    /// The median ratio of the first to the second, computed from each pair.
    pub ratio: f64,
}

/// Times two things in turns until the budget is used up. Each returns how long it took.
pub fn in_turns(
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

/// Times two functions that may be too fast for the clock. The times are for one run.
pub fn of_functions(budget: Duration, mut measured: impl FnMut(), mut baseline: impl FnMut()) -> Pair {
    let runs = runs(&mut measured).min(runs(&mut baseline));
    let pair = in_turns(budget, || repeated(runs, &mut measured), || repeated(runs, &mut baseline));
    Pair { measured: pair.measured / f64::from(runs), baseline: pair.baseline / f64::from(runs), ..pair }
}

/// The median of some numbers.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn repeated(runs: u32, function: &mut impl FnMut()) -> Duration {
    let began = Instant::now();
    for _ in 0..runs {
        function();
    }
    began.elapsed()
}

/// How often a function has to run to fill a batch.
fn runs(function: &mut impl FnMut()) -> u32 {
    let mut runs = 1;
    while repeated(runs, function) < BATCH {
        runs *= 2;
    }
    runs
}
