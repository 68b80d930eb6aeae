//! Rupees as text and paise as numbers, without any rounding in between.

use juspay_accounts_validation::{Advice, Amount, Reason};
use proptest::prelude::*;

use crate::unexpected;

fn reason(text: &str) -> Option<Reason> {
    let parsed = text.parse::<Amount>().map(|_| ());
    assert_eq!(parsed, Amount::check(text));
    parsed.err().map(|error| error.reason())
}

#[test]
fn amount_text_is_rupees_and_prints_canonically() {
    for (text, paise, canonical) in [
        ("1", 100, "1"),
        ("1.0", 100, "1"),
        ("1.00", 100, "1"),
        ("1.5", 150, "1.50"),
        ("1.05", 105, "1.05"),
        ("10", 1_000, "10"),
        ("0.01", 1, "0.01"),
        ("0.1", 10, "0.10"),
        ("0.10", 10, "0.10"),
        ("0.99", 99, "0.99"),
        ("9999999.99", 999_999_999, "9999999.99"),
    ] {
        let amount: Amount = text.parse().unwrap();
        assert_eq!(amount.paise(), paise, "{text}");
        assert_eq!(amount.to_string(), canonical);
        assert_eq!(String::from(amount), canonical);
        assert_eq!(format!("{amount:?}"), format!("Amount({canonical})"));
    }
}

#[test]
fn constants_are_the_limits_and_the_documented_default() {
    assert_eq!(Amount::MIN.to_string(), "0.01");
    assert_eq!(Amount::ONE_RUPEE.to_string(), "1");
    assert_eq!(Amount::MAX.to_string(), "9999999.99");
}

#[test]
fn zero_is_refused_in_every_spelling() {
    for text in ["0", "0.0", "0.00"] {
        assert_eq!(reason(text), Some(Reason::Zero), "{text}");
    }
    assert_eq!(Amount::from_paise(0).unwrap_err().reason(), Reason::Zero);
}

#[test]
fn ten_million_rupees_are_too_much() {
    for text in ["10000000", "10000000.00", "99999999999999999999999999"] {
        assert_eq!(reason(text), Some(Reason::TooLarge), "{text}");
    }
    assert_eq!(Amount::from_paise(999_999_999), Ok(Amount::MAX));
    for paise in [1_000_000_000, u64::MAX] {
        let error = Amount::from_paise(paise).unwrap_err();
        assert_eq!(error.reason(), Reason::TooLarge);
    }
}

#[test]
fn more_than_two_decimals_are_refused_and_not_rounded() {
    for (text, decimals) in [("1.005", 3), ("1.000", 3), ("0.0000001", 7)] {
        assert_eq!(reason(text), Some(Reason::TooManyDecimals { decimals }));
    }
}

#[test]
fn leading_zeros_and_a_bare_point_are_refused() {
    for text in ["01", "00", "00.5", "01.50"] {
        let error = Amount::check(text).unwrap_err();
        assert_eq!(error.reason(), Reason::LeadingZero, "{text}");
        assert_eq!(error.position(), Some(1));
    }
    assert_eq!(reason("1."), Some(Reason::MissingDecimals));
    assert_eq!(reason(""), Some(Reason::Empty));
}

#[test]
fn the_first_wrong_character_is_named_with_its_position() {
    for (text, position) in [
        ("+1", 1),
        (".5", 1),
        (".", 1),
        ("1,00", 2),
        ("1.5.0", 4),
        ("1..5", 3),
        ("1e3", 2),
        ("EUR1", 1),
        (" 1", 1),
        ("1 ", 2),
        ("1\n", 2),
        ("१", 1),
        ("1.१", 3),
    ] {
        let expected = unexpected(text, position);
        assert_eq!(reason(text), Some(expected), "{text:?}");
    }
}

#[test]
fn advice_is_given_above_ten_rupees() {
    assert_eq!(Amount::from_paise(1_000).unwrap().advice(), None);
    let amount = Amount::from_paise(1_001).unwrap();
    assert_eq!(amount.advice(), Some(Advice::LargeAmount { amount }));
    assert_eq!(
        amount.advice().unwrap().to_string(),
        "10.01 rupees is unusually high for a penny drop; each validation pays this amount"
    );
}

proptest! {
    #[test]
    fn paise_survive_a_round_trip_through_text(paise in 1_u64..1_000_000_000) {
        let amount = Amount::from_paise(paise).unwrap();
        prop_assert_eq!(amount.paise(), paise);
        prop_assert_eq!(amount.to_string().parse(), Ok(amount));
    }

    #[test]
    fn whatever_has_the_form_is_accepted(
        text in "[1-9][0-9]{0,6}(\\.[0-9]{1,2})?|0\\.([1-9][0-9]?|0[1-9])",
    ) {
        prop_assert!(Amount::check(&text).is_ok());
    }

    #[test]
    fn order_is_that_of_paise(a in 1_u64..1_000_000_000, b in 1_u64..1_000_000_000) {
        let amount = |paise| Amount::from_paise(paise).unwrap();
        prop_assert_eq!(amount(a).cmp(&amount(b)), a.cmp(&b));
    }
}
