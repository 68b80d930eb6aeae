use super::*;
use crate::log::{CheckedRow, PayeeHash, Salt};

fn state(outcome: Option<Outcome>, attempt: u32, again: bool) -> PayeeState {
    PayeeState { attempt, outcome, again, ..PayeeState::default() }
}

/// Every state with every policy: what is sent again, and what is not.
#[test]
fn a_payee_is_sent_again_only_if_nothing_was_paid_or_the_user_asks_for_it() {
    use Outcome::{Active, Failed, NotSent, Other, Pending, Refused, Skipped, Unknown};
    let send = Todo::Send { doubtful: false };
    let resend = Todo::Send { doubtful: true };
    let policy = |doubt, follow, retry: &[Retry]| Policy { doubt, follow, retry: retry.to_vec() };
    let policies = [
        policy(Doubt::Keep, false, &[]),
        policy(Doubt::Reconcile, false, &[]),
        policy(Doubt::Resend, false, &[]),
        policy(Doubt::Keep, true, &[]),
        policy(Doubt::Keep, false, &[Retry::Failed, Retry::Refused, Retry::Skipped]),
    ];
    let nothing = [Todo::Nothing; 5];
    let [keep, follow] = [Todo::Nothing, Todo::Follow];
    let in_doubt = [keep, Todo::Reconcile, resend, keep, keep];
    for (state, expected) in [
        (PayeeState::default(), [send; 5]),
        (state(None, 1, false), in_doubt),
        (state(Some(Unknown), 1, false), in_doubt),
        (state(Some(Unknown), 3, true), in_doubt),
        (state(Some(Active), 1, false), nothing),
        (state(Some(Active), 1, true), nothing),
        (state(Some(Other), 1, false), nothing),
        (state(Some(Pending), 1, false), [keep, keep, keep, follow, keep]),
        (state(Some(Failed), 1, false), [keep, keep, keep, keep, send]),
        (state(Some(Refused), 1, false), [keep, keep, keep, keep, send]),
        (state(Some(Refused), 1, true), [send; 5]),
        (state(Some(NotSent), 1, true), [send; 5]),
        (state(Some(Skipped), 0, false), [keep, keep, keep, keep, send]),
    ] {
        assert_eq!(policies.clone().map(|policy| policy.todo(&state)), expected, "{state:?}");
    }
}

/// The payees of a log and of an input; each is a customer and an account.
fn plan(log: &[(&str, &str)], input: &[(&str, &str)]) -> Plan {
    let salt = Salt::random();
    let hash = |(customer, account): &(&str, &str)| -> PayeeHash { salt.payee(customer, &[account]) };
    let rows = input.iter().zip(2..).map(|(payee, line)| CheckedRow {
        payee: hash(payee),
        line,
        paise: if payee.1.contains('@') { 0 } else { 150 },
    });
    let mut payees = Payees::new(rows.collect(), |_, _| ());
    for payee in log {
        *payees.state(&hash(payee)) = state(Some(Outcome::Active), 1, false);
    }
    Plan::new(&payees, &Policy::default())
}

#[test]
fn changes_are_counted_by_what_a_payee_is_and_not_by_where_it_stands() {
    let changes = |log: &[_], input: &[_]| {
        let Changes { done, new, changed, removed } = plan(log, input).changes;
        (done, new, changed, removed)
    };
    let [a, b, c] = [("a", "1"), ("b", "2"), ("c", "3")];
    assert_eq!(changes(&[a, b], &[b, a]), (2, 0, 0, 0));
    assert_eq!(changes(&[a, b], &[a, b, c]), (2, 1, 0, 0));
    assert_eq!(changes(&[a, b, c], &[a]), (1, 0, 0, 2));
    assert_eq!(changes(&[a, b], &[a, ("b", "20"), c]), (1, 1, 1, 0));
    assert_eq!(changes(&[a, b], &[a, ("b", "20"), ("b", "21")]), (1, 1, 1, 0));
    assert_eq!(changes(&[], &[a, b]), (0, 2, 0, 0));
}

#[test]
fn a_plan_states_what_it_costs_at_most() {
    let plan = plan(&[("a", "1")], &[("a", "1"), ("b", "2"), ("c", "3"), ("d", "x@upi")]);
    assert_eq!((plan.send, plan.again, plan.drops, plan.paise), (3, 0, 2, 300));
}

/// Money rule 1: for payees that were in flight when a run died, the time counts from the start of the resume.
#[test]
fn a_missing_account_proves_something_only_a_while_after_the_call_has_certainly_ended() {
    const SETTLE: Duration = Duration::from_mins(5);
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
    let wait = |states: &[PayeeState], trusted| {
        let salt = Salt::random();
        let hash = |line: u32| salt.payee("c", &[&line.to_string()]);
        let lines = || (2..).take(states.len());
        let row = |line| CheckedRow { payee: hash(line), line, paise: 0 };
        let mut payees = Payees::new(lines().map(row).collect(), |_, _| ());
        for (state, line) in states.iter().zip(lines()) {
            *payees.state(&hash(line)) = *state;
        }
        settle_wait(&payees, SETTLE, now, trusted).as_secs()
    };
    let unknown = |ended| PayeeState { ended, ..state(Some(Outcome::Unknown), 1, false) };
    // It was logged long ago, and may have been sent a moment before the run died.
    let in_flight = PayeeState { since: 1, ..state(None, 1, false) };
    for (states, trusted, expected) in [
        (&[][..], true, 0),
        (&[state(Some(Outcome::Active), 1, false)], true, 0),
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
