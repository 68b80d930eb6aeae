use std::io::Write as _;

use super::*;

const HEADER: &str = "customer_id,bank_code,vpa,reference\n";

/// Gives a few bytes at a time.
struct Pieces<'a>(&'a [u8], usize);

impl Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = self.1.min(buffer.len());
        self.0.read(&mut buffer[..most])
    }
}

/// The lines where rows start, each with the reference or what is wrong.
fn rows(text: &[u8], piece: usize) -> Result<Vec<(u32, String)>, String> {
    let wrong = |error| match error {
        Unreadable::Problems(problems) => format!("{}: {}", problems[0].at, problems[0].problem),
        other => format!("{other:?}"),
    };
    let mut rows = Rows::open(Pieces(text, piece)).map_err(wrong)?;
    let mut all = Vec::new();
    while let Some(found) = rows.next().map_err(wrong)? {
        all.push(match found {
            Found::Row(cells) => (cells.line, cells.get(Column::Reference).to_owned()),
            Found::Bad(line, bad) => (line, bad.to_string()),
        });
    }
    Ok(all)
}

#[test]
fn a_row_has_the_number_of_its_line_however_lines_end_and_whatever_is_between() {
    let long = "x".repeat(60_000);
    for (text, expected) in [
        ("c,b,v,1\nc,b,v,2\n", vec![(2, "1"), (3, "2")]),
        ("c,b,v,1\r\nc,b,v,2", vec![(2, "1"), (3, "2")]),
        ("\n\nc,b,v,1\n\n\r\nc,b,v,2\n\n\n", vec![(4, "1"), (7, "2")]),
        ("c,b,\"v\",\"a \"\"b\"\", c\"\n\nc,b,v,2\n", vec![(2, "a \"b\", c"), (4, "2")]),
        (
            "c,b,v,\"a\n\nc,b,v,b\"\nc,b,v,2\n",
            vec![(2, "a quoted value continues in the next line; no value has a line break"), (5, "2")],
        ),
        (
            "c,b,v,\"1\r\n2\"\r\nc,b,v,2\r\n",
            vec![(2, "a quoted value continues in the next line; no value has a line break"), (4, "2")],
        ),
        ("c,b,v,1\r", vec![(2, "1\r")]),
        (&format!("c,b,v,{long}\nc,b,v,2\n"), vec![(2, &long), (3, "2")]),
    ] {
        let expected: Vec<_> = expected.into_iter().map(|(line, text)| (line, text.to_owned())).collect();
        for piece in [1, 2, 7, 100_000] {
            for mark in ["", "\u{feff}"] {
                let text = format!("{mark}{HEADER}{text}");
                assert_eq!(rows(text.as_bytes(), piece), Ok(expected.clone()), "{text:.100} by {piece}");
            }
        }
    }
}

#[test]
fn what_stops_the_reading_is_bounded_and_has_its_line() {
    let long = "x".repeat(3_000_000);
    let lines = "c,b,v,r\n".repeat(300_000);
    for (text, expected) in [
        (
            format!("c,b,v,1\nc,b,v,{long}\n"),
            "line 3: the line has more than 65536 bytes, as no row has; the rest was not read",
        ),
        (format!("c,b,v,1\nc,b,v,\"{long}\"\n"), "line 3: the line has more than 65536 bytes"),
        ("c,b,v,1\nc,b,\"v,2\nc,b,v,3\n".to_owned(), "line 3: a quote is opened and not closed; the rest was not read"),
        (format!("c,b,v,1\nc,b,\"v,2\n{lines}"), "line 3: a quote is opened and not closed"),
    ] {
        let found = rows(format!("{HEADER}{text}").as_bytes(), 100_000).unwrap_err();
        assert!(found.starts_with(expected), "{found}");
    }
    let utf16 = [&b"\xff\xfe"[..], &HEADER.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>()].concat();
    assert_eq!(rows(&utf16, 100_000).unwrap_err(), "line 1: this is UTF-16 text; accepted: UTF-8");
    assert!(rows("\n".repeat(1_000_000).as_bytes(), 100_000).unwrap_err().contains("the file is empty"));
}

#[test]
fn a_file_that_is_written_to_is_not_read_on() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(b"some rows").unwrap();
    let input = Input::open(file.path()).unwrap();
    for _ in 0..2 {
        let mut text = String::new();
        input.read().unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "some rows");
    }
    let mut steady = input.read().unwrap();
    assert_eq!(steady.read(&mut [0; 4]).unwrap(), 4);
    file.write_all(b"!").unwrap();
    assert_eq!(steady.read(&mut [0; 4]).unwrap_err().to_string(), "it was changed while it was read");
}
