//! The results: the user's own rows with columns added, in each format, and the rows that still need work.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Stdio;

use calamine::{Data, DataType as _, Reader as _, open_workbook_auto};
use serde_json::json;

use super::support::{Place, Ran, rows, signal, start, until};

const ADDED: [&str; 10] = [
    "outcome",
    "status",
    "name verdict",
    "customer account id",
    "checked at",
    "amount paid",
    "request id",
    "reason",
    "advice",
    "suggestion",
];

/// A file with columns that are not sent, a blank row, an invalid row, a repeated payee, and payees that end as active,
/// failed and pending.
const PAYEES: &str = "\
customer_id,bank_code,ifsc,account,name,vpa,reference,Remarks,Net Salary\n\
cst_1,JP_HDFC,YESB0000262,026291800001191,Ramesh Kumar,,first,=1+1,45000.00\n\
cst_1,JP_HDFC,YESB0000262,026291800001190,Sunita,,,\"two\nlines\",\"7,250.50\"\n\
\n\
cst_2,JP_HDFC,HDFC0000077,007711000031,,,,,12\n\
cst_3,JP_HDFC,,,,9164326296@upi,,@home,99\n\
cst_4,JP_HDFC,HDFCO000077,007711000031,,,,-,12\n\
cst_3,JP_HDFC,,,,9164326296@upi,,again,99\n";

/// The rows of a CSV file. It must have a byte order mark and end in CRLF, as Excel expects.
fn csv(path: &Path) -> Vec<Vec<String>> {
    let bytes = fs::read(path).unwrap();
    let text = str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap()).unwrap();
    assert!(text.ends_with("\r\n"));
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

fn xlsx(path: &Path) -> Vec<Vec<Data>> {
    let mut book = open_workbook_auto(path).unwrap();
    assert!(book.worksheet_formula("Results").unwrap().is_empty());
    book.worksheet_range("Results").unwrap().rows().map(<[_]>::to_vec).collect()
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn text(cell: &Data) -> String {
    match cell {
        Data::String(text) => text.clone(),
        Data::Empty => String::new(),
        other => {
            assert!(other.is_string(), "{other:?} is not text");
            String::new()
        }
    }
}

async fn payees() -> Place {
    let place = Place::new(&[]).await;
    place.input(PAYEES);
    place
}

fn batch(place: &Place, args: &[&str]) -> Ran {
    Ran::of(place.program(&[args, &["--base-url", &place.sandbox.url()]].concat()).output().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn results_are_the_rows_of_the_input_with_columns_added() {
    let place = payees().await;
    let ran = batch(&place, &["in.csv", "--skip-invalid", "--concurrency", "1"]);
    assert_eq!(ran.exit, Some(1), "{}", ran.stderr);
    assert!(ran.stdout.contains(" in in.results.csv\n"), "{}", ran.stdout);
    let rows = csv(&place.path("in.results.csv"));
    let header: Vec<_> = PAYEES.lines().next().unwrap().split(',').chain(ADDED).collect();
    assert_eq!(rows[0], header);
    let own: Vec<_> = rows[1..].iter().map(|row| row[..9].join("|")).collect();
    assert_eq!(
        own,
        [
            "cst_1|JP_HDFC|YESB0000262|\t026291800001191|Ramesh Kumar||first|'=1+1|45000.00",
            "cst_1|JP_HDFC|YESB0000262|\t026291800001190|Sunita|||two\nlines|7,250.50",
            "||||||||",
            "cst_2|JP_HDFC|HDFC0000077|\t007711000031|||||12",
            "cst_3|JP_HDFC||||9164326296@upi||'@home|99",
            "cst_4|JP_HDFC|HDFCO000077|\t007711000031||||'-|12",
            "cst_3|JP_HDFC||||9164326296@upi||again|99",
        ]
    );
    let added: Vec<_> =
        rows[1..].iter().map(|row| [&row[9], &row[10], &row[11], &row[14]].map(String::as_str)).collect();
    assert_eq!(
        added,
        [
            ["active", "ACTIVE", "match", "1.00"],
            ["failed", "FAILURE", "match", "up to 1.00"],
            ["", "", "", ""],
            ["pending", "PENDING", "", "up to 1.00"],
            ["active", "ACTIVE", "", ""],
            ["skipped", "", "", ""],
            ["skipped", "", "", ""],
        ]
    );
    for row in &rows[1..] {
        let is_sent = ["active", "failed", "pending"].contains(&&*row[9]);
        assert_eq!(row[12].starts_with("banh_"), is_sent, "{row:?}");
        assert_eq!(row[13].ends_with(" IST"), is_sent, "{row:?}");
        assert_eq!(row[15].starts_with("sandbox-"), is_sent, "{row:?}");
        assert_eq!(row[16].is_empty(), row[9].is_empty() || row[9] == "active", "{row:?}");
    }
    assert!(rows[6][16].contains("the letter O"), "{:?}", rows[6]);
    assert!(rows[7][16].contains("customer of row 6"), "{:?}", rows[7]);

    // Creates the other formats from the log. Nothing is sent.
    let sent = place.sandbox.requests();
    for out in ["out.xlsx", "out.ndjson"] {
        let ran = Ran::of(place.juspay(&["results", "in.results.log", "--out", out]).output().unwrap());
        assert_eq!(ran.exit, Some(1), "{}", ran.stderr);
        assert_eq!(mode(&place.path(out)), 0o600);
    }
    assert_eq!((place.sandbox.requests(), mode(&place.path("in.results.csv"))), (sent, 0o600));
    let book = xlsx(&place.path("out.xlsx"));
    for (number, (cells, row)) in book.iter().zip(&rows).enumerate() {
        for (place, (cell, other)) in cells.iter().zip(row).enumerate() {
            match (number, place) {
                (1.., 13) => assert_eq!(matches!(cell, Data::DateTime(_)), !other.is_empty(), "{cell:?}"),
                (1, 14) => assert_eq!(*cell, Data::Float(1.0)),
                _ => assert_eq!(text(cell), other.trim_start_matches(['\'', '\t'])),
            }
        }
    }
    assert_eq!(book.len(), rows.len());
    // NDJSON has no blank rows and no unmasked accounts.
    let objects = fs::read_to_string(place.path("out.ndjson")).unwrap();
    let records: Vec<serde_json::Value> = objects.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let numbers: Vec<_> = records.iter().map(|record| record["row"].as_u64().unwrap()).collect();
    assert_eq!(numbers, [2, 3, 5, 6, 7, 8]);
    assert_eq!(records[0]["name_verdict"], json!({ "verdict": "match", "score": 100, "differences": [] }));
    assert_eq!([&records[1]["amount_paid"], &records[1]["amount_is_certain"]], [&json!("1.00"), &json!(false)]);
    for secret in ["026291800001191", "0077110000", "9164326296", "Ramesh", "Sunita", "lines"] {
        assert!(!objects.contains(secret), "{secret}");
    }
}

/// The user's Excel can open the results, because they have the delimiter of the user's own file. Only `|` becomes a
/// comma.
#[tokio::test(flavor = "multi_thread")]
async fn csv_results_have_the_delimiter_of_the_input() {
    for (delimiter, written) in [(';', ';'), ('\t', '\t'), (',', ','), ('|', ',')] {
        let place = Place::new(&[]).await;
        place.input(PAYEES.replace(',', &delimiter.to_string()).replace("7;250.50", "7,250.50"));
        let ran = batch(&place, &["in.csv", "--skip-invalid", "--rest", "rest.csv"]);
        assert_eq!(ran.exit, Some(1), "{delimiter:?}: {}", ran.stderr);
        for (file, columns) in [("in.results.csv", 19), ("rest.csv", 9)] {
            let bytes = fs::read(place.path(file)).unwrap();
            let mut reader = csv::ReaderBuilder::new();
            let mut reader = reader.has_headers(false).delimiter(written as u8).from_reader(bytes.as_slice());
            let rows: Vec<_> = reader.records().map(|row| row.unwrap()).collect();
            assert!(rows.iter().all(|row| row.len() == columns), "{delimiter:?} {file}: {rows:?}");
        }
        // The program reads its own file.
        let ran = batch(&place, &["rest.csv", "--check-only", "--clean"]);
        assert!(ran.stderr.contains("1 problem in rest.csv, in 1 of 2 rows"), "{delimiter:?}: {}", ran.stderr);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn advice_names_the_earlier_row_with_almost_the_same_payee() {
    let place = Place::new(&[]).await;
    place.input(
        "customer_id,bank_code,ifsc,account\ncst_1,JP_HDFC,YESB0000262,026291800001191\n\
         cst_1,JP_HDFC,HDFC0000053,026291800001191\n",
    );
    batch(&place, &["in.csv"]);
    let rows = csv(&place.path("in.results.csv"));
    let advice = rows[0].iter().position(|name| name == "advice").unwrap();
    let expected = "column D (\"account\"): row 2 has the same number with another IFSC; one of them may be wrong";
    assert!(!rows[1][advice].contains("another IFSC"), "{:?}", rows[1]);
    assert!(rows[2][advice].contains(expected), "{:?}", rows[2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn rest_has_the_rows_that_need_work_and_can_be_run_as_a_new_batch() {
    let place = payees().await;
    let ran = batch(&place, &["in.csv", "--skip-invalid", "--rest", "rest.csv"]);
    assert_eq!(ran.exit, Some(1), "{}", ran.stderr);
    assert!(
        ran.stderr.contains(
            "note: 2 rows in rest.csv must still be corrected or sent: correct the file, and run it as a new batch, \
             with --clean and the same flags, except --out, --rest and --resume\n"
        ),
        "{}",
        ran.stderr
    );
    assert_eq!(mode(&place.path("rest.csv")), 0o600);
    assert!(place.sandbox.accounts().iter().all(|account| account.validations == 1), "a repeated payee is sent once");
    let rest = csv(&place.path("rest.csv"));
    // Only the failed and the invalid row. A repeated payee has its outcome in another row, and a pending payee will
    // get one.
    assert_eq!(
        rest.iter().map(|row| row[3].trim()).collect::<Vec<_>>(),
        ["account", "026291800001190", "007711000031"]
    );
    assert!(rest.iter().all(|row| row.len() == 9));

    // The payee sends another number, and the slip is corrected.
    let corrected = fs::read_to_string(place.path("rest.csv")).unwrap();
    let corrected = corrected.replace("026291800001190", "026291800001195").replace("HDFCO000077", "HDFC0000077");
    fs::write(place.path("rest.csv"), &corrected).unwrap();
    // The corrected row has the account of another customer, which may have been paid.
    let ran = batch(&place, &["rest.csv", "--clean"]);
    assert_eq!(ran.exit, Some(2), "{}", ran.stderr);
    assert!(ran.stderr.contains("1 payee in this file may have been paid before"), "{}", ran.stderr);
    fs::write(place.path("rest.csv"), corrected.replace("007711000031", "007711000039")).unwrap();
    let ran = batch(&place, &["rest.csv", "--clean"]);
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    let outcomes: Vec<_> = csv(&place.path("rest.results.csv"))[1..].iter().map(|row| row[9].clone()).collect();
    assert_eq!(outcomes, ["active", "active"]);
    assert_eq!(place.sandbox.accounts().len(), 6);
}

/// Money: the ids of the customers stay the same if they are made from a column in which the file of remaining rows has
/// text markers.
#[tokio::test(flavor = "multi_thread")]
async fn rest_keeps_customers_with_zeros_or_signs_at_the_start() {
    let place = Place::new(&[]).await;
    place.input(
        "Emp No,IFSC,Account No\n00123,YESB0000262,026291800001190\n+919876543210,YESB0000262,026291800001190\n",
    );
    let flags = ["--set", "bank_code=JP_HDFC", "--set", "customer_id={Emp No}"];
    assert_eq!(batch(&place, &[&["in.csv", "--rest", "rest.csv"], &flags[..]].concat()).exit, Some(1));
    let corrected = fs::read_to_string(place.path("rest.csv")).unwrap().replace("001190", "001195");
    fs::write(place.path("rest.csv"), corrected).unwrap();
    let ran = batch(&place, &[&["rest.csv", "--skip-invalid"], &flags[..]].concat());
    assert_eq!((ran.exit, place.sandbox.requests()), (Some(1), 2), "{}", ran.stderr);
    let ran = batch(&place, &[&["rest.csv", "--clean", "--resume"], &flags[..]].concat());
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    let customers = place.validations().into_iter().collect::<Vec<_>>();
    assert_eq!(customers, [("+919876543210".to_owned(), 2), ("00123".to_owned(), 2)]);
}

/// Money: a file that will be sent again must not contain a payee that may have been paid.
#[tokio::test(flavor = "multi_thread")]
async fn rest_has_no_row_with_an_unknown_outcome() {
    let place = Place::new(&["reset@after"]).await;
    place.input(rows(3));
    let ran = batch(&place, &["in.csv", "--rest", "rest.xlsx"]);
    assert_eq!(ran.exit, Some(4), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("note: no rows are left to correct or send; rest.xlsx has only the header\n"),
        "{}",
        ran.stderr
    );
    let results = csv(&place.path("in.results.csv"));
    let reported: Vec<_> = results[1..].iter().map(|row| [&*row[7], &row[12]]).collect();
    assert_eq!(reported, [["unknown", "up to 1.00"], ["unknown", ""], ["unknown", "up to 1.00"]]);
    let rest = xlsx(&place.path("rest.xlsx"));
    assert_eq!(rest.len(), 1, "{rest:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn results_are_written_after_an_interrupt_too() {
    let place = Place::new(&["latency=200ms@after"]).await;
    place.input(rows(40));
    let url = place.sandbox.url();
    let args = ["in.csv", "--rest", "rest.csv", "--base-url", &url, "--concurrency", "2"];
    let child = start(&mut place.program(&args));
    until(|| place.sandbox.requests() >= 2).await;
    signal(&child, "INT");
    let ran = Ran::of(child.wait_with_output().unwrap());
    assert_eq!(ran.exit, Some(5), "{}", ran.stderr);
    let results = csv(&place.path("in.results.csv"));
    let sent = results[1..].iter().filter(|row| row[7] == "active").count();
    assert_eq!((results.len(), sent as u64), (41, place.sandbox.requests()));
    assert_eq!(csv(&place.path("rest.csv")).len(), 41 - sent);
    // A resumed run replaces its own file of remaining rows.
    let ran = batch(&place, &["in.csv", "--rest", "rest.csv", "--resume", "--concurrency", "40"]);
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    assert_eq!((csv(&place.path("rest.csv")).len(), place.sandbox.requests()), (1, 40));
    assert!(!place.path("rest.changed-1.csv").exists());
}

/// The program does not overwrite files that it did not write for this log.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_was_not_written_for_this_log_is_not_replaced() {
    let place = payees().await;
    fs::write(place.path("mine.csv"), "mine").unwrap();
    let sent = |place: &Place| place.sandbox.requests();
    for (args, expected) in [
        (&["in.csv", "--out", "mine.csv"][..], "mine.csv already exists, and its log mine.log is missing"),
        (&["in.csv", "--rest", "mine.csv"], "mine.csv already exists, and is not replaced"),
        (&["in.csv", "--out", "in.csv"], "--out: this is the input, which is never changed; use another name"),
        (&["./in.csv", "--rest", "in.csv"], "--rest: this is the input, which is never changed; use another name"),
        (&["in.csv", "--out", "a.csv", "--rest", "./a.csv"], "--rest: this is the name of the results; use another"),
        (&["in.csv", "--out", "out.log"], "--out: this name is for the log; use a name that ends in .csv or .xlsx"),
        (&["in.csv", "--out", "out.xls"], "--out: use a name that ends in .csv or .xlsx (or .ndjson"),
        (&["in.csv", "--rest", "rest.ndjson"], "--rest: use a name that ends in .csv or .xlsx"),
        (&["in.csv", "--rest", "missing/rest.csv"], "--rest: the folder missing does not exist"),
        (&["in.csv", "--out", "a.csv", "--problems", "a.csv"], "--problems: another file of this run has this name"),
        (&["-"], "--out: standard input has no file name; choose a name for the results, such as results.csv"),
    ] {
        let ran = batch(&place, &[args, &["--skip-invalid"]].concat());
        assert_eq!((ran.exit, sent(&place)), (Some(2), 0), "{args:?}: {}", ran.stderr);
        assert!(ran.stderr.contains(expected), "{args:?}: {}", ran.stderr);
    }
    assert_eq!(batch(&place, &["in.csv", "--skip-invalid"]).exit, Some(1));
    fs::create_dir(place.path("folder.csv")).unwrap();
    let results =
        |args: &[&str]| Ran::of(place.juspay(&[&["results"], args].concat()).stdin(Stdio::null()).output().unwrap());
    for (args, expected) in [
        (&["--out", "mine.csv"][..], "mine.csv already exists, and was edited or was not written from in.results.log"),
        (&["--rest", "mine.csv"], "mine.csv already exists, and was edited or was not written from in.results.log"),
        // A folder cannot be read as a file.
        (&["--rest", "folder.csv"], "folder.csv exists but cannot be read, so it may be another file"),
        (&["--out", "in.csv"], "--out: this is the input"),
        (&["--out", "missing/a.csv"], "--out: the folder missing does not exist"),
    ] {
        let ran = results(&[&["in.results.log"], args].concat());
        assert_eq!(ran.exit, Some(2), "{args:?}: {}", ran.stderr);
        assert!(ran.stderr.contains(expected), "{args:?}: {}", ran.stderr);
    }
    assert_eq!(fs::read_to_string(place.path("mine.csv")).unwrap(), "mine");
    assert_eq!(fs::read_to_string(place.path("in.csv")).unwrap(), PAYEES);
    fs::write(place.path("in.results.csv"), "remarks").unwrap();
    let ran = results(&["in.results.log"]);
    assert!(ran.stderr.contains("in.results.csv was changed after the last run"), "{}", ran.stderr);
    assert_eq!(fs::read_to_string(place.path("in.results.changed-1.csv")).unwrap(), "remarks");
    assert_eq!(csv(&place.path("in.results.csv")).len(), 8);
}

/// A workbook keeps its title, its rows and its numbers where they were.
#[tokio::test(flavor = "multi_thread")]
async fn a_workbook_comes_back_with_its_title_its_total_and_its_numbers() {
    let place = Place::new(&[]).await;
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "Salaries for November").unwrap();
    for (column, name) in (0..).zip(["Employee Name", "Account Number", "IFSC Code", "Net Salary", "Emp No"]) {
        sheet.write(2, column, name).unwrap();
    }
    for (row, account, salary) in [(3, "026291800001191", 45_000.5), (4, "00000020123456789", 38_500.0)] {
        sheet
            .write(row, 0, "Ramesh Kumar")
            .unwrap()
            .write(row, 1, account)
            .unwrap()
            .write(row, 2, "YESB0000262")
            .unwrap();
        sheet.write(row, 3, salary).unwrap().write(row, 4, format!("E{row}")).unwrap();
    }
    sheet.write(5, 0, "Total").unwrap();
    sheet.write_formula(5, 3, rust_xlsxwriter::Formula::new("=SUM(D4:D5)").set_result("83500.5")).unwrap();
    book.save(place.path("in.xlsx")).unwrap();
    let ran = batch(&place, &["in.xlsx", "--set", "bank_code=JP_HDFC", "--set", "customer_id={Emp No}"]);
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    let rows = xlsx(&place.path("in.results.xlsx"));
    assert_eq!(text(&rows[0][0]), "Salaries for November");
    assert!(rows[1].iter().all(|cell| *cell == Data::Empty));
    assert_eq!([&rows[2][4], &rows[2][5], &rows[2][14]].map(text), ["Emp No", "outcome", "suggestion"]);
    assert_eq!([&rows[3][1], &rows[4][1]].map(text), ["026291800001191", "00000020123456789"]);
    assert_eq!(
        [&rows[3][3], &rows[4][3], &rows[5][3]],
        [&Data::Float(45_000.5), &Data::Float(38_500.0), &Data::Float(83_500.5)]
    );
    assert_eq!([&rows[3][5], &rows[4][5], &rows[5][5]].map(text), ["active", "active", ""]);
    assert_eq!(rows.len(), 6);
}
