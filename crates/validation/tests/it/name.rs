//! What a name may contain, and which names some gateways refuse.

use juspay_accounts_validation::{Advice, Name, Reason};

use crate::{character, unexpected};

fn reason(text: &str) -> Option<Reason> {
    Name::check(text).err().map(|error| error.reason())
}

#[expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
fn advice(text: &str) -> Option<Advice> {
    text.parse::<Name>().unwrap().advice()
}

#[test]
fn one_to_one_hundred_and_twenty_characters_of_any_script_are_accepted() {
    assert_eq!(reason(""), Some(Reason::Empty));
    assert_eq!(reason("र"), None);
    assert_eq!(reason(&"र".repeat(120)), None);
    let too_long = Reason::TooLong { length: 121, max: 120 };
    assert_eq!(reason(&"र".repeat(121)), Some(too_long));
    assert_eq!(reason("test"), None);
    assert_eq!(reason("  "), None);
}

#[test]
fn a_control_character_is_refused_with_its_position_in_characters() {
    for (text, position) in [
        ("\0Ram", 1),
        ("राम\n", 4),
        ("Ram\tKumar", 4),
        ("Ram\x1f", 4),
        ("Ram\x7f", 4),
        ("राम\u{80}", 4),
        ("राम\u{9f}", 4),
    ] {
        let expected = unexpected(text, position);
        assert_eq!(reason(text), Some(expected), "{text:?}");
    }
    assert_eq!(reason("Ram\u{a0}Kumar"), None);
}

#[test]
fn display_and_debug_show_the_first_letter_only() {
    let name: Name = "Ramesh Kumar".parse().unwrap();
    assert_eq!(name.to_string(), "R***");
    assert_eq!(format!("{name:?}"), "Name(R***)");
    let name: Name = "  (रमेश)".parse().unwrap();
    assert_eq!(name.to_string(), "र***");
}

#[test]
fn usual_names_of_any_script_get_no_advice() {
    for text in [
        "Ramesh D'Souza",
        "M/s. Sharma & Sons (P) Ltd-2",
        "लक्ष्मी प्रसाद",
        "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ",
        "முருகன் வேல்",
        "ശ്രീജിത്ത്",
        "Jose\u{301}",
        "José",
    ] {
        assert_eq!(advice(text), None, "{text}");
    }
}

#[test]
fn unusual_characters_get_advice_with_their_position() {
    for (text, position) in [("Ram*", 4), ("Ram, Kumar", 4), ("राम_", 4), ("Ram\u{a0}Kumar", 4), ("Ram ☺", 5)] {
        let expected = Advice::NameCharacter { position, character: character(text, position) };
        assert_eq!(advice(text), Some(expected), "{text:?}");
    }
}

#[test]
fn a_space_at_either_end_gets_advice() {
    assert_eq!(advice(" Ram"), Some(Advice::NameEdge { position: 1 }));
    assert_eq!(advice("राम "), Some(Advice::NameEdge { position: 4 }));
    assert_eq!(advice("Ram Kumar"), None);
}

#[test]
fn unmasked_text_of_any_script_can_be_read() {
    for (text, shown) in [("कुमार\n", r#""कुमार\n""#), ("D'Souza\t\"x\u{200b}", r#""D'Souza\t\"x\u{200b}""#)]
    {
        let error = text.parse::<Name>().unwrap_err();
        assert!(error.unmasked(text).to_string().starts_with(shown), "{}", error.unmasked(text));
    }
}
