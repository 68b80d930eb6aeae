use juspay_accounts::ErrorKind;
use tokio::time::Instant;

use super::*;
use crate::console::{Color, Console, Format};
use crate::log::Tally;

fn progress() -> Progress {
    Progress::new(Console::new(Format::Json, Color::Never), 1, 1, Tally::default())
}

#[tokio::test(start_paused = true)]
async fn a_rate_spaces_calls_and_lost_time_is_not_made_up() {
    let began = Instant::now();
    let mut pace = Pace::new(Some(4.0));
    let mut at = Vec::new();
    for number in 0..5 {
        pace.wait().await;
        at.push(began.elapsed().as_millis());
        if number == 2 {
            tokio::time::sleep(Duration::from_secs(3)).await;
        }
    }
    assert_eq!(at, [0, 250, 500, 3500, 3750]);
    let mut none = Pace::new(None);
    none.wait().await;
    assert_eq!(began.elapsed().as_millis(), 3750);
}

#[test]
fn a_run_stops_after_ten_calls_without_a_response_about_payees() {
    let stopped = |calls: Vec<(bool, Health)>| {
        let mut state = State::default();
        for (reads, health) in calls {
            let completion = Ok(Completion { outcomes: Vec::new(), unread: None, reads, health });
            state.take(completion, Duration::ZERO, &mut progress());
        }
        state.dispatched.stop
    };
    let failed = |kind: ErrorKind| Health::Failed(kind, kind.to_string());
    for reads in [false, true] {
        let many = |number, kind| (0..number).map(|_| (reads, failed(kind))).collect::<Vec<_>>();
        for kind in [ErrorKind::NotConnected, ErrorKind::Server, ErrorKind::RateLimited, ErrorKind::Redirected] {
            assert!(matches!(stopped(many(10, kind)), Some(StopReason::TooManyFailures(_))), "{kind}");
            assert!(stopped(many(9, kind)).is_none(), "{kind}");
            let around = |between| many(9, kind).into_iter().chain([between]).chain(many(9, kind)).collect();
            assert!(stopped(around((reads, Health::Good))).is_none(), "{kind}");
            assert!(
                matches!(stopped(around((reads, Health::Neutral))), Some(StopReason::TooManyFailures(_))),
                "{kind}"
            );
            // A successful read says nothing about whether sending works, and vice versa.
            assert!(matches!(stopped(around((!reads, Health::Good))), Some(StopReason::TooManyFailures(_))), "{kind}");
            assert!(stopped(many(9, kind).into_iter().chain([(!reads, failed(kind))]).collect()).is_none());
        }
        let refused = vec![(reads, Health::Good), (reads, failed(ErrorKind::Unauthorized))];
        assert!(matches!(stopped(refused), Some(StopReason::KeyRefused(_))));
    }
}

#[test]
fn payees_are_logged_ahead_only_while_calls_are_faster_than_the_disk() {
    let mut state = State::default();
    let mut call = |took| {
        let completion = Completion { outcomes: Vec::new(), unread: None, reads: false, health: Health::Good };
        state.take(Ok(completion), took, &mut progress());
        state.is_fast
    };
    assert!(call(Duration::from_millis(2)));
    assert!(!call(Duration::from_millis(200)));
}
