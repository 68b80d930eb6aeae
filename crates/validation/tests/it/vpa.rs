//! What counts as a UPI address, the messages about other values, and how two addresses are compared.

use std::collections::{BTreeSet, HashSet};
use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};

use juspay_accounts_validation::{Reason, Vpa};
use proptest::prelude::*;

use crate::unexpected;

fn reason(text: &str) -> Option<Reason> {
    Vpa::check(text).err().map(|error| error.reason())
}

#[expect(clippy::panic, reason = "a test may stop at the first surprise")]
fn vpa(text: &str) -> Vpa {
    Vpa::try_from(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn plain_handles_are_accepted() {
    for text in ["9164326296@upi", "first.last_name-2@okhdfcbank", "a@ab", "a@A1", "...@yesg", "a@npci"] {
        assert_eq!(reason(text), None, "{text}");
    }
}

#[test]
fn the_dotted_forms_of_npci_are_accepted_in_any_case() {
    for (text, handle) in [
        ("12345@HDFC0000001.ifsc.npci", "HDFC0000001.ifsc.npci"),
        ("9800011111@mobile.npci", "mobile.npci"),
        ("123456789012@aadhaar.NPCI", "aadhaar.NPCI"),
        ("1@1.nPcI", "1.nPcI"),
    ] {
        assert_eq!(vpa(text).handle(), handle);
    }
}

#[test]
fn a_dotted_handle_has_one_or_two_labels_before_npci() {
    let label = "a".repeat(63);
    assert_eq!(reason(&format!("a@{label}.{label}.npci")), None);
    for handle in [
        ".npci".to_owned(),
        "..npci".to_owned(),
        "a..npci".to_owned(),
        ".a.npci".to_owned(),
        "a.b.c.npci".to_owned(),
        format!("a{label}.npci"),
        format!("a{label}.ifsc.npci"),
    ] {
        let text = format!("a@{handle}");
        assert_eq!(reason(&text), Some(Reason::DottedHandle), "{text}");
    }
}

#[test]
fn email_address_has_its_own_reason() {
    for text in [
        "someone@example.com",
        "first+last@example.com",
        "someone@my-bank.example",
        "someone@mail.example.co.in",
        "someone@mobile.npci.org.in",
        "someone@xnpci.npcix",
    ] {
        assert_eq!(reason(text), Some(Reason::EmailAddress), "{text}");
    }
    let error = Vpa::check("someone@example.com").unwrap_err();
    assert_eq!(error.position(), None);
    assert!(error.to_string().contains("looks like an e-mail address"));
}

#[test]
fn the_local_part_has_one_to_two_hundred_and_fifty_five_characters() {
    assert_eq!(reason("@upi"), Some(Reason::LocalEmpty));
    assert_eq!(reason(&format!("{}@upi", "a".repeat(255))), None);
    let too_long = Reason::LocalTooLong { length: 256, max: 255 };
    assert_eq!(reason(&format!("{}@upi", "a".repeat(256))), Some(too_long));
}

#[test]
fn a_plain_handle_has_two_to_sixty_four_characters() {
    assert_eq!(reason("a@"), Some(Reason::HandleEmpty));
    let too_short = Reason::HandleTooShort { length: 1, min: 2 };
    assert_eq!(reason("a@u"), Some(too_short));
    assert_eq!(reason(&format!("a@{}", "u".repeat(64))), None);
    let too_long = Reason::HandleTooLong { length: 65, max: 64 };
    assert_eq!(reason(&format!("a@{}", "u".repeat(65))), Some(too_long));
}

#[test]
fn a_plain_handle_begins_with_a_letter() {
    let error = Vpa::check("abc@1upi").unwrap_err();
    assert_eq!(error.reason(), Reason::HandleStart { position: 5 });
    assert_eq!(error.position(), Some(5));
}

#[test]
fn there_is_exactly_one_at() {
    assert_eq!(reason(""), Some(Reason::Empty));
    assert_eq!(reason("ramesh"), Some(Reason::MissingAt));
    assert_eq!(reason("9164326296"), Some(Reason::MobileNumber));
    assert_eq!(reason("someone@upi."), Some(Reason::TrailingDot));
    for (text, position) in [("a@b@upi", 4), ("a@@upi", 3), ("a@example.com@upi", 14)] {
        let second = Reason::SecondAt { position };
        assert_eq!(reason(text), Some(second), "{text}");
    }
    assert_eq!(reason("@@"), Some(Reason::LocalEmpty));
}

#[test]
fn the_first_wrong_character_is_named_with_its_position() {
    for (text, position) in [
        (" a@upi", 1),
        ("a b@upi", 2),
        ("a+b@upi", 2),
        ("अ@upi", 1),
        ("a@upi\n", 6),
        ("a@upi ", 6),
        ("a@ok-bank", 5),
        ("a@ok_bank", 5),
        ("a@úpi", 3),
        ("a@mo bile.npci", 5),
    ] {
        let error = Vpa::check(text).unwrap_err();
        let expected = unexpected(text, position);
        assert_eq!(error.reason(), expected, "{text:?}");
        assert_eq!(error.position(), Some(position));
    }
}

#[test]
fn addresses_that_differ_only_in_case_are_equal() {
    let (small, capital) = (vpa("ramesh@upi"), vpa("RAMESH@Upi"));
    assert_eq!(small, capital);
    assert_eq!(small.cmp(&capital), std::cmp::Ordering::Equal);
    assert_eq!(HashSet::from([small.clone(), capital.clone()]).len(), 1);
    assert_eq!(BTreeSet::from([small, capital]).len(), 1);
    let hash = |text| BuildHasherDefault::<DefaultHasher>::new().hash_one(vpa(text));
    assert_eq!(hash("ramesh@upi"), hash("RAMESH@Upi"));
    assert_ne!(hash("ramesh@upi"), hash("rameshx@upi"), "different addresses should have different hashes");
    assert_ne!(vpa("ramesh@upi"), vpa("rameshx@upi"));
    assert!(vpa("A@upi") < vpa("b@upi"));
    assert!(vpa("a@upi") < vpa("B@upi"));
}

#[test]
fn address_is_kept_unchanged() {
    assert_eq!(vpa("RaMesh@UPI").as_str(), "RaMesh@UPI");
    assert_eq!(vpa("RaMesh@UPI").handle(), "UPI");
}

#[test]
fn display_and_debug_show_the_handle_only() {
    assert_eq!(vpa("9164326296@upi").to_string(), "****@upi");
    assert_eq!(format!("{:?}", vpa("9164326296@upi")), "Vpa(****@upi)");
    assert_eq!(vpa("9800011111@mobile.npci").to_string(), "****@mobile.npci");
}

proptest! {
    #[test]
    fn whatever_has_a_plain_handle_is_accepted(
        text in "[A-Za-z0-9._-]{1,255}@[A-Za-z][A-Za-z0-9]{1,63}",
    ) {
        prop_assert!(Vpa::check(&text).is_ok());
    }

    #[test]
    fn whatever_has_a_dotted_handle_is_accepted(
        text in "[A-Za-z0-9._-]{1,255}@([A-Za-z0-9]{1,63}\\.){1,2}[Nn][Pp][Cc][Ii]",
    ) {
        prop_assert!(Vpa::check(&text).is_ok());
    }

    #[test]
    fn equality_and_order_agree_without_case(
        a in "[aAbB]{1,3}@[uU][pP]",
        b in "[aAbB]{1,3}@[uU][pP]",
    ) {
        let same = a.eq_ignore_ascii_case(&b);
        prop_assert_eq!(vpa(&a) == vpa(&b), same);
        prop_assert_eq!(vpa(&a).cmp(&vpa(&b)).is_eq(), same);
        prop_assert_eq!(HashSet::from([vpa(&a), vpa(&b)]).len() == 1, same);
    }
}
