//! Requests that no client should send: each gets a response or a closed connection, and the sandbox keeps running.

use juspay_accounts_sandbox::Sandbox;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const MAX_BODY: usize = 1024 * 1024;

const GOOD: &str =
    "bank_code=b&command=validate&account_details=%7B%22upi%22%3A%5B%7B%22vpa%22%3A%22a%40upi%22%7D%5D%7D";

struct Request {
    start: String,
    headers: Vec<String>,
    body: Vec<u8>,
}

impl Request {
    fn with(body: impl Into<Vec<u8>>) -> Self {
        let headers = [
            "host: localhost",
            "connection: close",
            "authorization: Basic a2V5Og==",
            "x-routing-id: r",
            "content-type: application/x-www-form-urlencoded",
        ];
        let start = "POST /customers/c/accounts HTTP/1.1".to_owned();
        Self { start, headers: headers.map(str::to_owned).into(), body: body.into() }
    }

    fn good() -> Self {
        Self::with(GOOD)
    }

    fn start(mut self, start: impl Into<String>) -> Self {
        self.start = start.into();
        self
    }

    fn header(mut self, header: &str) -> Self {
        self.headers.push(header.to_owned());
        self
    }

    fn without(mut self, name: &str) -> Self {
        self.headers.retain(|header| !header.starts_with(name));
        self
    }

    fn head(&self) -> String {
        let headers: Vec<_> = self.headers.iter().map(|header| format!("{header}\r\n")).collect();
        format!("{}\r\n{}\r\n", self.start, headers.concat())
    }

    /// The bytes of the request, with the length of its body.
    fn bytes(self) -> Vec<u8> {
        let length = format!("content-length: {}", self.body.len());
        let whole = self.header(&length);
        [whole.head().as_bytes(), &whole.body].concat()
    }

    fn chunked(self, size: usize) -> Vec<u8> {
        let whole = self.header("transfer-encoding: chunked");
        let chunks = whole.body.chunks(size).chain([&b""[..]]);
        let chunk = |chunk: &[u8]| [format!("{:x}\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat();
        [whole.head().into_bytes(), chunks.flat_map(chunk).collect()].concat()
    }
}

/// Sends bytes and returns the response until the server closes. Empty if the server closes without a response.
async fn exchange(sandbox: &Sandbox, bytes: &[u8]) -> Vec<u8> {
    talk(sandbox, bytes, false).await
}

/// Sends bytes, and signals that no more will follow.
async fn exchange_and_end(sandbox: &Sandbox, bytes: &[u8]) -> Vec<u8> {
    talk(sandbox, bytes, true).await
}

async fn talk(sandbox: &Sandbox, bytes: &[u8], end: bool) -> Vec<u8> {
    let mut stream = TcpStream::connect(sandbox.url().trim_start_matches("http://")).await.unwrap();
    let (mut read, mut write) = stream.split();
    let send = async {
        // The server may respond and close before it has read everything.
        drop(write.write_all(bytes).await);
        if end {
            drop(write.shutdown().await);
        }
    };
    let mut response = Vec::new();
    let receive = async { drop(read.read_to_end(&mut response).await) };
    tokio::join!(send, receive);
    response
}

fn status(response: &[u8]) -> Option<u16> {
    let start = std::str::from_utf8(response.get(..12)?).ok()?;
    start.strip_prefix("HTTP/1.").and_then(|rest| rest[2..].parse().ok())
}

async fn status_of(sandbox: &Sandbox, request: Request) -> Option<u16> {
    status(&exchange(sandbox, &request.bytes()).await)
}

#[tokio::test]
async fn bytes_other_than_http_end_only_their_own_connection() {
    let sandbox = Sandbox::start().await.unwrap();
    for bytes in [
        &b"\x00\xff\x13 garbage\r\n\r\n"[..],
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"POST /customers/c/acc",
        b"GET /\r\n\r\n",
        b"",
        &Request::good().header("x: a\0b").bytes(),
        &Request::good().header("x: a\r\n folded").bytes(),
        &Request::good().header("content-length: 5").bytes(),
        &[Request::good().header("content-length: -1").head().as_bytes(), b"a"].concat(),
        &[Request::good().header("content-length: 99999999999999999999").head().as_bytes(), b"a"].concat(),
        &Request::good().start("POST /customers/a b/accounts HTTP/1.1").bytes(),
        &Request::good().start(format!("POST /customers/{}/accounts HTTP/1.1", "a".repeat(70_000))).bytes(),
        &Request::good().header(&format!("x: {}", "a".repeat(MAX_BODY))).bytes(),
        &(0..200).fold(Request::good(), |request, number| request.header(&format!("x-{number}: a"))).bytes(),
    ] {
        let response = exchange_and_end(&sandbox, bytes).await;
        let refused = status(&response).is_some_and(|status| (400..500).contains(&status));
        assert!(response.is_empty() || refused, "{:?}", String::from_utf8_lossy(&bytes[..bytes.len().min(80)]));
    }
    assert!(sandbox.accounts().is_empty());
    assert_eq!(status_of(&sandbox, Request::good()).await, Some(200));
}

#[tokio::test]
async fn size_of_a_body_is_limited_however_the_body_is_sent() {
    let sandbox = Sandbox::start().await.unwrap();
    for (length, expected) in [(MAX_BODY, 200), (MAX_BODY + 1, 413), (3 * MAX_BODY, 413)] {
        let request = || Request::with(format!("{GOOD}&x={}", "a".repeat(length - GOOD.len() - 3)));
        assert_eq!(request().body.len(), length);
        // After an early response, the connection can be reset before the client reads it.
        for bytes in [request().bytes(), request().chunked(10_000)] {
            let found = status(&exchange(&sandbox, &bytes).await);
            assert!(found == Some(expected) || length > 2 * MAX_BODY && found.is_none(), "{length}: {found:?}");
        }
    }
    assert_eq!(status(&exchange(&sandbox, &Request::good().chunked(1)).await), Some(200));
}

#[tokio::test]
async fn incomplete_body_has_no_effect() {
    let sandbox = Sandbox::start().await.unwrap();
    let whole = Request::good().chunked(10);
    let without_end = &whole[..whole.len() - 5];
    let bad_size = [without_end, b"zz\r\n\r\n"].concat();
    let too_short = [Request::good().header("content-length: 500").head().as_bytes(), GOOD.as_bytes()].concat();
    for bytes in [without_end, &bad_size, &too_short] {
        assert_eq!(status(&exchange_and_end(&sandbox, bytes).await), Some(400));
    }
    assert!(sandbox.accounts().is_empty());
}

#[tokio::test]
async fn client_that_asks_before_it_sends_the_body_gets_100_continue() {
    let sandbox = Sandbox::start().await.unwrap();
    let response = exchange(&sandbox, &Request::good().header("expect: 100-continue").bytes()).await;
    let response = String::from_utf8(response).unwrap();
    assert!(response.starts_with("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK"), "{response}");
    let old = exchange(&sandbox, &Request::good().start("POST /customers/c/accounts HTTP/1.0").bytes()).await;
    assert!(old.starts_with(b"HTTP/1.0 200 OK"));
}

#[tokio::test]
async fn needed_header_must_occur_once_and_be_text() {
    let sandbox = Sandbox::start().await.unwrap();
    for (name, expected) in [("authorization", 401), ("content-type", 415), ("x-routing-id", 400)] {
        let own = Request::good().headers.into_iter().find(|header| header.starts_with(name)).unwrap();
        for request in [
            Request::good().header(&own),
            Request::good().header(&format!("{name}: \u{e9}")),
            Request::good().header(&format!("{name}:")),
            Request::good().without(name).header(&format!("{name}:")),
            Request::good().without(name).header(&format!("{name}: \u{e9}")),
            Request::good().without(name),
        ] {
            let headers = request.headers.join(", ");
            assert_eq!(status_of(&sandbox, request).await, Some(expected), "{headers}");
        }
        let upper = own.replacen(name, &name.to_uppercase(), 1);
        assert_eq!(status_of(&sandbox, Request::good().without(name).header(&upper)).await, Some(200), "{upper}");
    }
    let latin_1 = Request::good().without("x-routing-id").header("x-routing-id: ?").bytes();
    let latin_1: Vec<u8> = latin_1.into_iter().map(|byte| if byte == b'?' { 0xe9 } else { byte }).collect();
    assert_eq!(status(&exchange(&sandbox, &latin_1).await), Some(400));
}

#[tokio::test]
async fn a_path_is_decoded_once_and_names_a_customer_or_is_refused() {
    let sandbox = Sandbox::start().await.unwrap();
    for (path, expected) in [
        ("/customers/%63%2540/accounts", 200),
        ("/customers/c/accounts?x=%FF", 200),
        ("http://localhost/customers/c/accounts", 200),
        ("http://elsewhere/customers/c/accounts", 421),
        ("/customers/../accounts", 400),
        ("/customers/%2e%2E/accounts", 400),
        ("/customers/./accounts", 400),
        ("/customers/%2e/accounts", 400),
        ("/customers/a%2Fb/accounts", 400),
        ("/customers/a%5Cb/accounts", 400),
        ("/customers/%00/accounts", 400),
        ("/customers/%FF/accounts", 400),
        ("/customers/%/accounts", 400),
        ("/customers/%zz/accounts", 400),
        ("/customers//accounts", 400),
        ("/customers/c/accounts/", 404),
        ("/customers/c/%61ccounts", 404),
        ("//customers/c/accounts", 404),
        ("/CUSTOMERS/c/accounts", 404),
        ("*", 404),
        ("/", 404),
    ] {
        let response = exchange(&sandbox, &Request::good().start(format!("POST {path} HTTP/1.1")).bytes()).await;
        assert_eq!(status(&response), Some(expected), "{path}");
        let body = String::from_utf8(response).unwrap();
        assert!(expected == 200 || body.contains(r#""status":"error""#), "{path}: {body}");
    }
    assert!(sandbox.accounts().iter().any(|account| account.customer_id.as_str() == "c%40"));
}

#[tokio::test]
async fn many_or_deeply_nested_values_are_read_or_refused() {
    let sandbox = Sandbox::start().await.unwrap();
    let pairs: Vec<_> = (0..100_000).map(|number| format!("&a{number}")).collect();
    assert_eq!(status_of(&sandbox, Request::with(format!("{GOOD}{}", pairs.concat()))).await, Some(200));
    let details = |json: String| Request::with(format!("bank_code=b&command=validate&account_details={json}"));
    for json in [
        "[".repeat(1_000_000),
        r#"{"upi":"#.repeat(100_000),
        format!(r#"{{"upi":[{{"vpa":{}{}}}]}}"#, "[".repeat(100_000), "]".repeat(100_000)),
        format!(r#"{{"upi":[{}1]}}"#, "1,".repeat(400_000)),
        format!(r#"{{"bank_account":[{}{{}}]}}"#, "{},".repeat(100_000)),
        r#"{"upi":[{"vpa":"\ud800@upi"}]}"#.to_owned(),
        r#"{"upi":[1e999]}"#.to_owned(),
    ] {
        let start = json[..json.len().min(30)].to_owned();
        let response = exchange(&sandbox, &details(json).bytes()).await;
        assert_eq!(status(&response), Some(400), "{start}");
        assert!(response.len() < 200_000, "{start}: {}", response.len());
    }
}

/// The sandbox also limits the size of the requests that it remembers.
#[tokio::test]
async fn large_requests_are_forgotten_sooner() {
    let sandbox = Sandbox::start().await.unwrap();
    // Of the large requests, it remembers two of the first size, or one of the second.
    for (pairs, expected) in [(60_000, 1), (60_000, 2), (200_000, 1), (200_000, 1), (1, 1), (1, 2), (1, 3)] {
        assert_eq!(status_of(&sandbox, Request::with(format!("{GOOD}{}", "&a".repeat(pairs)))).await, Some(200));
        assert_eq!(sandbox.received().len(), expected, "{pairs}");
    }
    assert_eq!(sandbox.requests(), 7);
}
