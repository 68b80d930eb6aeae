//! What an operator sees of a call: one span for the call and one event for each attempt, with OpenTelemetry's names.

use std::sync::Mutex;
use std::time::Duration;

use contract_tests::behaviours::{ACCOUNT, later, ok, status};
use contract_tests::faults::{FaultServer, Script};
use contract_tests::traces::CapturedTraces;
use juspay_accounts::{AccountsRequest, ApiKey, BaseUrl, Client, RetryPolicy};
use metrics::KeyName;
use serde_json::Value;

/// Makes a call, and returns the events of the client, without times and without the port of the server.
async fn traces_of(scripts: Vec<Script>) -> String {
    let server = FaultServer::start(scripts).await;
    let (traces, guard) = CapturedTraces::listen();
    let url: BaseUrl = server.url().parse().unwrap();
    let policy = RetryPolicy::default().max_attempts(2).initial_backoff(Duration::from_millis(1));
    let client = Client::builder(url, ApiKey::new("key").unwrap()).retry(policy).build().unwrap();
    let request = AccountsRequest::builder("cst_1", "JP_HDFC").upi("9164326296@upi").build().unwrap();
    client.validate(&request).await.ok();
    drop(guard);
    let lines = traces.text();
    let events = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let mine =
        events.filter(|event| event["target"].as_str().is_some_and(|target| target.starts_with("juspay_accounts")));
    let mut texts: Vec<_> = mine.filter_map(|event| one_line(&event, &server.url())).collect();
    texts.dedup();
    texts.join("\n")
}

/// Prints the level, the message and the fields of an event. For a span, the fields at its end.
fn one_line(event: &Value, url: &str) -> Option<String> {
    let message = event["fields"]["message"].as_str()?;
    let source = match message {
        // A span is entered and left each time its future is polled.
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
async fn successful_call_is_traced_with_its_attempts() {
    let scripts = vec![later("429 Too Many Requests", "0"), ok(format!("[{ACCOUNT}]"))];
    insta::assert_snapshot!(traces_of(scripts).await, @r#"
    WARN attempt failed {"attempt":1,"delivery":"refused","elapsed_ms":"(time)","error.type":"rate_limited","http.request.method":"POST","http.request.resend_count":0,"http.response.status_code":429,"operation":"create_and_validate_customer_account","retry_in_ms":"(time)"}
    DEBUG attempt got a response {"attempt":2,"elapsed_ms":"(time)","http.request.method":"POST","http.request.resend_count":1,"http.response.status_code":200,"operation":"create_and_validate_customer_account"}
    INFO close {"attempts":2,"elapsed_ms":"(time)","http.response.status_code":200,"name":"juspay_accounts","operation":"create_and_validate_customer_account","otel.kind":"client","otel.name":"create_and_validate_customer_account","server.address":"127.0.0.1","server.port":"(port)"}
    "#);
}

#[tokio::test]
async fn failed_call_is_traced_with_its_delivery() {
    let body = r#"{"error_info":{"request_id":"req-of-body"}}"#;
    insta::assert_snapshot!(traces_of(vec![status("503 Service Unavailable", body)]).await, @r#"
    WARN attempt failed {"attempt":1,"delivery":"unknown","elapsed_ms":"(time)","error.type":"server","http.request.method":"POST","http.request.resend_count":0,"http.response.status_code":503,"operation":"create_and_validate_customer_account","request_id":"req-of-body"}
    INFO close {"attempts":1,"delivery":"unknown","elapsed_ms":"(time)","error.type":"server","http.response.status_code":503,"name":"juspay_accounts","operation":"create_and_validate_customer_account","otel.kind":"client","otel.name":"create_and_validate_customer_account","otel.status_code":"ERROR","request_id":"req-of-body","server.address":"127.0.0.1","server.port":"(port)"}
    "#);
    insta::assert_snapshot!(traces_of(vec![ok("null")]).await, @r#"
    DEBUG attempt got a response {"attempt":1,"elapsed_ms":"(time)","http.request.method":"POST","http.request.resend_count":0,"http.response.status_code":200,"operation":"create_and_validate_customer_account"}
    INFO close {"attempts":1,"delivery":"unknown","elapsed_ms":"(time)","error.type":"undecodable","http.response.status_code":200,"name":"juspay_accounts","operation":"create_and_validate_customer_account","otel.kind":"client","otel.name":"create_and_validate_customer_account","otel.status_code":"ERROR","server.address":"127.0.0.1","server.port":"(port)"}
    "#);
}

/// Each path is reported once, for any number of accounts, calls and clones. Values, and names that could be one, never
/// are.
#[tokio::test]
async fn undocumented_fields_are_reported_once_by_their_paths() {
    let account = r#"{"customer_account_id":"banh_1","validation_status":"ACTIVE","risk_level":"secret-1","x 1":"secret-2",
        "9164326296":"secret-3","account_details":{"vpa":"9164326296@upi","branch":{"secret-4":"secret-5"}}}"#;
    let page = format!(r#"{{"list":[{account}],"total":"secret-6"}}"#);
    let (traces, guard) = CapturedTraces::listen();
    let scripts = [&format!("[{account},{account}]"), account, &page, account, &page];
    let server = FaultServer::start(scripts.map(ok).to_vec()).await;
    let url: BaseUrl = server.url().parse().unwrap();
    let client = Client::new(url, ApiKey::new("key").unwrap()).unwrap();
    let request = AccountsRequest::builder("cst_1", "JP_HDFC").upi("9164326296@upi").build().unwrap();
    let (customer, id) = (juspay_accounts::Customer::from(&request), "banh_1".parse().unwrap());
    client.validate(&request).await.unwrap();
    for _ in 0..2 {
        client.clone().get(&customer, &id).await.unwrap();
        client.clone().list(&customer).await.unwrap();
    }
    drop(guard);
    let text = traces.text();
    let events = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let fields = events.filter(|event| event["fields"]["message"] == "response has an undocumented field");
    let fields: Vec<_> = fields
        .map(|event| {
            assert_eq!((&event["level"], &event["span"]["name"]), (&"INFO".into(), &"juspay_accounts".into()));
            event["fields"]["field"].as_str().unwrap().to_owned()
        })
        .collect();
    let of_account = |path: &str| ["?", "risk_level", "account_details.branch"].map(|name| format!("{path}{name}"));
    let of_page = [of_account("*."), of_account("")].concat();
    assert_eq!(fields, [of_page, vec!["total".to_owned()], of_account("list.*.").to_vec()].concat());
    assert!(!text.contains("secret"), "{text}");
}

#[derive(Default)]
struct Counted(Mutex<Vec<String>>);

struct One(metrics::Key, std::sync::Arc<Counted>);

impl One {
    fn add(&self, value: &str) {
        let labels = self.0.labels().filter(|label| label.key() != "server.port");
        let labels: Vec<_> = labels.map(|label| format!("{}={}", label.key(), label.value())).collect();
        self.1.0.lock().unwrap().push(format!("{} {{{}}} {value}", self.0.name(), labels.join(", ")));
    }
}

impl metrics::CounterFn for One {
    fn increment(&self, value: u64) {
        self.add(&value.to_string());
    }

    fn absolute(&self, _: u64) {}
}

impl metrics::HistogramFn for One {
    fn record(&self, value: f64) {
        self.add(&if self.0.name().ends_with("duration") { "(time)".to_owned() } else { value.to_string() });
    }
}

struct Recorder(std::sync::Arc<Counted>);

impl metrics::Recorder for Recorder {
    fn describe_counter(&self, _: KeyName, _: Option<metrics::Unit>, _: metrics::SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<metrics::Unit>, _: metrics::SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<metrics::Unit>, _: metrics::SharedString) {}

    fn register_counter(&self, key: &metrics::Key, _: &metrics::Metadata<'_>) -> metrics::Counter {
        metrics::Counter::from_arc(std::sync::Arc::new(One(key.clone(), self.0.clone())))
    }

    fn register_gauge(&self, _: &metrics::Key, _: &metrics::Metadata<'_>) -> metrics::Gauge {
        metrics::Gauge::noop()
    }

    fn register_histogram(&self, key: &metrics::Key, _: &metrics::Metadata<'_>) -> metrics::Histogram {
        metrics::Histogram::from_arc(std::sync::Arc::new(One(key.clone(), self.0.clone())))
    }
}

#[test]
fn metrics_count_attempts_and_outcomes_by_names_of_opentelemetry() {
    let counted = std::sync::Arc::new(Counted::default());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    metrics::with_local_recorder(&Recorder(counted.clone()), || {
        let scripts = vec![later("429 Too Many Requests", "0"), status("503 Service Unavailable", "")];
        runtime.block_on(traces_of(scripts));
    });
    insta::assert_snapshot!(counted.0.lock().unwrap().join("\n"), @"
    http.client.request.duration {http.request.method=POST, server.address=127.0.0.1, juspay.operation=create_and_validate_customer_account, http.response.status_code=429, error.type=rate_limited} (time)
    http.client.request.duration {http.request.method=POST, server.address=127.0.0.1, juspay.operation=create_and_validate_customer_account, http.response.status_code=503, error.type=server} (time)
    juspay.client.calls {juspay.operation=create_and_validate_customer_account, juspay.outcome=unknown} 1
    juspay.client.attempts {juspay.operation=create_and_validate_customer_account} 2
    ");
}
