//! The sandbox as a client sees it.

use std::time::{Duration, SystemTime};

use juspay_accounts::{AccountsRequest, ApiKey, BaseUrl, Client, Delivery, Error, ErrorCode, RetryPolicy};
use juspay_accounts_sandbox::{Builder, EndedBy, Sandbox};
use serde_json::json;

use crate::sandbox_control::Control;

const CUSTOMER: &str = "cst_1";

fn client_with(sandbox: &Sandbox, key: &str) -> Client {
    let url: BaseUrl = sandbox.url().parse().unwrap();
    let builder = Client::builder(url, ApiKey::new(key).unwrap()).retry(RetryPolicy::disabled());
    builder.attempt_timeout(Duration::from_secs(5)).build().unwrap()
}

fn client(sandbox: &Sandbox) -> Client {
    client_with(sandbox, "any-key")
}

fn upi(vpa: &str) -> AccountsRequest {
    AccountsRequest::builder(CUSTOMER, "JP_HDFC").upi(vpa).build().unwrap()
}

fn drops(sandbox: &Sandbox, vpa: &str) -> u32 {
    sandbox.upi_validations(&CUSTOMER.parse().unwrap(), &vpa.parse().unwrap())
}

#[tokio::test]
async fn the_same_account_is_the_same_in_every_run_and_each_call_is_a_penny_drop() {
    let request = || {
        let builder = AccountsRequest::builder(CUSTOMER, "JP_HDFC").upi("success@upi").validation_amount("2.50");
        builder.named_bank_account("YESB0000262", "026291800001191", "Ann").build().unwrap()
    };
    let clock = || SystemTime::UNIX_EPOCH + Duration::new(1_740_419_383, 292_530_547);
    let mut responses = Vec::new();
    for _ in 0..2 {
        let sandbox = Sandbox::builder().clock(clock).start().await.unwrap();
        for count in 1..=2 {
            let response = client(&sandbox).validate(&request()).await.unwrap();
            responses.push(serde_json::to_string_pretty(&*response).unwrap());
            let (ifsc, number) = ("YESB0000262".parse().unwrap(), "026291800001191".parse().unwrap());
            assert_eq!(sandbox.penny_drops(&CUSTOMER.parse().unwrap(), &ifsc, &number), count);
            assert_eq!(drops(&sandbox, "SUCCESS@upi"), count);
            assert_eq!(sandbox.accounts().len(), 2);
        }
    }
    responses.dedup();
    let [response] = &responses[..] else { panic!("{responses:?}") };
    insta::assert_snapshot!(response);
}

#[tokio::test]
async fn any_key_is_accepted_unless_one_is_set() {
    let any = Sandbox::start().await.unwrap();
    let one = Sandbox::builder().api_key("the-key").start().await.unwrap();
    assert!(client_with(&any, "x").validate(&upi("a@upi")).await.is_ok());
    assert!(client_with(&one, "the-key").validate(&upi("a@upi")).await.is_ok());
    for key in ["the-ke", "the-keys", "x"] {
        let error = client_with(&one, key).validate(&upi("a@upi")).await.unwrap_err();
        assert_eq!((error.status(), error.code()), (Some(401), Some(&ErrorCode::Unauthorized)), "{key}");
    }
    for header in [
        None,
        Some(""),
        Some("Basic"),
        Some("Basic !"),
        Some("Basic Og=="),
        Some("Basic eA=="),
        Some("Bearer eDo="),
        Some("Basic eDp5"),
        Some("Basic eDp5Og=="),
    ] {
        let mut request = reqwest::Client::new().post(format!("{}/customers/c/accounts", any.url()));
        if let Some(header) = header {
            request = request.header("authorization", header);
        }
        assert_eq!(request.send().await.unwrap().status(), 401, "{header:?}");
    }
    assert_eq!(one.accounts().len(), 1);
}

/// Every fault except `latency` and `timeout`: whether the sandbox processed the request, and what the client reports.
#[tokio::test]
async fn fault_happens_before_or_after_the_penny_drop() {
    for (fault, delivery, status, drop) in [
        ("status=400", Delivery::Refused, Some(400), 0),
        ("status=503", Delivery::Unknown, Some(503), 0),
        ("status=503@after", Delivery::Unknown, Some(503), 1),
        ("html=502", Delivery::Unknown, Some(502), 0),
        ("html=502@after", Delivery::Unknown, Some(502), 1),
        ("rate-limit=3", Delivery::Refused, Some(429), 0),
        ("close", Delivery::Unknown, None, 0),
        ("close@after", Delivery::Unknown, None, 1),
        ("reset", Delivery::Unknown, None, 0),
        ("reset@after", Delivery::Unknown, None, 1),
        ("hang", Delivery::Unknown, None, 0),
        ("hang@after", Delivery::Unknown, None, 1),
        ("truncate", Delivery::Unknown, Some(200), 1),
    ] {
        let sandbox = Sandbox::builder().fault(fault.parse().unwrap()).start().await.unwrap();
        let client = client(&sandbox);
        let client =
            if fault.starts_with("hang") { client.with_attempt_timeout(Duration::from_millis(300)) } else { client };
        let error = client.validate(&upi("a@upi")).await.unwrap_err();
        assert_eq!((error.delivery(), error.status()), (delivery, status), "{fault}: {error:?}");
        assert_eq!(drops(&sandbox, "a@upi"), drop, "{fault}");
        let received = sandbox.received();
        assert_eq!(received.len(), 1, "{fault}: {received:?}");
        assert_eq!(received[0].changed_accounts, drop == 1, "{fault}");
        assert_eq!(received[0].status().is_none(), status.is_none(), "{fault}");
        let is_broken = matches!(status, None | Some(200));
        assert_eq!(received[0].ended_by, if is_broken { EndedBy::Fault } else { EndedBy::Response }, "{fault}");
        let kind = error.kind().as_str();
        let expected = match status {
            None if fault.starts_with("hang") => "timeout",
            None | Some(200) => "interrupted",
            Some(400) => "rejected",
            Some(429) => "rate_limited",
            _ => "server",
        };
        assert_eq!(kind, expected, "{fault}: {error:?}");
        assert_eq!(error.retry_after(), (status == Some(429)).then(|| Duration::from_secs(3)), "{fault}");
    }
}

#[tokio::test]
async fn refused_request_has_no_effect_whatever_the_fault() {
    let sandbox = Sandbox::builder().fault("close@after".parse().unwrap()).start().await.unwrap();
    let request = reqwest::Client::new().post(format!("{}/customers/c/accounts", sandbox.url()));
    let response = request.basic_auth("key", Some("")).send().await.unwrap();
    assert_eq!(response.status(), 415);
    assert!(sandbox.accounts().is_empty() && !sandbox.received()[0].changed_accounts);
}

#[tokio::test]
async fn an_envelope_has_all_problems_and_no_values() {
    let sandbox = Sandbox::start().await.unwrap();
    let url = format!("{}/customers/{CUSTOMER}/accounts", sandbox.url());
    let details =
        r#"{"upi":[{"vpa":"not-an-address"}],"bank_account":[{"ifsc":"YESB1000262","account":"026291800001191"}]}"#;
    let body = format!("command=remove&account_details={details}&validation_amount=1.005");
    let request = reqwest::Client::new().post(url).basic_auth("key", Some(""));
    let request = request.header("content-type", "application/x-www-form-urlencoded; charset=utf-8");
    let response = request.header("x-routing-id", "r").body(body).send().await.unwrap();
    assert_eq!(response.status(), 400);
    let id = response.headers()["x-request-id"].to_str().unwrap().to_owned();
    let envelope: serde_json::Value = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
    assert_eq!(envelope["error_info"]["request_id"], id);
    insta::assert_snapshot!(serde_json::to_string_pretty(&envelope).unwrap());
}

#[tokio::test]
async fn a_latency_is_before_or_after_the_penny_drop() {
    for (latency, dropped) in [("latency=60s", 0), ("latency=60s@after", 1)] {
        let sandbox = Sandbox::builder().fault(latency.parse().unwrap()).start().await.unwrap();
        let error =
            client(&sandbox).with_attempt_timeout(Duration::from_secs(1)).validate(&upi("a@upi")).await.unwrap_err();
        assert_eq!(error.kind().as_str(), "timeout");
        assert_eq!(drops(&sandbox, "a@upi"), dropped, "{latency}");
    }
}

/// A body of a mebibyte is neither remembered nor echoed in full.
#[tokio::test]
async fn many_problems_make_a_short_response_and_large_forms_are_forgotten() {
    let (sandbox, client) = (Sandbox::start().await.unwrap(), reqwest::Client::new());
    let send = async |body: String| {
        let request = client.post(format!("{}/customers/c/accounts", sandbox.url()));
        let request = request.basic_auth("key", Some("")).header("x-routing-id", "r");
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let response = request.body(body).send().await.unwrap();
        (response.status().as_u16(), response.bytes().await.unwrap())
    };
    let entries = vec!["{}"; 200_000].join(",");
    let (status, body) = send(format!("bank_code=b&command=validate&account_details={{\"upi\":[{entries}]}}")).await;
    assert!(status == 400 && body.len() < 200_000, "{status}, {} bytes", body.len());
    assert!(String::from_utf8(body.to_vec()).unwrap().contains("Of 200000 problems, the first 1000 are listed."));
    for _ in 0..20 {
        assert_eq!(send(format!("note={}", "x".repeat(1_000_000))).await.0, 400);
    }
    assert_eq!(sandbox.requests(), 21);
    assert!((10..18).contains(&sandbox.received().len()), "{}", sandbox.received().len());
}

#[tokio::test]
async fn memory_is_bounded_and_counts_are_not() {
    let sandbox = Sandbox::builder().capacity(2).start().await.unwrap();
    for vpa in ["a@upi", "b@upi", "a@upi", "c@upi"] {
        client(&sandbox).validate(&upi(vpa)).await.unwrap();
    }
    assert_eq!((sandbox.accounts().len(), sandbox.received().len(), sandbox.requests()), (2, 2, 4));
    assert_eq!(["a@upi", "b@upi", "c@upi"].map(|vpa| drops(&sandbox, vpa)), [0, 1, 1], "the oldest is forgotten");
    let received = &sandbox.received()[1];
    assert_eq!(
        (received.method.as_str(), received.path.as_str(), received.status()),
        ("POST", "/customers/cst_1/accounts", Some(200))
    );
    assert!(received.form.iter().any(|(name, value)| name == "account_details" && value.contains("c@upi")));
    assert!(!format!("{received:?} {:?} {sandbox:?}", sandbox.accounts()).contains("c@upi"));
}

#[tokio::test]
async fn a_seed_makes_a_run_repeatable() {
    let run = async |seed| {
        let faults =
            |builder: Builder| builder.fault("status=503:0.3".parse().unwrap()).fault("close:0.3".parse().unwrap());
        let sandbox = faults(Sandbox::builder().seed(seed)).start().await.unwrap();
        let mut results = Vec::new();
        for _ in 0..30 {
            let result = client(&sandbox).validate(&upi("a@upi")).await;
            results.push((result.as_ref().err().and_then(Error::status), result.is_ok()));
        }
        (results, sandbox.received().iter().map(|received| received.request_id.clone()).collect::<Vec<_>>())
    };
    let (one, same, other) = (run(1).await, run(1).await, run(2).await);
    assert_eq!(one, same);
    assert_ne!(one.0, other.0);
}

#[tokio::test]
async fn sandbox_stops_and_ends_its_connections_when_it_is_dropped() {
    let sandbox = Sandbox::builder().fault("hang".parse().unwrap()).start().await.unwrap();
    let client = client(&sandbox);
    let call = tokio::spawn({
        let client = client.clone();
        async move { client.validate(&upi("a@upi")).await }
    });
    while sandbox.requests() == 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    drop(sandbox);
    assert_eq!(call.await.unwrap().unwrap_err().delivery(), Delivery::Unknown);
    assert_eq!(client.validate(&upi("a@upi")).await.unwrap_err().delivery(), Delivery::NotSent);
}

#[tokio::test]
async fn a_latency_comes_before_the_response_and_is_added_to_others() {
    let fault = |text: &str| text.parse().unwrap();
    let builder =
        Sandbox::builder().fault(fault("latency=30ms")).fault(fault("latency=30ms")).fault(fault("status=400"));
    let sandbox = builder.start().await.unwrap();
    let began = std::time::Instant::now();
    assert_eq!(client(&sandbox).validate(&upi("a@upi")).await.unwrap_err().status(), Some(400));
    assert!(began.elapsed() >= Duration::from_millis(60));
}

/// A refused request is not processed, so no fault comes after its processing.
#[tokio::test]
async fn a_fault_after_processing_does_not_hit_a_refused_request() {
    let fault = |text: &str| text.parse().unwrap();
    let builder = Sandbox::builder().fault(fault("latency=1ms@after")).fault(fault("close@after"));
    let control = Control::start(builder).await;
    let counts = async || {
        let state = control.ok("GET", "faults", None).await;
        let faults = state["faults"].as_array().unwrap();
        faults.iter().map(|fault| json!([fault["requests"], fault["played"]])).collect::<Vec<_>>()
    };
    assert_eq!(control.validate("no address").await.unwrap().0, 400);
    assert_eq!(counts().await, [json!([1, 0]), json!([1, 0])]);
    assert_eq!(control.validate("a@upi").await, None);
    assert_eq!(counts().await, [json!([2, 1]), json!([2, 1])]);
    let faults: Vec<_> = control.sandbox.received().into_iter().map(|received| received.fault).collect();
    assert_eq!(faults, [None, Some("close@after".to_owned())]);
}
