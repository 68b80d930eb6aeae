use super::*;
use crate::log::{CheckedRow, PayeeHash, Salt};

fn state(outcome: Option<Outcome>, attempt: u32, again: bool) -> PayeeState {
    PayeeState { attempt, outcome, again, ..PayeeState::default() }
}

/// Every outcome with each flag: what is sent again, and what is not.
#[test]
fn a_payee_is_sent_again_only_if_nothing_was_paid_or_the_user_asks_for_it() {
    use Outcome::{Active, Failed, NotSent, Other, Pending, Refused, Skipped, Unknown};
    let send = Action::Send { after_unknown: false };
    let resend = Action::Send { after_unknown: true };
    let policies = [
        Policy::default(),
        Policy { reconcile: true, ..Policy::default() },
        Policy { resend_unknown: true, ..Policy::default() },
        Policy { follow: true, ..Policy::default() },
        Policy { retry: vec![Retry::Failed, Retry::Refused, Retry::Skipped], ..Policy::default() },
    ];
    let nothing = [Action::Nothing; 5];
    let [keep, follow] = [Action::Nothing, Action::Follow];
    let unknown = [keep, Action::Reconcile, resend, keep, keep];
    for (state, expected) in [
        (PayeeState::default(), [send; 5]),
        (state(None, 1, false), unknown),
        (state(Some(Unknown), 1, false), unknown),
        (state(Some(Unknown), 3, true), unknown),
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
        assert_eq!(policies.clone().map(|policy| policy.action(&state)), expected, "{state:?}");
        let sends = expected.map(|action| !matches!(action, Action::Nothing | Action::Follow));
        assert_eq!(policies.clone().map(|policy| policy.sends(&state)), sends, "{state:?}");
    }
}

/// Makes a plan from the payees of a log and of an input. Each payee is a customer and an account.
fn plan(log: &[(&str, &str)], input: &[(&str, &str)]) -> Plan {
    let salt = Salt::random();
    let hash = |(customer, account): &(&str, &str)| -> PayeeHash { salt.payee(customer, account) };
    let rows = input.iter().zip(2..).map(|(payee, line)| CheckedRow {
        payee: hash(payee),
        line,
        paise: if payee.1.contains('@') { 0 } else { 150 },
    });
    let mut payees = Payees::new(rows.collect());
    for payee in log {
        *payees.state(&hash(payee)) = state(Some(Outcome::Active), 1, false);
    }
    Plan::new(&payees, &Policy::default())
}

#[test]
fn changes_are_counted_by_content_and_not_by_position() {
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
fn a_plan_states_its_maximum_cost() {
    let plan = plan(&[("a", "1")], &[("a", "1"), ("b", "2"), ("c", "3"), ("d", "x@upi")]);
    assert_eq!((plan.send, plan.again, plan.drops, plan.paise), (3, 0, 2, 300));
}

#[test]
fn plan_counts_what_is_sent_again_what_is_only_read_and_what_is_done() {
    let states = [
        state(Some(Outcome::Unknown), 1, false),
        state(Some(Outcome::Refused), 2, true),
        state(Some(Outcome::Pending), 1, false),
        state(Some(Outcome::Active), 1, false),
        // This payee was logged, but not sent.
        state(Some(Outcome::NotSent), 1, true),
    ];
    let salt = Salt::random();
    let hash = |line: u32| salt.payee("c", &line.to_string());
    let rows = (2..7).map(|line| CheckedRow { payee: hash(line), line, paise: 100 });
    let mut payees = Payees::new(rows.collect());
    for (state, line) in states.into_iter().zip(2..) {
        *payees.state(&hash(line)) = state;
    }
    for (reconcile, resend_unknown, follow, expected) in [
        (false, false, false, (2, 1, 0, 0, 200, 2)),
        (false, false, true, (2, 1, 0, 1, 200, 1)),
        (false, true, false, (3, 2, 0, 0, 300, 2)),
        (true, false, true, (3, 2, 1, 1, 300, 1)),
    ] {
        let policy = Policy { follow, reconcile, resend_unknown, ..Policy::default() };
        let plan = Plan::new(&payees, &policy);
        let counts = (plan.send, plan.again, plan.if_absent, plan.read, plan.paise, plan.changes.done);
        assert_eq!(counts, expected, "{policy:?}");
    }
}
