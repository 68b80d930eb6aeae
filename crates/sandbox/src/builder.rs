//! The settings of a sandbox, and its start.

use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::net::TcpListener;

use crate::clock::{Clock, Source};
use crate::fault::{Fault, FaultKind};
use crate::http::{self, accept};
use crate::operation::Operation;
use crate::outcome::Outcome;
use crate::pending::Pending;
use crate::received::Received;
use crate::server::{Sandbox, router};
use crate::shared::{Settings, Shared};
use crate::snapshot;

/// The most accounts and requests that are remembered, unless set otherwise.
const CAPACITY: usize = 10_000;

/// How long a response is withheld that times out, unless set otherwise.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The settings of a [`Sandbox`].
#[derive(Clone)]
#[must_use = "a builder does nothing until `start` is called"]
pub struct Builder {
    host: IpAddr,
    port: u16,
    clock: Option<Source>,
    state_file: Option<PathBuf>,
    settings: Settings,
}

impl Sandbox {
    /// Starts one on a free port of this machine. It accepts any key and has no faults.
    ///
    /// # Errors
    /// It cannot listen on a port.
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// The same, with settings.
    pub fn builder() -> Builder {
        Builder::new()
    }
}

impl Builder {
    fn new() -> Self {
        let settings = Settings {
            key: None,
            strict: false,
            pending: Pending::default(),
            timeout: TIMEOUT,
            capacity: CAPACITY,
            faults: Vec::new(),
            seed: 0,
            outcomes: Vec::new(),
            origins: Vec::new(),
            hosts: Vec::new(),
            observer: None,
        };
        Self { host: Ipv4Addr::LOCALHOST.into(), port: 0, clock: None, state_file: None, settings }
    }

    /// The address to listen on. By default only this machine can reach the sandbox; it knows no key that is worth anything,
    /// and gives account data to whoever asks.
    pub fn host(mut self, host: IpAddr) -> Self {
        self.host = host;
        self
    }

    /// The port; 0, the default, is any free one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// The only key that is accepted. Any other gets 401.
    pub fn api_key(mut self, key: impl Into<String>) -> Self {
        self.settings.key = Some(key.into());
        self
    }

    /// The source of the time, in place of the clock of the machine. Before 1970 it is 1970, and after 9999 it is the end of 9999.
    pub fn clock(mut self, clock: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        self.clock = Some(Arc::new(move || timestamp(clock())));
        self
    }

    /// The seed for faults. The same seed and the same calls, one after another, have the same faults.
    pub fn seed(mut self, seed: u64) -> Self {
        self.settings.seed = seed;
        self
    }

    /// Adds a fault. Of several that hit a request, the one that was added first is played.
    pub fn fault(mut self, fault: Fault) -> Self {
        self.settings.faults.push(fault);
        self
    }

    /// Adds the random timeouts of the vendor's dummy gateway: one validation of six. Other faults are played first.
    pub fn as_vendor(self) -> Self {
        let timeout = Fault::new(FaultKind::Timeout).with_probability(1.0 / 6.0);
        self.fault(timeout.on(Operation::CreateAndValidate)).fault(timeout.on(Operation::Validate))
    }

    /// Adds a scripted outcome. The first that is for an account wins, before the test data.
    pub fn outcome(mut self, outcome: Outcome) -> Self {
        self.settings.outcomes.push(outcome);
        self
    }

    /// The most accounts, and the most requests, that are remembered; the oldest are forgotten. 10,000 by default, at least 1.
    /// Of the requests, at most 16 MiB are remembered in all, unless it is a single one.
    pub fn capacity(mut self, most: usize) -> Self {
        self.settings.capacity = most;
        self
    }

    /// How a `PENDING` account goes on. By default it stays so, unless the vendor documents that it ends: then with the third
    /// read.
    pub fn pending(mut self, pending: Pending) -> Self {
        self.settings.pending = pending;
        self
    }

    /// How long a response is withheld that times out, before it is 504; 30 seconds by default.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.settings.timeout = timeout;
        self
    }

    /// Refuses forms with fields that the operation does not have. Without it they are ignored.
    pub fn strict(mut self) -> Self {
        self.settings.strict = true;
        self
    }

    /// Lets web pages of this origin call, such as `http://localhost:3000`.
    pub fn allow_origin(mut self, origin: impl Into<String>) -> Self {
        self.settings.origins.push(origin.into());
        self
    }

    /// Accepts requests for this host, such as `sandbox` or `sandbox.example`. Requests for `localhost` or an address are
    /// always accepted; all others get 421, since a web page could send them (DNS rebinding).
    pub fn allow_host(mut self, host: impl Into<String>) -> Self {
        self.settings.hosts.push(host.into());
        self
    }

    /// Keeps accounts, faults, outcomes and clock in this file, in clear; only its owner can read it. What is in the file at
    /// the start is restored. One sandbox at a time can have the file.
    pub fn state_file(mut self, path: impl AsRef<Path>) -> Self {
        self.state_file = Some(path.as_ref().to_owned());
        self
    }

    /// Is called with every request that ends. The response waits for it.
    pub fn on_request(mut self, observer: impl Fn(&Received) + Send + Sync + 'static) -> Self {
        self.settings.observer = Some(Arc::new(observer));
        self
    }

    /// Starts the server.
    ///
    /// # Errors
    /// It cannot listen on the address and port, or the state file cannot be read and written
    /// ([`io::ErrorKind::InvalidData`] if it holds something else).
    pub async fn start(self) -> io::Result<Sandbox> {
        let clock = Clock::new(self.clock.unwrap_or_else(|| Arc::new(jiff::Timestamp::now)));
        let shared = Arc::new(Shared::new(self.settings, clock));
        if let Some(path) = &self.state_file {
            // Written at once, so that nobody finds out at the end that it cannot be.
            let kept = snapshot::load(&shared, path).and_then(|()| snapshot::save(&shared, path));
            kept.map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))?;
        }
        let listener = TcpListener::bind((self.host, self.port)).await?;
        let address = listener.local_addr()?;
        let plain = router(&shared);
        let for_pages = plain.clone().layer(http::cors(shared.clone()));
        let mut tasks = tokio::task::JoinSet::new();
        tasks.spawn(accept::serve(listener, plain, for_pages));
        if let Some(path) = self.state_file.clone() {
            tasks.spawn(snapshot::keep(shared.clone(), path));
        }
        Ok(Sandbox::new(address, shared, tasks, self.state_file))
    }
}

impl std::fmt::Debug for Builder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (host, port) = (self.host, self.port);
        f.debug_struct("Builder").field("host", &host).field("port", &port).finish_non_exhaustive()
    }
}

fn timestamp(time: SystemTime) -> jiff::Timestamp {
    let time = jiff::Timestamp::try_from(time.max(SystemTime::UNIX_EPOCH));
    time.unwrap_or(jiff::Timestamp::MAX)
}
