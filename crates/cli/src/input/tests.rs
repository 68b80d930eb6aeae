use std::io::{self, Read as _, Write as _};

use proptest::prelude::*;

use super::source::Source;
use super::text::Text;
use super::*;

const HEADER: &str = "customer_id,bank_code,vpa,reference\n";

/// The rows, each with its number, and with its reference, its problem, or its kind if it is not a payee.
fn rows(text: &[u8]) -> Result<Vec<(u32, String)>, String> {
    let wrong = |error| match error {
        Unreadable::Problems(problems) => format!("{}: {}", problems[0].at, problems[0].problem),
        Unreadable::Refused { what, .. } => what,
        other => format!("{other:?}"),
    };
    let input = Input::from_bytes(text, &Profile::default()).map_err(wrong)?;
    let mut rows = input.rows().map_err(wrong)?;
    let mut all = Vec::new();
    while let Some(row) = rows.next().map_err(wrong)? {
        let text = match (row.kind, row.problem) {
            (RowKind::Payee, None) => row.values.get(Column::Reference).to_owned(),
            (RowKind::Payee, Some(problem)) => format!("{problem:?}"),
            (kind, _) => format!("{kind:?}"),
        };
        all.push((row.number, text));
    }
    Ok(all)
}

#[test]
fn rows_have_the_numbers_of_a_spreadsheet_however_lines_end_and_whatever_is_between() {
    let long = "x".repeat(60_000);
    for (text, expected) in [
        ("c,b,v,1\nc,b,v,2\n", vec![(2, "1"), (3, "2")]),
        ("c,b,v,1\nc,b,v,2", vec![(2, "1"), (3, "2")]),
        (
            "\n\nc,b,v,1\n\n \nc,b,v,2\n\n\n",
            vec![(2, "Blank"), (3, "Blank"), (4, "1"), (5, "Blank"), (6, "Blank"), (7, "2")],
        ),
        ("c,b,\"v\",\"a \"\"b\"\", c\"\n,,,\nc,b,v,2\n", vec![(2, "a \"b\", c"), (3, "Blank"), (4, "2")]),
        ("c,b,v,\"a\n\nb\"\nc,b,v,2\n", vec![(2, "a\n\nb"), (3, "2")]),
        ("c,b,v,\"a\nc,b,v,b\"\nc,b,v,2\n", vec![(2, "OpenQuote"), (3, "2")]),
        (&format!("c,b,v,{long}\nc,b,v,2\n"), vec![(2, &long), (3, "2")]),
        (&format!("c,b,v,1\n{HEADER}c,b,v,2\n"), vec![(2, "1"), (3, "Remark"), (4, "2")]),
        ("c,b,v,1\n,,Grand Total:,\nc,b,total@upi,3\n", vec![(2, "1"), (3, "Total"), (4, "3")]),
        ("c,b,v,1\nTotal,,,\n\nnot a payee\n", vec![(2, "1"), (3, "Total"), (4, "Blank"), (5, "Remark")]),
        (
            "c,b,v,1,,\nc,b,v\nc,b,v,4,x\n",
            vec![(2, "1"), (3, "TooFew { cells: 3, expected: 4 }"), (4, "TooMany { cells: 5, expected: 4 }")],
        ),
    ] {
        let expected: Vec<_> = expected.into_iter().map(|(row, text)| (row, text.to_owned())).collect();
        for mark in ["", "\u{feff}"] {
            for end in ["\n", "\r\n", "\r"] {
                let text = format!("{mark}{HEADER}{text}").replace('\n', end);
                assert_eq!(rows(text.as_bytes()), Ok(expected.clone()), "{text:.100} with {end:?}");
            }
        }
    }
}

#[test]
fn an_error_that_stops_the_reading_names_its_row() {
    let long = "x".repeat(3_000_000);
    let lines = "c,b,v,r\n".repeat(300_000);
    for (text, expected) in [
        (format!("c,b,v,1\nc,b,v,{long}\n"), "row 3: the row is larger than 64 KB"),
        (format!("c,b,v,1\nc,b,v,\"{long}\"\n"), "row 3: the row is larger than 64 KB"),
        ("c,b,v,1\nc,b,\"v,2\nc,b,v,3\n".to_owned(), "row 3: a quotation mark is opened here and never closed"),
        (format!("c,b,v,1\nc,b,\"v,2\n{lines}"), "row 3: a quotation mark is opened here and never closed"),
    ] {
        let found = rows(format!("{HEADER}{text}").as_bytes()).unwrap_err();
        assert!(found.starts_with(expected), "{found}");
    }
    assert_eq!(rows("\n".repeat(1_000_000).as_bytes()).unwrap_err(), "the file is empty");
}

#[test]
fn lines_end_in_lf_whatever_pieces_are_read() {
    struct Pieces<'a>(&'a [u8], usize);
    impl io::Read for Pieces<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let most = self.1.min(buffer.len());
            self.0.read(&mut buffer[..most])
        }
    }
    for (text, expected) in
        [("", ""), ("a", "a\n"), ("a\r\nb\rc\n\r\nd", "a\nb\nc\n\nd\n"), ("a\r\r\n", "a\n\n"), ("\r\n\r\n", "\n\n")]
    {
        for piece in [1, 2, 3, 1000] {
            let mut reader = Text::new(Pieces(text.as_bytes(), piece));
            reader.budget = 100;
            let mut found = String::new();
            reader.read_to_string(&mut found).unwrap();
            assert_eq!(found, expected, "{text:?} in pieces of {piece} bytes");
        }
    }
}

#[test]
fn a_file_that_changes_is_not_read_further() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(b"some rows").unwrap();
    let source = Source::open(file.path()).unwrap();
    for _ in 0..2 {
        let mut text = String::new();
        source.read().unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "some rows");
    }
    let mut steady = source.read().unwrap();
    assert_eq!(steady.read(&mut [0; 4]).unwrap(), 4);
    file.write_all(b"!").unwrap();
    assert_eq!(steady.read(&mut [0; 4]).unwrap_err().to_string(), "the file changed while it was being read");
}

#[test]
fn the_header_is_found_below_titles_and_accounts_of_the_payer() {
    let table = "S.No,Beneficiary Name,A/c No.,IFSC,,Amount\n1,Ramesh,50100241763,HDFC0000053,x,5000\n,Total,,,,5000\n";
    let text = format!(
        "Acme Pvt Ltd,,,,,\nAccount Number,50200012345678,,,,\nIFSC,HDFC0000001\n\n{table}Prepared by Asha,,,,,\n"
    );
    let set = [(Column::BankCode, "JP_HDFC"), (Column::CustomerId, "emp-{S.No}")];
    let set = set.into_iter().map(|(column, text)| (column, text.to_owned())).collect();
    let input = Input::from_bytes(text.as_bytes(), &Profile { set, ..Profile::default() }).unwrap();
    assert_eq!((input.header_row, input.above.len()), (5, 4));
    assert_eq!(input.above[1][1], "50200012345678");
    assert_eq!(input.layout.at(7, Some(Column::Account)), "row 7, column C (\"A/c No.\")");
    assert_eq!(input.layout.names, ["S.No", "Beneficiary Name", "A/c No.", "IFSC", "", "Amount"]);
    let mut rows = input.rows().unwrap();
    let row = rows.next().unwrap().unwrap();
    assert_eq!((row.number, row.values.get(Column::CustomerId), row.values.get(Column::Amount)), (6, "emp-1", ""));
    assert_eq!(row.cells().collect::<Vec<_>>(), ["1", "Ramesh", "50100241763", "HDFC0000053", "x", "5000"]);
    assert_eq!(rows.next().unwrap().map(|row| row.kind), Some(RowKind::Total));
    assert_eq!(rows.next().unwrap().map(|row| row.kind), Some(RowKind::Remark));
}

#[test]
fn a_payee_with_a_name_like_a_total_is_not_left_out() {
    let text = b"customer_id,bank_code,ifsc,account,name,amount\nc,b,,,Total Gas Agency,1\n,,,,Total Amount,1\nc,b,,,Total,1\n";
    let input = Input::from_bytes(text, &Profile::default()).unwrap();
    let mut rows = input.rows().unwrap();
    for kind in [RowKind::Payee, RowKind::Total, RowKind::Total] {
        assert_eq!(rows.next().unwrap().map(|row| row.kind), Some(kind));
    }
    let text = b"code,ifsc,account,name\nE1,,,Total Gas Agency\n,,,Total Amount\n";
    let set = [(Column::BankCode, "JP_HDFC"), (Column::CustomerId, "emp-{code}")];
    let set = set.into_iter().map(|(column, text)| (column, text.to_owned())).collect();
    let input = Input::from_bytes(text, &Profile { set, ..Profile::default() }).unwrap();
    let mut rows = input.rows().unwrap();
    for kind in [RowKind::Payee, RowKind::Total] {
        assert_eq!(rows.next().unwrap().map(|row| row.kind), Some(kind));
    }
}

#[test]
fn payees_above_a_second_header_are_not_titles() {
    for (first, second) in [
        (
            "customer_id,bank_code,A/c No.,IFSC\nc,b,50100241763,HDFC0000053\n",
            "customer_id,bank_code,Name,A/c No.,IFSC\nc,b,Asha,50100241764,HDFC0000053\n",
        ),
        ("customer_id,bank_code,UPI ID\nc,b,a@upi\n", "customer_id,bank_code,Name,UPI ID\nc,b,Asha,b@upi\n"),
    ] {
        let found = rows(format!("Part A\n{first}\nPart B\n{second}").as_bytes()).unwrap();
        let numbers: Vec<_> = found.iter().map(|(number, _)| *number).collect();
        assert_eq!(numbers, [3, 4, 5, 6, 7], "{found:?}");
        assert!(found[4].1.starts_with("TooMany"), "the second table has other columns: {found:?}");
    }
}

#[test]
fn a_value_made_from_columns_can_have_a_space_between_them() {
    let text = "First,Last,A/c No.,IFSC\nRamesh,Kumar,50100241763,HDFC0000053\nAsha,,50100241764,HDFC0000053\n";
    let set = [(Column::BankCode, "B"), (Column::CustomerId, "c"), (Column::Name, "{First} {Last}")];
    let set = set.into_iter().map(|(column, text)| (column, text.to_owned())).collect();
    let input = Input::from_bytes(text.as_bytes(), &Profile { set, ..Profile::default() }).unwrap();
    let mut rows = input.rows().unwrap();
    let row = rows.next().unwrap().unwrap();
    assert_eq!((row.values.get(Column::Name), row.lacking_part(Column::Name)), ("Ramesh Kumar", None));
    let row = rows.next().unwrap().unwrap();
    let lacking = row.lacking_part(Column::Name);
    assert_eq!((row.values.get(Column::Name), lacking.as_deref()), ("", Some("column B (\"Last\")")));
}

/// The payees in a table: for each, what identifies it and what is sent.
fn payees(bytes: &[u8]) -> Vec<[String; 6]> {
    let input = Input::from_bytes(bytes, &Profile::default()).unwrap();
    let mut rows = input.rows().unwrap();
    let mut all = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        assert_eq!((row.kind, row.problem), (RowKind::Payee, None));
        let columns =
            [Column::CustomerId, Column::BankCode, Column::Ifsc, Column::Account, Column::Name, Column::Reference];
        all.push(columns.map(|column| row.values.get(column).to_owned()));
    }
    all
}

/// How a program writes tables.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each is a choice")]
struct Style {
    delimiter: char,
    end: &'static str,
    encoding: &'static str,
    has_mark: bool,
    quotes_all: bool,
    names_delimiter: bool,
    ends_last: bool,
}

fn styles() -> impl Strategy<Value = Style> {
    let delimiter = prop::sample::select(vec![',', ';', '\t', '|']);
    let end = prop::sample::select(vec!["\n", "\r\n", "\r"]);
    let encoding = prop::sample::select(vec!["utf-8", "utf-16le", "utf-16be", "windows-1252"]);
    (delimiter, end, encoding, any::<[bool; 4]>()).prop_map(|(delimiter, end, encoding, flags)| {
        let [has_mark, quotes_all, names_delimiter, ends_last] = flags;
        Style { delimiter, end, encoding, has_mark, quotes_all, names_delimiter, ends_last }
    })
}

fn written(cells: &[Vec<String>], style: Style) -> Vec<u8> {
    let cell = |text: &String| {
        let needs = style.quotes_all || text.contains([style.delimiter, '"', '\n', '\r']);
        if needs { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.clone() }
    };
    let mut lines: Vec<String> =
        cells.iter().map(|row| row.iter().map(cell).collect::<Vec<_>>().join(&style.delimiter.to_string())).collect();
    if style.names_delimiter {
        lines.insert(0, format!("sep={}", style.delimiter));
    }
    let mut text = lines.join(style.end);
    if style.ends_last {
        text.push_str(style.end);
    }
    let mark = if style.has_mark && style.encoding != "windows-1252" { "\u{feff}" } else { "" };
    let text = format!("{mark}{text}");
    match style.encoding {
        "utf-16le" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        "utf-16be" => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        "windows-1252" => encoding_rs::WINDOWS_1252.encode(&text).0.into_owned(),
        _ => text.into_bytes(),
    }
}

proptest! {
    #[test]
    fn a_table_has_the_same_payees_however_it_is_written(
        style in styles(),
        rows in prop::collection::vec(
            ("[a-z]{1,5}[0-9]{1,3}", "[1-9][0-9]{9,14}", "[A-Z][a-zé,;|\"' ]{0,12}[a-z]", "[a-z0-9,;|\" ]{0,8}[a-z]"), 1..5),
        blank in 0..3_usize,
    ) {
        let header = ["customer_id", "bank_code", "ifsc", "account", "name", "reference"].map(str::to_owned).to_vec();
        let mut cells = vec![header];
        let mut expected = Vec::new();
        for (customer, account, name, reference) in rows {
            let row = [customer, "JP_HDFC".to_owned(), "HDFC0000053".to_owned(), account, name, reference];
            expected.push(row.clone());
            cells.push(row.to_vec());
        }
        cells.extend(vec![vec![String::new(); 6]; blank]);
        prop_assert_eq!(payees(&written(&cells, style)), expected);
    }
}

#[test]
fn an_old_workbook_with_a_chain_that_never_ends_is_refused() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/payees/templates/05_icici_npab.xls");
    let mut bytes = std::fs::read(path).unwrap();
    let number = |bytes: &[u8], at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
    // The first sector of the directory leads back to itself.
    let (table, directory) = (number(&bytes, 76) as usize, number(&bytes, 48));
    let entry = (table + 1) * 512 + directory as usize * 4;
    bytes[entry..entry + 4].copy_from_slice(&directory.to_le_bytes());
    let problem = rows(&bytes).unwrap_err();
    assert!(problem.starts_with("the workbook cannot be read"), "{problem}");
}
