//! Connections: how long they are kept, what happens while one is made, and where they lead.

use std::net::{Ipv4Addr, SocketAddr};
use std::process::Command;
use std::time::Duration;

use contract_tests::behaviours::{ACCOUNT, gzip, ok};
use contract_tests::faults::Step::{Hang, Keep, Read, Send};
use contract_tests::faults::{FaultServer, Full, Step, response};
use juspay_accounts::{ApiKey, Client, Delivery, Environment, RetryPolicy};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::faults;
use super::money::{builder, client, request};

/// A server closes idle connections at an unknown time, so only recently used ones are reused.
#[tokio::test(flavor = "multi_thread")]
async fn a_connection_is_reused_only_shortly_after_its_last_use() {
    let account = vec![Read, response("200 OK", &[], format!("[{ACCOUNT}]")), Keep];
    let server = FaultServer::start(vec![account]).await;
    let client = client(&server.url());
    for (pause, connections) in [(0, 1), (200, 1), (1200, 2), (0, 2), (1200, 3)] {
        tokio::time::sleep(Duration::from_millis(pause)).await;
        client.validate(&request()).await.unwrap();
        assert_eq!(server.seen().connections, connections, "after {pause} ms");
        // Gives the client time to return the connection to the pool.
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Measures what reusing connections saves and costs: makes payments around the time at which a server closes an idle
/// connection.
/// `cargo test -p contract-tests --test it -- --ignored --nocapture idle`
#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement of 25 seconds"]
async fn idle_connections_are_measured() {
    const CLOSED_AFTER: Duration = Duration::from_secs(2);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let arrived = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counted = arrived.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let counted = counted.clone();
            tokio::spawn(async move {
                let body = format!("[{ACCOUNT}]");
                let response = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
                let mut request = [0; 4096];
                while let Ok(Ok(1..)) = tokio::time::timeout(CLOSED_AFTER, stream.read(&mut request)).await {
                    counted.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    stream.write_all(response.as_bytes()).await.unwrap();
                }
            });
        }
    });
    let (mut unknown, mut elapsed, calls) = (0, Duration::ZERO, 5_000);
    let clients = (0..calls / 10).map(|client: u64| {
        let made = self::client(&url);
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(client * 4)).await;
            let (mut unknown, mut elapsed) = (0, Duration::ZERO);
            for call in 0..10 {
                let began = std::time::Instant::now();
                unknown += usize::from(made.validate(&request()).await.is_err());
                elapsed += began.elapsed();
                let about = CLOSED_AFTER.mul_f64(0.9985) + Duration::from_micros((client * 10 + call) % 97 * 60);
                tokio::time::sleep(about).await;
            }
            (unknown, elapsed)
        })
    });
    for client in clients.collect::<Vec<_>>() {
        let (one, took) = client.await.unwrap();
        unknown += one;
        elapsed += took;
    }
    let arrived = arrived.load(std::sync::atomic::Ordering::Relaxed);
    println!(
        "{calls} payments: {unknown} unknown, {arrived} arrived, {:?} each",
        elapsed / u32::try_from(calls).unwrap()
    );
}

/// The key is sent in the clear to this machine only, whatever a DNS server says.
#[tokio::test]
async fn localhost_is_this_machine_whatever_dns_says() {
    let server = FaultServer::start(vec![ok(format!("[{ACCOUNT}]"))]).await;
    let port = server.url().rsplit_once(':').unwrap().1.parse().unwrap();
    let elsewhere = tokio::net::TcpListener::bind(SocketAddr::from((Ipv4Addr::new(127, 0, 0, 2), port))).await.unwrap();
    let astray = SocketAddr::from((Ipv4Addr::new(127, 0, 0, 2), port));
    let client =
        builder(&format!("http://localhost:{port}")).http(|http| http.resolve("localhost", astray)).build().unwrap();
    client.validate(&request()).await.unwrap();
    assert_eq!(server.seen().requests.len(), 1);
    assert!(tokio::time::timeout(Duration::from_millis(50), elsewhere.accept()).await.is_err());
}

/// A small container has no certificates. Runs the test above with paths to the certificates of the system that do not
/// exist.
#[test]
fn plain_http_needs_no_certificates() {
    let mut child = Command::new(std::env::current_exe().unwrap());
    let child = child.envs(["SSL_CERT_FILE", "SSL_CERT_DIR"].map(|name| (name, "/does/not/exist")));
    let output = child.args(["--exact", "connections::localhost_is_this_machine_whatever_dns_says"]).output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(printed.contains("running 1 test") && output.status.success(), "{printed}");
}

/// Whether a client for production can be built. The next test runs this one with proxies in its environment.
#[test]
fn a_client_for_production_can_be_made() {
    if let Err(error) = Client::new(Environment::Production, ApiKey::new("key").unwrap()) {
        panic!("{error}: {}", std::error::Error::source(&error).unwrap());
    }
}

#[test]
fn an_unusable_proxy_is_an_error_and_not_a_direct_connection() {
    for (name, value, direct, is_usable) in [
        ("HTTPS_PROXY", "http://proxy.internal:3128", "", true),
        ("HTTPS_PROXY", "proxy.internal:3128", "", true),
        ("HTTPS_PROXY", "", "", true),
        ("HTTPS_PROXY", "http://", "", false),
        ("https_proxy", "proxy internal", "", false),
        ("ALL_PROXY", "ftp://proxy.internal", "", false),
        ("all_proxy", "/etc/proxy", "", false),
        // It is not used for this host.
        ("HTTPS_PROXY", "http://", "localhost,api.juspay.in", true),
        ("HTTPS_PROXY", "http://", "*", true),
        ("HTTPS_PROXY", "http://", "juspay.example", false),
    ] {
        let mut child = Command::new(std::env::current_exe().unwrap());
        for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"] {
            child.env_remove(name);
        }
        let output = child
            .args(["--exact", "connections::a_client_for_production_can_be_made"])
            .envs([(name, value), ("NO_PROXY", direct)])
            .output()
            .unwrap();
        let printed = String::from_utf8_lossy(&output.stdout);
        assert!(printed.contains("running 1 test"), "{printed}");
        assert_eq!(output.status.success(), is_usable, "{name}={value}: {printed}");
        assert_eq!(printed.contains(&format!("{name} is not the address of a proxy")), !is_usable, "{printed}");
    }
}

/// The connect timeout is always the shortest, so a request that ends by it is known to be unsent.
#[tokio::test(flavor = "multi_thread")]
async fn what_ends_while_connecting_is_not_sent_whichever_limit_is_the_shortest() {
    let full = Full::start(Duration::from_millis(200)).await;
    // The connect timeout is a tenth shorter. With this limit, the difference is large enough for the timers of a busy
    // machine.
    let limit = Duration::from_secs(4);
    let [attempt, whole] =
        [faults::builder(&full.url()).attempt_timeout(limit), faults::builder(&full.url()).call_timeout(limit)]
            .map(|client| client.retry(RetryPolicy::disabled()).build().unwrap());
    let (attempt, whole) = tokio::join!(faults::call(&attempt), faults::call(&whole));
    for error in [attempt, whole].map(Result::unwrap_err) {
        assert_eq!((error.kind().as_str(), error.delivery()), ("not_connected", Delivery::NotSent), "{error:?}");
    }
}

/// Connections are reused. A connection that the server closed in between causes no failure.
#[tokio::test(flavor = "multi_thread")]
async fn a_kept_connection_is_used_again_and_a_closed_one_is_replaced() {
    let account = |last: Step| vec![Read, response("200 OK", &[], format!("[{ACCOUNT}]")), last];
    let server = FaultServer::start(vec![account(Keep), account(Keep), account(Send(Vec::new()))]).await;
    let client = faults::builder(&server.url()).build().unwrap();
    for (calls, connections) in (1..).zip([1, 1, 1, 2, 3]) {
        faults::call(&client.clone()).await.unwrap();
        let seen = server.seen();
        assert_eq!((seen.requests.len(), seen.connections), (calls, connections), "{seen:?}");
        // Gives the client time to return the connection to the pool, or to see it close: the server closes it after
        // the third response and all later ones.
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
}

/// Customizing the HTTP client does not change the settings that protect payments.
#[tokio::test(flavor = "multi_thread")]
async fn a_customized_http_client_is_bounded_and_sends_once() {
    let careless = |http: reqwest::ClientBuilder| {
        let day = Duration::from_hours(24);
        http.gzip(true).redirect(reqwest::redirect::Policy::limited(5)).timeout(day).connect_timeout(day)
    };
    // Decompressed, this is 10 MB. The client did not ask for compression, so it does not decompress.
    let packed = vec![Read, response("200 OK", &[("content-encoding", "gzip")], gzip(10_000_000))];
    let bomb = FaultServer::start(vec![packed]).await;
    let error = faults::call(&faults::builder(&bomb.url()).max_response_size(4096).http(careless).build().unwrap())
        .await
        .unwrap_err();
    assert_eq!((error.kind().as_str(), error.status()), ("undecodable", Some(200)));
    let source = std::error::Error::source(&error).unwrap().to_string();
    insta::assert_snapshot!(source, @"its body is larger than the limit");

    let hangs = FaultServer::start(vec![vec![Read, Hang]]).await;
    let limit = Duration::from_millis(100);
    let client = faults::builder(&hangs.url()).attempt_timeout(limit).http(careless).build().unwrap();
    let error = faults::call(&client).await.unwrap_err();
    assert_eq!((error.kind().as_str(), error.attempts()), ("timeout", 1));

    for (redirect, delivery) in [("303 See Other", Delivery::Unknown), ("307 Temporary Redirect", Delivery::Refused)] {
        let elsewhere = vec![Read, response(redirect, &[("location", "/elsewhere")], "")];
        let server = FaultServer::start(vec![elsewhere, ok(format!("[{ACCOUNT}]"))]).await;
        let error = faults::call(&faults::builder(&server.url()).http(careless).build().unwrap()).await.unwrap_err();
        assert_eq!((error.delivery(), server.seen().requests.len()), (delivery, 1), "{redirect}: {error:?}");
    }
}
