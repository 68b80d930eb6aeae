//! A server that misbehaves on cue. It is plain TCP and plays scripts, one for each request: what no HTTP library would
//! do, it does.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// How a request begins. What else is read, such as the greeting of TLS, is none.
const METHODS: [&[u8]; 2] = [b"POST ", b"GET "];

/// One thing that the server does.
#[derive(Clone, Debug)]
pub enum Step {
    /// Reads the whole request.
    Read,
    /// Reads the beginning of the request.
    ReadSome,
    /// Sends bytes.
    Send(Vec<u8>),
    /// Sends bytes one by one, so long apart.
    Drip(Vec<u8>, Duration),
    /// Sends the same bytes until the client hangs up.
    Flood(Vec<u8>),
    /// Does nothing until the client hangs up.
    Hang,
    /// Ends the connection as if the machine had lost it (RST).
    Reset,
    /// Does nothing for a while.
    Pause(Duration),
    /// Goes on to the next script on the same connection, if there is another request.
    Keep,
}

/// What is done for one request. The connection is closed at its end.
pub type Script = Vec<Step>;

/// The server.
pub struct FaultServer {
    address: SocketAddr,
    seen: Arc<Mutex<Seen>>,
}

/// What the server saw.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// How many connections were made.
    pub connections: usize,
    /// When bytes of a request were first read, for each request.
    pub requests: Vec<Instant>,
    /// How many of them were POST, and so carried a form.
    pub forms: usize,
}

impl FaultServer {
    /// Starts it. The nth request gets the nth script, and the last script is for all further ones.
    pub async fn start(scripts: Vec<Script>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Seen::default()));
        let scripts: Arc<[Script]> = scripts.into();
        let played = Arc::new(Mutex::new(0));
        let server = Self { address, seen: seen.clone() };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                seen.lock().unwrap().connections += 1;
                let (scripts, played, seen) = (scripts.clone(), played.clone(), seen.clone());
                let next = move || {
                    let mut played = played.lock().unwrap();
                    *played += 1;
                    scripts[(*played - 1).min(scripts.len() - 1)].clone()
                };
                // A client that hangs up ends its script.
                tokio::spawn(async move { play(stream, next, &seen).await.ok() });
            }
        });
        server
    }

    /// Where it is.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What it saw so far.
    pub fn seen(&self) -> Seen {
        self.seen.lock().unwrap().clone()
    }
}

async fn play(mut stream: TcpStream, next: impl Fn() -> Script, seen: &Mutex<Seen>) -> std::io::Result<()> {
    'requests: loop {
        for step in next() {
            match step {
                Step::Read => read(&mut stream, seen, true).await?,
                Step::ReadSome => read(&mut stream, seen, false).await?,
                Step::Send(bytes) => stream.write_all(&bytes).await?,
                Step::Drip(bytes, pause) => {
                    for byte in bytes {
                        stream.write_all(&[byte]).await?;
                        tokio::time::sleep(pause).await;
                    }
                }
                Step::Flood(bytes) => loop {
                    stream.write_all(&bytes).await?;
                },
                Step::Hang => {
                    let mut rest = [0; 1024];
                    while stream.peek(&mut rest).await? > 0 {
                        tokio::time::sleep(Duration::from_millis(5)).await;
                    }
                }
                Step::Pause(time) => tokio::time::sleep(time).await,
                Step::Reset => return stream.set_zero_linger(),
                Step::Keep => continue 'requests,
            }
        }
        return Ok(());
    }
}

/// Reads a request, or its first bytes. The end of the connection before that is an error.
async fn read(stream: &mut TcpStream, seen: &Mutex<Seen>, whole: bool) -> std::io::Result<()> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let count = stream.read(&mut buffer).await?;
        if count == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if bytes.is_empty() && METHODS.iter().any(|method| buffer.starts_with(method)) {
            let mut seen = seen.lock().unwrap();
            seen.requests.push(Instant::now());
            seen.forms += usize::from(buffer.starts_with(METHODS[0]));
        }
        bytes.extend_from_slice(&buffer[..count]);
        if !whole || crate::wire::is_whole(&bytes) {
            return Ok(());
        }
    }
}

/// An answer with a body that is as long as it says.
pub fn answer(status: &str, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Step {
    let body = body.as_ref();
    let mut bytes = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        write!(bytes, "{name}: {value}\r\n").expect("a text takes all");
    }
    bytes.push_str("\r\n");
    Step::Send([bytes.as_bytes(), body].concat())
}
