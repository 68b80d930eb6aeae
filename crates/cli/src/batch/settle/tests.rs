use super::*;
use crate::log::{CheckedRow, Outcome, PayeeState, Salt};

/// For payees that were in flight when a run died, the time counts from the start of the resume.
#[test]
fn a_missing_account_is_proof_only_long_after_the_call_ended() {
    const SETTLE: Duration = Duration::from_mins(5);
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
    let wait = |states: &[PayeeState], trusted| {
        let salt = Salt::random();
        let hash = |line: u32| salt.payee("c", &line.to_string());
        let lines = || (2..).take(states.len());
        let row = |line| CheckedRow { payee: hash(line), line, paise: 0 };
        let mut payees = Payees::new(lines().map(row).collect());
        for (state, line) in states.iter().zip(lines()) {
            *payees.state(&hash(line)) = *state;
        }
        time_left(&payees, SETTLE, now, trusted).as_secs()
    };
    let state = |outcome| PayeeState { attempt: 1, outcome, ..PayeeState::default() };
    let unknown = |ended| PayeeState { ended, ..state(Some(Outcome::Unknown)) };
    // This payee was logged long ago, and may have been sent a moment before the run died.
    let in_flight = PayeeState { since: 1, ..state(None) };
    for (states, trusted, expected) in [
        (&[][..], true, 0),
        (&[state(Some(Outcome::Active))], true, 0),
        (&[in_flight], true, 300),
        (&[unknown(999_900)], true, 200),
        (&[unknown(999_000)], true, 0),
        (&[unknown(999_900), unknown(999_990)], true, 290),
        (&[unknown(999_000), in_flight], true, 300),
        // Without a recorded end, with a clock that was set back, and with a clock that differs from the server's.
        (&[unknown(0)], true, 300),
        (&[unknown(1_000_100)], true, 300),
        (&[unknown(999_000)], false, 300),
    ] {
        assert_eq!(wait(states, trusted), expected, "{states:?} {trusted}");
    }
}
