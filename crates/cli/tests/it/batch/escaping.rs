//! No formula, control character or markup in the data of a payee reaches a spreadsheet or the terminal unescaped.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use calamine::{Data, Reader as _, open_workbook_auto};
use proptest::prelude::*;
use tempfile::TempDir;

use super::support::Ran;
use crate::support::program;

const PIECES: [&str; 34] = [
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\n",
    "\r",
    "\r\n",
    "\u{1b}[31m",
    "\u{1b}]0;x\u{7}",
    "\u{9b}31m",
    "\u{7f}",
    "\u{85}",
    "\u{202e}",
    "\u{2066}",
    "\u{200b}",
    "\u{feff}",
    "<script>",
    "</t>",
    "&lt;",
    "&#x1b;",
    "]]>",
    "_x0041_",
    "_x001B_",
    "\"",
    "'",
    ",",
    ";",
    "|",
    "＝",
    "cmd|' /C calc'!A0",
    "HYPERLINK(\"http://x\")",
    "007",
    "Ramesh",
];

fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![6 => prop::sample::select(&PIECES[..]).prop_map(str::to_owned), 1 => "\\PC{0,3}", 1 => "[0-9]{1,18}"];
    prop::collection::vec(piece, 0..5).prop_map(|pieces| pieces.concat())
}

/// A row with mostly valid values in the columns that are sent, and with two other columns.
fn row() -> impl Strategy<Value = [String; 6]> {
    let or = |valid: &'static str| prop_oneof![3 => Just(valid.to_owned()), 1 => hostile()];
    ("[0-9]{9,12}", hostile(), hostile(), or("cst_1"), or("HDFC0000001"), or("Sunita Devi")).prop_map(
        |(account, remark, reference, customer, ifsc, name)| [customer, ifsc, account, name, reference, remark],
    )
}

/// A value as a cell shows it, with U+FFFD in place of characters that cells cannot show.
fn shown(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.chars()
        .map(|letter| if letter.is_control() && !"\n\t".contains(letter) { '\u{fffd}' } else { letter })
        .collect()
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Fails if a spreadsheet would execute or lose a part of a cell in a CSV file. Returns the text of the cell.
fn guarded(cell: &str) -> String {
    assert!(cell.chars().all(|letter| !letter.is_control() || "\n\t".contains(letter)), "{cell:?}");
    if let Some(number) = cell.strip_prefix('\t') {
        assert!(number.split(['e', 'E']).all(is_digits) && !number.is_empty(), "{cell:?}");
        return number.to_owned();
    }
    let first = cell
        .trim_start_matches(|letter: char| letter.is_whitespace() || "\u{200b}\u{feff}".contains(letter))
        .chars()
        .next();
    assert!(!first.is_some_and(|first| "=+-@＝＋－＠".contains(first)), "{cell:?}");
    assert!(!(is_digits(cell) && (cell.len() > 11 || cell.len() > 1 && cell.starts_with('0'))), "{cell:?}");
    cell.strip_prefix('\'').unwrap_or(cell).to_owned()
}

/// A value as a cell shows it, without tabs before a number, and without an apostrophe at its start.
fn bare(text: &str) -> String {
    let text = shown(text);
    let number = text.trim_start_matches('\t');
    let is_number = !number.is_empty() && number.split(['e', 'E']).all(is_digits);
    let text = if is_number { number } else { &text };
    text.strip_prefix('\'').unwrap_or(text).to_owned()
}

fn csv_rows(path: &Path) -> Vec<Vec<String>> {
    let bytes = fs::read(path).unwrap();
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// Fails if the output has control characters other than line breaks, or characters that reverse text.
fn must_be_harmless(ran: &Ran) {
    for text in [&ran.stdout, &ran.stderr] {
        let is_command = |letter: char| {
            letter.is_control() && letter != '\n' || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        assert!(!text.contains(is_command), "{text:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 24, failure_persistence: None, max_shrink_iters: 40, ..ProptestConfig::default()
    })]

    #[test]
    fn no_value_of_a_payee_is_executed_or_controls_a_terminal(
        rows in prop::collection::vec(row(), 1..12),
        header in prop_oneof![1 => Just("Remark".to_owned()), 2 => hostile()],
    ) {
        let directory = TempDir::new().unwrap();
        let path = |name: &str| directory.path().join(name);
        let mut file = csv::Writer::from_path(path("in.csv")).unwrap();
        file.write_record(["customer_id", "bank_code", "ifsc", "account", "name", "reference", &header]).unwrap();
        for [customer, ifsc, account, name, reference, remark] in &rows {
            file.write_record([customer, "JP_HDFC", ifsc, account, name, reference, remark]).unwrap();
        }
        file.flush().unwrap();
        let run = |args: &[&str]| {
            let ran = Ran::of(program(args).current_dir(directory.path()).output().unwrap());
            must_be_harmless(&ran);
            ran
        };
        run(&["batch", "in.csv", "--check-only", "--problems", "problems.csv"]);
        run(&["batch", "in.csv", "--check-only", "--clean"]);
        run(&["columns", "in.csv", "--set", "bank_code=JP_HDFC"]);
        if path("problems.csv").exists() {
            csv_rows(&path("problems.csv")).iter().flatten().for_each(|cell| drop(guarded(cell)));
        }
        run(&["batch", "in.csv", "--check-only", "--output", "json"]);
        let ran = run(&["batch", "in.csv", "--skip-invalid", "--out", "out.csv", "--rest", "rest.csv"]);
        // A file with a random header and random cells may be refused, but the program must not panic.
        prop_assert!(ran.exit != Some(101), "{}", ran.stderr);
        if !path("out.csv").exists() {
            prop_assert_eq!(ran.exit, Some(2), "{}", ran.stderr);
            return Ok(());
        }
        run(&["results", "out.log", "--out", "out.xlsx", "--rest", "rest.xlsx"]);
        run(&["results", "out.log", "--out", "out.ndjson", "--report", "report.html", "--unmasked"]);

        let given = csv_rows(&path("in.csv"));
        let written = csv_rows(&path("out.csv"));
        prop_assert_eq!(written.len(), given.len());
        for (own, row) in given.iter().zip(&written) {
            let texts: Vec<_> = row.iter().map(|cell| guarded(cell)).collect();
            let own: Vec<_> = own.iter().map(|text| bare(text)).collect();
            prop_assert_eq!(&texts[..own.len()], &own[..]);
        }
        for row in csv_rows(&path("rest.csv")) {
            for cell in &row {
                guarded(cell);
            }
        }
        for (name, expected) in [("out.xlsx", Some(&given)), ("rest.xlsx", None)] {
            let mut book = open_workbook_auto(path(name)).unwrap();
            prop_assert!(book.worksheet_formula("Results").unwrap().is_empty(), "{}", name);
            let range = book.worksheet_range("Results").unwrap();
            for (number, own) in expected.into_iter().flatten().enumerate() {
                for (place, text) in own.iter().enumerate() {
                    let cell = range.get((number, place)).unwrap_or(&Data::Empty);
                    let found = match cell {
                        Data::String(text) => text.as_str(),
                        Data::Empty => "",
                        other => panic!("{other:?}"),
                    };
                    prop_assert_eq!(found, shown(text));
                }
            }
        }
        let objects = fs::read_to_string(path("out.ndjson")).unwrap();
        prop_assert!(!objects.contains(|letter: char| letter.is_control() && letter != '\n'), "{:?}", objects);
        let page = fs::read_to_string(path("report.html")).unwrap();
        prop_assert!(!page.contains(|letter: char| letter.is_control() && letter != '\n'), "{:?}", page);
        let own: BTreeSet<_> = elements(TEMPLATE).collect();
        let others: Vec<_> = elements(&page).filter(|name| !own.contains(name)).collect();
        prop_assert!(others.is_empty(), "{:?}", others);
    }
}

const TEMPLATE: &str = include_str!("../../../templates/report.html");

fn elements(page: &str) -> impl Iterator<Item = &str> {
    let tags = page.split('<').skip(1).map(|tag| tag.trim_start_matches('/'));
    tags.map(|tag| tag.split(|letter: char| !letter.is_alphanumeric() && letter != '!').next().unwrap_or_default())
}
