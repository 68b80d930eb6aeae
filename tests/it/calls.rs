//! Runs the real client against servers on this machine.

use contract_tests::documented::{ResponseSample, pages};
use contract_tests::json;
use contract_tests::wire::Recorder;
use httpmock::MockServer;
use juspay_accounts::generated::json::Json;
use juspay_accounts::generated::types::{self, ErrorEnvelope};
use juspay_accounts::{AccountsRequest, ApiKey, BaseUrl, Client, CustomerAccount, ErrorCode, ErrorKind};
use juspay_accounts_mock::MockServerExt;
use juspay_accounts_mock::operations::CreateAndValidateCustomerAccountWhen as When;
use juspay_accounts_validation::{Amount, CustomerId};
use serde_json::Value;

fn client(server: &MockServer) -> Client {
    Client::new(server.base_url().parse::<BaseUrl>().unwrap(), ApiKey::new("key").unwrap()).unwrap()
}

fn request() -> AccountsRequest {
    AccountsRequest::builder("cst_zqqmw0v4exbhvv2l", "JP_HDFC").upi("9164326296@upi").build().unwrap()
}

fn samples(status: &str) -> Vec<ResponseSample> {
    let all = pages().into_iter().flat_map(|page| page.samples.responses);
    let found: Vec<_> = all.filter(|sample| sample.status == status).collect();
    assert!(!found.is_empty());
    found
}

#[tokio::test]
async fn each_sample_of_a_success_reaches_the_caller() {
    for sample in samples("200") {
        let server = MockServer::start_async().await;
        server.mock(|when, then| {
            when.any_request();
            then.status(200).header("x-request-id", "id-1").body(&sample.body);
        });
        let accounts = client(&server).validate(&request()).await.unwrap();
        assert_eq!(accounts.request_id(), Some("id-1"));
        let documented: Value = serde_json::from_str(&sample.body).unwrap();
        assert!(json::same(&serde_json::to_value(&*accounts).unwrap(), &documented), "{}", sample.name);

        let ids: Vec<_> =
            documented.as_array().unwrap().iter().map(|one| one["customer_account_id"].as_str()).collect();
        let id = |account: &CustomerAccount| account.customer_account_id.clone();
        let one_by_one: Vec<_> = accounts.iter().map(id).collect();
        assert_eq!(one_by_one.iter().map(Option::as_deref).collect::<Vec<_>>(), ids);
        assert_eq!(accounts.into_inner().iter().map(id).collect::<Vec<_>>(), one_by_one);
    }
}

#[tokio::test]
async fn the_sample_of_a_refusal_reaches_the_caller() {
    for sample in samples("401") {
        let server = MockServer::start_async().await;
        let envelope: ErrorEnvelope = serde_json::from_str(&sample.body).unwrap();
        server.create_and_validate_customer_account(|_, then| drop(then.unauthorized(&envelope)));
        let error = client(&server).validate(&request()).await.unwrap_err();
        let documented: Value = serde_json::from_str(&sample.body).unwrap();
        let text = |pointer| documented.pointer(pointer).and_then(Value::as_str);
        assert_eq!((error.kind(), error.status()), (ErrorKind::Unauthorized, Some(401)));
        assert_eq!(error.code().map(ErrorCode::as_str), text("/error_info/code"));
        assert_eq!(error.request_id(), text("/error_info/request_id"));
        assert_eq!(error.unmasked_user_message(), text("/error_info/user_message"));
        assert_eq!(error.unmasked_developer_message(), text("/error_info/developer_message"));
        insta::assert_snapshot!(error, @"the server does not accept the API key: the API key is wrong, inactive, or belongs to another environment; check that the key is correct and belongs to this environment (status 401, code UNAUTHORIZED, request b2e0fd33-7655-4778-83a8-5179ed21b0b7)");
    }
}

/// The generated form that the client sends to the mock below.
fn generated_form(amount: &str) -> types::CreateAndValidateForm {
    let account = types::BankAccount {
        ifsc: "YESB0000262".parse().unwrap(),
        account: "026291800001191".parse().unwrap(),
        name: Some("Zoë & Söhne".parse().unwrap()),
    };
    let details = types::AccountDetails { bank_account: vec![account], upi: vec![] };
    let form = types::CreateAndValidateForm::builder().account_details(Json(details)).bank_code("JP_HDFC");
    let form = form.command("validate").customer_id("a+b@shop.example".parse::<CustomerId>().unwrap());
    form.validation_amount(amount.parse::<Amount>().unwrap()).try_into().unwrap()
}

async fn takes(matcher: impl FnOnce(When) -> When) -> bool {
    takes_customer("a+b@shop.example", matcher).await
}

async fn takes_customer(id: &str, matcher: impl FnOnce(When) -> When) -> bool {
    let server = MockServer::start_async().await;
    let mock = server.create_and_validate_customer_account(|when, then| {
        matcher(when);
        then.ok(&vec![CustomerAccount::default()]);
    });
    let request = AccountsRequest::builder(id, "JP_HDFC")
        .named_bank_account("YESB0000262", "026291800001191", "Zoë & Söhne")
        .routing_id("cart.7")
        .validation_amount("1.5");
    let response = client(&server).validate(&request.build().unwrap()).await;
    assert_eq!(mock.calls(), usize::from(response.is_ok()));
    response.is_ok()
}

#[tokio::test]
async fn each_matcher_of_the_mock_matches_only_the_request_of_the_client() {
    assert!(takes(|when| when).await);
    assert!(takes(|when| when.customer_id(&"a+b@shop.example".parse().unwrap())).await);
    assert!(!takes(|when| when.customer_id(&"a@shop.example".parse().unwrap())).await);
    // As regular expressions, these values would match.
    assert!(!takes(|when| when.customer_id(&"a+b@shop.e....le".parse().unwrap())).await);
    assert!(!takes(|when| when.customer_id(&".*".parse().unwrap())).await);
    // The client escapes the percent sign.
    assert!(takes_customer("a%2Fb", |when| when.customer_id(&"a%2Fb".parse().unwrap())).await);
    assert!(takes(|when| when.x_routing_id(&"cart.7".parse().unwrap())).await);
    assert!(!takes(|when| when.x_routing_id(&"cart_7".parse().unwrap())).await);
    assert!(takes(|when| when.body(&generated_form("1.50"))).await);
    assert!(!takes(|when| when.body(&generated_form("1.51"))).await);
    // Matches the whole request, so any difference is a mismatch.
    let other = |number: &str| {
        AccountsRequest::builder("a+b@shop.example", "JP_HDFC").named_bank_account("YESB0000262", number, "Zoë & Söhne")
    };
    let number = "026291800001191";
    for (request, is_taken) in [
        (other(number).routing_id("cart.7").validation_amount("1.50"), true),
        (other("026291800001190").routing_id("cart.7").validation_amount("1.50"), false),
        (other(number).validation_amount("1.50"), false),
        (other(number).routing_id("cart.7"), false),
        (other(number).routing_id("cart.7").validation_amount("1.50").gateway_id("800"), false),
    ] {
        let request = request.build().unwrap();
        assert_eq!(takes(|when| when.request(&request)).await, is_taken, "{request:?}");
    }
    // The client sends one more field.
    assert!(
        !takes(|when| when.body(&types::CreateAndValidateForm { validation_amount: None, ..generated_form("1") }))
            .await
    );
}

#[tokio::test]
async fn a_mock_of_a_whole_request_reports_the_field_that_differed() {
    let server = MockServer::start_async().await;
    let expected = AccountsRequest::builder("cst_1", "JP_HDFC").upi("a@upi").validation_amount("2").build().unwrap();
    let mock = server.create_and_validate_customer_account(|when, then| {
        when.request(&expected);
        then.ok(&vec![]);
    });
    let sent = AccountsRequest::builder("cst_1", "JP_HDFC").upi("a@upi").validation_amount("3").build().unwrap();
    client(&server).validate(&sent).await.unwrap_err();
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| mock.assert())).unwrap_err();
    let report = panic.downcast_ref::<String>().unwrap();
    assert!(report.contains("validation_amount"), "{report}");
}

#[tokio::test]
async fn mock_of_a_creation_does_not_match_a_validation() {
    let server = MockServer::start_async().await;
    let request = AccountsRequest::builder("cst_1", "JP_HDFC").upi("a@upi").validation_amount("2").build().unwrap();
    let mock = server.create_and_validate_customer_account(|when, then| {
        when.creation(&request);
        then.ok(&vec![]);
    });
    client(&server).validate(&request).await.unwrap_err();
    client(&server).create(&request).await.unwrap();
    assert_eq!(mock.calls(), 1);
}

#[tokio::test]
async fn a_customer_id_that_would_change_the_address_is_refused_before_anything_is_sent() {
    let server = Recorder::start("200 OK", "[]").await;
    for id in ["", ".", "..", "a/b", "a?b", "a#b", "a\\b", "a\r\nb", "a\nb", "a b", "ä", &"a".repeat(256)] {
        let built = AccountsRequest::builder(id, "JP_HDFC").upi("a@upi").build();
        let problems = built.unwrap_err();
        let [problem] = problems.problems() else { panic!("{problems}") };
        assert_eq!(problem.path, "customer_id", "{id:?}");
        let client = server.client();
        let raw = client.raw().create_and_validate_customer_account().customer_id(id).x_routing_id("a").send().await;
        assert!(matches!(raw, Err(juspay_accounts::generated::Error::InvalidRequest(_))), "{id:?}");
    }
    assert!(server.saw_nothing().await);
}

#[tokio::test]
async fn an_id_of_any_allowed_kind_stays_one_segment_of_the_path() {
    let server = Recorder::start("200 OK", "[]").await;
    let client = server.client();
    let ids = [
        ("payer@shop.example", "payer@shop.example"),
        ("...", "..."),
        (".a", ".a"),
        ("%2e%2e", "%252e%252e"),
        ("a%2Fb", "a%252Fb"),
        ("a+b&c=d;e", "a+b&c=d;e"),
        ("<\"`{}>", "%3C%22%60%7B%7D%3E"),
    ];
    for (id, escaped) in ids {
        client.validate(&AccountsRequest::builder(id, "JP_HDFC").upi("a@upi").build().unwrap()).await.unwrap();
        let received = server.request().await;
        assert_eq!(received.target, format!("/customers/{escaped}/accounts"));
        assert_eq!(received.field("customer_id"), id);
        assert_eq!(received.header("x-routing-id"), [id]);
    }
}

#[test]
fn all_problems_of_a_request_are_reported_at_once_and_none_shows_a_value() {
    let problems = AccountsRequest::builder("..", "JP HDFC")
        .bank_account("YESB0000262", "026291800001191")
        .named_bank_account("YESB1000262", "0262-9180", "a\tb")
        .upi("payer@shop.example")
        .validation_amount("1.005")
        .build()
        .unwrap_err();
    insta::assert_snapshot!(problems.problems().iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"), @r"
    customer_id: an id of one or two dots has a special meaning in a URL; use another id
    bank_code: character 3 is a space
    account_details.bank_account[1].ifsc: character 5 is a digit; the digit 0 belongs there
    account_details.bank_account[1].account: character 5 is a hyphen
    account_details.bank_account[1].name: character 2 is a tab
    account_details.upi[0].vpa: this looks like an e-mail address; a UPI address ends in the handle of a payment app or bank, such as @upi
    validation_amount: it has 3 decimals; at most 2 are allowed
    ");
}

#[test]
fn a_request_without_an_account_is_refused() {
    let problems = AccountsRequest::builder("c", "b").build().unwrap_err();
    insta::assert_snapshot!(problems, @"1 problem in the request: account_details: the request has no account; add a bank account or a UPI address");
}

#[tokio::test]
async fn the_raw_operation_is_signed_and_carries_no_undocumented_header() {
    let server = Recorder::start("200 OK", r#"[{"customer_account_id":"ca_1"}]"#).await;
    let upi = vec![types::UpiAccount { vpa: "a@upi".parse().unwrap() }];
    let details = types::AccountDetails { bank_account: vec![], upi };
    let client = server.client();
    let response = client
        .raw()
        .create_and_validate_customer_account()
        .customer_id("c")
        .x_routing_id("r")
        .body_map(|form| form.command("validate").bank_code("b").account_details(Json(details)))
        .send()
        .await
        .unwrap();
    assert_eq!(response[0].customer_account_id.as_deref(), Some("ca_1"));
    let received = server.request().await;
    let mut names: Vec<_> = received.headers.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        ["accept", "authorization", "content-length", "content-type", "host", "user-agent", "x-routing-id"]
    );
    assert_eq!(received.header("authorization"), [contract_tests::wire::SIGNED]);
}

#[tokio::test]
async fn a_response_that_cannot_be_read_is_reported_and_not_quoted() {
    let server = Recorder::start("200 OK", r#"[{"account_details": ["026291800001191"]}]"#).await;
    let error = server.client().validate(&request()).await.unwrap_err();
    server.request().await;
    assert_eq!(error.kind(), ErrorKind::Undecodable);
    let source = std::error::Error::source(&error).unwrap().to_string();
    insta::assert_snapshot!(format!("{error}: {source}"), @"the response cannot be read; the request may have been processed; reconcile, or check the customer's accounts, before you send the request again (status 200): its JSON cannot be read at line 1, column 21");
    assert!(!format!("{error:?}").contains("0262"));
}

/// The messages and codes in an envelope can repeat what was sent.
#[tokio::test]
async fn an_error_prints_neither_messages_nor_codes_that_may_hold_values() {
    let long = "A".repeat(65);
    for code in ["account 026291800001191 is unknown", "payer@shop.example", long.as_str(), "026291800001191-A"] {
        let body = serde_json::json!({
            "error_code": code,
            "error_info": { "user_message": code, "developer_message": code },
        });
        let server = Recorder::start("400 Bad Request", body.to_string()).await;
        let error = server.client().validate(&request()).await.unwrap_err();
        assert_eq!(
            (error.unmasked_code(), error.unmasked_user_message(), error.unmasked_developer_message()),
            (Some(code), Some(code), Some(code))
        );
        let sentence = "the server refused the request; fix the request before retrying (status 400)";
        assert_eq!(error.to_string(), sentence);
        assert!(!format!("{error:?}").contains(code), "{error:?}");
    }
}

/// An envelope has a few hundred bytes. Of a longer body, 64 KiB are read.
#[tokio::test]
async fn an_error_body_is_read_up_to_a_bound() {
    let envelope = r#"{"error_code": "access_denied"}"#;
    for (length, code) in [(65_536, Some("access_denied")), (65_537, None), (10_000_000, None)] {
        let body = format!("{}{envelope}", " ".repeat(length - envelope.len()));
        let server = Recorder::start("401 Unauthorized", body).await;
        let error = server.client().validate(&request()).await.unwrap_err();
        assert_eq!((error.status(), error.unmasked_code()), (Some(401), code), "{length} bytes");
    }
}

/// Runs a test of this file again, with a nonexistent proxy in its environment.
#[test]
fn server_on_this_machine_is_called_without_a_proxy() {
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "calls::each_sample_of_a_success_reaches_the_caller"])
        .envs(["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"].map(|name| (name, "http://127.0.0.1:1")))
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && printed.contains("1 passed"), "{printed}");
}
