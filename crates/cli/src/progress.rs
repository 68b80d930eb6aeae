//! Progress on standard error: a line that is drawn over on a terminal, and elsewhere a line every few seconds.

use std::io::IsTerminal as _;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;
use terminal_size::Width;

use crate::console::{Console, Format};
use crate::log::{Outcome, Tally};

/// How often a line is written where there is no terminal.
const PAUSE: Duration = Duration::from_secs(5);

/// How often a line is drawn on a terminal.
const FRAME: Duration = Duration::from_millis(100);

/// What ends sooner shows no progress.
const SHORT: Duration = Duration::from_millis(500);

/// A line on a terminal that is drawn over, and removed when it is dropped.
struct Line {
    bar: ProgressBar,
    /// The width of the terminal when the line was drawn last.
    columns: u16,
}

impl Line {
    /// `None` if standard error is not a terminal, or is for programs.
    fn new(console: Console, total: Option<u64>) -> Option<Self> {
        if console.format != Format::Table || !std::io::stderr().is_terminal() {
            return None;
        }
        let template = if total.is_some() { "{bar:20} {wide_msg}" } else { "{wide_msg}" };
        let style = ProgressStyle::with_template(template).ok()?.progress_chars("█▌░");
        let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr()).with_style(style);
        Some(Self { bar, columns: columns() })
    }

    fn draw(&mut self, position: u64, text: String) {
        let columns = columns();
        // A line fills the terminal. One that has become narrower shows it in several lines, of which the bar knows one.
        let rows = self.columns.div_ceil(columns.max(1));
        if rows > 1 {
            self.bar.suspend(|| eprint!("\x1b[{}A\r\x1b[J", rows - 1));
        }
        self.columns = columns;
        self.bar.set_position(position);
        self.bar.set_message(text);
        self.bar.tick();
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// The width of the terminal on standard error.
fn columns() -> u16 {
    terminal_size::terminal_size_of(std::io::stderr()).map_or(80, |(Width(columns), _)| columns)
}

/// Shows how much of a file was read, on a terminal, if that takes long.
pub(crate) struct Reading {
    console: Console,
    began: Instant,
    drawn: Option<Instant>,
    line: Option<Line>,
}

impl Reading {
    pub(crate) fn new(console: Console) -> Self {
        Self { console, began: Instant::now(), drawn: None, line: None }
    }

    /// Shows it from time to time. `progress` returns how many bytes were read of how many.
    pub(crate) fn show(&mut self, rows: u64, progress: impl FnOnce() -> (u64, u64)) {
        let (since, pause) = self.drawn.map_or((self.began, SHORT), |drawn| (drawn, FRAME));
        if since.elapsed() < pause {
            return;
        }
        let (read, all) = progress();
        if self.drawn.replace(Instant::now()).is_none() {
            self.line = Line::new(self.console, Some(all));
        }
        if let Some(line) = &mut self.line {
            line.draw(read, format!("checking: {} of {} MB, {rows} rows", megabytes(read), megabytes(all)));
        }
    }
}

/// With one decimal.
fn megabytes(bytes: u64) -> String {
    format!("{}.{}", bytes / 1_000_000, bytes / 100_000 % 10)
}

/// Waits for as long as it takes, and counts down. `why` follows the time: "for the vendor to settle".
pub(crate) async fn wait(console: Console, time: Duration, why: &str) {
    let end = tokio::time::Instant::now() + time;
    let text = |left: Duration| {
        // Rounded up: the last second counts.
        let left = Duration::from_secs(left.as_millis().div_ceil(1000).try_into().unwrap_or(u64::MAX));
        format!("waiting {} {why}; Ctrl-C is safe", humantime::format_duration(left))
    };
    let Some(mut line) = Line::new(console, None) else {
        console.note(text(time));
        return tokio::time::sleep_until(end).await;
    };
    let mut ticks = tokio::time::interval(Duration::from_millis(250));
    loop {
        ticks.tick().await;
        let left = end.saturating_duration_since(tokio::time::Instant::now());
        if left.is_zero() {
            return;
        }
        line.draw(0, text(left));
    }
}

/// Shows the progress of a run.
pub(crate) struct Progress {
    console: Console,
    line: Option<Line>,
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
        let before = total.saturating_sub(todo);
        Self {
            console,
            line: Line::new(console, Some(total)),
            began: Instant::now(),
            total,
            before,
            done: before,
            tally,
        }
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
        if self.line.is_some() { FRAME } else { PAUSE }
    }

    /// Shows it.
    pub(crate) fn show(&mut self) {
        let state = State::new(self.done, self.total, self.before, self.tally, self.began.elapsed());
        match &mut self.line {
            Some(line) => line.draw(state.rows, state.line()),
            None => self.console.event("progress", &state, || state.line()),
        }
    }

    /// Says something without drawing over it.
    pub(crate) fn note(&self, text: &str) {
        match &self.line {
            Some(line) => line.bar.suspend(|| self.console.note(text)),
            None => self.console.note(text),
        }
    }

    /// Removes the line.
    pub(crate) fn finish(self) {
        drop(self.line);
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
