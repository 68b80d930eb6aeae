//! Shows progress on standard error: on a terminal as a line that is redrawn, elsewhere as a new line every few
//! seconds.

use std::io::{IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

use serde::Serialize;
use terminal_size::Width;

use crate::console::{Console, Format};
use crate::log::{Outcome, Tally};

/// The time between two lines if there is no terminal.
const PAUSE: Duration = Duration::from_secs(5);

/// The time between two redraws on a terminal.
const FRAME: Duration = Duration::from_millis(100);

/// The width of a bar, in columns.
const BAR: u64 = 20;

/// Columns that stay free at the end of a line, so that the line does not wrap when the terminal prints `^C`.
const MARGIN: usize = 3;

/// A line on a terminal that is redrawn, and erased on drop.
struct Line {
    /// The number of columns that were drawn last.
    drawn: usize,
}

impl Line {
    /// Returns `None` if standard error is not a terminal, or the output is JSON.
    fn new(console: Console) -> Option<Self> {
        (console.format == Format::Table && std::io::stderr().is_terminal()).then(|| Self { drawn: 0 })
    }

    fn draw(&mut self, text: &str) {
        let columns = columns();
        let text: String = text.chars().take(columns.saturating_sub(MARGIN)).collect();
        let erase = self.erase(columns);
        self.drawn = text.chars().count();
        write(&format!("{erase}{text}"));
    }

    fn clear(&mut self) {
        if self.drawn > 0 {
            write(&self.erase(columns()));
            self.drawn = 0;
        }
    }

    /// Returns the text that erases the line. On a terminal that became narrower, the line covers several rows.
    fn erase(&self, columns: usize) -> String {
        match self.drawn.saturating_sub(1) / columns.max(1) {
            0 => "\r\x1b[K".to_owned(),
            more => format!("\x1b[{more}A\r\x1b[J"),
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.clear();
    }
}

/// Writes to standard error. Errors are ignored: if nobody reads standard error, nobody needs the progress.
fn write(text: &str) {
    let mut stderr = std::io::stderr().lock();
    let _ = stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush());
}

fn bar(part: u64, whole: u64) -> String {
    let full = part.min(whole) * BAR / whole.max(1);
    (0..BAR).map(|place| if place < full { '█' } else { '░' }).collect()
}

/// The width of the terminal on standard error.
fn columns() -> usize {
    terminal_size::terminal_size_of(std::io::stderr()).map_or(80, |(Width(columns), _)| columns.into())
}

/// Waits, and shows the time that is left. `why` follows the time in the message.
pub(crate) async fn wait(console: Console, time: Duration, why: &str) {
    let end = tokio::time::Instant::now() + time;
    let text = |left: Duration| {
        // Rounds up, so that the time is never shown as 0 s.
        let left = Duration::from_secs(left.as_millis().div_ceil(1000).try_into().unwrap_or(u64::MAX));
        format!("waiting {} {why}; Ctrl-C is safe", humantime::format_duration(left))
    };
    let Some(mut line) = Line::new(console) else {
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
        line.draw(&text(left));
    }
}

pub(crate) struct Progress {
    console: Console,
    line: Option<Line>,
    began: Instant,
    total: u64,
    /// The number of rows with nothing to do in this run; `done` also counts those that the run has finished.
    before: u64,
    done: u64,
    tally: Tally,
}

#[derive(Clone, Copy, Debug, Serialize)]
struct State {
    rows: u64,
    of: u64,
    /// Rows per second in this run.
    rate: f64,
    seconds_left: Option<u64>,
    outcomes: Tally,
}

impl State {
    fn new(rows: u64, of: u64, before: u64, outcomes: Tally, elapsed: Duration) -> Self {
        let now = rows.saturating_sub(before);
        // An `f64` holds such row counts exactly.
        #[allow(clippy::cast_precision_loss)]
        let (done, left) = (now as f64, of.saturating_sub(rows) as f64);
        let rate = done / elapsed.as_secs_f64().max(0.001);
        let left = (now > 0).then(|| Duration::try_from_secs_f64(left / rate).ok()).flatten();
        Self { rows, of, rate, seconds_left: left.map(|left| left.as_secs()), outcomes }
    }

    fn line(&self) -> String {
        let Self { rows, of, rate, seconds_left, outcomes } = self;
        let left = seconds_left.map(|left| humantime::format_duration(Duration::from_secs(left)));
        let left = left.map_or_else(String::new, |left| format!(", {left} left"));
        let outcomes: Vec<_> = outcomes.iter().map(|(outcome, number)| format!("{number} {outcome}")).collect();
        let outcomes = if outcomes.is_empty() { String::new() } else { format!(": {}", outcomes.join(", ")) };
        format!("{rows} of {of} rows, {rate:.1}/s{left}{outcomes}")
    }
}

impl Progress {
    /// Starts with `todo` of `total` rows left to do. `tally` has the outcomes before the run.
    pub(crate) fn new(console: Console, total: u64, todo: u64, tally: Tally) -> Self {
        let before = total.saturating_sub(todo);
        Self { console, line: Line::new(console), began: Instant::now(), total, before, done: before, tally }
    }

    /// Counts a finished row, and removes its earlier outcome from the tally.
    pub(crate) fn record(&mut self, before: Option<Outcome>, outcome: Outcome) {
        if let Some(before) = before {
            self.tally.remove(before);
        }
        self.tally.add(outcome, 1);
        self.done += 1;
    }

    /// The time between two lines or redraws.
    pub(crate) fn pause(&self) -> Duration {
        if self.line.is_some() { FRAME } else { PAUSE }
    }

    pub(crate) fn show(&mut self) {
        let state = State::new(self.done, self.total, self.before, self.tally, self.began.elapsed());
        match &mut self.line {
            Some(line) => line.draw(&format!("{} {}", bar(state.rows, state.of), state.line())),
            None => self.console.event("progress", &state, || state.line()),
        }
    }

    /// Prints a note without breaking the progress line.
    pub(crate) fn note(&mut self, text: &str) {
        if let Some(line) = &mut self.line {
            line.clear();
        }
        self.console.note(text);
    }

    pub(crate) fn finish(self) {
        drop(self.line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_erased_after_a_resize_too() {
        let erase = |drawn, columns| Line { drawn }.erase(columns);
        for (drawn, columns) in [(0, 80), (77, 80), (77, 200), (60, 60), (0, 0)] {
            assert_eq!(erase(drawn, columns), "\r\x1b[K", "{drawn} in {columns}");
        }
        assert_eq!(erase(61, 60), "\x1b[1A\r\x1b[J");
        assert_eq!(erase(77, 20), "\x1b[3A\r\x1b[J");
    }

    #[test]
    fn a_bar_is_full_only_at_the_end() {
        for (part, whole, full) in [(0, 10, 0), (1, 10, 2), (999, 1000, 19), (1000, 1000, 20), (2, 1, 20), (0, 0, 0)] {
            assert_eq!(bar(part, whole).matches('█').count(), full, "{part} of {whole}");
            assert_eq!(bar(part, whole).chars().count(), 20);
        }
    }

    #[test]
    fn rate_and_time_left_count_only_this_run() {
        let mut tally = Tally::default();
        tally.add(Outcome::Active, 60);
        tally.add(Outcome::Failed, 40);
        let line = |of, before, seconds| State::new(100, of, before, tally, Duration::from_secs(seconds)).line();
        assert_eq!(line(1000, 80, 10), "100 of 1000 rows, 2.0/s, 7m 30s left: 60 active, 40 failed");
        assert_eq!(line(1_000_000, 0, 10), "100 of 1000000 rows, 10.0/s, 1day 3h 46m 30s left: 60 active, 40 failed");
        assert_eq!(line(130, 0, 50), "100 of 130 rows, 2.0/s, 15s left: 60 active, 40 failed");
        assert_eq!(line(130, 100, 50), "100 of 130 rows, 0.0/s: 60 active, 40 failed");
        let first = State::new(0, 9, 0, Tally::default(), Duration::ZERO);
        assert_eq!(first.line(), "0 of 9 rows, 0.0/s");
    }
}
