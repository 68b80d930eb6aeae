//! The state as JSON: for the control API, and in a file.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use juspay_accounts::{Payee, Unmasked, ValidationStatus};
use juspay_accounts_validation::{Amount, CustomerAccountId, CustomerId, Name};
use serde::{Deserialize, Serialize};

use crate::account::Held;
use crate::fault::Fault;
use crate::outcome::{self, Outcome, Script, Step};
use crate::shared::{Shared, lock};

/// The version of the format.
const VERSION: u32 = 1;

/// How long changes are collected before they are written to a file.
const PAUSE: Duration = Duration::from_millis(100);

/// The state of a sandbox.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Snapshot {
    version: u32,
    accounts: Vec<Record>,
    #[serde(default)]
    faults: Vec<Fault>,
    seed: Option<u64>,
    #[serde(default)]
    outcomes: Vec<Outcome>,
    #[serde(default)]
    advanced_ms: u64,
}

/// An account.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    id: CustomerAccountId,
    customer_id: CustomerId,
    account: Unmasked<Payee>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name_at_bank: Option<Name>,
    #[serde(deserialize_with = "outcome::status")]
    status: ValidationStatus,
    #[serde(default)]
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
        let accounts = state.store.accounts().filter_map(Record::of).collect();
        Self {
            version: VERSION,
            accounts,
            faults: state.injector.rules().iter().map(|rule| rule.fault).collect(),
            seed: Some(state.injector.seed()),
            outcomes: state.script.outcomes().to_vec(),
            advanced_ms: u64::try_from(shared.clock.advanced().as_millis()).unwrap_or(u64::MAX),
        }
    }

    pub(crate) fn to_json(&self) -> String {
        match serde_json::to_string(self) {
            Ok(json) => json,
            // Texts, numbers and dates, which JSON can always write.
            Err(_) => unreachable!("a snapshot that JSON cannot write"),
        }
    }

    pub(crate) fn from_json(json: &[u8]) -> Result<Self, InvalidSnapshot> {
        let snapshot: Self = serde_json::from_slice(json).map_err(|error| InvalidSnapshot(error.to_string()))?;
        if snapshot.version != VERSION {
            return Err(InvalidSnapshot(format!("it has version {}, and this is version {VERSION}", snapshot.version)));
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
            // The sandbox made it.
            id: held.id.parse().ok()?,
            customer_id: held.customer.clone(),
            account: Unmasked(held.payee.clone()),
            name_at_bank: held.name_at_bank.clone(),
            status: held.status.clone(),
            since: Some(held.since),
            reads: held.reads,
            upcoming: held.upcoming.iter().cloned().collect(),
            amount: held.amount,
            validations: held.validations,
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

/// Restores what is in a file. There is no file before the first change.
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

/// Writes the state to a file: all of it, or nothing.
pub(crate) fn save(shared: &Shared, path: &Path) -> io::Result<()> {
    use std::io::Write as _;
    // So that an older state does not replace a newer one.
    let mut error = lock(&shared.save_error);
    let json = Snapshot::of(shared).to_json();
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Only its owner can read it.
    let saved = tempfile::NamedTempFile::new_in(folder).and_then(|mut file| {
        file.write_all(json.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    });
    *error = saved.as_ref().err().map(ToString::to_string);
    saved
}

/// Writes the state to a file whenever it has changed.
pub(crate) async fn keep(shared: Arc<Shared>, path: PathBuf) {
    loop {
        shared.changed.notified().await;
        tokio::time::sleep(PAUSE).await;
        let (shared, path) = (shared.clone(), path.clone());
        // An error is kept, and reported by the control API and the last save.
        let _ = tokio::task::spawn_blocking(move || save(&shared, &path)).await;
    }
}
