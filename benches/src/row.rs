//! A row of the table: what was measured, the figure, and whether the target is met.

/// The target of a figure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Target {
    AtMost(f64),
    AtLeast(f64),
    /// No target: the figure is for information.
    None,
}

#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) what: String,
    pub(crate) measured: String,
    /// The measurement of the baseline, if there is one.
    pub(crate) baseline: String,
    /// The ratio of the two, or another figure that the target applies to.
    pub(crate) figure: String,
    pub(crate) target: String,
    /// Whether the target is met.
    pub(crate) met: String,
}

impl Row {
    /// A row with the ratio of a measurement to its baseline.
    pub(crate) fn ratio(what: &str, measured: String, baseline: String, ratio: f64, target: Target) -> Self {
        Self::new(what, measured, baseline, ratio, "", target)
    }

    /// A row with a measurement alone, in `unit`.
    pub(crate) fn absolute(what: &str, measured: String, value: f64, unit: &str, target: Target) -> Self {
        let unit = if unit.is_empty() { String::new() } else { format!(" {unit}") };
        Self::new(what, measured, "-".to_owned(), value, &unit, target)
    }

    fn new(what: &str, measured: String, baseline: String, value: f64, unit: &str, target: Target) -> Self {
        let (bound, met) = match target {
            Target::AtMost(bound) => (format!("≤ {}{unit}", number(bound)), Some(value <= bound)),
            Target::AtLeast(bound) => (format!("≥ {}{unit}", number(bound)), Some(value >= bound)),
            Target::None => ("-".to_owned(), None),
        };
        let met = met.map_or("-", |met| if met { "yes" } else { "no" });
        let figure = format!("{}{unit}", number(value));
        Self { what: what.to_owned(), measured, baseline, figure, target: bound, met: met.to_owned() }
    }
}

/// A count, for computations. A count above 2^53 is rounded.
#[allow(clippy::cast_precision_loss)]
pub(crate) fn figure(count: u64) -> f64 {
    count as f64
}

/// The number of things per second.
pub(crate) fn speed(count: usize, seconds: f64) -> f64 {
    (figure(count as u64) / seconds).round()
}

/// Formats a number of bytes in MiB.
pub(crate) fn mebibytes(bytes: u64) -> String {
    format!("{} MiB", number((figure(bytes) / f64::from(1 << 20)).round()))
}

/// Formats a number with a meaningful number of digits.
pub(crate) fn number(value: f64) -> String {
    if value.fract() == 0.0 || value.abs() >= 100.0 { format!("{value:.0}") } else { format!("{value:.3}") }
}

/// Formats a time: in seconds, or in milliseconds if it is less than a second.
pub(crate) fn time(seconds: f64) -> String {
    if seconds >= 1.0 { format!("{seconds:.2} s") } else { format!("{:.2} ms", seconds * 1e3) }
}
