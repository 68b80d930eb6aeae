//! No message about a refused value contains a part of the value.

use juspay_accounts_validation::{
    AccountNumber, AccountsRequest, Amount, ApiVersion, BankCode, CustomerAccountId, CustomerId, Gateway, GatewayId,
    GatewayReferenceId, Ifsc, MerchantId, Name, ParseError, RoutingId, Vpa,
};
use proptest::prelude::*;

/// No three of these characters in a row occur in the messages of this crate: numbers that begin with 7 or 8 have at
/// most two digits there, as the values in these tests are short.
const SECRET: &str = "[QXZqxz78]{3,30}";

type Check = fn(&str) -> Result<(), ParseError>;

fn said_about(text: &str) -> Vec<String> {
    let checks: [Check; 14] = [
        Ifsc::check,
        AccountNumber::check,
        Vpa::check,
        Name::check,
        CustomerId::check,
        CustomerAccountId::check,
        RoutingId::check,
        BankCode::check,
        GatewayId::check,
        GatewayReferenceId::check,
        Gateway::check,
        MerchantId::check,
        ApiVersion::check,
        Amount::check,
    ];
    let mut said: Vec<String> = checks
        .iter()
        .filter_map(|check| check(text).err())
        .flat_map(|error| [format!("{error}"), format!("{error:?}"), format!("{error:#?}")])
        .collect();

    let json = serde_json::Value::from(text).to_string();
    said.extend(serde_json::from_str::<AccountNumber>(&json).err().map(|e| e.to_string()));
    said.extend(serde_json::from_str::<Vpa>(&json).err().map(|e| e.to_string()));
    said.extend(serde_json::from_str::<Name>(&json).err().map(|e| e.to_string()));

    let request = AccountsRequest::builder(text, text)
        .named_bank_account(text, text, text)
        .upi(text)
        .validation_amount(text)
        .build();
    if let Err(error) = request {
        said.extend([format!("{error}"), format!("{error:?}")]);
    }
    said
}

fn assert_silent(secret: &str, text: &str) -> Result<(), TestCaseError> {
    for said in said_about(text) {
        for window in secret.as_bytes().windows(3) {
            let window = String::from_utf8_lossy(window);
            prop_assert!(!said.contains(&*window), "{window} of {text:?} in {said}");
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn a_secret_that_is_refused_is_not_repeated(secret in SECRET) {
        assert_silent(&secret, &secret)?;
    }

    #[test]
    fn a_secret_beside_a_bad_character_is_not_repeated(
        secret in SECRET,
        bad in prop::sample::select(vec!["\0", " ", "\n", "@", "@@", ".", "é", "/", "-", "'", "\""]),
    ) {
        assert_silent(&secret, &format!("{secret}{bad}"))?;
        assert_silent(&secret, &format!("{bad}{secret}"))?;
        assert_silent(&secret, &format!("{secret}{bad}{secret}"))?;
        assert_silent(&secret, &format!("{secret}@{secret}.com{bad}"))?;
        assert_silent(&secret, &format!("{secret}@{secret}{bad}.npci"))?;
    }

    #[test]
    fn a_request_that_is_accepted_hides_its_secrets_in_debug(secret in "[xzXZ78]{10,20}") {
        let request = AccountsRequest::builder(format!("{secret}@example.com"), "JP_HDFC")
            .named_bank_account("HDFC0000001", secret.as_str(), secret.as_str())
            .upi(format!("{secret}@upi"))
            .build()
            .unwrap();
        let builder = AccountsRequest::builder("cst_1", "JP_HDFC")
            .named_bank_account("HDFC0000001", secret.as_str(), secret.as_str());
        // The last four characters of an account number are shown on purpose.
        let hidden = &secret[..secret.len() - 4];
        let shown = &secret[secret.len() - 4..];
        prop_assume!(!shown.contains(&hidden[..3]));
        for said in [
            format!("{request:?}"),
            format!("{request:#?}"),
            format!("{builder:?}"),
            format!("{:?}", request.clone().into_parts()),
        ] {
            prop_assert!(!said.contains(&hidden[..3]), "{said}");
            prop_assert!(!said.contains(&secret), "{said}");
        }
    }
}
