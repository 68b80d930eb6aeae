use std::time::Duration;

use juspay_accounts_validation::names::Verdict as NameVerdict;

use super::super::overview::{LISTED, Seen};
use super::*;

fn about() -> About<'static> {
    let started = SystemTime::UNIX_EPOCH + Duration::from_mins(29_408_250);
    About {
        input: "payees.xlsx",
        results: "payees.results.xlsx",
        server: "https://api.juspay.in (production)",
        is_trial: false,
        started,
        ended: started + Duration::from_mins(7),
        unmasked: false,
    }
}

fn item(row: u32, reason: &str) -> Item {
    Item {
        row,
        payee: "HDFC0000053 ****0123".to_owned(),
        name: Some("R****".to_owned()),
        reference: format!("INV-{row}"),
        reason: reason.to_owned(),
        request_id: Some("req-1".to_owned()),
        todo: "Ask for the account again.".to_owned(),
    }
}

/// The text of a page, with one space for each run of them.
fn page(about: About<'_>, overview: &Overview) -> String {
    Page::new(about, overview).render().unwrap()
}

fn with(rows: &[(Outcome, u32)]) -> Overview {
    let mut overview = Overview::default();
    for ((outcome, paise), row) in rows.iter().zip(2..) {
        let seen = Seen { outcome: *outcome, bank: "HDFC Bank", paise: *paise, verdict: None, comparison: "" };
        overview.add(seen, || item(row, "a reason"));
    }
    overview
}

#[test]
fn an_unknown_outcome_is_never_answered_by_sending_again() {
    let text = page(about(), &with(&[(Outcome::Unknown, 100), (Outcome::Active, 100)]));
    assert!(text.contains("1 row may have been paid already."), "{text}");
    assert!(text.contains("--resume --reconcile</code>"));
    assert!(text.contains("perhaps 1 more (₹1.00)"));
    let without = page(about(), &with(&[(Outcome::Failed, 100)]));
    assert!(!without.contains("may have been paid already"));
    assert!(!without.contains("--reconcile"));
}

#[test]
fn a_sandbox_is_called_a_trial_run() {
    let overview = with(&[(Outcome::Active, 100)]);
    assert!(page(About { is_trial: true, ..about() }, &overview).contains("Trial run."));
    assert!(!page(about(), &overview).contains("Trial run."));
}

#[test]
fn rows_are_listed_up_to_a_limit_and_the_rest_is_counted() {
    let text = page(about(), &with(&vec![(Outcome::Failed, 100); LISTED + 2]));
    assert_eq!(text.matches("<th role=\"rowheader\" scope=\"row\" class=\"number\"").count(), LISTED);
    assert!(text.contains("2 more rows are not listed here; payees.results.xlsx has them."), "{text}");
}

#[test]
fn the_verdict_counts_rows_and_names() {
    let verdict = |overview: &Overview| {
        let super::Verdict { class, headline, next } = super::verdict(overview);
        format!("{class}: {headline} {next}")
    };
    let mut overview = with(&[(Outcome::Active, 100)]);
    assert_eq!(verdict(&overview), "good: The row is active. No name was compared with the one at the bank.");
    let seen = Seen {
        outcome: Outcome::Active,
        bank: "",
        paise: 0,
        verdict: Some(NameVerdict::Different),
        comparison: "different",
    };
    overview.add(seen, || item(3, ""));
    assert_eq!(
        verdict(&overview),
        "doubtful: All 2 rows are active. Clear the names before you pay. In 1 row, the name at the bank differs from the name in the file."
    );
    overview.add(Seen { outcome: Outcome::Pending, ..seen }, || item(4, ""));
    assert_eq!(
        verdict(&overview),
        "bad: 1 row is not confirmed. Hold these payments back until each row below is cleared. 2 other rows are active. In 2 rows, the name at the bank differs from the name in the file."
    );
}

#[test]
fn numbers_are_grouped_as_in_india() {
    for (number, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (100_000, "1,00,000"), (12_345_678, "1,23,45,678")]
    {
        assert_eq!(grouped(number), text);
    }
    assert_eq!(rupees(12_345_005), "₹1,23,450.05");
    assert_eq!([percent(1, 3), percent(3, 3), percent(0, 0)], ["33.3", "100.0", "0.0"]);
}
