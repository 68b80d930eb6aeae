//! Decides which faults hit a request.

use std::time::Duration;

use serde::Serialize;

use super::kind::{FaultKind, Moment};
use super::rule::Fault;
use crate::operation::Operation;

/// The active faults, and the random numbers that decide when they happen.
#[derive(Debug)]
pub(crate) struct Injector {
    pub(crate) rules: Vec<Set>,
    pub(crate) seed: u64,
    random: fastrand::Rng,
    /// The id of the next fault. Ids are never reused.
    next_id: u64,
}

/// An active fault, and how many times it has happened.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Set {
    pub(crate) id: u64,
    #[serde(rename = "rule")]
    pub(crate) fault: Fault,
    text: String,
    /// The number of requests that the fault could have hit since it was set: those of its operation.
    pub(crate) requests: u64,
    /// How many of these requests the fault hit.
    pub(crate) played: u64,
}

/// The faults that hit one request, with their ids: latencies, and at most one other.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Drawn(Vec<(u64, Fault)>);

impl Drawn {
    /// The wait at this moment, and the first fault that causes the wait.
    pub(crate) fn latency(&self, moment: Moment) -> (Duration, Option<Fault>) {
        let late = self.0.iter().map(|(_, fault)| *fault).filter(|fault| fault.moment == moment);
        late.fold((Duration::ZERO, None), |(wait, first), fault| match fault.kind {
            FaultKind::Latency(time) => (wait.saturating_add(time), first.or(Some(fault))),
            _ => (wait, first),
        })
    }

    /// The fault that is not latency, if there is one.
    pub(crate) fn fault(&self) -> Option<Fault> {
        self.0.iter().map(|(_, fault)| *fault).find(|fault| !matches!(fault.kind, FaultKind::Latency(_)))
    }
}

impl Injector {
    pub(crate) fn new(faults: &[Fault], seed: u64) -> Self {
        let mut injector = Self { rules: Vec::new(), seed, random: fastrand::Rng::new(), next_id: 1 };
        injector.set(faults, seed);
        injector
    }

    /// Replaces all faults. Counts and random numbers start over.
    pub(crate) fn set(&mut self, faults: &[Fault], seed: u64) {
        self.rules.clear();
        (self.seed, self.random) = (seed, fastrand::Rng::with_seed(seed));
        for fault in faults {
            self.add(*fault);
        }
    }

    pub(crate) fn add(&mut self, fault: Fault) -> Set {
        let rule = Set { id: self.next_id, fault, text: fault.to_string(), requests: 0, played: 0 };
        self.next_id += 1;
        self.rules.push(rule.clone());
        rule
    }

    /// Removes a fault. Returns whether the fault existed.
    pub(crate) fn remove(&mut self, id: u64) -> bool {
        let before = self.rules.len();
        self.rules.retain(|rule| rule.id != id);
        self.rules.len() < before
    }

    /// Decides which faults hit the next request. Every fault draws a random number for every request, even for a
    /// request of another operation, so that the numbers of the other faults do not depend on the fault's operation.
    /// All latencies that hit add up; of the other faults, only the first that hits happens. The gateway can time out
    /// only if the request `validates` accounts, because no other request reaches it.
    pub(crate) fn next(&mut self, operation: Operation, validates: bool) -> Drawn {
        let mut drawn = Drawn::default();
        for rule in &mut self.rules {
            let fault = rule.fault;
            // `f64()` is below 1, so probability 1 always hits and 0 never does.
            let is_drawn = self.random.f64() < fault.probability;
            let is_possible = validates || fault.kind != FaultKind::Timeout;
            if !is_possible || fault.operation.is_some_and(|own| own != operation) {
                continue;
            }
            rule.requests += 1;
            let is_free = matches!(fault.kind, FaultKind::Latency(_)) || drawn.fault().is_none();
            if is_drawn && is_free && fault.is_for(rule.requests) {
                drawn.0.push((rule.id, fault));
                rule.played += u64::from(fault.moment == Moment::Before);
            }
        }
        drawn
    }

    /// Counts the faults that happen after a request was processed.
    pub(crate) fn was_processed(&mut self, Drawn(drawn): &Drawn) {
        for rule in self.rules.iter_mut().filter(|rule| rule.fault.moment == Moment::After) {
            rule.played += u64::from(drawn.iter().any(|(id, _)| *id == rule.id));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GET: Operation = Operation::Get;

    #[test]
    fn a_draw_keeps_its_probability_and_is_the_same_for_the_same_seed() {
        let fault = Fault::new(FaultKind::Reset).with_probability(0.25);
        let late = Fault::new(FaultKind::Latency(Duration::from_millis(1)));
        let draw = |seed| {
            let mut draw = Injector::new(&[late, fault, late.after(), Fault::new(FaultKind::Hang)], seed);
            (0..10_000).map(|_| draw.next(GET, true)).collect::<Vec<_>>()
        };
        let drawn = draw(1);
        assert_eq!(drawn, draw(1));
        assert_ne!(drawn, draw(2));
        assert!(drawn.iter().all(|drawn| [Moment::Before, Moment::After].map(|moment| drawn.latency(moment).0)
            == [Duration::from_millis(1); 2]
            && drawn.fault().is_some()));
        let resets = drawn.iter().filter(|drawn| drawn.fault() == Some(fault)).count();
        assert!((2_300..2_700).contains(&resets), "{resets}");
        for (probability, hits) in [(0.0, false), (1.0, true), (7.0, true), (-1.0, false), (f64::NAN, false)] {
            let mut draw = Injector::new(&[fault.with_probability(probability)], 1);
            assert!((0..1000).all(|_| draw.next(GET, true).fault().is_some() == hits), "{probability}");
        }
    }

    #[test]
    fn a_fault_hits_the_requests_that_it_is_for() {
        let hits = |text: &str| {
            let mut injector = Injector::new(&[text.parse().unwrap()], 1);
            // Every second request is for another operation.
            let hits: Vec<_> = (0..10)
                .map(|number| [Operation::List, GET][number % 2])
                .enumerate()
                .filter(|(_, operation)| {
                    let drawn = injector.next(*operation, true);
                    drawn != Drawn::default()
                })
                .map(|(number, _)| number)
                .collect();
            assert_eq!(injector.rules[0].played, hits.len() as u64);
            hits
        };
        assert_eq!(hits("close"), (0..10).collect::<Vec<_>>());
        assert_eq!(hits("close,next=2"), [0, 1]);
        assert_eq!(hits("close,nth=3"), [2]);
        assert_eq!(hits("close,nth=3,next=2"), [2, 3]);
        assert_eq!(hits("latency=1ms,on=getCustomerAccount,nth=2"), [3]);
        assert_eq!(hits("close,on=getCustomerAccount"), [1, 3, 5, 7, 9]);
        assert!(hits("close,on=validateCustomerAccount").is_empty());
    }

    #[test]
    fn a_fault_is_removed_by_its_id_and_the_others_keep_their_counts() {
        let close = Fault::new(FaultKind::Close).next(2);
        let mut injector = Injector::new(&[close], 1);
        let hang = injector.add(Fault::new(FaultKind::Hang)).id;
        assert!(injector.next(GET, true).fault() == Some(close) && injector.remove(hang) && !injector.remove(hang));
        assert_eq!(injector.rules.iter().map(|rule| (rule.requests, rule.played)).collect::<Vec<_>>(), [(1, 1)]);
        injector.set(&[close], 1);
        assert!(injector.rules[0].id > hang && injector.rules[0].requests == 0);
    }
}
