//! The sandbox as an HTTP server: who may call it, from where, and how slowly.

use juspay_accounts_sandbox::Sandbox;
use reqwest::Method;
use reqwest::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_TYPE, HOST, ORIGIN, WWW_AUTHENTICATE,
};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::sandbox_control::Control;

const FORM: &str = "application/x-www-form-urlencoded";
const GOOD: &str =
    "bank_code=b&command=validate&account_details=%7B%22upi%22%3A%5B%7B%22vpa%22%3A%22pending%40upi%22%7D%5D%7D";

fn post(sandbox: &Sandbox, body: &str) -> reqwest::RequestBuilder {
    let request = reqwest::Client::new().post(format!("{}/customers/c/accounts", sandbox.url()));
    let request = request.basic_auth("key", Some("")).header("x-routing-id", "r");
    request.header(CONTENT_TYPE, FORM).body(body.to_owned())
}

async fn json_of(response: reqwest::Response) -> Value {
    serde_json::from_slice(&response.bytes().await.unwrap()).unwrap()
}

/// A web page can point its own name at this machine. The sandbox accepts only addresses, `localhost` and allowed
/// names.
#[tokio::test]
async fn a_request_for_another_host_is_refused() {
    let sandbox = Sandbox::builder().allow_host("sandbox.test").start().await.unwrap();
    for (host, status) in [
        ("localhost:1", 200),
        ("127.0.0.1", 200),
        ("[::1]:8080", 200),
        ("Sandbox.test:80", 200),
        ("example.com", 421),
        ("localhost.example.com", 421),
        ("127.0.0.1.example.com:80", 421),
    ] {
        assert_eq!(post(&sandbox, GOOD).header(HOST, host).send().await.unwrap().status(), status, "{host}");
        for path in ["_sandbox/health", "openapi.json", "openapi.yaml", "_sandbox/openapi.json"] {
            let request = reqwest::Client::new().get(format!("{}/{path}", sandbox.url())).header(HOST, host);
            assert_eq!(request.send().await.unwrap().status(), status, "{host}: {path}");
        }
    }
    assert_eq!(sandbox.accounts()[0].validations, 4);
    let without = raw(&sandbox, "GET /_sandbox/health HTTP/1.1\r\nconnection: close\r\n\r\n").await;
    assert!(without.starts_with("HTTP/1.1 421"), "{without}");
    let twice =
        "POST /customers/c/accounts HTTP/1.1\r\nhost: localhost\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    let twice = raw(&sandbox, twice).await;
    assert!(twice.starts_with("HTTP/1.1 4") && twice.contains("more than once"), "{twice}");
}

async fn raw(sandbox: &Sandbox, request: &str) -> String {
    let mut stream = TcpStream::connect(sandbox.url().trim_start_matches("http://")).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).await.unwrap();
    response
}

#[tokio::test]
async fn web_pages_of_the_sandbox_and_of_allowed_origins_can_call() {
    let sandbox = Sandbox::builder().allow_origin("http://localhost:3000").start().await.unwrap();
    let (http, own) = (reqwest::Client::new(), sandbox.url());
    let by_name = own.replace("127.0.0.1", "localhost");
    let elsewhere = own.replace("127.0.0.1", "203.0.113.5");
    for (origin, is_allowed) in [
        (own.as_str(), true),
        (by_name.as_str(), false),
        (elsewhere.as_str(), false),
        ("http://localhost:3000", true),
        ("http://localhost:1", false),
        ("https://example.com", false),
        ("null", false),
    ] {
        let url = format!("{own}/customers/c/accounts");
        let asks = http.request(Method::OPTIONS, &url).header(ORIGIN, origin);
        let asks = asks.header("access-control-request-method", "POST");
        let asked = asks.header("access-control-request-headers", "authorization,x-routing-id").send().await.unwrap();
        let allowed = asked.headers().get(ACCESS_CONTROL_ALLOW_ORIGIN).map(|value| value.to_str().unwrap());
        assert_eq!(allowed, is_allowed.then_some(origin));
        if is_allowed {
            assert_eq!(asked.headers()[ACCESS_CONTROL_ALLOW_HEADERS], "authorization,x-routing-id");
        }
        let called = post(&sandbox, GOOD).header(ORIGIN, origin).send().await.unwrap();
        assert_eq!(called.headers().contains_key(ACCESS_CONTROL_ALLOW_ORIGIN), is_allowed, "{origin}");
        // A page can send this without a preflight request. It cannot read the response, but the reset would have
        // happened.
        let reset = http.post(format!("{own}/_sandbox/reset")).header(ORIGIN, origin).send().await.unwrap();
        assert_eq!(reset.status(), if is_allowed { 204 } else { 403 }, "{origin}");
    }
}

#[tokio::test]
async fn the_control_api_is_for_this_machine_only() {
    // Only a loopback address counts as this machine, and not every test machine has another one.
    let sandbox = Sandbox::builder().host("0.0.0.0".parse().unwrap()).start().await.unwrap();
    assert!(sandbox.url().starts_with("http://127.0.0.1:"), "{}", sandbox.url());
    let port = sandbox.url().rsplit(':').next().unwrap().to_owned();
    for (url, control) in own_addresses(&port) {
        let http = reqwest::Client::new();
        let Ok(spec) = http.get(format!("{url}/openapi.json")).send().await else { continue };
        assert_eq!(spec.status(), 200);
        assert_eq!(http.get(format!("{url}/_sandbox/health")).send().await.unwrap().status(), control, "{url}");
    }
}

/// The loopback address, and the address of this machine in its network, if it has one; each with the status that the
/// control API returns there.
fn own_addresses(port: &str) -> Vec<(String, u16)> {
    let mut addresses = vec![(format!("http://127.0.0.1:{port}"), 200)];
    // Connecting a UDP socket sends nothing. It selects the address that would be used.
    let found = std::net::UdpSocket::bind("0.0.0.0:0").and_then(|socket| {
        socket.connect("192.0.2.1:9")?;
        socket.local_addr()
    });
    if let Ok(address) = found.map(|address| address.ip())
        && !address.is_loopback()
        && !address.is_unspecified()
    {
        addresses.push((format!("http://{address}:{port}"), 403));
    }
    addresses
}

#[tokio::test]
async fn unsupported_encodings_and_charsets_are_refused() {
    let sandbox = Sandbox::start().await.unwrap();
    for (name, value, status) in [
        ("content-encoding", "identity", 200),
        ("content-encoding", "gzip", 415),
        ("content-encoding", "br", 415),
        ("content-type", "application/x-www-form-urlencoded; charset=\"utf-8\"", 200),
        ("content-type", "application/x-www-form-urlencoded; charset=us-ascii", 200),
        ("content-type", "application/x-www-form-urlencoded; charset=iso-8859-1", 415),
        ("content-type", "application/x-www-form-urlencoded;charset=utf-16", 415),
    ] {
        let mut request = post(&sandbox, GOOD).build().unwrap();
        request.headers_mut().insert(name, value.parse().unwrap());
        let response = reqwest::Client::new().execute(request).await.unwrap();
        assert_eq!(response.status(), status, "{name}: {value}");
    }
}

#[tokio::test]
async fn refused_key_gets_a_challenge_and_a_duplicated_header_is_named() {
    let sandbox = Sandbox::start().await.unwrap();
    let url = format!("{}/customers/c/accounts", sandbox.url());
    let response = reqwest::Client::new().post(url).send().await.unwrap();
    assert_eq!(response.status(), 401);
    assert!(response.headers()[WWW_AUTHENTICATE].to_str().unwrap().starts_with("Basic realm="));
    for (name, value, status) in
        [("x-routing-id", "s", 400), ("content-type", FORM, 415), ("authorization", "Basic a2V5Og==", 401)]
    {
        let request = post(&sandbox, GOOD).header(name, value);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), status, "{name}");
        let body = json_of(response).await;
        let fields = body["error_info"]["fields"].as_array().unwrap();
        let named = json!({ "field_name": name, "reason": "the header occurs more than once" });
        assert!(fields.contains(&named), "{body}");
    }
}

#[tokio::test]
async fn head_request_changes_nothing() {
    let control = Control::start(Sandbox::builder()).await;
    post(&control.sandbox, GOOD).send().await.unwrap();
    let id = control.sandbox.accounts()[0].id.clone();
    control.ok("POST", "faults", Some(json!({ "kind": "status", "value": 503, "next": 1 }))).await;
    let before = control.sandbox.snapshot();
    for path in [id, "list".to_owned()] {
        let url = format!("{}/customers/c/customer-accounts/{path}", control.sandbox.url());
        for _ in 0..5 {
            let request = control.http.head(&url).basic_auth("key", Some("")).header("x-routing-id", "r");
            let response = request.send().await.unwrap();
            assert_eq!(response.status(), 200);
            assert!(response.bytes().await.unwrap().is_empty());
        }
    }
    assert_eq!(control.sandbox.snapshot(), before);
    assert_eq!(control.ok("GET", "faults", None).await["faults"][0]["requests"], 0);
}

#[tokio::test]
async fn strict_refuses_fields_that_the_operation_does_not_have() {
    for (is_strict, status) in [(false, 200), (true, 400)] {
        let builder = Sandbox::builder();
        let builder = if is_strict { builder.strict() } else { builder };
        let sandbox = builder.start().await.unwrap();
        let response = post(&sandbox, &format!("{GOOD}&bank_cod=x&026291800001191=y")).send().await.unwrap();
        assert_eq!(response.status(), status);
        let body = json_of(response).await.to_string();
        assert_eq!(body.contains("bank_cod"), is_strict);
        // A field name could be a value in the wrong place.
        assert!(!body.contains("026291800001191"), "{body}");
        assert_eq!(post(&sandbox, GOOD).send().await.unwrap().status(), 200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_connections_do_not_keep_others_out() {
    let sandbox = Sandbox::start().await.unwrap();
    let address = sandbox.url().trim_start_matches("http://").to_owned();
    let head = format!("POST /customers/c/accounts HTTP/1.1\r\nhost: localhost\r\ncontent-type: {FORM}\r\n");
    let parts =
        [String::new(), "POST /cus".to_owned(), head.clone(), format!("{head}content-length: 1000\r\n\r\nbank_")];
    let mut slow = Vec::new();
    for number in 0..200 {
        let mut stream = TcpStream::connect(&address).await.unwrap();
        stream.write_all(parts[number % parts.len()].as_bytes()).await.unwrap();
        slow.push(stream);
    }
    assert_eq!(post(&sandbox, GOOD).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn the_served_spec_begins_with_this_server() {
    let sandbox = Sandbox::start().await.unwrap();
    let get = async |path: &str| {
        let response = reqwest::Client::new().get(format!("{}/{path}", sandbox.url())).send().await.unwrap();
        let media_type = response.headers()[CONTENT_TYPE].to_str().unwrap().to_owned();
        (media_type, String::from_utf8(response.bytes().await.unwrap().to_vec()).unwrap())
    };
    let expected = contract_tests::spec::as_written().to_string().replace("http://127.0.0.1:8080", &sandbox.url());
    let expected: Value = serde_json::from_str(&expected).unwrap();
    assert_eq!(expected["servers"][0]["url"], sandbox.url());
    let control = std::fs::read_to_string(contract_tests::root().join("crates/sandbox/control.yaml")).unwrap();
    for (path, expected) in [("openapi", expected), ("_sandbox/openapi", serde_yaml::from_str(&control).unwrap())] {
        let (yaml_type, yaml) = get(&format!("{path}.yaml")).await;
        let (json_type, json) = get(&format!("{path}.json")).await;
        assert_eq!((yaml_type.as_str(), json_type.as_str()), ("application/yaml", "application/json"));
        // Not `assert_eq`: it would print both specs.
        assert!(
            serde_yaml::from_str::<Value>(&yaml).unwrap() == expected,
            "{path}.yaml differs from the spec in the repository"
        );
        assert!(
            serde_json::from_str::<Value>(&json).unwrap() == expected,
            "{path}.json differs from the spec in the repository"
        );
    }
}
