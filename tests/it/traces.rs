//! What an operator sees of a call: one span for it, one event for each attempt, with the names that OpenTelemetry has
//! for them.

use std::time::Duration;

use contract_tests::behaviours::{ACCOUNT, later, ok, status};
use contract_tests::faults::{FaultServer, Script};
use contract_tests::traces::Told;
use juspay_accounts::{AccountsRequest, ApiKey, BaseUrl, Client, RetryPolicy};
use serde_json::Value;

/// Makes a call, and gives what the client told of it: without times, and without the address of the server.
async fn told_of(scripts: Vec<Script>) -> String {
    let server = FaultServer::start(scripts).await;
    let (told, guard) = Told::listen();
    let url: BaseUrl = server.url().parse().unwrap();
    let policy = RetryPolicy::default().max_attempts(2).initial_backoff(Duration::from_millis(1));
    let client = Client::builder(url, ApiKey::new("key").unwrap()).retry(policy).build().unwrap();
    let request = AccountsRequest::builder("cst_1", "JP_HDFC").upi("9164326296@upi").build().unwrap();
    client.validate(&request).await.ok();
    drop(guard);
    let lines = told.text();
    let events = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let mine =
        events.filter(|event| event["target"].as_str().is_some_and(|target| target.starts_with("juspay_accounts")));
    let mut texts: Vec<_> = mine.filter_map(|event| one_line(&event, &server.url())).collect();
    texts.dedup();
    texts.join("\n")
}

/// Level, message and fields of an event; of the span, what it held at its end.
fn one_line(event: &Value, url: &str) -> Option<String> {
    let message = event["fields"]["message"].as_str()?;
    let source = match message {
        // A span is entered and left each time that its future is polled.
        "new" | "enter" | "exit" => return None,
        "close" => &event["span"],
        _ => &event["fields"],
    };
    let mut fields = source.as_object().unwrap().clone();
    fields.remove("message");
    for (name, value) in &mut fields {
        match name.as_str() {
            "elapsed_ms" | "retry_in_ms" => *value = "(time)".into(),
            "server.port" => {
                assert!(url.ends_with(&format!(":{value}")), "{value}");
                *value = "(port)".into();
            }
            _ => {}
        }
    }
    Some(format!("{} {message} {}", event["level"].as_str()?, Value::from(fields)))
}

#[tokio::test]
async fn a_call_that_ends_well_is_told_with_its_attempts() {
    let scripts = vec![later("429 Too Many Requests", "0"), ok(format!("[{ACCOUNT}]"))];
    insta::assert_snapshot!(told_of(scripts).await, @r#"
    WARN attempt failed {"attempt":1,"delivery":"refused","elapsed_ms":"(time)","error.type":"rate_limited","http.request.method":"POST","http.request.resend_count":0,"http.response.status_code":429,"operation":"create_and_validate_customer_account","retry_in_ms":"(time)"}
    DEBUG attempt answered {"attempt":2,"elapsed_ms":"(time)","http.request.method":"POST","http.request.resend_count":1,"http.response.status_code":200,"operation":"create_and_validate_customer_account"}
    INFO close {"attempts":2,"elapsed_ms":"(time)","http.response.status_code":200,"name":"juspay_accounts","operation":"create_and_validate_customer_account","otel.kind":"client","otel.name":"create_and_validate_customer_account","server.address":"127.0.0.1","server.port":"(port)"}
    "#);
}

#[tokio::test]
async fn a_call_that_fails_is_told_with_its_delivery() {
    let body = r#"{"error_info":{"request_id":"req-of-body"}}"#;
    insta::assert_snapshot!(told_of(vec![status("503 Service Unavailable", body)]).await, @r#"
    WARN attempt failed {"attempt":1,"delivery":"unknown","elapsed_ms":"(time)","error.type":"server","http.request.method":"POST","http.request.resend_count":0,"http.response.status_code":503,"operation":"create_and_validate_customer_account","request_id":"req-of-body"}
    INFO close {"attempts":1,"delivery":"unknown","elapsed_ms":"(time)","error.type":"server","http.response.status_code":503,"name":"juspay_accounts","operation":"create_and_validate_customer_account","otel.kind":"client","otel.name":"create_and_validate_customer_account","otel.status_code":"ERROR","request_id":"req-of-body","server.address":"127.0.0.1","server.port":"(port)"}
    "#);
    insta::assert_snapshot!(told_of(vec![ok("null")]).await, @r#"
    DEBUG attempt answered {"attempt":1,"elapsed_ms":"(time)","http.request.method":"POST","http.request.resend_count":0,"http.response.status_code":200,"operation":"create_and_validate_customer_account"}
    INFO close {"attempts":1,"delivery":"unknown","elapsed_ms":"(time)","error.type":"undecodable","http.response.status_code":200,"name":"juspay_accounts","operation":"create_and_validate_customer_account","otel.kind":"client","otel.name":"create_and_validate_customer_account","otel.status_code":"ERROR","server.address":"127.0.0.1","server.port":"(port)"}
    "#);
}
