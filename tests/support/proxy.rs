//! A server between a client and another server. It can change the responses of the other server.

use std::net::SocketAddr;
use std::sync::Arc;

use reqwest::Method;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;

use crate::wire::{Received, read_request};

/// A response on its way to the client.
#[derive(Clone, Debug)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// The headers, with names in lower case, without those of the connection.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// The server. It closes each connection after one response.
pub struct Proxy(SocketAddr);

impl Proxy {
    /// Starts the server in front of the one at `upstream`. If `change` returns `None`, there is no response.
    pub async fn start(
        upstream: String,
        change: impl Fn(&Received, Response) -> Option<Response> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (change, client) = (Arc::new(change), reqwest::Client::new());
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let received = Received::parse(read_request(&mut stream).await);
                let response = forward(&client, &upstream, &received).await;
                if let Some(response) = change(&received, response) {
                    stream.write_all(&bytes(&response)).await.ok();
                }
            }
        });
        Self(address)
    }

    /// The address of the server.
    pub fn url(&self) -> String {
        format!("http://{}", self.0)
    }
}

const OF_THE_CONNECTION: [&str; 4] = ["connection", "content-length", "host", "transfer-encoding"];

async fn forward(client: &reqwest::Client, upstream: &str, received: &Received) -> Response {
    let method: Method = received.method.parse().unwrap();
    let mut request = client.request(method, format!("{upstream}{}", received.target));
    for (name, value) in received.headers.iter().filter(|(name, _)| !OF_THE_CONNECTION.contains(&name.as_str())) {
        request = request.header(name, value);
    }
    let response = request.body(received.body.clone()).send().await.unwrap();
    let header = |name: &reqwest::header::HeaderName, value: &reqwest::header::HeaderValue| {
        (name.as_str().to_owned(), value.to_str().unwrap().to_owned())
    };
    let headers = response.headers().iter().filter(|(name, _)| !OF_THE_CONNECTION.contains(&name.as_str()));
    let headers = headers.map(|(name, value)| header(name, value)).collect();
    Response { status: response.status().as_u16(), headers, body: response.bytes().await.unwrap().to_vec() }
}

fn bytes(response: &Response) -> Vec<u8> {
    let headers =
        response.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect::<Vec<_>>().concat();
    let length = response.body.len();
    let head =
        format!("HTTP/1.1 {} Any\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n", response.status);
    [head.as_bytes(), &response.body].concat()
}
