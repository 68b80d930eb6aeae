use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Result;
use serde_json::Value;

use crate::accounts::{Account, accounts, success};
use crate::drift::{Change, Report};
use crate::http::{Http, Response};
use crate::plan::ACCOUNT_ID;
use crate::{Call, Outcome, Plan, Recording, Responses, Sanitizer, Target};

/// How long a run waits.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// How long to wait for a response.
    pub timeout: Duration,
    /// How often to read the accounts while a validation is pending.
    pub reads: u32,
    /// How long to wait before each of these reads.
    pub pause: Duration,
}

/// A call with a validation that has not ended yet, and the outcome that the test data promises.
type Open<'c, 'a> = (&'c Call<'a>, Outcome);

/// Sends each request of a plan once. Compares the responses with the spec, and the order of the accounts with the
/// `last` recording.
///
/// # Errors
/// The server cannot be reached, or a schema of the spec is not valid.
pub async fn run<'a>(
    document: &'a Value,
    plan: &Plan<'a>,
    target: &Target,
    key: &str,
    patience: Patience,
    last: Option<&Recording>,
) -> Result<Report> {
    let http = Http::new(target, key, patience.timeout)?;
    let sanitizer = Sanitizer::of(document, plan.calls.iter(), key);
    let mut responses = BTreeMap::new();
    for Call { operation, .. } in plan.calls.iter().chain(&plan.deletions) {
        if !responses.contains_key(operation.id()) {
            responses.insert(operation.id(), Responses::new(document, operation)?);
        }
    }
    let mut run = Run { responses, http, sanitizer, last, report: Report::default(), account_id: None };
    let mut open = Vec::new();
    for call in &plan.calls {
        open.extend(run.call(call).await?.map(|outcome| (call, outcome)));
    }
    run.follow(plan, open, patience).await?;
    for call in &plan.deletions {
        run.call(call).await?;
    }
    Ok(run.report)
}

struct Run<'r> {
    /// The responses of the spec by the id of the operation.
    responses: BTreeMap<&'r str, Responses<'r>>,
    http: Http<'r>,
    sanitizer: Sanitizer,
    last: Option<&'r Recording>,
    report: Report,
    /// The id of the first account that was created.
    account_id: Option<String>,
}

impl Run<'_> {
    /// Makes a call. If its validation is pending, returns the outcome that it should end with.
    async fn call(&mut self, call: &Call<'_>) -> Result<Option<Outcome>> {
        let mut filled = call.clone();
        if let Some(id) = filled.path.get_mut(ACCOUNT_ID) {
            let Some(known) = &self.account_id else {
                self.report.add_whole(call, Change::NotSent, "an account that an earlier call created", "none");
                return Ok(None);
            };
            known.clone_into(id);
            self.sanitizer.add(&known.as_str().into());
        }
        let Some(response) = self.http.send(&filled).await? else {
            self.report.recording.add(call, None, &[], &self.sanitizer);
            if call.outcomes.first() != Some(&Outcome::TimesOut) {
                self.report.add_whole(call, Change::NoResponse, "a response", "none");
            }
            return Ok(call.outcomes.last().copied());
        };
        self.compare(call, &response);
        let body = success(&response.received).unwrap_or_default();
        let accounts = accounts(&body);
        if self.account_id.is_none() && call.is_signed {
            self.account_id = accounts.first().and_then(Account::id).map(str::to_owned);
        }
        let order = if response.received.status < 300 { self.payees(call, &accounts) } else { Vec::new() };
        self.report.recording.add(call, Some(&response), &order, &self.sanitizer);
        self.status(call, response.received.status);
        Ok(self.outcome(call, accounts.first().and_then(Account::status)))
    }

    fn compare(&mut self, call: &Call<'_>, response: &Response) {
        let responses = self.responses.get(call.operation.id());
        let departures = responses.map(|responses| responses.departures(&response.received)).unwrap_or_default();
        for mut departure in departures {
            // New parts of a response are printed, and may contain anything, even the key.
            if departure.found.contains(self.http.key) {
                "the key".clone_into(&mut departure.found);
            }
            self.report.add(call, Change::Response(departure.difference), departure);
        }
    }

    fn status(&mut self, call: &Call<'_>, status: u16) {
        let is_success = (200..300).contains(&status);
        match (call.is_signed, status) {
            (true, _) if is_success => {}
            // Where the test data promises an error, a refusal is one. A response that times out may come from a proxy.
            (true, _) if matches!(call.outcomes.first(), Some(Outcome::Error | Outcome::TimesOut)) => {}
            (true, status) => self.report.add_whole(call, Change::OtherStatus, "a success", status),
            (false, 401) => {}
            (false, status) => self.report.add_whole(call, Change::OtherStatus, "401", status),
        }
    }

    /// Returns which payee each account belongs to.
    fn payees(&mut self, call: &Call<'_>, accounts: &[Account<'_>]) -> Vec<usize> {
        let payees = call.payees();
        if payees.is_empty() {
            return Vec::new();
        }
        let order: Vec<_> =
            accounts.iter().filter_map(|account| payees.iter().position(|payee| account.is_of(payee))).collect();
        let known = (0..payees.len()).filter(|index| order.contains(index)).count();
        if known < payees.len() {
            let expected = format!("{} accounts of the request", payees.len());
            self.report.add_whole(call, Change::MissingAccount, &expected, known);
        }
        if accounts.len() > known {
            self.report.add_whole(call, Change::ExtraAccount, "no other account", accounts.len() - known);
        }
        if let Some(before) = self.last.and_then(|last| last.order(call))
            && before.len() == order.len()
            && before != order
        {
            self.report.add_whole(call, Change::OtherOrder, &format!("{before:?}"), format!("{order:?}"));
        }
        order
    }

    /// Compares the status of an account with the test data, and returns the outcome that is still to come.
    fn outcome(&mut self, call: &Call<'_>, status: Option<&str>) -> Option<Outcome> {
        let (first, last) = (*call.outcomes.first()?, *call.outcomes.last()?);
        // A missing account is already reported. Where the test data promises an error, a refusal is one.
        let Some(status) = status else { return Some(last).filter(|_| first == Outcome::TimesOut) };
        let expected = if first == Outcome::Pending { first } else { last };
        if Outcome::is_open(status) {
            return Some(last);
        }
        if !expected.statuses().contains(&status) {
            self.report.add_whole(call, Change::OtherOutcome, &expected.statuses().join(" or "), status);
        }
        None
    }

    /// Reads the accounts until all validations that should end have ended, at most `Patience::reads` times.
    async fn follow(&mut self, plan: &Plan<'_>, mut open: Vec<Open<'_, '_>>, patience: Patience) -> Result<()> {
        let Some(list) = &plan.list else { return Ok(()) };
        let mut statuses = BTreeMap::new();
        for _ in 0..patience.reads {
            if open.iter().all(|(_, outcome)| *outcome == Outcome::Pending) {
                break;
            }
            tokio::time::sleep(patience.pause).await;
            let Some(response) = self.http.send(list).await? else { continue };
            self.compare(list, &response);
            let body = success(&response.received).unwrap_or_default();
            let accounts = accounts(&body);
            open.retain(|(call, outcome)| {
                let account = accounts.iter().find(|account| call.payees().iter().any(|payee| account.is_of(payee)));
                let Some(status) = account.and_then(Account::status) else { return true };
                statuses.insert(call.name.clone(), status.to_owned());
                if Outcome::is_open(status) {
                    return true;
                }
                if !outcome.statuses().contains(&status) {
                    self.report.add_whole(call, Change::OtherOutcome, &outcome.statuses().join(" or "), status);
                }
                false
            });
        }
        for (call, outcome) in open.into_iter().filter(|(_, outcome)| *outcome != Outcome::Pending) {
            let found = statuses.get(&call.name).map_or("no account", String::as_str);
            self.report.add_whole(call, Change::NotEnded, &outcome.statuses().join(" or "), found);
        }
        Ok(())
    }
}
