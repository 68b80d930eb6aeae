//! What counts as an account number, and how little of it is shown.

use juspay_accounts_validation::{AccountNumber, Advice, Reason};
use proptest::prelude::*;

use crate::unexpected;

fn reason(text: &str) -> Option<Reason> {
    AccountNumber::check(text).err().map(|error| error.reason())
}

#[expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
fn advice(text: &str) -> Option<Advice> {
    text.parse::<AccountNumber>().unwrap().advice()
}

#[test]
fn five_to_thirty_five_letters_or_digits_are_accepted() {
    assert_eq!(reason(""), Some(Reason::Empty));
    assert_eq!(reason("1234"), Some(Reason::TooShort { length: 4, min: 5 }));
    assert_eq!(reason("12345"), None);
    assert_eq!(reason("aZ0aZ"), None);
    assert_eq!(reason(&"9".repeat(35)), None);
    let too_long = Reason::TooLong { length: 36, max: 35 };
    assert_eq!(reason(&"9".repeat(36)), Some(too_long));
}

#[test]
fn the_first_wrong_character_is_named_with_its_position() {
    for (text, position) in [
        ("1234 5678", 5),
        (" 12345678", 1),
        ("12345678\n", 9),
        ("12345678\u{85}", 9),
        ("1234-5678", 5),
        ("12345६७८", 6),
        ("1;234.50", 2),
    ] {
        let expected = unexpected(text, position);
        assert_eq!(reason(text), Some(expected), "{text:?}");
    }
}

#[test]
fn leading_zeros_matter() {
    let with: AccountNumber = "026291800001191".parse().unwrap();
    let without: AccountNumber = "26291800001191".parse().unwrap();
    assert_ne!(with, without);
    assert_eq!(with.as_str(), "026291800001191");
}

#[test]
fn display_and_debug_show_the_last_four_of_nine_or_more() {
    let account: AccountNumber = "123456789".parse().unwrap();
    assert_eq!(account.to_string(), "****6789");
    assert_eq!(format!("{account:?}"), "AccountNumber(****6789)");
    assert_eq!(format!("{account:>10}"), "  ****6789");

    let account: AccountNumber = "12345678".parse().unwrap();
    assert_eq!(account.to_string(), "****");
    assert_eq!(format!("{account:?}"), "AccountNumber(****)");
}

#[test]
fn account_number_gets_advice_outside_9_to_18_digits() {
    let unusual = |length, digits_only| Some(Advice::AccountNumber { length, digits_only });
    assert_eq!(advice("12345679"), unusual(8, true));
    assert_eq!(advice("123456780"), None);
    assert_eq!(advice("123456789012345671"), None);
    assert_eq!(advice("1234567890123456781"), unusual(19, true));
    assert_eq!(advice("12345678A"), unusual(9, false));
    assert_eq!(
        advice("12345678A").unwrap().to_string(),
        "it has 9 letters and digits; most account numbers consist of 9 to 18 digits"
    );
}

proptest! {
    #[test]
    fn whatever_fits_is_accepted_and_kept(text in "[A-Za-z0-9]{5,35}") {
        let account: AccountNumber = text.parse().unwrap();
        prop_assert_eq!(account.as_str(), text);
    }
}
