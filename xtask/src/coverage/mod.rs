//! Every documented fact: where the spec says it, and which contract test witnesses that the code does so.

use std::path::Path;

use crate::lint::documented::Account;
use crate::lint::standing::Verdict;
use crate::problem::{Pointer, Problem, Problems};
use crate::table::markdown;

pub mod witness;

use witness::{Witness, witnesses};

/// All facts with their places and witnesses.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    /// The facts, by page.
    pub facts: Vec<Covered>,
    /// How many contradictions of the pages are explained.
    pub contradictions: usize,
}

/// One fact.
#[derive(Clone, Debug)]
pub struct Covered {
    /// The page that documents it.
    pub page: String,
    /// Its path.
    pub path: String,
    /// What the page says.
    pub value: String,
    /// Where the spec says it.
    pub at: Pointer,
    /// Where a departure is explained: of this fact, or of what it belongs to.
    pub deviation: Option<Pointer>,
    /// Whether the spec says something else.
    pub departs: bool,
    /// The tests that witness it.
    pub witnesses: Vec<String>,
}

impl Coverage {
    /// The counts in one sentence, which the README repeats.
    pub fn summary(&self) -> String {
        let departures = self.facts.iter().filter(|fact| fact.departs).count();
        let all = self.facts.len();
        let witnessed = self.facts.iter().filter(|fact| !fact.witnesses.is_empty()).count();
        format!(
            "{all} documented facts: {} stand in the description as documented, {departures} differ there and say why; \
             {} contradictions of the pages are decided; {witnessed} facts have a test that witnesses them.",
            all - departures,
            self.contradictions,
        )
    }

    /// The table of all facts.
    pub fn table(&self) -> String {
        let header = ["documented", "value", "in the spec", "departure explained at", "witness"];
        let row = |fact: &Covered| {
            let deviation = fact.deviation.as_ref().filter(|_| fact.departs).map(ToString::to_string);
            let witnesses = fact.witnesses.join(", ");
            [fact.path.clone(), fact.value.clone(), fact.at.to_string(), deviation.unwrap_or_default(), witnesses]
        };
        markdown(header, self.facts.iter().map(row))
    }
}

/// Looks up the witnesses of all facts.
///
/// # Errors
/// A fact has no witness, a test claims to witness what is documented nowhere, or a test cannot be read.
pub fn coverage(root: &Path, accounts: &[Account]) -> Result<Coverage, Problems> {
    let folder = root.join("tests/it");
    let claims = witnesses(&folder)?;
    let coverage = collect(accounts, &claims);
    let mut problems: Vec<_> = coverage
        .facts
        .iter()
        .filter(|fact| fact.witnesses.is_empty())
        .map(|fact| {
            let message = format!(
                "no test witnesses `{}` of the page {}; accepted is a test with `/// Witnesses` and this path in its documentation",
                fact.path, fact.page
            );
            Problem::file(message)
        })
        .collect();
    for claim in &claims {
        if !coverage.facts.iter().any(|fact| claim.covers(&fact.path)) {
            let message = format!("`{}` claims to witness `{}`, which is on no page", claim.test, claim.pattern);
            problems.push(Problem::file(message));
        }
    }
    if problems.is_empty() { Ok(coverage) } else { Err(Problems::new(&folder, problems)) }
}

fn collect(accounts: &[Account], claims: &[Witness]) -> Coverage {
    let mut coverage = Coverage::default();
    for account in accounts {
        coverage.contradictions += account.contradictions.iter().filter(|(_, answer)| answer.is_some()).count();
        // What differs, and why. Facts follow on what they belong to, and others may stand between.
        let mut differing: Vec<(&str, Option<&Pointer>)> = Vec::new();
        for (standing, answer) in &account.facts {
            let is_below = |path: &str| standing.path.strip_prefix(path).is_some_and(|rest| rest.starts_with('.'));
            let deviation = match standing.verdict {
                Verdict::WithParent => {
                    differing.iter().rev().find(|(path, _)| is_below(path)).and_then(|(_, why)| *why)
                }
                _ => answer.as_ref(),
            };
            if matches!(standing.verdict, Verdict::Differs(_)) {
                differing.push((&standing.path, answer.as_ref()));
            }
            coverage.facts.push(Covered {
                page: account.page.clone(),
                path: standing.path.clone(),
                value: standing.value.clone().unwrap_or_default(),
                at: standing.at.clone(),
                deviation: deviation.cloned(),
                departs: matches!(standing.verdict, Verdict::Differs(_) | Verdict::WithParent),
                witnesses: claims
                    .iter()
                    .filter(|claim| claim.covers(&standing.path))
                    .map(|claim| {
                        format!("{}::{}", claim.file.file_stem().unwrap_or_default().to_string_lossy(), claim.test)
                    })
                    .collect(),
            });
        }
    }
    coverage
}

/// Whether the README has the counts as they are.
///
/// # Errors
/// It cannot be read, or says something else.
pub fn readme(root: &Path, coverage: &Coverage) -> Result<(), Problems> {
    let file = root.join("README.md");
    let fail = |message: String| Problems::new(&file, vec![Problem::file(message)]);
    let text = std::fs::read_to_string(&file).map_err(|error| fail(format!("cannot be read: {error}")))?;
    // Lines may be broken anywhere.
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    if words(&text).contains(&words(&coverage.summary())) {
        return Ok(());
    }
    Err(fail(format!("does not have the counts as they are; accepted is this sentence: {}", coverage.summary())))
}
