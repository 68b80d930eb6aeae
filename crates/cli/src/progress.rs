//! Progress of a run: a bar on a terminal, and a line every few seconds elsewhere.

use std::io::IsTerminal as _;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;

use crate::console::{Console, Format};
use crate::log::{Outcome, Tally};

/// How often a line is written where there is no terminal.
const PAUSE: Duration = Duration::from_secs(5);

/// How often a bar is drawn.
const FRAME: Duration = Duration::from_millis(100);

/// Shows the progress of a run.
pub(crate) struct Progress {
    console: Console,
    bar: Option<ProgressBar>,
    began: Instant,
    total: u64,
    /// The number of rows that were done before this run, and by now.
    before: u64,
    done: u64,
    tally: Tally,
}

/// How far a run is.
#[derive(Clone, Copy, Debug, Serialize)]
struct State {
    rows: u64,
    of: u64,
    /// Of this run, by the second.
    rate: f64,
    seconds_left: Option<u64>,
    outcomes: Tally,
}

impl State {
    fn new(rows: u64, of: u64, before: u64, outcomes: Tally, elapsed: Duration) -> Self {
        let now = rows.saturating_sub(before);
        // Counts of rows are far from where a float loses any.
        #[allow(clippy::cast_precision_loss)]
        let (done, left) = (now as f64, of.saturating_sub(rows) as f64);
        let rate = done / elapsed.as_secs_f64().max(0.001);
        let left = (now > 0).then(|| Duration::try_from_secs_f64(left / rate).ok()).flatten();
        Self { rows, of, rate, seconds_left: left.map(|left| left.as_secs()), outcomes }
    }

    /// For people.
    fn line(&self) -> String {
        let Self { rows, of, rate, seconds_left, outcomes } = self;
        let left = seconds_left.map_or_else(String::new, |left| format!(", {} left", time(left)));
        let outcomes: Vec<_> = outcomes.iter().map(|(outcome, number)| format!("{number} {outcome}")).collect();
        format!("{rows} of {of} rows, {rate:.1}/s{left}: {}", outcomes.join(", "))
    }
}

fn time(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min {:02} s", seconds / 60, seconds % 60),
        _ => format!("{} h {:02} min", seconds / 3600, seconds / 60 % 60),
    }
}

impl Progress {
    /// Of this many rows, `todo` have a step in this run. `tally` has the outcomes of all rows.
    pub(crate) fn new(console: Console, total: u64, todo: u64, tally: Tally) -> Self {
        let terminal = console.format == Format::Table && std::io::stderr().is_terminal();
        let style = ProgressStyle::with_template("{wide_bar} {msg}").ok().filter(|_| terminal);
        let bar = style.map(|style| {
            ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr())
                .with_style(style.progress_chars("█▌ "))
        });
        let before = total.saturating_sub(todo);
        Self { console, bar, began: Instant::now(), total, before, done: before, tally }
    }

    /// Counts a row whose step has ended.
    pub(crate) fn record(&mut self, before: Option<Outcome>, outcome: Outcome) {
        if let Some(before) = before {
            self.tally.remove(before);
        }
        self.tally.add(outcome, 1);
        self.done += 1;
    }

    /// How often to show it.
    pub(crate) fn pause(&self) -> Duration {
        if self.bar.is_some() { FRAME } else { PAUSE }
    }

    /// Shows it.
    pub(crate) fn show(&self) {
        let state = State::new(self.done, self.total, self.before, self.tally, self.began.elapsed());
        match &self.bar {
            Some(bar) => {
                bar.set_position(state.rows);
                bar.set_message(state.line());
            }
            None => self.console.event("progress", &state, || state.line()),
        }
    }

    /// Says something without drawing over it.
    pub(crate) fn note(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| self.console.note(text)),
            None => self.console.note(text),
        }
    }

    /// Removes the bar.
    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rate_and_time_left_are_those_of_this_run() {
        let mut tally = Tally::default();
        tally.add(Outcome::Active, 60);
        tally.add(Outcome::Failed, 40);
        let line = |of, before, seconds| State::new(100, of, before, tally, Duration::from_secs(seconds)).line();
        assert_eq!(line(1000, 80, 10), "100 of 1000 rows, 2.0/s, 7 min 30 s left: 60 active, 40 failed");
        assert_eq!(line(1_000_000, 0, 10), "100 of 1000000 rows, 10.0/s, 27 h 46 min left: 60 active, 40 failed");
        assert_eq!(line(130, 0, 50), "100 of 130 rows, 2.0/s, 15 s left: 60 active, 40 failed");
        assert_eq!(line(130, 100, 50), "100 of 130 rows, 0.0/s: 60 active, 40 failed");
    }
}
