//! Starting, asking and stopping the server.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use juspay_accounts::Payee;
use juspay_accounts_validation::{AccountNumber, BankAccount, CustomerId, Ifsc, Vpa};
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};

use crate::api::{self, Clock, Observer, Shared, lock};
use crate::connection;
use crate::fault::{Draw, Fault};
use crate::outcome::Pending;
use crate::store::{Held, Received, Store};

/// As many accounts and requests are remembered, unless set otherwise.
const CAPACITY: usize = 10_000;

/// A running server. It stops when it is dropped, and its connections end.
pub struct Sandbox {
    address: SocketAddr,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

impl Sandbox {
    /// Starts one on a free port of this machine. It takes any key and has no faults.
    ///
    /// # Errors
    /// The port cannot be had.
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// The same, with settings.
    pub fn builder() -> Builder {
        Builder {
            port: 0,
            key: None,
            clock: None,
            seed: 0,
            faults: Vec::new(),
            capacity: CAPACITY,
            pending: Pending::default(),
            observer: None,
        }
    }

    /// Its address, such as `http://127.0.0.1:41234`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How many requests it was sent, whatever became of them.
    pub fn requests(&self) -> u64 {
        lock(&self.shared.store).requests
    }

    /// The latest requests, the oldest of them first.
    pub fn received(&self) -> Vec<Received> {
        lock(&self.shared.store).received().cloned().collect()
    }

    /// The latest accounts, the oldest of them first.
    pub fn accounts(&self) -> Vec<Held> {
        lock(&self.shared.store).accounts().cloned().collect()
    }

    /// How many penny drops were made for a bank account of a customer.
    pub fn penny_drops(&self, customer: &CustomerId, ifsc: &Ifsc, number: &AccountNumber) -> u32 {
        let account = BankAccount { ifsc: ifsc.clone(), account: number.clone(), name: None };
        self.validations(customer, &Payee::BankAccount(account))
    }

    /// How often a UPI address of a customer was validated.
    pub fn upi_validations(&self, customer: &CustomerId, vpa: &Vpa) -> u32 {
        self.validations(customer, &Payee::Upi(vpa.clone()))
    }

    /// Ends all faults: from now on, nothing goes wrong.
    pub fn heal(&self) {
        *lock(&self.shared.draw) = Draw::new(Vec::new(), 0);
    }

    fn validations(&self, customer: &CustomerId, payee: &Payee) -> u32 {
        lock(&self.shared.store).account(customer, payee).map_or(0, Held::validations)
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // The connections are tasks of this task, and end with it.
        self.task.abort();
    }
}

impl std::fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sandbox").field("url", &self.url()).field("requests", &self.requests()).finish_non_exhaustive()
    }
}

/// The settings of a [`Sandbox`].
#[derive(Clone)]
#[must_use = "a builder does nothing until `start` is called"]
pub struct Builder {
    port: u16,
    key: Option<String>,
    clock: Option<Clock>,
    seed: u64,
    faults: Vec<Fault>,
    capacity: usize,
    pending: Pending,
    observer: Option<Observer>,
}

impl Builder {
    /// The port; 0, the default, is any free one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// The only key that is accepted. Any other is answered with 401.
    pub fn api_key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// What tells the time, in place of the clock of the machine. Before 1970 it is 1970, and after 9999 it is the end of 9999.
    pub fn clock(mut self, clock: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        self.clock = Some(Arc::new(move || timestamp(clock())));
        self
    }

    /// Where the draw of faults begins. The same seed and the same calls, one after another, have the same faults.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Adds a fault. Of several that hit a request, the one that was added first is played.
    pub fn fault(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }

    /// How many accounts, and how many requests, are remembered; the oldest are forgotten. 10,000 by default, at least 1. Of
    /// the requests, at most 16 MiB are remembered in all, unless it is a single one.
    pub fn capacity(mut self, most: usize) -> Self {
        self.capacity = most;
        self
    }

    /// How an account goes on that is `PENDING`. By default it stays so.
    pub fn pending(mut self, pending: Pending) -> Self {
        self.pending = pending;
        self
    }

    /// Is told of every request when its answer is ready, or when it is clear that there will be none. It holds up the
    /// answer for as long as it takes.
    pub fn on_request(mut self, observer: impl Fn(&Received) + Send + Sync + 'static) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// Starts the server.
    ///
    /// # Errors
    /// The port cannot be had.
    pub async fn start(self) -> io::Result<Sandbox> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, self.port)).await?;
        let address = listener.local_addr()?;
        let clock = self.clock.unwrap_or_else(|| Arc::new(jiff::Timestamp::now));
        let store = Mutex::new(Store::new(self.capacity, self.pending));
        let draw = Mutex::new(Draw::new(self.faults, self.seed));
        let shared = Arc::new(Shared { key: self.key, clock, store, draw, observer: self.observer });
        let task = tokio::spawn(accept(listener, shared.clone()));
        Ok(Sandbox { address, shared, task })
    }
}

impl std::fmt::Debug for Builder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Builder").field("port", &self.port).field("faults", &self.faults).finish_non_exhaustive()
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let router = api::router(shared);
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    // Answers are small; waiting for more to send would only slow them down.
                    let _ = stream.set_nodelay(true);
                    connections.spawn(connection::serve(stream, router.clone()));
                }
                // Out of file descriptors, most likely: some will be free again.
                Err(_) => tokio::time::sleep(std::time::Duration::from_millis(10)).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

fn timestamp(time: SystemTime) -> jiff::Timestamp {
    let time = jiff::Timestamp::try_from(time.max(SystemTime::UNIX_EPOCH));
    time.unwrap_or(jiff::Timestamp::MAX)
}
