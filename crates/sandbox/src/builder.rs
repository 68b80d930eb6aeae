use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::net::TcpListener;

use crate::clock::{Clock, Source};
use crate::fault::{Fault, FaultKind};
use crate::http;
use crate::outcome::Outcome;
use crate::pending::Pending;
use crate::received::Received;
use crate::server::{Sandbox, router};
use crate::shared::{Settings, Shared};
use crate::snapshot;

/// The default limit for the accounts and for the requests that are remembered.
const CAPACITY: usize = 10_000;

/// How long a response is withheld by default, before the request times out.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The settings with which a [`Sandbox`] starts.
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
    /// Starts a sandbox on a free port of this machine. It accepts any key and has no faults.
    ///
    /// # Errors
    /// The sandbox cannot listen on a port.
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// Returns a builder to start a sandbox with other settings.
    pub fn builder() -> Builder {
        let settings = Settings { timeout: TIMEOUT, capacity: CAPACITY, ..Settings::default() };
        Builder { host: Ipv4Addr::LOCALHOST.into(), port: 0, clock: None, state_file: None, settings }
    }
}

impl Builder {
    /// Sets the address to listen on. By default, only this machine can reach the sandbox. Anyone who can reach it can
    /// read its account data.
    pub fn host(mut self, host: IpAddr) -> Self {
        self.host = host;
        self
    }

    /// Sets the port. The default, 0, picks any free port.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Sets the only API key that is accepted. A request with another key gets 401.
    pub fn api_key(mut self, key: impl Into<String>) -> Self {
        self.settings.key = Some(key.into());
        self
    }

    /// Sets the function that returns the time, in place of the machine's clock. Times are clamped to the years 1970 to
    /// 9999.
    pub fn clock(mut self, clock: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        self.clock = Some(Arc::new(move || timestamp(clock())));
        self
    }

    /// Sets the seed for faults. The same seed and the same calls, one after another, give the same faults.
    pub fn seed(mut self, seed: u64) -> Self {
        self.settings.seed = Some(seed);
        self
    }

    /// Adds a fault. If several faults hit a request, all latencies add up, and of the others only the one that was
    /// added first happens.
    pub fn fault(mut self, fault: Fault) -> Self {
        self.settings.faults.push(fault);
        self
    }

    /// Adds the random timeouts of the vendor's dummy gateway: one validation in six. Faults that were added before
    /// take precedence.
    pub fn as_vendor(self) -> Self {
        self.fault(Fault::new(FaultKind::Timeout).with_probability(1.0 / 6.0))
    }

    /// Adds a scripted outcome. For each account, the first outcome that matches takes precedence over the test data.
    pub fn outcome(mut self, outcome: Outcome) -> Self {
        self.settings.outcomes.push(outcome);
        self
    }

    /// Sets how many accounts, and how many requests, are remembered; the oldest are forgotten. The default is 10,000,
    /// the minimum 1. Requests also take at most 16 MiB in total, except that a single larger one is kept.
    pub fn capacity(mut self, most: usize) -> Self {
        self.settings.capacity = most;
        self
    }

    /// Sets how a `PENDING` account continues. By default, an account for which the vendor documents a final status
    /// gets that status with the third read, and all other accounts stay pending.
    pub fn pending(mut self, pending: Pending) -> Self {
        self.settings.pending = pending;
        self
    }

    /// Sets how long a response is withheld before the request times out with 504; 30 seconds by default.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.settings.timeout = timeout;
        self
    }

    /// Refuses forms with unknown fields. By default, unknown fields are ignored.
    pub fn strict(mut self) -> Self {
        self.settings.strict = true;
        self
    }

    /// Allows web pages of this origin, such as `http://localhost:3000`, to call the sandbox.
    pub fn allow_origin(mut self, origin: impl Into<String>) -> Self {
        self.settings.origins.push(origin.into());
        self
    }

    /// Accepts requests for this host, such as `sandbox` or `sandbox.example`. Requests for `localhost`, a name that
    /// ends in `.localhost`, or an IP address are always accepted. All other requests get 421, because a web page could
    /// send them (DNS rebinding).
    pub fn allow_host(mut self, host: impl Into<String>) -> Self {
        self.settings.hosts.push(host.into());
        self
    }

    /// Keeps the accounts, faults, outcomes, seed and clock in this file, unmasked, readable only by its owner. At the
    /// start, the state is restored from the file; faults, outcomes and a seed that this builder has replace those in
    /// the file. Do not run two sandboxes with the same file: nothing prevents it, and each overwrites the state of the
    /// other.
    pub fn state_file(mut self, path: impl AsRef<Path>) -> Self {
        self.state_file = Some(path.as_ref().to_owned());
        self
    }

    /// Sets a function that is called when a request ends. The response is not sent before the function returns.
    pub fn on_request(mut self, observer: impl Fn(&Received) + Send + Sync + 'static) -> Self {
        self.settings.observer = Some(Arc::new(observer));
        self
    }

    /// Starts the server.
    ///
    /// # Errors
    /// The sandbox cannot listen on the address and port, or cannot read and write the state file
    /// ([`io::ErrorKind::InvalidData`] if the file is not a saved state).
    pub async fn start(self) -> io::Result<Sandbox> {
        let clock = Clock::new(self.clock.unwrap_or_else(|| Arc::new(jiff::Timestamp::now)));
        let shared = Arc::new(Shared::new(self.settings, clock));
        if let Some(path) = &self.state_file {
            // The file is written now, so that the start fails if the file cannot be written.
            let kept = snapshot::load(&shared, path).and_then(|()| snapshot::save(&shared, path));
            kept.map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))?;
        }
        let listener = TcpListener::bind((self.host, self.port)).await?;
        let address = listener.local_addr()?;
        let plain = router(&shared);
        let for_pages = plain.clone().layer(http::cors(shared.clone()));
        let mut tasks = tokio::task::JoinSet::new();
        tasks.spawn(http::serve(listener, plain, for_pages));
        if let Some(path) = self.state_file.clone() {
            tasks.spawn(snapshot::keep(shared.clone(), path));
        }
        Ok(Sandbox { address, shared, tasks, state_file: self.state_file })
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
