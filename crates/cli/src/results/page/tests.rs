use juspay_accounts::Payee;
use juspay_accounts_validation::names::Verdict as NameVerdict;
use proptest::prelude::*;

use super::*;
use crate::log::{Paid, Record};
use crate::names::NameMatch;
use crate::results::overview::LISTED;
use crate::results::row::{ResultRow, RowResult};

fn about() -> About<'static> {
    let made = SystemTime::UNIX_EPOCH + std::time::Duration::from_mins(29_408_250);
    let results = Path::new("dir/payees.results.xlsx");
    About { input: "dir/payees.xlsx", results, server: "https://api.juspay.in", made }
}

fn result(outcome: Outcome) -> RowResult {
    let paid = Paid { paise: 100, is_certain: outcome == Outcome::Active };
    RowResult { paid: Some(paid), ..Record::because(outcome, "a reason").into() }
}

fn add(overview: &mut Overview, result: &RowResult, [name, reference]: [&str; 2]) {
    let payee = Some(Payee::Upi("asha@okhdfcbank".parse().unwrap()));
    let (name, reference) = (Some(name), Some(reference));
    overview.add(&ResultRow { number: 7, cells: &[], numbers: &[], payee, name, reference, result: None }, result);
}

fn with(outcomes: &[Outcome]) -> Overview {
    let mut overview = Overview::default();
    for outcome in outcomes {
        add(&mut overview, &result(*outcome), ["Asha Rao", "INV-7"]);
    }
    overview
}

fn page(about: About<'_>, overview: &Overview) -> String {
    Page::new(about, overview).render().unwrap()
}

#[test]
fn an_unknown_outcome_never_leads_to_sending_again() {
    let text = page(about(), &with(&[Outcome::Unknown, Outcome::Active]));
    assert!(text.contains("1 row with an unknown outcome:"), "{text}");
    assert!(text.contains("--resume --reconcile</code>"));
    assert!(text.contains("and 1 other may have been paid (at most ₹1.00)"));
    let without = page(about(), &with(&[Outcome::Failed]));
    assert!(!without.contains("with an unknown outcome"));
    assert!(!without.contains("--reconcile"));
}

#[test]
fn a_sandbox_is_called_a_trial_run() {
    let overview = with(&[Outcome::Active]);
    for server in ["embedded", "https://sandbox.juspay.in", "https://sandbox.juspay.io", "http://127.0.0.1:8080"] {
        assert!(page(About { server, ..about() }, &overview).contains("Trial run."), "{server}");
    }
    let text = page(about(), &overview);
    assert!(!text.contains("Trial run."));
    assert!(text.contains("https://api.juspay.in (production)"));
    let abroad = page(About { server: "https://api.juspay.io", ..about() }, &overview);
    assert!(abroad.contains("https://api.juspay.io (production)") && !abroad.contains("Trial run."));
}

#[test]
fn a_check_within_a_second_has_one_time() {
    for (last, expected) in [
        (1_740_419_383_900, "2025-02-24 23:19:43 IST"),
        (1_740_419_384_000, "2025-02-24 23:19:43 IST to 2025-02-24 23:19:44 IST"),
    ] {
        let mut overview = with(&[Outcome::Active]);
        overview.checked = Some((1_740_419_383_100, last));
        assert!(page(about(), &overview).contains(&format!("<dd>{expected}</dd>")), "{expected}");
    }
}

#[test]
fn rows_are_listed_up_to_a_limit_and_the_rest_is_counted() {
    let text = page(about(), &with(&[Outcome::Failed; LISTED + 2]));
    assert_eq!(text.matches("data-label=\"Row\"").count(), LISTED);
    assert!(text.contains("2 more rows are in payees.results.xlsx."), "{text}");
}

#[test]
fn the_verdict_counts_rows_and_names() {
    let verdict = |overview: &Overview| {
        let super::Verdict { class, headline, next } = super::verdict(overview);
        format!("{class}: {headline} {next}")
    };
    let mut overview = with(&[Outcome::Active]);
    assert_eq!(verdict(&overview), "good: The row is active. No name was compared with the name at the bank.");
    let named = |outcome| {
        let name = Some(NameMatch { verdict: NameVerdict::Different, score: 0, differences: Vec::new() });
        RowResult::from(Record { name, ..result(outcome).record })
    };
    add(&mut overview, &named(Outcome::Active), ["", ""]);
    assert_eq!(
        verdict(&overview),
        "caution: All 2 rows are active. Compare the names before you pay. In 1 row, the name at the bank does not \
         clearly match the name in the file."
    );
    add(&mut overview, &named(Outcome::Pending), ["", ""]);
    assert_eq!(
        verdict(&overview),
        "bad: 1 row is not confirmed. Do not pay a row until it is confirmed. 2 other rows are active. In 2 rows, the \
         name at the bank does not clearly match the name in the file."
    );
}

#[test]
fn accounts_and_names_are_unmasked_only_if_the_user_wants_it() {
    let mut overview = with(&[Outcome::Failed]);
    let text = page(about(), &overview);
    assert!(text.contains("****@okhdfcbank") && text.contains("A***"), "{text}");
    assert!(!text.contains("asha@") && !text.contains("Asha"));
    assert!(text.contains("are masked"));
    overview = Overview::new(true);
    add(&mut overview, &result(Outcome::Failed), ["Asha Rao", "INV-7"]);
    let text = page(about(), &overview);
    assert!(text.contains("asha@okhdfcbank") && text.contains("Asha Rao") && !text.contains("are masked"), "{text}");
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

#[test]
fn a_report_replaces_only_a_report() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("report.html");
    assert_eq!(cannot_take(&path), None);
    write(&path, about(), &with(&[Outcome::Active])).unwrap();
    assert_eq!(cannot_take(&path), None);
    write(&path, about(), &with(&[Outcome::Active, Outcome::Failed])).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
    std::fs::write(&path, "<!doctype html><title>ours</title>").unwrap();
    assert!(cannot_take(&path).unwrap().contains("is not a report"));
    write(&path, about(), &with(&[Outcome::Active])).unwrap_err();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "<!doctype html><title>ours</title>");
    assert!(cannot_take(&directory.path().join("report.pdf")).unwrap().contains(".html"));
    assert!(cannot_take(&directory.path().join("none/report.html")).unwrap().contains("does not exist"));
}

/// Generates text that somebody may write into a cell to inject markup into the report.
fn hostile() -> impl Strategy<Value = String> {
    let bait = prop::sample::select(vec![
        "<script>alert(1)</script>",
        "\"><img src=x onerror=a>",
        "</td></table>",
        "' onload='",
        "&lt;",
        "<!--",
        "-->",
        "]]>",
        "{{ version }}",
        "\u{202e}",
        "\u{1b}[31m",
        "\0",
    ]);
    prop_oneof!["\\PC{0,40}", (".{0,10}", bait, ".{0,10}").prop_map(|(before, bait, after)| before + bait + &after)]
}

proptest! {
    /// The markup of the page does not depend on the cells: only text differs. It contains no control characters except
    /// line breaks, and no characters that reverse text.
    #[test]
    fn nothing_in_a_cell_reaches_the_page_as_markup(texts in prop::array::uniform8(hostile())) {
        let [name, reference, reason, advice, suggestion, status, id, input] = &texts;
        let overview = |texts: [&str; 7]| {
            let [name, reference, reason, advice, suggestion, status, id] = texts.map(str::to_owned);
            let mut overview = Overview::new(true);
            let found = Some(NameMatch { verdict: NameVerdict::Close, score: 70, differences: Vec::new() });
            let record = Record {
                reason: Some(reason),
                status: Some(status),
                request_id: Some(format!("request-id-{id}")),
                name: found,
                ..Record::new(Outcome::Other)
            };
            let mut result = RowResult { advice: Some(advice), suggestion: Some(suggestion), ..record.into() };
            add(&mut overview, &result, [&name, &reference]);
            result.record.reason = None;
            add(&mut overview, &result, [&name, &reference]);
            overview
        };
        let with = |texts, input: &str| {
            let server = format!("of {input}");
            page(About { input, results: Path::new(input), server: &server, ..about() }, &overview(texts))
        };
        let text = with([name, reference, reason, advice, suggestion, status, id], input);
        let expected = with(["x"; 7], "x");
        prop_assert_eq!(tags(&text), tags(&expected));
        let is_bad = |letter: char| letter.is_control() && letter != '\n' || matches!(letter, '\u{202a}'..='\u{202e}');
        prop_assert!(!text.contains(is_bad));
    }
}

/// The tags of a page, found by the characters that begin and end a tag.
fn tags(text: &str) -> Vec<&str> {
    text.split('<').skip(1).map(|part| part.split_once('>').map_or(part, |(tag, _)| tag)).collect()
}
