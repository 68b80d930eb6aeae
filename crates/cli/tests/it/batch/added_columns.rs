//! Where the columns that the program adds are, if a row has more cells than the header.

use std::fs;
use std::path::Path;

use calamine::{Reader as _, open_workbook_auto};

use super::support::{Place, Ran};

/// The cells of a table as text. A sheet has a cell in each row for each of its columns.
fn table(path: &Path) -> Vec<Vec<String>> {
    if path.extension().is_some_and(|end| end == "xlsx") {
        let range = open_workbook_auto(path).unwrap().worksheet_range("Results").unwrap();
        return range.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect();
    }
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_path(path).unwrap();
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// An outcome in another column than `outcome` could be read as that of a payee that failed.
#[tokio::test(flavor = "multi_thread")]
async fn added_columns_are_behind_the_widest_row() {
    const HEADER: &str = "customer_id,bank_code,ifsc,account";
    const FAILS: &str = "cst_1,JP_HDFC,SBIN0008752,000100289877623";
    const ACTIVE: &str = "cst_2,JP_HDFC,YESB0000262,026291800001191";
    for (name, rows, width) in [
        ("a delimiter at the end", format!("{FAILS},\n{ACTIVE},,\n"), 4),
        ("a cell too many", format!("{FAILS}\n{ACTIVE},active\n"), 5),
        ("far more cells", format!("{FAILS}\n{ACTIVE}{}\n", ",active".repeat(1_200)), 1_004),
    ] {
        let place = Place::new(&[]).await;
        place.input(format!("{HEADER}\n{rows}"));
        for (out, rest) in [("one.csv", "rest1.csv"), ("two.xlsx", "rest2.csv")] {
            let flags = ["in.csv", "--out", out, "--rest", rest, "--skip-invalid", "--pay-again"];
            let ran = Ran::of(place.program(&flags).output().unwrap());
            assert_eq!(ran.exit, Some(1), "{name}: {}", ran.stderr);
            let found = table(&place.path(out));
            assert!(found.iter().all(|row| row.len() == width + 10), "{name} in {out}: {found:?}");
            let last = if width == 4 { "active" } else { "skipped" };
            let outcomes: Vec<_> = found.iter().map(|row| &*row[width]).collect();
            assert_eq!(outcomes, ["outcome", "failed", last], "{name} in {out}");
            // A cell too many is still noticed in the rows to correct.
            let rest = fs::read_to_string(place.path(rest)).unwrap();
            assert!(rest.contains("account\"\r\n"), "{name}: {rest}");
        }
    }
}
