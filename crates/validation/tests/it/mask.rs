//! What a mask shows, for any text.

use juspay_accounts_validation::mask;
use proptest::prelude::*;

#[test]
fn an_account_number_shows_its_last_four_characters_if_it_has_at_least_nine() {
    for (text, shown) in [
        ("026291800001191", "****1191"),
        ("123456789", "****6789"),
        ("12345678", "****"),
        ("", "****"),
        ("ééééééééé", "****éééé"),
        ("éééééééé", "****"),
        ("12345678\n", "****"),
        ("12345678901\u{202e}91", "****"),
        ("12345678901\u{2028}91", "****"),
        ("12345678901\u{200b}91", "****"),
    ] {
        assert_eq!(mask::account(text).to_string(), shown, "{text:?}");
        assert_eq!(format!("{:?}", mask::account(text)), shown, "{text:?}");
    }
}

#[test]
fn an_address_shows_what_follows_its_last_at() {
    for (text, shown) in [
        ("9164326296@upi", "****@upi"),
        ("a@b@upi", "****@upi"),
        ("someone@example.com", "****@example.com"),
        ("राम@बैंक", "****@बैंक"),
        ("9164326296", "****"),
        ("9164326296@", "****"),
        ("upi@9164326296", "****"),
        ("a@upi\nforged line", "****@upi"),
        ("a@upi 9164326296", "****@upi"),
        ("Ramesh <a@upi>", "****@upi"),
        ("upi://pay?pa=9164326296@upi&pn=Ramesh%20Kumar", "****@upi"),
        ("9800011111@mobile.npci", "****@mobile.npci"),
        ("50100241763@HDFC0000053.ifsc.npci", "****@HDFC0000053.ifsc.npci"),
        ("upi@a9164326296", "****"),
        ("someone@163.com", "****@163.com"),
        ("", "****"),
    ] {
        assert_eq!(mask::vpa(text).to_string(), shown, "{text:?}");
        assert_eq!(format!("{:?}", mask::vpa(text)), shown, "{text:?}");
    }
}

#[test]
fn a_name_shows_its_first_letter() {
    for (text, shown) in
        [("Ramesh Kumar", "R***"), ("राम", "र***"), ("  'Ram", "R***"), ("123", "***"), ("\n", "***"), ("", "***")]
    {
        assert_eq!(mask::name(text).to_string(), shown, "{text:?}");
        assert_eq!(format!("{:?}", mask::name(text)), shown, "{text:?}");
    }
}

#[test]
fn a_mask_can_be_aligned_in_a_table() {
    assert_eq!(format!("[{:<8}]", mask::vpa("a@upi")), "[****@upi]");
    assert_eq!(format!("[{:>6}]", mask::name("Ram")), "[  R***]");
}

proptest! {
    #[test]
    fn no_text_makes_a_mask_panic_or_show_a_control_character(text in any::<String>()) {
        for shown in [
            mask::account(&text).to_string(),
            mask::vpa(&text).to_string(),
            mask::name(&text).to_string(),
        ] {
            prop_assert!(!shown.contains(char::is_control));
        }
    }
}
