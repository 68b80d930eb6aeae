//! A server that misbehaves on cue. It plays one script for each request, over plain TCP, so that it can do what no
//! HTTP library would do.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The beginning of a request. Anything else, such as a TLS handshake, does not count as a request.
const METHODS: [&[u8]; 2] = [b"POST ", b"GET "];

/// One step of a script.
#[derive(Clone, Debug)]
pub enum Step {
    /// Reads the whole request.
    Read,
    /// Reads the beginning of the request.
    ReadSome,
    /// Sends bytes.
    Send(Vec<u8>),
    /// Sends bytes one by one, with this pause after each.
    Drip(Vec<u8>, Duration),
    /// Sends the same bytes until the client hangs up.
    Flood(Vec<u8>),
    /// Does nothing until the client hangs up.
    Hang,
    /// Resets the connection (RST), as if the machine had lost it.
    Reset,
    /// Does nothing for this time.
    Pause(Duration),
    /// Continues with the next script on the same connection, if there is another request.
    Keep,
}

/// The steps for one request. The connection is closed at the end.
pub type Script = Vec<Step>;

/// The server.
pub struct FaultServer {
    address: SocketAddr,
    seen: Arc<Mutex<Seen>>,
}

/// What the server saw.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// The number of connections.
    pub connections: usize,
    /// When the first bytes of each request were read.
    pub requests: Vec<Instant>,
    /// How many of the requests were POSTs, with a form.
    pub forms: usize,
}

impl FaultServer {
    /// Starts the server. The nth request gets the nth script, and all further requests get the last one.
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
                // The script ends when the client hangs up.
                tokio::spawn(async move { play(stream, next, &seen).await.ok() });
            }
        });
        server
    }

    /// The address of the server.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What the server saw so far.
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

/// Reads a request, or its first bytes. Fails if the connection ends before that.
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

/// A server that accepts no more connections: its queue is full. Linux does not refuse such connections.
pub struct Full {
    listener: TcpListener,
    _waiting: Vec<TcpStream>,
}

impl Full {
    /// Fills the queue: connects until a connection takes longer than `patience`.
    ///
    /// # Panics
    /// No port is free.
    pub async fn start(patience: Duration) -> Self {
        let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
        socket.bind(SocketAddr::from(([127, 0, 0, 1], 0))).expect("a free port");
        let listener = socket.listen(1).expect("a queue of one connection");
        let address = listener.local_addr().expect("a bound socket has an address");
        let mut waiting = Vec::new();
        while let Ok(Ok(stream)) = tokio::time::timeout(patience, TcpStream::connect(address)).await {
            waiting.push(stream);
        }
        Self { listener, _waiting: waiting }
    }

    /// The address of the server.
    ///
    /// # Panics
    /// The socket has no address.
    pub fn url(&self) -> String {
        format!("http://{}", self.listener.local_addr().expect("a bound socket has an address"))
    }
}

/// A response with a correct content length.
pub fn response(status: &str, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Step {
    let body = body.as_ref();
    let mut bytes = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        write!(bytes, "{name}: {value}\r\n").expect("a buffer takes all");
    }
    bytes.push_str("\r\n");
    Step::Send([bytes.as_bytes(), body].concat())
}
