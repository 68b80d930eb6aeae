use super::*;
use crate::console::{Color, Format};

#[test]
fn the_exit_code_is_that_of_the_worst_outcome() {
    use Outcome::{Active, Failed, NotSent, Refused, Skipped, Unknown};
    let exit = |outcomes: &[Outcome], left, stop: Option<&StopReason>| {
        let mut tally = Tally::default();
        for outcome in outcomes {
            tally.add(*outcome, 1);
        }
        super::exit(&tally, left, stop)
    };
    let refused = StopReason::KeyRefused(String::new());
    assert_eq!(exit(&[Active], 0, None), Exit::Active);
    assert_eq!(exit(&[Active, Failed], 0, None), Exit::NotActive);
    assert_eq!(exit(&[Active, Skipped], 0, None), Exit::NotActive);
    assert_eq!(exit(&[Failed, Refused], 0, None), Exit::Refused);
    assert_eq!(exit(&[Refused, NotSent], 0, None), Exit::NotSent);
    assert_eq!(exit(&[Refused], 1, None), Exit::NotSent);
    assert_eq!(exit(&[Active], 1, Some(&refused)), Exit::Refused);
    assert_eq!(exit(&[Active, NotSent, Unknown], 1, Some(&refused)), Exit::Unknown);
}

#[test]
fn a_cost_is_in_rupees() {
    let plan = Plan { send: 3, again: 1, drops: 2, paise: 12_345, ..Plan::default() };
    assert_eq!(cost(&plan), "3 payees (1 of them again), 2 penny drops, at most 123.45 rupees");
    assert_eq!(cost(&Plan::default()), "nothing to send");
    let all = Plan { send: 1, again: 1, if_absent: 1, drops: 1, paise: 100, ..Plan::default() };
    let only = "1 payee, at most 1 penny drop, 1.00 rupees, and only if the vendor has no record of the payee";
    assert_eq!(cost(&all), only);
    let some = "3 payees (1 of them again), at most 2 penny drops, 123.45 rupees; 1 of them only if the vendor has no record of the payee";
    assert_eq!(cost(&Plan { if_absent: 1, ..plan }), some);
}

#[test]
fn every_outcome_has_a_visible_bar_and_the_end_says_what_was_paid() {
    let mut outcomes = Tally::default();
    outcomes.add(Outcome::Active, 9_989);
    outcomes.add(Outcome::NotSent, 10);
    let changes = Some(Changes { done: 9_000, new: 998, changed: 2, removed: 1 });
    let money = Some(Money { paid: Cost { drops: 2, paise: 250 }, maybe_paid: Cost::default(), is_trial: false });
    let [results, report] = ["out.ndjson", "out.html"].map(|file| Some(file.to_owned()));
    let summary = Summary { rows: 10_000, outcomes, left: 1, changes, results, report, money };
    let mut text = Vec::new();
    summary.write(&mut text, Console::new(Format::Table, Color::Never)).unwrap();
    insta::assert_snapshot!(String::from_utf8(text).unwrap(), @r"
    active        9989   99.8 %  ████████████████████████████████████████
    not sent        10    0.1 %  █
    not reached      1    0.0 %  █
    input         9000 done before, 998 new, 2 changed, 1 removed
    rows         10000  in out.ndjson
    report              in out.html
    paid         2.50 rupees by 2 penny drops
    ");
}

#[test]
fn what_may_have_been_paid_is_never_called_paid() {
    let [none, one, two] = [0, 1, 2].map(|drops| Cost { drops, paise: drops * 100 });
    for (paid, maybe_paid, is_trial, expected) in [
        (none, none, true, "nothing"),
        (none, two, false, "at most 2.00 rupees by 2 penny drops"),
        (two, one, false, "2.00 rupees by 2 penny drops, and at most 1.00 rupees by 1 other"),
        (one, none, true, "1.00 rupees by 1 penny drop (in a sandbox: no money moved)"),
    ] {
        assert_eq!(Money { paid, maybe_paid, is_trial }.sentence(), expected);
    }
}
