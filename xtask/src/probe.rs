//! `probe`: calls a server, and compares its responses with the spec.

use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use ::probe::{Patience, Plan, Recording, Target, TestAccount};
use anyhow::{Context as _, Result, bail, ensure};
use openapi_doc::{Document, Mode};

/// The pause between two reads of a pending validation.
const PAUSE: Duration = Duration::from_secs(5);

/// The settings of a probe run.
pub struct Settings {
    /// The customer; without one, the customer of the examples.
    pub customer_id: Option<String>,
    /// Whether to send accounts whose validation times out.
    pub with_timeouts: bool,
    /// How long to wait for a response, in seconds.
    pub timeout: u64,
    /// How long to follow pending validations, in seconds.
    pub follow: u64,
    /// Whether to send without asking.
    pub yes: bool,
    /// The folder of the recordings.
    pub out: Option<PathBuf>,
}

/// Prints the cost, sends the plan, prints the differences and writes the recording.
///
/// # Errors
/// Nobody agreed to the cost, the key is missing, the server cannot be reached, or it differs from the spec.
pub fn probe(root: &Path, target: &Target, settings: Settings) -> Result<()> {
    let document = Document::load(&root.join("spec/openapi.yaml"))?;
    let test_data = TestAccount::load(&root.join("spec/test-data.yaml"))?;
    let plan = Plan::new(&document.value, &test_data, settings.customer_id.as_deref(), settings.with_timeouts);
    let key = std::env::var("JUSPAY_API_KEY").context("JUSPAY_API_KEY must have the key of this server")?;
    println!("This sends {} to {target}.", plan.cost());
    ensure!(settings.yes || agrees()?, "nothing was sent");
    let file = settings.out.unwrap_or_else(|| root.join("spec/observed")).join(target.file_name());
    let patience = Patience {
        timeout: Duration::from_secs(settings.timeout),
        reads: u32::try_from(settings.follow / PAUSE.as_secs())?,
        pause: PAUSE,
    };
    let last = Recording::load(&file)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let run = ::probe::run(&document.value, &plan, target, &key, patience, last.as_ref());
    let report = runtime.block_on(run)?;
    openapi_doc::ensure(&file, report.recording.text()?, Mode::Write)?;
    if !report.drifts.is_empty() {
        println!("{}", report.table(&document.file));
    }
    println!("{}: the responses, without their values", file.display());
    if report.has_drift() {
        bail!("{target} differs from {}; decide in the spec what is true, and run this again", document.file.display());
    }
    println!("{target} agrees with {}", document.file.display());
    Ok(())
}

fn agrees() -> Result<bool> {
    if !std::io::stdin().is_terminal() {
        bail!("there is no terminal to ask; agree to the cost with `--yes`");
    }
    print!("Continue? [y/N] ");
    std::io::stdout().flush()?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}
