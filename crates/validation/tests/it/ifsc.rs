//! What counts as an IFSC, and the messages about other text.

use juspay_accounts_validation::{Ifsc, Kind, Reason};
use proptest::prelude::*;

use crate::{character, unexpected};

fn reason(text: &str) -> Option<Reason> {
    Ifsc::check(text).err().map(|error| error.reason())
}

#[track_caller]
fn assert_unexpected(text: &str, position: usize) {
    assert_eq!(reason(text), Some(unexpected(text, position)), "{text:?}");
}

#[test]
fn eleven_characters_are_accepted_and_split_into_bank_and_branch() {
    let ifsc: Ifsc = "SBIN00A1B2C".parse().unwrap();
    assert_eq!(ifsc.bank(), "SBIN");
    assert_eq!(ifsc.branch(), "0A1B2C");
    assert_eq!(ifsc.to_string(), "SBIN00A1B2C");
    assert_eq!(format!("{ifsc:?}"), "Ifsc(SBIN00A1B2C)");
}

#[test]
fn unlisted_branch_is_accepted() {
    assert_eq!(reason("AABF0008032"), None);
}

#[test]
fn other_lengths_are_refused_with_their_length() {
    assert_eq!(reason(""), Some(Reason::Empty));
    // Three or four letters alone are like the name of a bank.
    for length in [1, 2, 5, 6, 7, 8, 9, 10] {
        let text = &"HDFC0000001"[..length];
        assert_eq!(reason(text), Some(Reason::TooShort { length, min: 11 }));
    }
    let too_long = Some(Reason::TooLong { length: 12, max: 11 });
    assert_eq!(reason("HDFC00000011"), too_long);
}

#[test]
fn the_fifth_character_is_zero_and_never_a_letter_o() {
    for text in ["HDFCO000001", "HDFC1000001", "HDFC-000001"] {
        let error = Ifsc::check(text).unwrap_err();
        assert_eq!(error.kind(), Kind::Ifsc);
        assert_eq!(error.reason(), Reason::FifthNotZero { character: character(text, 5) });
        assert_eq!(error.position(), Some(5));
    }
}

#[test]
fn the_first_wrong_character_is_named_with_its_position() {
    assert_unexpected("hdfc0_00001", 1);
    assert_unexpected("HDF10000001", 4);
    assert_unexpected("HDFC0_00001", 6);
    assert_unexpected("HDFC0-0000a", 6);
    assert_unexpected("HDFC0 00001", 6);
    assert_unexpected("HDFC000000é", 11);
    assert_unexpected("ééÉC0000001", 1);
    assert_unexpected("HDFC000000１", 11);
}

#[test]
fn a_stray_space_at_either_end_is_named_and_not_counted_as_length() {
    assert_unexpected("HDFC0000001\n", 12);
    assert_eq!(reason("\tHDFC0000001"), Some(Reason::TextGuard));
    assert_unexpected("HDFC0000001 ", 12);
}

#[test]
fn message_says_what_is_wrong_and_where_without_the_rule() {
    let error = Ifsc::check("HDFC0 00001").unwrap_err();
    assert_eq!(error.to_string(), "character 6 is a space");
    assert_eq!(error.kind().accepted(), "4 capital letters, 0, then 6 capital letters or digits");
    assert_eq!(Ifsc::check("H").unwrap_err().to_string(), "it has 1 character; at least 11 are needed");
}

proptest! {
    #[test]
    fn whatever_has_the_structure_is_accepted(text in "[A-Z]{4}0[A-Z0-9]{6}") {
        let ifsc: Ifsc = text.parse().unwrap();
        prop_assert_eq!(format!("{}0{}", ifsc.bank(), ifsc.branch()), text);
    }
}
