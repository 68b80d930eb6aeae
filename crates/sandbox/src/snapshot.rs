//! The state as JSON, for the control API and for the state file.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use juspay_accounts::validation::Unmasked;
use juspay_accounts::{Payee, ValidationStatus};
use juspay_accounts_validation::{Amount, CustomerAccountId, CustomerId, Name};
use serde::{Deserialize, Serialize};

use crate::account::Held;
use crate::fault::Fault;
use crate::optional;
use crate::outcome::{Outcome, Script};
use crate::plan::{self, MOST_MS, MOST_READS, Step};
use crate::shared::{Shared, lock};

const VERSION: u32 = 1;

/// The limits of a state.
const MOST_ACCOUNTS: usize = 10_000;
pub(crate) const MOST_FAULTS: usize = 100;
pub(crate) const MOST_OUTCOMES: usize = 1000;

/// The largest integer that JavaScript represents exactly.
pub(crate) const MAX_SAFE: u64 = (1 << 53) - 1;

/// How long changes are collected before they are written to the file.
const PAUSE: Duration = Duration::from_millis(100);

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Snapshot {
    version: u32,
    accounts: Vec<Record>,
    #[serde(default)]
    faults: Vec<Fault>,
    #[serde(default, deserialize_with = "optional::value", skip_serializing_if = "Option::is_none")]
    seed: Option<u64>,
    #[serde(default)]
    outcomes: Vec<Outcome>,
    #[serde(default)]
    advanced_ms: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    id: CustomerAccountId,
    customer_id: CustomerId,
    account: Unmasked<Payee>,
    #[serde(default, deserialize_with = "optional::value", skip_serializing_if = "Option::is_none")]
    name_at_bank: Option<Name>,
    #[serde(deserialize_with = "plan::status")]
    status: ValidationStatus,
    #[serde(default, deserialize_with = "optional::value")]
    since: Option<Timestamp>,
    #[serde(default)]
    reads: u32,
    #[serde(default)]
    upcoming: Vec<Step>,
    amount: Amount,
    #[serde(default)]
    validations: u32,
    date_created: Timestamp,
    last_validated: Timestamp,
}

/// Why a text is not a snapshot.
#[derive(Debug)]
pub struct InvalidSnapshot(String);

impl fmt::Display for InvalidSnapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a snapshot of a sandbox: {}", self.0)
    }
}

impl std::error::Error for InvalidSnapshot {}

impl Snapshot {
    pub(crate) fn of(shared: &Shared) -> Self {
        let state = lock(&shared.state);
        let accounts = state.store.accounts().rev().take(MOST_ACCOUNTS).filter_map(Record::of).collect::<Vec<_>>();
        Self {
            version: VERSION,
            // Only the latest accounts, the oldest first.
            accounts: accounts.into_iter().rev().collect(),
            faults: state.injector.rules().iter().take(MOST_FAULTS).map(|rule| rule.fault).collect(),
            seed: Some(state.injector.seed()).filter(|seed| *seed <= MAX_SAFE),
            outcomes: state.script.outcomes().iter().take(MOST_OUTCOMES).cloned().collect(),
            advanced_ms: u64::try_from(shared.clock.advanced().as_millis()).unwrap_or(u64::MAX),
        }
    }

    pub(crate) fn to_json(&self) -> String {
        match serde_json::to_string(self) {
            Ok(json) => json,
            // A snapshot contains only text, numbers and dates, which always serialize to JSON.
            Err(_) => unreachable!("a snapshot that JSON cannot write"),
        }
    }

    pub(crate) fn from_json(json: &[u8]) -> Result<Self, InvalidSnapshot> {
        let snapshot: Self = serde_json::from_slice(json).map_err(|error| InvalidSnapshot(error.to_string()))?;
        if snapshot.version != VERSION {
            return Err(InvalidSnapshot(format!("it has version {}, and this is version {VERSION}", snapshot.version)));
        }
        let most = [
            ("accounts", snapshot.accounts.len(), MOST_ACCOUNTS),
            ("faults", snapshot.faults.len(), MOST_FAULTS),
            ("outcomes", snapshot.outcomes.len(), MOST_OUTCOMES),
        ];
        if let Some((what, _, most)) = most.into_iter().find(|(_, count, most)| count > most) {
            return Err(InvalidSnapshot(format!("it has more than {most} {what}")));
        }
        if snapshot.seed.is_some_and(|seed| seed > MAX_SAFE) || snapshot.advanced_ms > 10 * MOST_MS {
            return Err(InvalidSnapshot("seed or advanced_ms is too large".to_owned()));
        }
        let counts = |record: &Record| record.reads > MOST_READS || record.validations > MOST_READS;
        if snapshot.accounts.iter().any(counts) {
            return Err(InvalidSnapshot(format!("reads and validations are at most {MOST_READS}")));
        }
        Ok(snapshot)
    }

    pub(crate) fn restore(self, shared: &Shared) {
        let mut state = shared.change();
        state.store.clear();
        for record in self.accounts {
            state.store.insert(record.into());
        }
        let seed = self.seed.unwrap_or(state.injector.seed());
        state.injector.set(&self.faults, seed);
        state.script = Script::new(self.outcomes);
        drop(state);
        shared.clock.set_advanced(Duration::from_millis(self.advanced_ms));
    }
}

impl Record {
    fn of(held: &Held) -> Option<Self> {
        Some(Self {
            // The sandbox generated the id, so it is valid.
            id: held.id.parse().ok()?,
            customer_id: held.customer.clone(),
            account: Unmasked(held.payee.clone()),
            name_at_bank: held.name_at_bank.clone(),
            status: held.status.clone(),
            since: Some(held.since),
            reads: held.reads.min(MOST_READS),
            upcoming: held.upcoming.iter().cloned().collect(),
            amount: held.amount,
            validations: held.validations.min(MOST_READS),
            date_created: held.created,
            last_validated: held.validated,
        })
    }
}

impl From<Record> for Held {
    fn from(record: Record) -> Self {
        Self {
            id: record.id.into(),
            customer: record.customer_id,
            payee: record.account.0,
            name_at_bank: record.name_at_bank,
            status: record.status,
            since: record.since.unwrap_or(record.last_validated),
            reads: record.reads,
            upcoming: record.upcoming.into(),
            amount: record.amount,
            created: record.date_created,
            validated: record.last_validated,
            validations: record.validations,
        }
    }
}

/// Restores the state from a file. Before the first change, there is no file.
pub(crate) fn load(shared: &Shared, path: &Path) -> io::Result<()> {
    let json = match std::fs::read(path) {
        Ok(json) => json,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    let snapshot = Snapshot::from_json(&json).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
    snapshot.restore(shared);
    Ok(())
}

/// Writes the state to a file, completely or not at all.
pub(crate) fn save(shared: &Shared, path: &Path) -> io::Result<()> {
    use std::io::Write as _;
    // Holding the lock keeps an older state from replacing a newer one.
    let mut error = lock(&shared.save_error);
    let json = Snapshot::of(shared).to_json();
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Only the owner can read a temporary file.
    let saved = tempfile::NamedTempFile::new_in(folder).and_then(|mut file| {
        file.write_all(json.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    });
    *error = saved.as_ref().err().map(ToString::to_string);
    saved
}

/// Writes the state to a file after every change.
pub(crate) async fn keep(shared: Arc<Shared>, path: PathBuf) {
    loop {
        shared.changed.notified().await;
        tokio::time::sleep(PAUSE).await;
        let (shared, path) = (shared.clone(), path.clone());
        // The error is stored; the control API and the last save report it.
        let _ = tokio::task::spawn_blocking(move || save(&shared, &path)).await;
    }
}
