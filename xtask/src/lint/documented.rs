//! The documented facts and the spec, held against each other both ways: what is documented is in the spec or is answered
//! by an `x-deviation`, and what an `x-deviation` answers is still so.

use std::collections::BTreeMap;

use serde_json::Value;

use super::ALIKE;
use super::contradictions::{Contradiction, contradictions};
use super::deviations::{Deviation, deviations};
use super::standing::{Standing, Verdict, standings};
use crate::document::{Document, Operation, operations};
use crate::facts::Page;
use crate::facts::tree::Kind;
use crate::problem::{Pointer, Problem};

/// The extension of an operation that names its page.
const KEY: &str = "x-documented";

/// One page against its operation.
#[derive(Clone, Debug)]
pub struct Account {
    /// The name of the page.
    pub page: String,
    /// Each fact, and the deviation that answers for it, if it needs one.
    pub facts: Vec<(Standing, Option<Pointer>)>,
    /// Each contradiction of the page, and the deviation that explains it.
    pub contradictions: Vec<(Contradiction, Option<Pointer>)>,
}

/// The pages with their operations, and what is wrong with them.
pub fn accounts(document: &Document, pages: &[Page]) -> (Vec<Account>, Vec<Problem>) {
    let spec = &document.value;
    let (deviations, mut problems) = deviations(spec);
    let operations = operations(spec);
    let pairs = pairs(&operations, pages, &mut problems);
    let mut accounts = Vec::new();
    for (operation, page) in &pairs {
        let own: Vec<_> =
            deviations.iter().filter(|deviation| deviation.operations.contains(&operation.pointer)).collect();
        accounts.push(account(spec, operation, page, &own, &mut problems));
        pinned(operation, page, &own, &mut problems);
    }
    for deviation in &deviations {
        let own: Vec<_> = pairs
            .iter()
            .zip(&accounts)
            .filter(|((operation, _), _)| deviation.operations.contains(&operation.pointer))
            .map(|(_, account)| account)
            .collect();
        // Facts are those of pages: of operations that have none, nothing can be said.
        if deviation.operations.is_empty() || !own.is_empty() {
            reasons(deviation, &own, &mut problems);
        }
    }
    (accounts, problems)
}

/// Which operation each page describes.
fn pairs<'a>(
    operations: &'a [Operation<'a>],
    pages: &'a [Page],
    problems: &mut Vec<Problem>,
) -> Vec<(&'a Operation<'a>, &'a Page)> {
    let mut pairs: Vec<(&Operation<'_>, &Page)> = Vec::new();
    for operation in operations {
        let at = operation.pointer.join(KEY);
        let Some(documented) = operation.value.get(KEY) else {
            let silent = operation.value.get("x-deviation").and_then(Value::as_array).into_iter().flatten();
            if !silent.into_iter().any(|one| one.get("fact") == Some(&Value::Null)) {
                let message = "is missing; accepted is the page that describes the operation, or, where none does, an `x-deviation` of the operation with `fact: null` that says so";
                problems.push(Problem::at(&at, message));
            }
            continue;
        };
        let name = documented.get("page").and_then(Value::as_str).unwrap_or_default();
        match pages.iter().find(|page| page.page == name) {
            None => {
                let known: Vec<_> = pages.iter().map(|page| page.page.as_str()).collect();
                let message = format!("`{name}` is no page of spec/documented; accepted are {}", known.join(", "));
                problems.push(Problem::at(&at.join("page"), message));
            }
            Some(page) => match pairs.iter().find(|(_, other)| other.page == page.page) {
                Some((first, _)) => {
                    let message = format!("`{name}` describes one operation, and {} names it too", first.pointer);
                    problems.push(Problem::at(&at.join("page"), message));
                }
                None => pairs.push((operation, page)),
            },
        }
    }
    for page in pages.iter().filter(|page| !pairs.iter().any(|(_, other)| other.page == page.page)) {
        let message = format!(
            "no operation describes the page `{0}` of spec/documented; accepted is one with `{KEY}: {{page: {0}}}`",
            page.page
        );
        problems.push(Problem::at(&Pointer::default().join("paths"), message));
    }
    pairs
}

fn account(
    spec: &Value,
    operation: &Operation<'_>,
    page: &Page,
    deviations: &[&Deviation],
    problems: &mut Vec<Problem>,
) -> Account {
    let named = |path: &str| deviations.iter().find(|deviation| deviation.facts.iter().any(|fact| fact == path));
    let mut facts = Vec::new();
    for standing in standings(spec, operation, page).into_iter().filter(|standing| standing.kind != Kind::Group) {
        let answer = named(&standing.path).map(|deviation| deviation.at.clone());
        if let (Verdict::Differs(how), None) = (&standing.verdict, &answer) {
            let said = standing.value.as_ref().map(|value| format!(" as `{value}`")).unwrap_or_default();
            let message = format!(
                "{} `{}` is documented{said}, and {how}; change it here, or explain it in an `x-deviation` whose `fact` is `{}`",
                standing.kind.name(),
                standing.path,
                standing.path
            );
            problems.push(Problem::at(&standing.at, message));
        }
        facts.push((standing, answer));
    }
    let mut contradicted = Vec::new();
    for contradiction in contradictions(page) {
        let answer = contradiction.at.iter().find_map(|path| named(path)).map(|deviation| deviation.at.clone());
        // Where the spec has to be explained anyway, that will do.
        let reported = |path: &String| {
            facts.iter().any(|(standing, answer): &(Standing, Option<Pointer>)| {
                standing.path == *path && answer.is_none() && matches!(standing.verdict, Verdict::Differs(_))
            })
        };
        if answer.is_none()
            && !contradiction.at.iter().any(reported)
            && let Some(first) = contradiction.at.first()
        {
            let at = facts.iter().find(|(standing, _)| standing.path == *first).map(|(standing, _)| &standing.at);
            let message = format!(
                "the page contradicts itself at `{first}`: {}; decide, and write the decision down in an `x-deviation` whose `fact` is `{first}`",
                contradiction.message
            );
            problems.push(Problem::at(at.unwrap_or(&operation.pointer), message));
        }
        contradicted.push((contradiction, answer));
    }
    Account { page: page.page.clone(), facts, contradictions: contradicted }
}

/// Prose is not kept, so what rests on it is pinned to the page as it was when the reasons were last read.
fn pinned(operation: &Operation<'_>, page: &Page, deviations: &[&Deviation], problems: &mut Vec<Problem>) {
    let read = operation.value.get(KEY).and_then(|documented| documented.get("content_sha256")?.as_str());
    if read == Some(page.content_sha256.as_str()) {
        return;
    }
    let resting: Vec<_> = deviations.iter().filter(|one| one.rests_on_prose()).map(|one| one.at.to_string()).collect();
    let message = format!(
        "the page has changed since its text was last read; read again what rests on it ({}), then set this to {}",
        if resting.is_empty() { "nothing so far".to_owned() } else { resting.join(", ") },
        page.content_sha256
    );
    problems.push(Problem::at(&operation.pointer.at(&[KEY, "content_sha256"]), message));
}

/// Whether what a deviation departs from is still documented and still otherwise.
fn reasons(deviation: &Deviation, accounts: &[&Account], problems: &mut Vec<Problem>) {
    let at = deviation.at.join("fact");
    let mut known = BTreeMap::new();
    for account in accounts {
        for (standing, _) in &account.facts {
            known.entry(standing.path.as_str()).or_insert_with(Vec::new).push((*account, standing));
        }
    }
    for fact in &deviation.facts {
        let Some(standings) = known.get(fact.as_str()) else {
            let paths: Vec<_> = known.keys().copied().collect();
            let close = similar::get_close_matches(fact.as_str(), &paths, 1, ALIKE);
            let advice = close.first().map(|close| format!("; did you mean `{close}`?")).unwrap_or_default();
            problems.push(Problem::at(&at, format!("`{fact}` is on no page of the operation{advice}")));
            continue;
        };
        let has_reason = |(account, standing): &(&Account, &Standing)| {
            standing.verdict != Verdict::Same || account.contradictions.iter().any(|(one, _)| one.at.contains(fact))
        };
        if !standings.iter().any(has_reason) {
            let message = format!(
                "has no reason any more: the spec says of `{fact}` what the page says, and the page does not contradict itself there; take the deviation out"
            );
            problems.push(Problem::at(&at, message));
        }
    }
    for fact in deviation.absent.iter().filter(|fact| known.contains_key(fact.as_str())) {
        let message =
            format!("has no reason any more: `{fact}` is documented by now; compare, and take the deviation out");
        problems.push(Problem::at(&deviation.at.join("absent"), message));
    }
    if deviation.operations.is_empty() {
        problems.push(Problem::at(&at, "stands at a part of the spec that no operation uses"));
    }
}
