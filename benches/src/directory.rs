//! The look-up of an IFSC in the list of bank branches.

use std::hint::black_box;
use std::time::{Duration, Instant};

use juspay_accounts_validation::Ifsc;

use crate::row::{Row, Target, time};
use crate::{Scale, pairs};

/// The number of codes that are looked up in turn, in random order across the table.
const CODES: usize = 512;

/// The row of the group. Half of the codes are listed. The others have a listed bank.
pub fn measure(scale: Scale) -> Vec<Row> {
    let codes = codes();
    let values: Vec<Ifsc> = codes.iter().map(|code| code.parse().expect("an IFSC")).collect();
    let listed = values.iter().filter(|value| value.listing().is_listed()).count();
    assert_eq!(listed, CODES / 2);
    vec![row(scale, "IFSC look-up", || values.iter().filter(|value| black_box(value).listing().is_listed()).count())]
}

fn row(scale: Scale, what: &str, mut look_up: impl FnMut() -> usize) -> Row {
    let mut run = || {
        let began = Instant::now();
        black_box(look_up());
        began.elapsed()
    };
    let mut times = Vec::new();
    let end = Instant::now() + scale.budget() / 5;
    while Instant::now() < end {
        // A single run is too short for the clock.
        let took: Duration = (0..20).map(|_| run()).sum();
        #[allow(clippy::cast_precision_loss, reason = "some hundreds")]
        times.push(took.as_secs_f64() / (20 * CODES) as f64);
    }
    let seconds = pairs::median(times);
    Row::absolute(what, time(seconds), seconds * 1e9, "ns", Target::AtMost(50.0))
}

/// Listed and unlisted codes in turn, of large and small banks. The generator is deterministic.
fn codes() -> Vec<String> {
    const BANKS: [&str; 12] =
        ["SBIN", "HDFC", "ICIC", "PUNB", "BARB", "UTIB", "KKBK", "CNRB", "UBIN", "YESB", "IDIB", "APBL"];
    let mut state = 1_u64;
    let mut draw = |most: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % most
    };
    let mut codes = Vec::new();
    while codes.len() < CODES {
        let bank = BANKS[usize::try_from(draw(12)).unwrap_or_default()];
        let code = format!("{bank}0{:06}", draw(9_000));
        let is_listed = code.parse::<Ifsc>().is_ok_and(|code| code.listing().is_listed());
        if is_listed == (codes.len() % 2 == 0) {
            codes.push(code);
        }
    }
    codes
}
