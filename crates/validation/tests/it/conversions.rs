//! The conversions that all types share.

use juspay_accounts_validation::{
    AccountNumber, Amount, ApiVersion, BankCode, CustomerAccountId, CustomerId, Gateway, GatewayId, GatewayReferenceId,
    Ifsc, MerchantId, Name, ParseError, RoutingId, Vpa,
};
use proptest::prelude::*;

/// For each type: the name of its test, the type, and an accepted text.
macro_rules! for_each_type {
    ($($test:ident: $Type:ty, $accepted:literal;)*) => {$(
        mod $test {
            use super::*;

            #[test]
            fn every_conversion_gives_the_same_value() {
                let parsed: $Type = $accepted.parse().unwrap();
                assert_eq!(<$Type>::try_from($accepted), Ok(parsed.clone()));
                assert_eq!(<$Type>::try_from($accepted.to_owned()), Ok(parsed.clone()));
                assert_eq!(<$Type>::check($accepted), Ok(()));
                assert_eq!(String::from(parsed), $accepted);
            }

            #[test]
            fn json_is_a_string_that_round_trips() {
                let parsed: $Type = $accepted.parse().unwrap();
                let json = serde_json::to_string(&parsed).unwrap();
                assert_eq!(json, format!("{:?}", $accepted));
                assert_eq!(serde_json::from_str::<$Type>(&json).unwrap(), parsed);
                let value = serde_json::Value::from($accepted);
                assert_eq!(serde_json::from_value::<$Type>(value).unwrap(), parsed);
            }

            #[test]
            fn json_of_another_type_is_refused_without_quoting_it() {
                for json in ["26291800001191", "-26291800001191", "262918000.01191", "[26291800]"] {
                    let error = serde_json::from_str::<$Type>(json).unwrap_err();
                    assert!(error.is_data());
                    assert!(error.to_string().contains("it is not a string"), "{error}");
                    assert!(!error.to_string().contains("2629"), "{error}");

                    let value: serde_json::Value = serde_json::from_str(json).unwrap();
                    let error = serde_json::from_value::<$Type>(value).unwrap_err();
                    assert!(!error.to_string().contains("2629"), "{error}");
                }
            }

            #[test]
            fn broken_json_keeps_the_error_of_the_format() {
                let error = serde_json::from_str::<$Type>("\"787").unwrap_err();
                assert!(error.is_eof(), "{error}");
            }

            #[test]
            fn error_is_the_same_for_every_conversion() {
                let error = <$Type>::check("").unwrap_err();
                assert_eq!("".parse::<$Type>(), Err(error.clone()));
                assert_eq!(<$Type>::try_from(""), Err(error.clone()));
                assert_eq!(<$Type>::try_from(String::new()), Err(error.clone()));
                let json = serde_json::from_str::<$Type>("\"\"").unwrap_err();
                assert!(json.to_string().starts_with(&format!("{}: {error}", error.kind())), "{json}");
            }

            proptest! {
                #[test]
                fn no_text_causes_a_panic_and_all_conversions_agree(text in any::<String>()) {
                    let expected = <$Type>::check(&text);
                    prop_assert_eq!(text.parse::<$Type>().map(|_| ()), expected.clone());
                    prop_assert_eq!(<$Type>::try_from(text).map(|_| ()), expected);
                }

                #[test]
                fn no_ascii_text_causes_a_panic_and_positions_are_within_it(text in "[ -~\n]{0,40}") {
                    if let Err(error) = <$Type>::check(&text) {
                        if let Some(position) = error.position() {
                            prop_assert!((1..=text.len()).contains(&position));
                        }
                    }
                }
            }
        }
    )*};
}

for_each_type! {
    ifsc: Ifsc, "HDFC0000001";
    account_number: AccountNumber, "026291800001191";
    vpa: Vpa, "RaMesh@upi";
    name: Name, "Ramesh Kumar";
    customer_id: CustomerId, "someone@example.com";
    customer_account_id: CustomerAccountId, "banh_kGvx5TGUmkRVC2dH";
    routing_id: RoutingId, "cart_8842";
    bank_code: BankCode, "JP_HDFC";
    gateway_id: GatewayId, "100";
    gateway_reference_id: GatewayReferenceId, "payouts_main";
    gateway: Gateway, "CFGEN";
    merchant_id: MerchantId, "my_shop";
    api_version: ApiVersion, "2023-08-01";
    amount: Amount, "1.50";
}

#[test]
fn text_given_as_string_keeps_its_allocation() {
    let text = String::from("026291800001191");
    let before = text.as_ptr();
    let account = AccountNumber::try_from(text).unwrap();
    assert_eq!(account.as_str().as_ptr(), before);
    let text = String::from(account);
    assert_eq!(text.as_ptr(), before);
}

#[test]
fn error_in_a_document_has_its_position() {
    let error = serde_json::from_str::<Vec<Ifsc>>("[\"HDFC0000001\",\n 787878]").unwrap_err();
    assert_eq!(error.line(), 2);
    assert!(!error.to_string().contains("787"));
}

#[test]
fn errors_are_errors_and_can_be_sent_between_threads() {
    fn is_error<E: std::error::Error + Send + Sync + 'static>() {}
    is_error::<ParseError>();
    is_error::<juspay_accounts_validation::InvalidRequest>();
}
