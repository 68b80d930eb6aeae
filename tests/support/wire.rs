//! A server that keeps each request as the bytes that arrived. It uses plain TCP, so that no HTTP library between the
//! client and the test changes the bytes.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use juspay_accounts::{ApiKey, BaseUrl, Client};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Mutex, mpsc};

/// The API key of every [`Recorder::client`].
const KEY: &str = "A04A7TESTKEY885";

/// The `authorization` header of a request that is signed with the key.
pub const SIGNED: &str = "Basic QTA0QTdURVNUS0VZODg1Og==";

/// The server. It sends the same response to each request and then closes the connection.
pub struct Recorder {
    address: SocketAddr,
    received: Mutex<mpsc::UnboundedReceiver<Vec<u8>>>,
}

/// One request, as it arrived.
#[derive(Clone, Debug)]
pub struct Received {
    /// All bytes of the request.
    pub bytes: Vec<u8>,
    /// The method.
    pub method: String,
    /// The path and the query as sent, with their escapes.
    pub target: String,
    /// The headers, with names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Recorder {
    /// Starts the server.
    pub async fn start(status: &str, body: impl Into<String>) -> Self {
        Self::with_headers(status, [("content-type", "application/json")], body).await
    }

    /// Starts the server with these headers in each response.
    pub async fn with_headers<'a>(
        status: &str,
        headers: impl IntoIterator<Item = (&'a str, &'a str)>,
        body: impl Into<String>,
    ) -> Self {
        let body = body.into();
        let headers = headers.into_iter().map(|(name, value)| format!("{name}: {value}\r\n"));
        let headers = headers.collect::<Vec<_>>().concat();
        let response =
            format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n{body}", body.len());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, received) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let bytes = read_request(&mut stream).await;
                // Keep the request before sending the response: once a client has its response, the request is
                // recorded.
                if sender.send(bytes).is_err() {
                    return;
                }
                // A client may hang up during a long response.
                drop(stream.write_all(response.as_bytes()).await);
            }
        });
        Self { address, received: Mutex::new(received) }
    }

    /// The address of the server.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A client for this server.
    pub fn client(&self) -> Client {
        let url: BaseUrl = self.url().parse().unwrap();
        Client::new(url, ApiKey::new(KEY).unwrap()).unwrap()
    }

    /// Waits for the next request.
    pub async fn request(&self) -> Received {
        Received::parse(self.received.lock().await.recv().await.unwrap())
    }

    /// Whether no further request has arrived.
    pub async fn saw_nothing(&self) -> bool {
        self.received.lock().await.try_recv().is_err()
    }
}

pub(crate) async fn read_request(stream: &mut TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        if is_whole(&bytes) {
            return bytes;
        }
        match stream.read(&mut buffer).await.unwrap() {
            0 => return bytes,
            count => bytes.extend_from_slice(&buffer[..count]),
        }
    }
}

/// Whether the bytes are a request with its whole body.
pub(crate) fn is_whole(bytes: &[u8]) -> bool {
    head_length(bytes).is_some_and(|head| bytes.len() >= head + content_length(&bytes[..head]))
}

fn head_length(bytes: &[u8]) -> Option<usize> {
    bytes.windows(4).position(|window| window == b"\r\n\r\n").map(|position| position + 4)
}

fn content_length(head: &[u8]) -> usize {
    let head = String::from_utf8_lossy(head).to_lowercase();
    let line = head.lines().find_map(|line| line.strip_prefix("content-length:"));
    line.map_or(0, |value| value.trim().parse().unwrap())
}

impl Received {
    pub(crate) fn parse(bytes: Vec<u8>) -> Self {
        let head_length = head_length(&bytes).expect("a whole request");
        let head = std::str::from_utf8(&bytes[..head_length]).unwrap().trim_end();
        let mut lines = head.split("\r\n");
        let mut start = lines.next().unwrap().split(' ').map(str::to_owned);
        let headers = lines.map(|line| {
            let (name, value) = line.split_once(':').unwrap();
            (name.to_lowercase(), value.trim().to_owned())
        });
        Self {
            method: start.next().unwrap(),
            target: start.next().unwrap(),
            headers: headers.collect(),
            body: bytes[head_length..].to_vec(),
            bytes,
        }
    }

    /// All values of a header.
    pub fn header(&self, name: &str) -> Vec<&str> {
        self.headers.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str()).collect()
    }

    /// The decoded pairs of the form, each with the number of times it occurs.
    pub fn form(&self) -> BTreeMap<(String, String), usize> {
        count(form_urlencoded::parse(&self.body).into_owned())
    }

    /// The value of a field that occurs once.
    pub fn field(&self, name: &str) -> String {
        let mut found = form_urlencoded::parse(&self.body).filter(|(key, _)| key == name);
        let value = found.next().unwrap_or_else(|| panic!("the form has no {name}")).1.into_owned();
        assert!(found.next().is_none(), "the form has {name} twice");
        value
    }
}

/// How often each item occurs.
pub fn count<T: Ord>(items: impl IntoIterator<Item = T>) -> BTreeMap<T, usize> {
    let mut counts = BTreeMap::new();
    for item in items {
        *counts.entry(item).or_default() += 1;
    }
    counts
}
