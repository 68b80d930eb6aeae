use super::*;

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
    let only = "1 payee, at most 1 penny drop, 1.00 rupees, and only for payees that the vendor does not have";
    assert_eq!(cost(&all), only);
    let some = "3 payees (1 of them again), at most 2 penny drops, 123.45 rupees; 1 of them only if the vendor does not have the payee";
    assert_eq!(cost(&Plan { if_absent: 1, ..plan }), some);
}
