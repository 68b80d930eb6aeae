//! Workbooks: which sheet is read, what numbers lose, and that a payee is the same in every format.

use rust_xlsxwriter::{Workbook, Worksheet};

use super::support::{Place, Ran};

const SET: [&str; 4] = ["--set", "bank_code=JP_HDFC", "--set", "customer_id={reference}"];

/// Saves a workbook with a cover, and a sheet with payees below two titles.
fn workbook(place: &Place, payees: impl Fn(&mut Worksheet, u32)) {
    let mut workbook = Workbook::new();
    let cover = workbook.add_worksheet().set_name("Cover").unwrap();
    cover.write(0, 0, "Acme Pvt Ltd").unwrap().write(2, 0, "Salaries of November").unwrap();
    let sheet = workbook.add_worksheet().set_name("Payees").unwrap();
    sheet.write(0, 0, "Salaries").unwrap().write(1, 0, "Debit A/c").unwrap().write(1, 1, "50200012345678").unwrap();
    for (column, name) in (0..).zip(["Emp Code", "Name", "A/c No.", "IFSC", "Net Pay"]) {
        sheet.write(3, column, name).unwrap();
    }
    payees(sheet, 4);
    workbook.save(place.path("in.xlsx")).unwrap();
}

fn row(sheet: &mut Worksheet, row: u32, code: &str, account: impl rust_xlsxwriter::IntoExcelData) {
    sheet.write(row, 0, code).unwrap().write(row, 1, "Ramesh Kumar").unwrap().write(row, 2, account).unwrap();
    sheet.write(row, 3, "HDFC0000053").unwrap().write(row, 4, 45_000).unwrap();
}

fn check(place: &Place, file: &str, more: &[&str]) -> Ran {
    Ran::of(place.program(&[&[file, "--check-only"], &SET[..], more].concat()).output().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_sheet_with_a_header_is_read_and_another_on_request() {
    let place = Place::new(&[]).await;
    workbook(&place, |sheet, first| row(sheet, first, "E1", "00000020123456789"));
    let ran = check(&place, "in.xlsx", &[]);
    assert_eq!(ran.stdout, "in.xlsx: 1 row, no problems; 1 penny drop, 1.00 rupees\n", "{}", ran.stderr);
    let notes = "note: the payees are read from the sheet \"Payees\"; --sheet chooses a different one \
                 (the sheets: \"Cover\", \"Payees\")\nnote: the header is row 4\n";
    assert!(ran.stderr.starts_with(notes), "{}", ran.stderr);
    let ran = Ran::of(place.juspay(&["columns", "in.xlsx"]).output().unwrap());
    assert!(ran.stderr.starts_with("note: the payees are read from the sheet \"Payees\"; "), "{}", ran.stderr);
    assert_eq!(check(&place, "in.xlsx", &["--sheet", "payees"]).exit, Some(0));
    let ran = check(&place, "in.xlsx", &["--sheet", "Cover"]);
    assert!(ran.stderr.contains("the file has no header that the program knows"), "{}", ran.stderr);
    let ran = check(&place, "in.xlsx", &["--sheet", "Bank"]);
    assert_eq!(ran.exit, Some(1));
    let expected = "the workbook has no sheet \"Bank\"; nothing was sent\n  next: choose one of its sheets: \"Cover\", \"Payees\"\n";
    assert!(ran.stderr.ends_with(expected), "{}", ran.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_is_stored_as_a_number_is_rejected_if_digits_are_lost() {
    let place = Place::new(&[]).await;
    workbook(&place, |sheet, first| {
        row(sheet, first, "E1", 50_100_241_763_u64);
        row(sheet, first + 1, "E2", 123_456_789_012_345_u64);
        row(sheet, first + 2, "E3", 1_234_567_890_123_456_u64);
        row(sheet, first + 3, "E4", 2.629_18E+23);
        row(sheet, first + 4, "E5", "1234567890123456");
    });
    let ran = check(&place, "in.xlsx", &[]);
    assert_eq!(ran.exit, Some(1));
    let lost = "column C (\"A/c No.\"): a spreadsheet stored it as a number and kept only 15 digits; format the column as text, \
                and then copy the number from the source again\n";
    assert!(
        ran.stderr.contains(&format!("2 problems in in.xlsx, in 2 of 5 rows; nothing was sent\n  row 7, {lost}")),
        "{}",
        ran.stderr
    );
    assert!(
        ran.stderr.contains("  row 8, column C (\"A/c No.\"): a spreadsheet rounded this number"),
        "{}",
        ran.stderr
    );
    let advice = "2 × column C (\"A/c No.\"): the workbook stores it as a number, so any leading zeros are lost";
    assert!(ran.stderr.contains(advice), "{}", ran.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_a_filter_hides_is_read_with_advice() {
    let place = Place::new(&[]).await;
    workbook(&place, |sheet, first| {
        for (line, account) in (first..).zip(["50100241763", "50100241764", "50100241765"]) {
            row(sheet, line, &format!("E{line}"), account);
        }
        sheet.set_row_hidden(first + 1).unwrap().set_column_hidden(6).unwrap();
    });
    let advice = "the sheet hides this row, perhaps by a filter; show all rows, and delete those that must not be sent";
    let ran = check(&place, "in.xlsx", &[]);
    assert_eq!(ran.stdout, "in.xlsx: 3 rows, no problems; 3 penny drops, 3.00 rupees\n", "{}", ran.stderr);
    assert!(ran.stderr.contains(&format!("check them:\n  1 × {advice} (row 6)\n")), "{}", ran.stderr);
    let ran = Ran::of(place.program(&[&["in.xlsx", "--out", "out.ndjson"], &SET[..]].concat()).output().unwrap());
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    let outcomes = place.outcomes();
    let advised: Vec<_> = outcomes.iter().filter(|(_, record)| record["advice"] == advice).collect();
    assert!(advised.len() == 1 && outcomes[&6]["advice"] == advice, "{outcomes:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_a_sheet_hides_is_found_in_old_workbooks_and_those_of_libre_office() {
    let place = Place::new(&[]).await;
    for file in ["hidden.xls", "hidden.ods"] {
        let ran = check(&place, &format!("{}/tests/payees/workbooks/{file}", env!("CARGO_MANIFEST_DIR")), &[]);
        assert!(ran.stdout.contains("3 rows, no problems"), "{file}: {}{}", ran.stdout, ran.stderr);
        assert!(ran.stderr.contains("  1 × the sheet hides this row, perhaps by a filter"), "{file}: {}", ran.stderr);
        assert!(ran.stderr.contains("that must not be sent (row 6)\n"), "{file}: {}", ran.stderr);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_sheet_is_read_only_if_the_user_names_it() {
    let place = Place::new(&[]).await;
    let mut workbook = Workbook::new();
    let old = workbook.add_worksheet().set_name("Old list").unwrap().set_hidden(true);
    for (column, name) in (0..).zip(["Emp Code", "Name", "A/c No.", "IFSC", "Net Pay"]) {
        old.write(0, column, name).unwrap();
    }
    row(old, 1, "E1", "50100241763");
    let sheet = workbook.add_worksheet().set_name("Now").unwrap().set_active(true);
    sheet.write(0, 0, "Konto").unwrap().write(1, 0, "50100241764").unwrap();
    workbook.save(place.path("in.xlsx")).unwrap();
    let ran = check(&place, "in.xlsx", &[]);
    let expected = "error: in.xlsx: the program knows the header of a hidden sheet only: \"Old list\" (hidden); nothing was sent\n  \
                    next: if the payees are in it, add --sheet 'Old list'; otherwise choose their sheet";
    assert!(ran.exit == Some(1) && ran.stderr.starts_with(expected), "{}", ran.stderr);
    let ran = check(&place, "in.xlsx", &["--sheet", "old list"]);
    let note = "note: the payees are read from the sheet \"Old list\" (hidden); --sheet chooses a different one (the sheets: \
                \"Now\", \"Old list\" (hidden))\n";
    assert!(ran.exit == Some(0) && ran.stderr.starts_with(note), "{}", ran.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payee_is_not_sent_again_from_a_file_in_another_format() {
    let place = Place::new(&[]).await;
    place.input("Emp Code;Employee Name;Account Number;IFSC Code\nE1;Ramesh Kumar;00000020123456789;HDFC0000053\n");
    let ran = place.run(&SET);
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    workbook(&place, |sheet, first| row(sheet, first, "E1", "00000020123456789"));
    let url = place.sandbox.url();
    let args = [&["in.xlsx", "--out", "out.ndjson", "--base-url", &url, "--resume"], &SET[..]].concat();
    let ran = Ran::of(place.program(&args).output().unwrap());
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    assert_eq!(place.sandbox.requests(), 1);
    assert!(ran.stdout.contains("1 done before, 0 new, 0 changed, 0 removed"), "{}", ran.stdout);
    // With other customers, all payees would be new.
    let other = ["--set", "bank_code=JP_HDFC", "--set", "customer_id=payroll"];
    let args = [&["in.xlsx", "--out", "out.ndjson", "--base-url", &url, "--resume"], &other[..]].concat();
    let ran = Ran::of(place.program(&args).output().unwrap());
    assert_eq!(ran.exit, Some(2));
    assert!(ran.stderr.contains(
        "the last run read customer_id with --set customer_id='{Emp Code}', and this run reads it with --set customer_id=payroll"
    ));
    assert_eq!(place.sandbox.requests(), 1);
    // The command `results` reads the file as the last run did, without its flags.
    let ran = Ran::of(place.juspay(&["results", "out.log"]).output().unwrap());
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    assert_eq!(place.outcomes()[&5]["outcome"], "active");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workbook_of_libre_office_is_read() {
    let place = Place::new(&[]).await;
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/payees/workbooks/payroll.ods");
    let ran = check(&place, file, &[]);
    assert!(
        ran.stdout.ends_with("payroll.ods: 2 rows, no problems; 2 penny drops, 2.00 rupees\n"),
        "{}{}",
        ran.stdout,
        ran.stderr
    );
    assert!(ran.stderr.contains("note: the header is row 3\n"), "{}", ran.stderr);
    assert!(ran.stderr.contains("note: skipped: 1 row with a total (row 6)\n"), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("stores it as a number, so any leading zeros are lost; compare it with the source (row 5)")
    );
}
