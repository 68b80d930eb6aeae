//! A whole request: everything that was given, or every problem with it.

use juspay_accounts_validation::{
    AccountNumber, AccountsRequest, Advice, Amount, BankAccount, CustomerId, Ifsc, InvalidRequest, Kind, Name, Parts,
    Payee, Reason, RequestBuilder, RequestOptions, Vpa,
};

fn builder() -> RequestBuilder {
    AccountsRequest::builder("cst_zqqmw0v4exbhvv2l", "JP_HDFC")
}

fn paths(error: &InvalidRequest) -> Vec<&str> {
    error.problems().iter().map(|problem| &*problem.path).collect()
}

fn advised(request: &AccountsRequest) -> Vec<(String, Advice)> {
    let advice = request.advice();
    advice.iter().map(|a| (a.path.clone(), a.what)).collect()
}

#[test]
fn request_contains_every_given_value() {
    let request = builder()
        .bank_account("YESB0000262", "026291800001191")
        .named_bank_account("AABF0008032", "123456789", "Ramesh Kumar")
        .upi("9164326296@upi")
        .upi("12345@HDFC0000001.ifsc.npci")
        .routing_id("cart_8842")
        .gateway_id("100")
        .gateway_reference_id("payouts_main")
        .preferred_gateway("CFGEN")
        .validation_amount("1.50")
        .build()
        .unwrap();

    assert_eq!(request.parts().customer_id.as_str(), "cst_zqqmw0v4exbhvv2l");
    assert_eq!(request.parts().routing_id.as_str(), "cart_8842");
    assert_eq!(request.parts().bank_code.as_str(), "JP_HDFC");
    let (bank_accounts, upi): (Vec<_>, Vec<_>) = (request.bank_accounts().collect(), request.upi().collect());
    assert_eq!(bank_accounts[0].account.as_str(), "026291800001191");
    assert_eq!(bank_accounts[0].name, None);
    assert_eq!(bank_accounts[1].name.as_ref().unwrap().as_str(), "Ramesh Kumar");
    assert_eq!(upi[1].handle(), "HDFC0000001.ifsc.npci");
    let expected = RequestOptions {
        gateway_id: Some("100".parse().unwrap()),
        gateway_reference_id: Some("payouts_main".parse().unwrap()),
        preferred_gateway: Some("CFGEN".parse().unwrap()),
        validation_amount: Some(Amount::from_paise(150).unwrap()),
    };
    assert_eq!(request.parts().options, expected);

    let Parts { customer_id, payees, .. } = request.into_parts();
    assert_eq!(customer_id.as_str(), "cst_zqqmw0v4exbhvv2l");
    assert_eq!(payees.len(), 4);
}

#[test]
fn omitted_options_are_absent_and_routing_id_defaults_to_customer_id() {
    let request = builder().upi("9164326296@upi").build().unwrap();
    assert_eq!(request.parts().routing_id.as_str(), request.parts().customer_id.as_str());
    assert!(request.bank_accounts().next().is_none());
    assert_eq!(request.parts().options, RequestOptions::default());
}

#[test]
fn checked_values_and_text_can_be_mixed() {
    let customer: CustomerId = "cst_1".parse().unwrap();
    let ifsc: Ifsc = "YESB0000262".parse().unwrap();
    let account: AccountNumber = "026291800001191".parse().unwrap();
    let name: Name = "Ramesh Kumar".parse().unwrap();
    let vpa: Vpa = "9164326296@upi".parse().unwrap();

    let request = AccountsRequest::builder(customer, String::from("JP_HDFC"))
        .named_bank_account(ifsc.clone(), account.clone(), name.clone())
        .bank_account(ifsc.clone(), "987654321")
        .upi(vpa)
        .validation_amount(Amount::ONE_RUPEE)
        .build()
        .unwrap();
    let first = BankAccount { ifsc, account, name: Some(name) };
    assert_eq!(request.payees()[0], Payee::BankAccount(first));
}

#[test]
fn all_problems_are_collected_in_the_order_of_the_input() {
    let error = AccountsRequest::builder("..", "JP HDFC")
        .bank_account("YESB0000262", "026291800001191")
        .named_bank_account("yesb0000262", "1 2", "Ram\n")
        .upi("someone@example.com")
        .bank_account("YESB", "026291800001191")
        .upi("9164326296@upi")
        .upi("")
        .routing_id("two words")
        .gateway_id("")
        .gateway_reference_id("\t")
        .preferred_gateway("é")
        .validation_amount("1.005")
        .build()
        .unwrap_err();
    assert_eq!(
        paths(&error),
        [
            "customer_id",
            "bank_code",
            "account_details.bank_account[1].ifsc",
            "account_details.bank_account[1].account",
            "account_details.bank_account[1].name",
            "account_details.upi[0].vpa",
            "account_details.bank_account[2].ifsc",
            "account_details.upi[2].vpa",
            "x-routing-id",
            "gateway_id",
            "gateway_reference_id",
            "preferred_ifsc_validation_gateway",
            "validation_amount",
        ]
    );
    assert_eq!(error.problems()[0].what.reason(), Reason::DotSegment);
    assert_eq!(error.problems()[5].what.reason(), Reason::EmailAddress);
    assert!(error.to_string().starts_with("13 problems in the request: customer_id: "));
}

#[test]
fn a_request_without_any_account_is_refused() {
    let error = builder().build().unwrap_err();
    assert_eq!(paths(&error), ["account_details"]);
    assert_eq!(error.problems()[0].what.kind(), Kind::AccountDetails);
    assert_eq!(error.problems()[0].what.reason(), Reason::NoAccount);
    assert_eq!(
        error.to_string(),
        "1 problem in the request: account_details: the request has no account; add a bank account or a UPI address"
    );
}

#[test]
fn request_is_rebuilt_from_parts_unless_it_has_no_account() {
    let request = builder().upi("9164326296@upi").bank_account("YESB0000262", "026291800001191").build().unwrap();
    let mut parts = request.clone().into_parts();
    assert_eq!(AccountsRequest::try_from(parts.clone()), Ok(request));
    parts.payees.truncate(1);
    assert_eq!(AccountsRequest::try_from(parts.clone()).unwrap().payees().len(), 1);
    parts.payees.clear();
    assert_eq!(AccountsRequest::try_from(parts), Err(builder().build().unwrap_err()));
}

#[test]
fn refused_account_is_not_also_reported_as_missing() {
    let error = builder().upi("9164326296").build().unwrap_err();
    assert_eq!(paths(&error), ["account_details.upi[0].vpa"]);
}

#[test]
fn bad_name_is_a_problem_and_is_not_dropped() {
    let error = builder().named_bank_account("YESB0000262", "026291800001191", "").build().unwrap_err();
    assert_eq!(paths(&error), ["account_details.bank_account[0].name"]);
}

#[test]
fn a_later_call_replaces_a_value_and_its_problem() {
    let request = builder().upi("9164326296@upi").validation_amount("zero").validation_amount("2").build().unwrap();
    assert_eq!(request.parts().options.validation_amount.unwrap().paise(), 200);

    let error = builder().upi("9164326296@upi").routing_id("cart_8842").routing_id("").build().unwrap_err();
    assert_eq!(paths(&error), ["x-routing-id"]);
}

#[test]
fn two_problems_are_joined_into_one_line() {
    let error = builder().upi("9164326296").validation_amount("0").build().unwrap_err();
    let [upi, amount] = error.problems() else {
        panic!("{error}");
    };
    assert_eq!(error.to_string(), format!("2 problems in the request: {upi}; {amount}"));
    assert_eq!(amount.to_string(), format!("validation_amount: {}", amount.what));
}

#[test]
fn a_usual_request_gets_no_advice() {
    let request = builder()
        .named_bank_account("YESB0000262", "026291800001191", "Ramesh Kumar")
        .bank_account("YESB0000263", "026291800001191")
        .upi("9164326296@upi")
        .validation_amount("10")
        .build()
        .unwrap();
    assert!(request.advice().is_empty());
}

#[test]
fn advice_is_given_for_every_part_with_its_path() {
    let request = builder()
        .bank_account("YESB0000262", "026291800001191")
        .named_bank_account("YESB0000262", "12345", "Ram*")
        .validation_amount("100")
        .build()
        .unwrap();
    let found = advised(&request);
    let paths: Vec<&str> = found.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(
        paths,
        ["account_details.bank_account[1].account", "account_details.bank_account[1].name", "validation_amount",]
    );
    assert!(
        request.advice()[0].to_string().starts_with("account_details.bank_account[1].account: its digits count up")
    );
}

#[cfg(feature = "directory")]
#[test]
fn unlisted_branch_gets_advice_and_is_not_a_problem() {
    let request = builder()
        .bank_account("YESB0000262", "026291800001191")
        .bank_account("YESB0002062", "026291800001191")
        .bank_account("AABF0008032", "026291800001191")
        .build()
        .unwrap();
    let banks: Vec<_> = request.bank_accounts().skip(1).map(|account| account.ifsc.listing().bank()).collect();
    assert!(banks[0].is_some_and(|bank| bank.name() == Some("Yes Bank")) && banks[1].is_none(), "{banks:?}");
    let unlisted = |index, bank| (format!("account_details.bank_account[{index}].ifsc"), Advice::Unlisted { bank });
    assert_eq!(advised(&request), [unlisted(1, banks[0]), unlisted(2, banks[1])]);
    assert_eq!(
        request.advice()[1].to_string(),
        "account_details.bank_account[2].ifsc: the list has no bank with these first four letters; check the IFSC \
         (it may be mistyped, or newer than the list)"
    );
}

#[test]
fn repeated_account_gets_advice_each_time() {
    let request = builder()
        .bank_account("YESB0000262", "026291800001191")
        .bank_account("YESB0000262", "987654321")
        .named_bank_account("YESB0000262", "026291800001191", "Ramesh Kumar")
        .bank_account("YESB0000262", "026291800001191")
        .upi("someone@ybl")
        .upi("9164326296@upi")
        .upi("9164326296@UPI")
        .build()
        .unwrap();
    let repeated = |path: &str, first| (path.to_owned(), Advice::Repeated { first });
    assert_eq!(
        advised(&request),
        [
            repeated("account_details.bank_account[2]", 0),
            repeated("account_details.bank_account[3]", 0),
            repeated("account_details.upi[2].vpa", 1),
        ]
    );
    // The case of letters does not make another account.
    let request =
        builder().bank_account("YESB0000262", "SB12345").bank_account("YESB0000262", "sb12345").build().unwrap();
    let advised = advised(&request);
    assert!(advised.contains(&repeated("account_details.bank_account[1]", 0)), "{advised:?}");
}
