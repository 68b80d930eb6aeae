//! Parses durations in flags.

use std::ops::RangeInclusive;
use std::time::Duration;

use crate::failure::Problem;

/// Parses a duration such as `90s` or `2m`.
///
/// # Errors
/// The text is not a duration, or is out of bounds. The error states what is expected.
pub(crate) fn read(flag: &str, text: &str, bounds: RangeInclusive<Duration>) -> Result<Duration, Problem> {
    // The parser's own error can repeat the text, which may be a misplaced value.
    let time = humantime::parse_duration(text)
        .map_err(|_| Problem::new(flag, "expected a time with units, such as 90s or 2m"))?;
    if bounds.contains(&time) {
        return Ok(time);
    }
    let [least, most] = [bounds.start(), bounds.end()].map(|bound| humantime::format_duration(*bound));
    Err(Problem::new(flag, &format!("expected a time from {least} to {most}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_needs_a_unit_and_has_bounds() {
        let read = |text| read("--timeout", text, Duration::from_secs(1)..=Duration::from_mins(10));
        assert_eq!(read("90s"), Ok(Duration::from_secs(90)));
        assert_eq!(read("1s"), Ok(Duration::from_secs(1)));
        assert_eq!(read("10m"), Ok(Duration::from_mins(10)));
        for bad in ["", "90", "-1s", "1e9s", "99999999999999999999s", "soon"] {
            let problem = "expected a time with units, such as 90s or 2m";
            assert_eq!(read(bad), Err(Problem::new("--timeout", problem)), "{bad}");
        }
        for bad in ["999ms", "10m 1s"] {
            assert_eq!(read(bad), Err(Problem::new("--timeout", "expected a time from 1s to 10m")), "{bad}");
        }
    }
}
