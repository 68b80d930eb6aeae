//! Which names count as names of the same person.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

use std::fmt::Write as _;

use juspay_accounts_validation::names::{Comparison, Difference, Verdict, compare};
use proptest::prelude::*;

/// A comparison as in a table: `close`, `order, initial`.
fn summary(comparison: &Comparison) -> (String, String) {
    let word = |difference: &Difference| serde_json::to_string(difference).unwrap().trim_matches('"').to_owned();
    let differences: Vec<_> = comparison.differences.iter().map(word).collect();
    let differences = if differences.is_empty() { "-".to_owned() } else { differences.join(", ") };
    (comparison.verdict.to_string(), differences)
}

/// Compares each pair in both orders. Returns the number of pairs, and those with another result than the table.
fn deviations<'a>(pairs: impl IntoIterator<Item = [&'a str; 4]>) -> (usize, String) {
    let (mut count, mut deviations) = (0, String::new());
    for [given, at_bank, verdict, differences] in pairs {
        count += 1;
        for (one, other) in [(given, at_bank), (at_bank, given)] {
            let found = summary(&compare(one, other));
            if found != (verdict.to_owned(), differences.to_owned()) {
                writeln!(deviations, "{one}\t{other}\t{}\t{}", found.0, found.1).unwrap();
            }
        }
    }
    (count, deviations)
}

#[test]
fn documented_rules_match_the_code() {
    let table = include_str!("../../src/names/rules.md");
    // The docs use words for people instead of identifiers.
    let table = table.replace("cannot tell", "cannot_tell").replace("missing word", "missing_word");
    let table = table.replace("legal form", "legal_form").replace("other script", "other_script");
    let rows =
        table.lines().take_while(|line| !line.contains("Verdicts of providers")).filter(|line| line.contains("| `"));
    let rows = rows.map(|row| {
        let cells: Vec<_> = row.trim_matches('|').split('|').map(|cell| cell.trim().trim_matches('`')).collect();
        <[&str; 5]>::try_from(cells).unwrap()
    });
    let (count, deviations) =
        deviations(rows.map(|[_, given, at_bank, verdict, differences]| [given, at_bank, verdict, differences]));
    assert_eq!(deviations, "");
    assert_eq!(count, 38);
}

#[test]
fn pairs_of_names_have_the_verdict_of_the_table() {
    let table = include_str!("pairs.tsv");
    let rows = table.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let rows = rows.map(|row| {
        let cells: Vec<_> = row.split('\t').collect();
        <[&str; 4]>::try_from(cells).unwrap_or_else(|cells| panic!("{cells:?}"))
    });
    let (count, deviations) = deviations(rows);
    assert_eq!(deviations, "");
    assert!(count >= 250, "{count}");
}

#[test]
fn the_score_is_the_share_that_agrees() {
    for (given, at_bank, score) in [
        ("Ramesh Kumar", "RAMESH KUMAR", 100),
        ("Ramesh Kumar", "KUMAR RAMESH", 98),
        ("Smt Lakshmi Devi", "DEVI LAXMI", 94),
        ("Ramesh Kumar Sharma", "RAMESH SHARMA", 84),
        ("Ramesh Kumar Sharma", "R K SHARMA", 80),
        ("Venkata Subrahmanya Krishna Murthy", "VENKATA SUBRAHMANYA", 81),
        ("Ramesh Kumar", "RAMESH VERMA", 32),
        ("Ramesh Kumar", "SITA DEVI", 0),
        ("Ramesh Kumar", "R K", 0),
    ] {
        assert_eq!(compare(given, at_bank).score, score, "{given}, {at_bank}");
    }
}

/// If such a text were compared, this test would take hours.
#[test]
fn a_very_long_text_is_not_a_name() {
    let long: String = ('a'..='z').cycle().take(1_000_000).flat_map(|letter| [letter, letter, ' ']).collect();
    for (given, at_bank) in [("Ramesh Kumar", &*long), (&*long, &*long)] {
        assert!(is_placeholder(&compare(given, at_bank)));
    }
}

/// Generates names without words such as `Sri`, which mean something else in another position.
fn name() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        prop::sample::select(vec![
            "Ramesh",
            "Kumar",
            "Sharma",
            "Lakshmi",
            "Laxmi",
            "Devi",
            "Mohd",
            "Rahim",
            "Patel",
            "K",
            "S",
            "Venkata",
            "Subramanian",
            "Mr",
            "Smt",
            "Traders",
            "Pvt",
            "Ltd",
            "LLP",
            "Singh",
            "Kaur",
            "Iyer",
            "सुनीता",
            "देवी",
            "D'Souza",
        ])
        .prop_map(str::to_owned),
        "[A-Za-z]{2,9}",
    ];
    prop::collection::vec(word, 1..6).prop_map(|words| words.join(" "))
}

fn is_placeholder(comparison: &Comparison) -> bool {
    comparison.differences == [Difference::Placeholder]
}

proptest! {
    #[test]
    fn a_name_matches_itself(name in prop_oneof![name(), "\\PC{1,60}", any::<String>()]) {
        let comparison = compare(&name, &name);
        if !is_placeholder(&comparison) {
            prop_assert_eq!((comparison.verdict, comparison.score), (Verdict::Match, 100));
            prop_assert_eq!(comparison.differences, []);
        }
    }

    #[test]
    fn names_can_be_swapped(one in prop_oneof![name(), "\\PC{0,60}"], other in prop_oneof![name(), any::<String>()]) {
        prop_assert_eq!(compare(&one, &other), compare(&other, &one));
    }

    #[test]
    fn case_and_spacing_do_not_count(one in name(), other in name(), spaces in " {1,3}|\u{a0}|\t|, |-") {
        let expected = compare(&one, &other);
        prop_assert_eq!(&compare(&one.to_uppercase(), &other.to_lowercase()), &expected);
        let spaced = format!(" {} ", one.replace(' ', &spaces));
        let lengths = [one.len(), one.chars().count(), spaced.trim().chars().count(), other.chars().count()];
        // Names with a length at which banks cut names off are special.
        if lengths.iter().any(|length| [19, 20, 24, 25, 34, 35, 39, 40].contains(length)) {
            return Ok(());
        }
        prop_assert_eq!(compare(&spaced, &other), expected);
    }

    #[test]
    fn order_does_not_count(words in prop::collection::vec("[A-Z][a-z]{2,8}", 2..5), other in name(), turn in 1_usize..4) {
        let name = words.join(" ");
        let mut turned = words;
        let turn = turn % turned.len();
        turned.rotate_left(turn);
        let turned = turned.join(" ");
        prop_assert_eq!(compare(&name, &turned).verdict, Verdict::Match);
        // With such a length, the last word can be cut off.
        let lengths = [name.chars().count(), other.chars().count()];
        if lengths.iter().any(|length| [19, 20, 24, 25, 34, 35, 39, 40].contains(length)) {
            return Ok(());
        }
        let [expected, found] = [compare(&name, &other), compare(&turned, &other)];
        if is_placeholder(&expected) {
            return Ok(());
        }
        prop_assert_eq!(found.verdict, expected.verdict);
    }

    #[test]
    fn joined_words_match(words in prop::collection::vec("[A-Z][a-z]{5,8}", 2..5)) {
        let (apart, joined) = (words.join(" "), words.concat());
        prop_assert_eq!(compare(&apart, &joined).verdict, Verdict::Match);
    }

    #[test]
    fn the_score_is_in_the_range_of_its_verdict(one in name(), other in name()) {
        let Comparison { verdict, score, differences, .. } = compare(&one, &other);
        let range = match verdict {
            Verdict::Match => 90..=100,
            Verdict::Close => 60..=89,
            Verdict::Different => 0..=59,
            Verdict::CannotTell => 0..=0,
        };
        prop_assert!(range.contains(&score), "{verdict}: {score}");
        prop_assert_eq!(verdict == Verdict::Different, differences.contains(&Difference::Conflict));
        prop_assert!(differences.is_sorted());
    }
}
