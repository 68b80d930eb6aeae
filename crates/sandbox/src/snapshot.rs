//! Saves and restores the state as JSON, for the control API and for the state file.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use juspay_accounts_validation::CustomerAccountId;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::account::Held;
use crate::fault::Fault;
use crate::invalid::InvalidInput;
use crate::json;
use crate::outcome::Outcome;
use crate::plan::{MOST_MS, MOST_READS, MOST_STATUSES, Step};
use crate::shared::{Settings, Shared, lock};

const VERSION: u32 = 1;

/// The maximum numbers of accounts, faults and outcomes in a snapshot. The control API has the same limits for faults
/// and outcomes.
const MOST_ACCOUNTS: usize = 10_000;
pub(crate) const MOST_FAULTS: usize = 100;
pub(crate) const MOST_OUTCOMES: usize = 1000;

/// The largest integer that JavaScript represents exactly.
pub(crate) const MAX_SAFE: u64 = (1 << 53) - 1;

/// How long changes are collected before the file is written.
const PAUSE: Duration = Duration::from_millis(100);

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Snapshot {
    version: u32,
    #[serde(deserialize_with = "json::objects")]
    accounts: Vec<Held>,
    #[serde(default, deserialize_with = "json::objects")]
    faults: Vec<Fault>,
    #[serde(default, deserialize_with = "json::optional", skip_serializing_if = "Option::is_none")]
    seed: Option<u64>,
    #[serde(default, deserialize_with = "json::objects")]
    outcomes: Vec<Outcome>,
    #[serde(default)]
    advanced_ms: u64,
    /// Whether the account in the spec's examples was forgotten.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    sample_forgotten: bool,
}

impl Snapshot {
    pub(crate) fn of(shared: &Shared) -> Self {
        let state = lock(&shared.state);
        // If there are too many accounts, the snapshot has only the latest.
        let too_many = state.store.accounts.len().saturating_sub(MOST_ACCOUNTS);
        Self {
            version: VERSION,
            accounts: state.store.accounts.values().skip(too_many).cloned().collect(),
            faults: state.injector.rules.iter().take(MOST_FAULTS).map(|rule| rule.fault).collect(),
            seed: Some(state.injector.seed).filter(|seed| *seed <= MAX_SAFE),
            outcomes: state.script.iter().take(MOST_OUTCOMES).cloned().collect(),
            advanced_ms: shared.clock.advanced_ms(),
            sample_forgotten: state.store.is_sample_gone,
        }
    }

    pub(crate) fn to_json(&self) -> String {
        json!(self).to_string()
    }

    pub(crate) fn from_json(json: &[u8]) -> Result<Self, InvalidInput> {
        let parsed = json::parse(json).map_err(|error| error.to_string());
        parsed.and_then(Self::check).map_err(|reason| format!("the snapshot cannot be restored: {reason}").into())
    }

    fn check(self) -> Result<Self, String> {
        if self.version != VERSION {
            return Err(format!("it has version {}, but only version {VERSION} is supported", self.version));
        }
        let counts = [
            ("accounts", self.accounts.len(), MOST_ACCOUNTS),
            ("faults", self.faults.len(), MOST_FAULTS),
            ("outcomes", self.outcomes.len(), MOST_OUTCOMES),
        ];
        if let Some((what, _, most)) = counts.into_iter().find(|(_, count, most)| count > most) {
            return Err(format!("it has more than {most} {what}"));
        }
        if self.seed.is_some_and(|seed| seed > MAX_SAFE) || self.advanced_ms > 10 * MOST_MS {
            let most = 10 * MOST_MS;
            return Err(format!("seed must be at most {MAX_SAFE}, and advanced_ms at most {most}"));
        }
        for held in &self.accounts {
            CustomerAccountId::check(&held.id).map_err(|error| format!("id: {error}"))?;
            if held.reads > MOST_READS || held.validations > MOST_READS {
                return Err(format!("reads and validations must be at most {MOST_READS}"));
            }
            if held.upcoming.len() > MOST_STATUSES || !held.upcoming.iter().all(Step::is_valid) {
                return Err("an account can have at most 100 upcoming statuses, each with either after_reads (at most 1000000) or after_ms (at most ten years)"
                    .to_owned());
            }
        }
        Ok(self)
    }

    /// Replaces the faults, the outcomes and the seed with those of the settings, if the settings have any, because
    /// settings are made for this start and the file for an earlier one.
    fn for_start(mut self, settings: &Settings) -> Self {
        if !settings.faults.is_empty() {
            self.faults.clone_from(&settings.faults);
        }
        if !settings.outcomes.is_empty() {
            self.outcomes.clone_from(&settings.outcomes);
        }
        self.seed = settings.seed.or(self.seed);
        self
    }

    pub(crate) fn restore(self, shared: &Shared) {
        let mut state = shared.change();
        state.store.clear();
        for held in self.accounts {
            state.store.insert(held);
        }
        state.store.is_sample_gone = self.sample_forgotten;
        let seed = self.seed.unwrap_or(state.injector.seed);
        state.injector.set(&self.faults, seed);
        state.script = self.outcomes;
        drop(state);
        shared.clock.set_advanced(Duration::from_millis(self.advanced_ms));
    }
}

/// Restores the state from a file. A missing file is ignored, because the first start creates it.
pub(crate) fn load(shared: &Shared, path: &Path) -> io::Result<()> {
    let json = match std::fs::read(path) {
        Ok(json) => json,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    let snapshot = Snapshot::from_json(&json).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
    snapshot.for_start(&shared.settings).restore(shared);
    Ok(())
}

/// Writes the state to a file. If that fails, the file keeps its old content.
pub(crate) fn save(shared: &Shared, path: &Path) -> io::Result<()> {
    use std::io::Write as _;
    // This lock is held while saving, so that an older state never replaces a newer one.
    let mut error = lock(&shared.save_error);
    let json = Snapshot::of(shared).to_json();
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // The temporary file can be read only by its owner.
    let saved = tempfile::NamedTempFile::new_in(folder).and_then(|mut file| {
        file.write_all(json.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    });
    *error = saved.as_ref().err().map(ToString::to_string);
    saved
}

/// Writes the state to a file soon after each change. Changes within [`PAUSE`] are written together.
pub(crate) async fn keep(shared: Arc<Shared>, path: PathBuf) {
    loop {
        shared.changed.notified().await;
        tokio::time::sleep(PAUSE).await;
        let (shared, path) = (shared.clone(), path.clone());
        // An error is ignored here: `save` stores it for the control API, and the next save tries again.
        let _ = tokio::task::spawn_blocking(move || save(&shared, &path)).await;
    }
}
