//! `probe`: calls a server, and compares its responses with the spec.

use std::io::{IsTerminal as _, Write as _};
use std::path::Path;
use std::time::Duration;

use ::probe::{Patience, Plan, Recording, Target, TestAccount};
use anyhow::{Context as _, Result, bail, ensure};
use openapi_doc::{Document, Mode};

use crate::arguments::Probe;

/// The pause between two reads of a pending validation.
const PAUSE: Duration = Duration::from_secs(5);

/// Prints the cost, asks for agreement, sends the requests of the plan, writes the recording, and prints the
/// differences.
///
/// # Errors
/// The user does not agree to the cost, the key is missing, the server cannot be reached, or it differs from the spec.
pub fn probe(root: &Path, arguments: Probe) -> Result<()> {
    let Probe { env: _, base_url, customer_id, with_timeouts, timeout, follow, yes, out } = arguments;
    // Clap requires an environment if there is no address. The sandbox is the only environment.
    let target = base_url.map_or_else(Target::sandbox, |url| Target::new(&url))?;
    let document = Document::load(&root.join("spec/openapi.yaml"))?;
    let test_data = TestAccount::load(&root.join("spec/test-data.yaml"))?;
    let plan = Plan::new(&document.value, &test_data, customer_id.as_deref(), with_timeouts);
    let key = std::env::var("JUSPAY_API_KEY").with_context(|| format!("set JUSPAY_API_KEY to the key for {target}"))?;
    println!("This sends {} to {target}.", plan.cost());
    ensure!(yes || agrees()?, "nothing was sent");
    let file = out.unwrap_or_else(|| root.join("spec/observed")).join(target.file_name());
    let patience = Patience {
        timeout: Duration::from_secs(timeout),
        reads: u32::try_from(follow / PAUSE.as_secs())?,
        pause: PAUSE,
    };
    let last = Recording::load(&file)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let run = ::probe::run(&document.value, &plan, &target, &key, patience, last.as_ref());
    let report = runtime.block_on(run)?;
    openapi_doc::ensure(&file, report.recording.text()?, Mode::Write)?;
    if !report.drifts.is_empty() {
        println!("{}", report.table(&document.file));
    }
    println!("{}: written; it has the responses without their values", file.display());
    if report.has_drift() {
        bail!(
            "{target} differs from {}; decide which is right, record the decision in the spec, and run the probe again",
            document.file.display()
        );
    }
    println!("{target} agrees with {}", document.file.display());
    Ok(())
}

fn agrees() -> Result<bool> {
    if !std::io::stdin().is_terminal() {
        bail!("without a terminal, `--yes` is required to accept the cost");
    }
    print!("Continue? [y/N] ");
    std::io::stdout().flush()?;
    let mut typed = String::new();
    std::io::stdin().read_line(&mut typed)?;
    Ok(matches!(typed.trim(), "y" | "Y" | "yes"))
}
