//! Files as people have them, from `tests/payees`: the headers of banks and programs, and the changes that Excel and
//! people make to a table. The data is invented.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::support::Ran;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/payees");

#[derive(Debug, PartialEq)]
enum Expected {
    /// The number of rows, of penny drops, and of kinds of advice.
    Clean(u64, u64, usize),
    /// The number of rows with a problem, and the message about the first.
    Problems(u64, &'static str),
    Refused(&'static str),
}

use Expected::{Clean, Problems, Refused};

const NONE: &[&str] = &[];
const CLEAN: &[&str] = &["--clean"];
const REFERENCE: &[&str] = &["--set", "bank_code=JP_HDFC", "--set", "customer_id={reference}"];
const PAYROLL: &[&str] = &["--set", "bank_code=JP_HDFC", "--set", "customer_id=payroll"];

#[rustfmt::skip]
const FILES: &[(&str, &[&str], &[&str], Expected)] = &[
    ("templates/01_razorpayx_composite.csv", REFERENCE, NONE, Clean(3, 2, 0)),
    ("templates/02_razorpayx_bene.xlsx", REFERENCE, NONE, Clean(2, 2, 0)),
    ("templates/02b_razorpayx_bene_tabguard.csv", REFERENCE, NONE, Problems(2, "row 2, column B (\"Beneficiary's Account Number…\"): it includes a spreadsheet's text marker, such as a leading apostrophe; remove the marker; did you mean ****1763?")),
    ("templates/02b_razorpayx_bene_tabguard.csv", REFERENCE, CLEAN, Clean(2, 2, 0)),
    ("templates/03_cashfree_bene.csv", REFERENCE, NONE, Clean(2, 1, 0)),
    ("templates/04_plural.xlsx", REFERENCE, NONE, Problems(1, "row 2: the row has both a bank account and a UPI address; leave one of them empty")),
    ("templates/04_plural.xlsx", REFERENCE, &["--column", "vpa="], Clean(1, 1, 2)),
    ("templates/05_icici_npab.xls", REFERENCE, NONE, Problems(2, "row 2, customer_id (--set): it is made from column N (\"REF_NO\"), which is empty in this row")),
    ("templates/05_icici_npab.xls", PAYROLL, NONE, Clean(2, 2, 0)),
    ("templates/06b_hdfc_enet.csv", REFERENCE, NONE, Clean(1, 1, 0)),
    ("templates/08_erpnext_bank_remittance.xlsx", PAYROLL, NONE, Clean(2, 2, 2)),
    ("templates/08_erpnext_bank_remittance.xlsx", REFERENCE, NONE, Problems(0, "--set customer_id: the file has no column for reference")),
    ("templates/08b_erpnext_bank_remittance.csv", PAYROLL, NONE, Problems(1, "row 2, column F (\"Employee A/C Number\"): a spreadsheet rounded this number")),
    ("templates/09_payroll_semicolon_cp1252.csv", REFERENCE, NONE, Clean(2, 2, 1)),
    ("templates/11_axis.csv", REFERENCE, NONE, Clean(2, 2, 0)),
    ("templates/11c_axis_after_renaming.csv", NONE, NONE, Clean(2, 2, 0)),
    // An amount column counts as the amount of the penny drop only if the user says so. An amount like a salary also
    // needs --max-amount.
    ("templates/11c_axis_after_renaming.csv", NONE, &["--column", "amount=Amount"], Problems(2, "row 2, column F (\"Amount\"): the penny drop would pay 45000 rupees, more than --max-amount allows")),
    ("templates/11c_axis_after_renaming.csv", NONE, &["--column", "amount=Amount", "--max-amount", "9999999.99"], Clean(2, 2, 1)),
    ("dirty/00_good.csv", NONE, NONE, Clean(2, 1, 0)),
    ("dirty/01_bom.csv", NONE, NONE, Clean(1, 1, 0)),
    ("dirty/02_semicolon.csv", NONE, NONE, Clean(1, 1, 0)),
    ("dirty/02_semicolon.csv", &["--delimiter", ";"], NONE, Clean(1, 1, 0)),
    ("dirty/02_semicolon.csv", &["--delimiter", "comma"], NONE, Refused("the file has no header that the program knows")),
    ("dirty/03_tab.csv", NONE, NONE, Clean(1, 1, 0)),
    ("dirty/04_sep_line.csv", NONE, NONE, Clean(1, 1, 0)),
    ("dirty/05_utf16le.csv", NONE, NONE, Clean(1, 1, 0)),
    ("dirty/06_cp1252_name.csv", NONE, NONE, Clean(1, 1, 1)),
    ("dirty/07_cr_only.csv", NONE, NONE, Clean(1, 1, 0)),
    ("dirty/08_trailing_blank_rows.csv", NONE, NONE, Clean(1, 1, 0)),
    ("dirty/08b_trailing_spaces_rows.csv", NONE, NONE, Clean(1, 1, 0)),
    ("dirty/09_trailing_blank_columns.csv", NONE, NONE, Clean(1, 1, 0)),
    ("dirty/10_quoted_newline.csv", NONE, NONE, Problems(1, "row 2, column E (\"name\"): character 7 is a line break; did you mean R***?")),
    ("dirty/11_apostrophe.csv", NONE, NONE, Problems(1, "row 2, column D (\"account\"): it includes a spreadsheet's text marker, such as a leading apostrophe; remove the marker; did you mean ****1763?")),
    ("dirty/11_apostrophe.csv", NONE, CLEAN, Clean(1, 1, 0)),
    ("dirty/13_tab_guard.csv", NONE, NONE, Problems(1, "row 2, column D (\"account\"): it includes a spreadsheet's text marker")),
    ("dirty/13_tab_guard.csv", NONE, CLEAN, Clean(1, 1, 0)),
    ("dirty/14_scientific.csv", NONE, CLEAN, Problems(1, "row 2, column D (\"account\"): a spreadsheet rounded this number; format the column as text")),
    ("dirty/16_thousands.csv", NONE, CLEAN, Problems(1, "row 2, column D (\"account\"): it has thousands separators; write only the digits; did you mean ****1763?")),
    ("dirty/17_rupee.csv", NONE, NONE, Clean(1, 1, 0)),
    ("dirty/17_rupee.csv", NONE, &["--column", "amount=amount"], Problems(1, "row 2, column G (\"amount\"): it includes a currency; write only the number; did you mean 1.00?")),
    ("dirty/17_rupee.csv", NONE, &["--column", "amount=amount", "--clean"], Clean(1, 1, 0)),
    ("dirty/18_nbsp.csv", NONE, NONE, Problems(1, "row 2, column C (\"ifsc\"): character 12 is a no-break space (U+00A0); did you mean HDFC0000053?")),
    ("dirty/18_nbsp.csv", NONE, CLEAN, Clean(1, 1, 0)),
    ("dirty/19_spaces.csv", NONE, NONE, Problems(1, "row 2, column A (\"customer_id\"): character 11 is a space; did you mean cst_emp001?")),
    ("dirty/19_spaces.csv", NONE, CLEAN, Clean(1, 1, 0)),
    ("dirty/20_lower_ifsc.csv", NONE, NONE, Problems(1, "row 2, column C (\"ifsc\"): it has lower-case letters; an IFSC has capital letters; did you mean HDFC0000053?")),
    ("dirty/20_lower_ifsc.csv", NONE, CLEAN, Clean(1, 1, 0)),
    ("dirty/21_ifsc_letter_o.csv", NONE, CLEAN, Problems(1, "row 2, column C (\"ifsc\"): character 5 is the letter O; the digit 0 belongs there; did you mean HDFC0000053?")),
    ("dirty/22_hindi_name.csv", NONE, NONE, Clean(1, 1, 0)),
    ("dirty/23_mobile_vpa.csv", NONE, CLEAN, Problems(1, "row 2, column F (\"vpa\"): this is a mobile number; ask the payee for the account number, or for the UPI address")),
    ("dirty/24_upi_link.csv", NONE, NONE, Problems(1, "row 2, column F (\"vpa\"): this is a payment link; write only the UPI address in the link; did you mean ****@okhdfcbank?")),
    ("dirty/24_upi_link.csv", NONE, CLEAN, Clean(1, 0, 0)),
    ("dirty/25_email_vpa.csv", NONE, CLEAN, Problems(1, "row 2, column F (\"vpa\"): this looks like an e-mail address")),
    ("dirty/26_vpa_with_name.csv", NONE, NONE, Problems(1, "row 2: the row has both a bank account and a UPI address")),
    ("dirty/27_zero_width.csv", NONE, NONE, Problems(1, "row 2, column D (\"account\"): character 1 is a zero-width space (U+200B)")),
    ("dirty/27_zero_width.csv", NONE, CLEAN, Clean(1, 1, 0)),
    ("dirty/28_fullwidth.csv", NONE, CLEAN, Problems(1, "row 2, column C (\"ifsc\"): character 1 is a full-width letter (U+FF28); did you mean HDFC0000053?")),
    ("dirty/30_inner_spaces.csv", NONE, NONE, Problems(1, "row 2, column D (\"account\"): character 5 is a space; did you mean ****1763?")),
    ("dirty/30_inner_spaces.csv", NONE, CLEAN, Clean(1, 1, 0)),
    ("dirty/31_both.csv", NONE, NONE, Problems(1, "row 2: the row has both a bank account and a UPI address")),
    ("dirty/32_na.csv", NONE, NONE, Problems(1, "row 2, column F (\"vpa\"): this stands for a missing value; fill in the value, or leave the field empty")),
    ("dirty/33_mr_name.csv", NONE, NONE, Clean(1, 1, 0)),
    ("dirty/34_formula_name.csv", NONE, NONE, Clean(1, 1, 1)),
    ("dirty/35_dup_leading_zero.csv", NONE, NONE, Clean(2, 2, 1)),
    ("dirty/38_total_row.csv", NONE, NONE, Clean(1, 1, 0)),
    ("dirty/40_merged_banks.csv", NONE, NONE, Clean(12, 12, 12)),
    ("dirty/41_16digit_zero.csv", NONE, NONE, Clean(3, 3, 1)),
    ("dirty/42_same_ifsc_all.csv", NONE, NONE, Clean(5, 5, 1)),
    ("dirty/44_header_quoted_bom_semicolon.csv", NONE, NONE, Clean(1, 0, 0)),
    ("dirty/46_smart_quote.csv", NONE, NONE, Clean(1, 1, 1)),
    ("dirty/48_empty.csv", NONE, NONE, Refused("the file is empty")),
    ("dirty/49_header_only.csv", NONE, NONE, Refused("there are no payees below the header")),
    ("dirty/50_nul.csv", NONE, NONE, Problems(1, "row 2, column D (\"account\"): character 4 is a control character (U+0000)")),
    ("dirty/52_open_quote.csv", NONE, NONE, Problems(0, "row 2: a quotation mark is opened here and never closed")),
    ("dirty/53_header_cp1252.csv", NONE, NONE, Clean(1, 1, 0)),
    ("dirty/60_blank_rows_hide.csv", NONE, NONE, Problems(1, "row 43, column C (\"ifsc\"): it has lower-case letters")),
    ("dirty/60_blank_rows_hide.csv", NONE, CLEAN, Clean(2, 2, 1)),
    ("dirty/61_many.csv", NONE, NONE, Problems(250, "row 2, column C (\"ifsc\"): it has lower-case letters")),
    ("dirty/61_many.csv", NONE, CLEAN, Clean(250, 250, 2)),
    ("dirty/62_confirm_account.csv", REFERENCE, NONE, Problems(1, "row 4, column C (\"Bank A/c No.\"): it differs from column D (\"Confirm Bank A/c No.\"); ask the payee which of the two is right")),
    ("dirty/62_confirm_account.csv", REFERENCE, &["--column", "confirm_account="], Clean(4, 4, 0)),
    ("dirty/63_header_in_two_rows.csv", REFERENCE, NONE, Clean(2, 2, 0)),
    ("dirty/64_slash_in_code.csv", REFERENCE, NONE, Problems(2, "row 2, customer_id (--set): character 5 is a slash")),
    ("dirty/64_slash_in_code.csv", PAYROLL, NONE, Clean(2, 2, 0)),
    ("dirty/p3_all_zero_account.csv", NONE, NONE, Clean(3, 3, 2)),
    ("dirty/p3_bankcode_name.csv", NONE, NONE, Problems(1, "row 2, column B (\"bank_code\"): character 5 is a space")),
    ("dirty/p3_big_amount.csv", NONE, NONE, Clean(1, 1, 0)),
    ("dirty/p3_big_amount.csv", NONE, &["--column", "amount=amount"], Problems(1, "row 2, column G (\"amount\"): the penny drop would pay 45000 rupees")),
    ("dirty/p3_ditto.csv", NONE, NONE, Problems(2, "row 3, column D (\"account\"): it refers to the row above; repeat the account number in this row")),
    ("dirty/p3_dup_diff_name.csv", NONE, NONE, Problems(1, "row 3: the row repeats the account and customer of row 2")),
    ("dirty/p3_extra_comma_name.csv", NONE, NONE, Problems(1, "row 2: the row has 9 cells, but the header has 8")),
    ("dirty/p3_ifsc_as_account.csv", NONE, NONE, Clean(1, 1, 1)),
    ("dirty/p3_invisible_202f.csv", NONE, NONE, Problems(4, "row 2, column D (\"account\"): character 5 is a narrow no-break space (U+202F)")),
    ("dirty/p3_invisible_202f.csv", NONE, CLEAN, Clean(4, 3, 1)),
    ("dirty/p3_invisible_customer.csv", NONE, NONE, Problems(1, "row 2, column A (\"customer_id\"): character 4 is a zero-width space")),
    ("dirty/p3_invisible_customer.csv", NONE, CLEAN, Clean(1, 1, 0)),
    ("dirty/p3_invisible_in_name_ref.csv", NONE, NONE, Clean(1, 1, 1)),
    ("dirty/p3_invisible_in_name_ref.csv", NONE, CLEAN, Clean(1, 1, 0)),
    ("dirty/p3_missing_comma.csv", NONE, NONE, Problems(1, "row 2: the row has 7 cells, but the header has 8; perhaps a separator is missing")),
    ("dirty/p3_mobile_as_account.csv", NONE, NONE, Clean(1, 1, 1)),
    ("dirty/p3_name_long.csv", NONE, NONE, Problems(1, "row 2, column E (\"name\"): it has 121 characters; at most 120 are allowed")),
    ("dirty/p3_name_only_vpa.csv", NONE, NONE, Clean(1, 0, 0)),
    ("dirty/p3_plural_doc_ifsc.csv", NONE, NONE, Problems(1, "row 2, column C (\"ifsc\"): it begins with 5 letters")),
    ("dirty/p3_swapped_cols.csv", NONE, NONE, Problems(1, "row 2, column C (\"ifsc\"): it has only digits, like an account number; perhaps two columns are swapped")),
    ("dirty/p3_upi_trailing_space.csv", NONE, NONE, Problems(6, "row 2, column F (\"vpa\"): character 18 is a space; did you mean ****@okhdfcbank?")),
    ("dirty/p3_upi_trailing_space.csv", NONE, CLEAN, Problems(5, "row 3, column F (\"vpa\"): the address is in angle brackets")),
];

fn check(file: &Path, flags: &[&[&str]]) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_juspay-accounts"));
    command.arg("batch").arg(file).args(["--check-only", "--output", "json"]).args(flags.concat());
    Ran::of(command.env_remove("JUSPAY_API_KEY").output().unwrap())
}

/// The last line of standard error that has this key.
fn said(ran: &Ran, key: &str) -> Value {
    let lines = ran.stderr.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.rev().find_map(|mut line| line.get_mut(key).map(Value::take)).unwrap_or_default()
}

/// The exit code, the numbers of rows (with a problem, if there is one), of penny drops and of kinds of advice, and the
/// message about the first problem.
fn found(ran: &Ran) -> (Option<i32>, u64, u64, usize, String) {
    if ran.exit == Some(0) {
        let found: Value = serde_json::from_str(&ran.stdout).unwrap();
        let kinds = found["advice"].as_array().unwrap().len();
        let number = |key: &str| found[key].as_u64().unwrap();
        return (ran.exit, number("rows"), number("penny_drops"), kinds, String::new());
    }
    let error = said(ran, "error");
    let message = error["message"].as_str().unwrap_or_default();
    let rows = message.rsplit_once(", in ").and_then(|(_, rest)| rest.split_once(" of ")?.0.parse().ok());
    let problem = &error["problems"][0];
    let text = match (problem["at"].as_str(), problem["problem"].as_str()) {
        (Some(at), Some(problem)) => format!("{at}: {problem}"),
        // The message about a refused file starts with the path of the file, and the error has advice.
        _ if error["next"].is_string() => message.rsplit_once("csv: ").map_or(message, |(_, text)| text).to_owned(),
        _ => String::new(),
    };
    (ran.exit, rows.unwrap_or_default(), 0, 0, text)
}

#[test]
fn each_file_is_read_or_explained() {
    let mut wrong = Vec::new();
    for (file, flags, more, expected) in FILES {
        let ran = check(&Path::new(FOLDER).join(file), &[flags, more]);
        let (exit, rows, drops, advice, text) = found(&ran);
        let is_right = match expected {
            Clean(..) => *expected == Clean(rows, drops, advice) && exit == Some(0),
            Problems(number, start) => (exit, rows) == (Some(1), *number) && text.starts_with(start),
            Refused(start) => (exit, rows) == (Some(1), 0) && text.starts_with(start),
        };
        if !is_right {
            wrong.push(format!(
                "{file} {flags:?} {more:?}: expected {expected:?}, found {exit:?} {rows} {drops} {advice} {text}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_file_has_an_expected_result() {
    let expected: BTreeSet<_> = FILES.iter().map(|(file, ..)| (*file).to_owned()).collect();
    let mut found = BTreeSet::new();
    for folder in ["templates", "dirty"] {
        for entry in std::fs::read_dir(Path::new(FOLDER).join(folder)).unwrap() {
            found.insert(format!("{folder}/{}", entry.unwrap().file_name().into_string().unwrap()));
        }
    }
    assert_eq!(expected, found);
}

#[test]
fn an_error_explains_how_to_set_the_values_that_files_lack() {
    let ran = check(&Path::new(FOLDER).join("templates/09_payroll_semicolon_cp1252.csv"), &[]);
    let error = said(&ran, "error");
    let problems: Vec<_> = error["problems"].as_array().unwrap().iter().map(|problem| problem["at"].clone()).collect();
    assert_eq!(problems, ["bank_code", "customer_id"], "{error}");
    let text = error.to_string();
    for part in ["Ask Juspay", "--set bank_code=JP_HDFC", "--set customer_id='{reference}'", "Employee Code"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn an_error_says_what_a_customer_id_cannot_have() {
    let ran = check(&Path::new(FOLDER).join("dirty/64_slash_in_code.csv"), &[REFERENCE]);
    let next = said(&ran, "error")["next"].clone();
    assert_eq!(next, "a customer id cannot be empty or have spaces, /, \\, ? or #; make it from another column");
}

#[test]
fn a_note_lists_unread_columns_and_says_that_no_salary_is_paid() {
    let ran = check(&Path::new(FOLDER).join("templates/11_axis.csv"), &[REFERENCE]);
    let note = said(&ran, "note");
    assert_eq!(
        note,
        "not read: column A (\"Sr No\"), column E (\"Amount\"), column F (\"Mode\"). \
         A penny drop pays 1 rupee, whatever column E (\"Amount\") says"
    );
    let ran =
        check(&Path::new(FOLDER).join("templates/11c_axis_after_renaming.csv"), &[&["--column", "amount=Amount"]]);
    let next = said(&ran, "error")["next"].to_string();
    assert!(!next.contains("customer id"), "{next}");
    assert!(next.contains("the file would cost 10044999.99 rupees"), "{next}");
}
