//! Customer and routing ids, and the vendor's codes.

use juspay_accounts_validation::{
    BankCode, CustomerAccountId, CustomerId, Gateway, GatewayId, GatewayReferenceId, ParseError, Reason, RoutingId,
};
use proptest::prelude::*;

use crate::unexpected;

fn reason(result: Result<(), ParseError>) -> Option<Reason> {
    result.err().map(|error| error.reason())
}

#[test]
fn a_customer_id_is_one_segment_of_a_path() {
    for text in ["a/b", "a?b", "a#b", "a\\b"] {
        let expected = unexpected(text, 2);
        assert_eq!(reason(CustomerId::check(text)), Some(expected), "{text}");
    }
}

#[test]
fn customer_id_is_not_a_dot_segment() {
    for text in [".", ".."] {
        assert_eq!(reason(CustomerId::check(text)), Some(Reason::DotSegment));
        assert_eq!(reason(RoutingId::check(text)), None);
    }
    for text in ["...", ".a", "a.", "..a", "%2e", "!", "~"] {
        assert_eq!(reason(CustomerId::check(text)), None, "{text}");
    }
}

#[test]
fn a_customer_id_may_be_an_email_address_which_debug_hides() {
    let customer: CustomerId = "someone@example.com".parse().unwrap();
    assert_eq!(customer.to_string(), "someone@example.com");
    assert_eq!(format!("{customer:?}"), "CustomerId(****@example.com)");

    let routing = RoutingId::from(&customer);
    assert_eq!(routing.to_string(), "someone@example.com");
    assert_eq!(format!("{routing:?}"), "RoutingId(****@example.com)");

    let customer: CustomerId = "cst_1".parse().unwrap();
    assert_eq!(format!("{customer:?}"), "CustomerId(cst_1)");
}

#[test]
fn ids_have_one_to_two_hundred_and_fifty_five_characters() {
    let too_long = Reason::TooLong { length: 256, max: 255 };
    for check in [CustomerId::check, RoutingId::check] {
        assert_eq!(reason(check("")), Some(Reason::Empty));
        assert_eq!(reason(check("x")), None);
        assert_eq!(reason(check(&"x".repeat(255))), None);
        assert_eq!(reason(check(&"x".repeat(256))), Some(too_long));
    }
}

#[test]
fn codes_have_one_to_one_hundred_and_twenty_eight_characters() {
    let too_long = Reason::TooLong { length: 129, max: 128 };
    for check in [BankCode::check, GatewayId::check, GatewayReferenceId::check, Gateway::check] {
        assert_eq!(reason(check("")), Some(Reason::Empty));
        assert_eq!(reason(check(&"~".repeat(128))), None);
        assert_eq!(reason(check(&"!".repeat(129))), Some(too_long));
    }
}

#[test]
fn every_id_and_code_is_one_visible_word() {
    for check in [
        CustomerId::check,
        CustomerAccountId::check,
        RoutingId::check,
        BankCode::check,
        GatewayId::check,
        GatewayReferenceId::check,
        Gateway::check,
    ] {
        for (text, position) in [("two words", 4), ("line\r\nx-evil: 1", 5), ("nul\0", 4), ("del\x7f", 4), ("é", 1)] {
            let expected = unexpected(text, position);
            assert_eq!(reason(check(text)), Some(expected), "{text:?}");
        }
    }
}

#[test]
fn a_customer_account_id_is_a_segment_that_is_not_the_word_list() {
    assert_eq!(reason(CustomerAccountId::check("list")), Some(Reason::TooShort { length: 4, min: 5 }));
    assert_eq!(reason(CustomerAccountId::check("")), Some(Reason::Empty));
    for text in ["lists", "banh_kGvx5TGUmkRVC2dH", "bank-1", &"x".repeat(255)] {
        assert_eq!(reason(CustomerAccountId::check(text)), None, "{text}");
    }
    assert_eq!(reason(CustomerAccountId::check(&"x".repeat(256))), Some(Reason::TooLong { length: 256, max: 255 }));
    for text in ["bank.1", "bank/1", "bank%1", "bank~1"] {
        let expected = unexpected(text, 5);
        assert_eq!(reason(CustomerAccountId::check(text)), Some(expected), "{text}");
    }
}

#[test]
fn codes_are_shown_unmasked() {
    let code: BankCode = "JP_HDFC".parse().unwrap();
    assert_eq!(code.to_string(), "JP_HDFC");
    assert_eq!(format!("{code:?}"), "BankCode(JP_HDFC)");
    assert_eq!(format!("{code:>9}"), "  JP_HDFC");
}

proptest! {
    #[test]
    fn every_customer_id_is_a_routing_id(text in "[!-~]{1,255}") {
        if let Ok(customer) = text.parse::<CustomerId>() {
            let routing = RoutingId::from(&customer);
            prop_assert_eq!(&routing, &text.parse::<RoutingId>().unwrap());
            prop_assert_eq!(routing, RoutingId::from(customer));
        }
    }
}
