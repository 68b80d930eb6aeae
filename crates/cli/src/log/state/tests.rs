use super::*;
use crate::log::format::{Close, End, Salt};
use crate::log::record::Record;

fn hash(number: u8) -> PayeeHash {
    Salt::payee(&serde_json::from_str("\"00000000000000000000000000000000\"").unwrap(), "c", &number.to_string())
}

fn table(payees: &[u8]) -> Payees {
    let row = |number: &u8| CheckedRow { payee: hash(*number), line: u32::from(*number) + 1, paise: 100 };
    Payees::new(payees.iter().map(row).collect())
}

fn send(payee: u8, attempt: u32, seconds: u64) -> Event {
    paying(payee, attempt, seconds, 0)
}

/// A payee is about to be sent, with a penny drop of this many paise.
fn paying(payee: u8, attempt: u32, seconds: u64, paise: u32) -> Event {
    Event::Send(Attempt { payee: hash(payee), attempt, at: 1000 * seconds, paise, absent: false })
}

fn end(payee: u8, attempt: u32, outcome: Outcome, at: Option<u64>) -> Event {
    Event::End(End {
        payee: hash(payee),
        attempt,
        at: at.map(|at| 1000 * at),
        recorded: None,
        record: Record::new(outcome),
    })
}

/// The state of payee 1 after a header and these lines; `None` if no run would write them.
fn state(events: &[Event]) -> Option<PayeeState> {
    let mut payees = table(&[1, 2]);
    let mut history = History::begin(&mut payees);
    let salt = serde_json::from_str("\"00000000000000000000000000000000\"").unwrap();
    assert!(history.apply(&mut payees, Event::Log(Header::new("t".to_owned(), salt)), 0));
    let mut applied = (1..).zip(events.iter().cloned());
    applied.all(|(at, event)| history.apply(&mut payees, event, at)).then(|| payees.find(&hash(1)).unwrap().state)
}

/// Money: the amount is the sum over all attempts that may have been processed. It is certain only if there was one
/// such attempt, and the account is active.
#[test]
fn the_reported_amount_covers_every_attempt_that_may_have_paid() {
    use Outcome::{Active, Failed, NotSent, Other, Pending, Refused, Skipped, Unknown};
    let paid = |events: &[Event]| {
        let paid = state(events).unwrap().paid();
        paid.map(|paid| (paid.paise, paid.is_certain))
    };
    assert_eq!(paid(&[]), None);
    assert_eq!(paid(&[paying(1, 1, 5, 100)]), Some((100, false)), "in flight");
    assert_eq!(paid(&[paying(1, 1, 5, 100), paying(1, 1, 6, 100)]), Some((100, false)), "logged again");
    for (outcome, expected) in [
        (Active, Some((100, true))),
        (Failed, Some((100, false))),
        (Pending, Some((100, false))),
        (Other, Some((100, false))),
        (Unknown, Some((100, false))),
        (Refused, None),
        (NotSent, None),
        (Skipped, None),
    ] {
        assert_eq!(paid(&[paying(1, 1, 5, 100), end(1, 1, outcome, None)]), expected, "{outcome}");
        // The second attempt pays another amount.
        let again = [paying(1, 1, 5, 100), end(1, 1, outcome, None), paying(1, 2, 6, 250), end(1, 2, Active, None)];
        let expected = expected.map_or((250, true), |(paise, _)| (paise + 250, false));
        assert_eq!(paid(&again), Some(expected), "{outcome}, then active");
    }
    // An attempt that was not processed does not undo the one before it.
    let failed = [paying(1, 1, 5, 100), end(1, 1, Failed, None)];
    for outcome in [NotSent, Refused, Skipped] {
        let again = [&failed[..], &[paying(1, 2, 6, 250), end(1, 2, outcome, None)]].concat();
        assert_eq!((paid(&again), state(&again).unwrap().may_be_paid()), (Some((100, false)), true), "{outcome}");
        let third = [&again[..], &[paying(1, 3, 7, 300)]].concat();
        assert_eq!(paid(&third), Some((400, false)), "{outcome}");
    }
    // A UPI address has no penny drop.
    assert_eq!(paid(&[paying(1, 1, 5, 0), end(1, 1, Active, None)]), None);
    // The customer's list proved that the first attempt was not processed.
    let Event::Send(attempt) = paying(1, 2, 6, 100) else { panic!() };
    let absent = Event::Send(Attempt { absent: true, ..attempt });
    let proven = [paying(1, 1, 5, 100), end(1, 1, Unknown, None), absent, end(1, 2, Active, None)];
    assert_eq!(paid(&proven), Some((100, true)));
}

#[test]
fn payee_is_unknown_from_its_send_line_until_a_known_outcome() {
    use Outcome::{Active, Failed, NotSent, Other, Pending, Refused, Skipped, Unknown};
    assert_eq!(state(&[]), Some(PayeeState::default()));
    assert_eq!(state(&[send(2, 1, 5)]), Some(PayeeState::default()), "the line is about another payee");
    let sent = state(&[send(1, 1, 5)]).unwrap();
    assert!(sent.is_in_flight() && sent.is_unknown() && sent.may_be_paid());
    assert_eq!((sent.attempt, sent.since, sent.outcome()), (1, 5, Some(Unknown)));
    for (outcome, unknown, paid) in [
        (Active, false, true),
        (Failed, false, true),
        (Pending, false, true),
        (Other, false, true),
        (Unknown, true, true),
        (Refused, false, false),
        (NotSent, false, false),
        (Skipped, false, false),
    ] {
        let ended = state(&[send(1, 1, 5), end(1, 1, outcome, Some(9))]).unwrap();
        assert!(!ended.is_in_flight(), "{outcome}");
        assert_eq!((ended.is_unknown(), ended.may_be_paid()), (unknown, paid), "{outcome}");
        assert_eq!((ended.outcome(), ended.ended, ended.record_at), (Some(outcome), 9, 2), "{outcome}");
        // Only an attempt with an unknown outcome is reconciled later.
        assert_eq!(ended.since, if unknown { 5 } else { 0 }, "{outcome}");
        let again = state(&[send(1, 1, 5), end(1, 1, outcome, Some(9)), send(1, 2, 20)]).unwrap();
        assert!(again.is_in_flight() && again.ended == 0, "{outcome}");
        assert_eq!(again.since, if unknown { 5 } else { 20 }, "{outcome}");
    }
    // A call must not look older than it is, and an account validated right after the call began must not look older
    // than the call.
    let sent = Event::Send(Attempt { payee: hash(1), attempt: 1, at: 5_999, paise: 0, absent: false });
    let record = Record::new(Unknown);
    let ended = state(&[sent, Event::End(End { payee: hash(1), attempt: 1, at: Some(7_001), recorded: None, record })])
        .unwrap();
    assert_eq!((ended.since, ended.ended), (5, 8));
    // A later outcome of the same attempt.
    let found = state(&[send(1, 1, 5), end(1, 1, Unknown, None), end(1, 1, Active, None)]).unwrap();
    assert_eq!((found.outcome, found.record_at, found.since), (Some(Active), 3, 0));
    // Logged again before it was sent.
    let again = state(&[send(1, 1, 5), send(1, 1, 50)]).unwrap();
    assert_eq!((again.attempt, again.since), (1, 50));
    let again = state(&[send(1, 1, 5), send(1, 2, 50), send(1, 2, 90)]).unwrap();
    assert_eq!((again.attempt, again.since), (2, 5), "the first attempt may have been processed");
    // Left out without an attempt.
    assert_eq!(state(&[end(1, 0, Skipped, None)]).unwrap().outcome(), Some(Skipped));
}

#[test]
fn lines_that_no_run_writes_are_damage() {
    use Outcome::Active;
    let salt = serde_json::from_str("\"00000000000000000000000000000000\"").unwrap();
    for events in [
        vec![end(1, 1, Active, None)],
        vec![send(1, 2, 5)],
        vec![send(1, 1, 5), send(1, 3, 6)],
        vec![send(1, 1, 5), end(1, 2, Active, None)],
        vec![send(1, 1, 5), send(1, 2, 6), end(1, 1, Active, None)],
        vec![Event::Log(Header::new("t".to_owned(), salt))],
    ] {
        assert_eq!(state(&events), None, "{events:?}");
    }
    let mut payees = table(&[1]);
    assert!(!History::begin(&mut payees).apply(&mut payees, send(1, 1, 5), 0), "there is no header");
}

#[test]
fn repeated_payees_have_their_first_line_and_others_are_kept_apart() {
    let row = |number, line| CheckedRow { payee: hash(number), line, paise: 0 };
    let mut payees = Payees::new(vec![row(3, 9), row(1, 4), row(3, 2), row(2, 3), row(3, 5), row(1, 8)]);
    assert_eq!([1, 2, 3].map(|number| payees.find(&hash(number)).unwrap().line), [4, 3, 2]);
    payees.state(&hash(7)).attempt = 1;
    assert_eq!((payees.find(&hash(7)), payees.others().count()), (None, 1));
    History::begin(&mut payees);
    assert_eq!(payees.others().count(), 0);
}

#[test]
fn a_history_knows_its_keys_its_longest_call_and_its_files() {
    let run = |key: &str, rotated, longest_call| {
        let [input, results] = ["i", "o"].map(str::to_owned);
        Event::Run(Run { key: key.to_owned(), rotated, longest_call, input, results, ..Run::default() })
    };
    let close = |files: [Option<&str>; 2]| {
        let [results, rest] = files.map(|file| file.map(str::to_owned));
        Event::Close(Close { at: 0, results, rest, syncs: 0 })
    };
    let mut payees = Payees::default();
    let mut history = History::begin(&mut payees);
    let salt = serde_json::from_str("\"00000000000000000000000000000000\"").unwrap();
    let events = [
        Event::Log(Header::new("t".to_owned(), salt)),
        run("a", false, 121),
        close([Some("1"), Some("2")]),
        run("b", false, 600),
        close([None, Some("3")]),
        run("a", false, 60),
    ];
    for event in events {
        assert!(history.apply(&mut payees, event, 0));
    }
    assert_eq!(
        (history.keys.len(), history.longest_call, history.written.concat()),
        (2, Duration::from_mins(10), "123".to_owned())
    );
    assert!(history.apply(&mut payees, run("c", true, 1), 0));
    assert_eq!(history.keys, ["c"]);
}

#[test]
fn a_row_is_small() {
    assert!(size_of::<Row>() <= 56, "{}", size_of::<Row>());
}
