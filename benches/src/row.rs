//! A row of the table: what was measured, its figure, and whether the target is met.

/// What a figure is to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Target {
    /// No more than this.
    AtMost(f64),
    /// No less than this.
    AtLeast(f64),
    /// Nothing was set: the figure is for the reader.
    None,
}

/// A row of the table.
#[derive(Clone, Debug)]
pub struct Row {
    /// What was measured.
    pub what: String,
    /// How much it was.
    pub measured: String,
    /// How much the baseline was, if there is one.
    pub baseline: String,
    /// The ratio of the two, or what else stands under the target.
    pub figure: String,
    /// The target.
    pub target: String,
    /// Whether it is met, or why that is not known.
    pub met: String,
}

impl Row {
    /// A ratio of what was measured to its baseline.
    pub fn ratio(what: &str, measured: String, baseline: String, ratio: f64, target: Target) -> Self {
        Self::new(what, measured, baseline, ratio, "", target)
    }

    /// Something that is measured by itself, in `unit`.
    pub fn absolute(what: &str, measured: String, value: f64, unit: &str, target: Target) -> Self {
        let unit = if unit.is_empty() { String::new() } else { format!(" {unit}") };
        Self::new(what, measured, "-".to_owned(), value, &unit, target)
    }

    /// Something that was not measured, and why.
    pub fn not_measured(what: &str, why: &str) -> Self {
        let none = || "-".to_owned();
        let met = format!("not measured: {why}");
        Self { what: what.to_owned(), measured: none(), baseline: none(), figure: none(), target: none(), met }
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

/// A number with as many digits as tell something.
pub fn number(value: f64) -> String {
    if value.fract() == 0.0 || value.abs() >= 100.0 { format!("{value:.0}") } else { format!("{value:.3}") }
}

/// Seconds in the unit that suits them.
pub fn time(seconds: f64) -> String {
    match seconds {
        1.0.. => format!("{seconds:.2} s"),
        1e-3.. => format!("{:.2} ms", seconds * 1e3),
        1e-6.. => format!("{:.2} µs", seconds * 1e6),
        _ => format!("{:.1} ns", seconds * 1e9),
    }
}
