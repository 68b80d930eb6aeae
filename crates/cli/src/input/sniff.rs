//! Detects the type of a file from its content, because file names can be wrong.

use std::io::{Read as _, Seek as _, SeekFrom};

use encoding_rs::Encoding;
use memchr::memmem;

use super::source::{Source, Unreadable};

/// The number of bytes that are read to detect the type.
const START: usize = 16 * 1024;
/// The number of bytes that are read at the end of a zip archive, where its directory is.
const END: u64 = 256 * 1024;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The encoding; `None` for UTF-8, where some values may be Windows-1252.
    Text(Option<&'static Encoding>),
    Workbook(Workbook),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Workbook {
    Xlsx,
    Xlsb,
    Xls,
    Ods,
}

const SAVE_AS: &str = "open it in Excel and save it as an Excel workbook (.xlsx) or as CSV";

/// Detects the type of a file.
///
/// # Errors
/// The file is not a table. The message says what it is and what to do.
pub(super) fn kind(source: &Source) -> Result<Kind, Unreadable> {
    let mut start = Vec::new();
    source.read()?.take(START as u64).read_to_end(&mut start)?;
    let refused = |what: &str, next: &str| Err(Unreadable::refused(what, next));
    let begins = |mark: &[u8]| start.starts_with(mark);
    if begins(b"PK\x03\x04") || begins(b"PK\x05\x06") {
        return zip(source, &start);
    }
    if begins(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return compound(source);
    }
    if begins(b"%PDF") {
        return refused("this is a PDF", "ask for the file that it was made from, an Excel workbook or a CSV file");
    }
    if is_image(&start) {
        return refused("this is an image", "ask for the table itself, as an Excel workbook or a CSV file");
    }
    if begins(b"\x1f\x8b") || begins(b"7z\xbc\xaf\x27\x1c") || begins(b"Rar!") {
        return refused("this is a compressed archive", "unpack it, and use the file in it");
    }
    if begins(b"{\\rtf") {
        return refused("this is a text document (RTF), not a table", SAVE_AS);
    }
    let encoding = utf16(&start);
    let text = match encoding {
        Some(encoding) => encoding.decode_without_bom_handling(&start).0.into_owned(),
        None => String::from_utf8_lossy(&start).into_owned(),
    };
    let text = text.trim_start_matches(|c: char| c == '\u{feff}' || c.is_whitespace());
    let head: String = text.chars().take(2_000).collect::<String>().to_ascii_lowercase();
    if head.starts_with("<?xml") && head.contains("excel.sheet") {
        return refused(
            "this is an Excel 2003 XML spreadsheet",
            "open it in Excel and save it as an Excel workbook (.xlsx)",
        );
    }
    if head.starts_with("mime-version:")
        || head.starts_with("<!doctype html")
        || ["<html", "<table", "<head", "<body", "<meta", "<style"].iter().any(|tag| head.starts_with(tag))
        || (head.starts_with('<') && head.contains("<table"))
    {
        return refused(
            "this is a web page (HTML), whatever its name says",
            "open it in Excel and save it as an Excel workbook (.xlsx)",
        );
    }
    if head.starts_with("<?xml") {
        return refused("this is an XML file, not a table", SAVE_AS);
    }
    if (head.starts_with('{') || head.starts_with("[{") || head.starts_with("[\n")) && is_json(&head) {
        return refused("this is a JSON file, not a table", "convert it to CSV with one row for each payee");
    }
    // A text file can have a stray control character; a binary file has many.
    let controls = text.chars().filter(|c| c.is_control() && !c.is_whitespace()).count();
    if controls * 20 > text.chars().count() {
        return refused(
            "this is neither a workbook nor a text file",
            "choose a workbook (.xlsx, .xls, .ods) or a CSV file",
        );
    }
    Ok(Kind::Text(encoding))
}

/// Detects UTF-16 at the start of a file: by its byte order mark, or because most characters have a zero byte.
fn utf16(start: &[u8]) -> Option<&'static Encoding> {
    match start {
        [0xff, 0xfe, ..] => return Some(encoding_rs::UTF_16LE),
        [0xfe, 0xff, ..] => return Some(encoding_rs::UTF_16BE),
        _ => {}
    }
    let zeros = |from: usize| start.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let most = start.len() / 2;
    // English letters, digits and delimiters have one zero byte in UTF-16. Letters of other scripts have none.
    match (even * 2 > most, odd * 2 > most) {
        _ if start.len() < 4 => None,
        (false, true) => Some(encoding_rs::UTF_16LE),
        (true, false) => Some(encoding_rs::UTF_16BE),
        _ => None,
    }
}

fn is_json(head: &str) -> bool {
    head.chars().skip(1).find(|c| !c.is_whitespace()).is_some_and(|c| matches!(c, '"' | '{' | '[' | '}'))
}

fn is_image(start: &[u8]) -> bool {
    let marks: [&[u8]; 7] = [b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"8BPS"];
    let is_bitmap = |mark: &[u8]| mark != b"BM" || start.get(6..10) == Some(&[0; 4]);
    marks.iter().any(|mark| start.starts_with(mark) && is_bitmap(mark))
        || (start.starts_with(b"RIFF") && start.get(8..12) == Some(b"WEBP"))
        || start
            .get(4..12)
            .is_some_and(|brand| [&b"ftypheic"[..], b"ftypheif", b"ftypmif1", b"ftypavif"].contains(&brand))
}

fn zip(source: &Source, start: &[u8]) -> Result<Kind, Unreadable> {
    let contains = |bytes: &[u8], name: &str| memmem::find(bytes, name.as_bytes()).is_some();
    if contains(&start[..start.len().min(200)], "application/vnd.oasis.opendocument.spreadsheet") {
        return Ok(Kind::Workbook(Workbook::Ods));
    }
    let mut end = Vec::new();
    let mut file = source.read()?;
    file.seek(SeekFrom::Start(source.length().saturating_sub(END)))?;
    file.read_to_end(&mut end)?;
    if contains(&end, "xl/workbook.bin") {
        return Ok(Kind::Workbook(Workbook::Xlsb));
    }
    if contains(&end, "xl/workbook.xml") || contains(&end, "xl/worksheets/") {
        return Ok(Kind::Workbook(Workbook::Xlsx));
    }
    if contains(&end, "word/document.xml") || contains(start, "opendocument.text") {
        return Err(Unreadable::refused(
            "this is a text document, not a workbook",
            "copy its table to Excel and save it as .xlsx",
        ));
    }
    if contains(&end, "Index/Document.iwa") || contains(&end, ".iwa") {
        return Err(Unreadable::refused(
            "this is an Apple Numbers file",
            "export it from Numbers to Excel (.xlsx) or CSV",
        ));
    }
    if !contains(&end, "PK\x05\x06") {
        return Err(Unreadable::refused("the file is damaged: its end is missing", "copy or download it again"));
    }
    Err(Unreadable::refused("this is a zip archive", "unpack it, and use the file in it"))
}

/// Detects the type of an OLE compound file: an old Office file, or any Office file with a password.
fn compound(source: &Source) -> Result<Kind, Unreadable> {
    let mut bytes = Vec::new();
    source.read()?.read_to_end(&mut bytes)?;
    let contains = |name: &str| {
        let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        memmem::find(&bytes, &name).is_some()
    };
    if contains("EncryptedPackage") || contains("EncryptionInfo") {
        return Err(locked());
    }
    if contains("Workbook") || contains("Book") {
        return Ok(Kind::Workbook(Workbook::Xls));
    }
    Err(Unreadable::refused("this is an old Office document, but not a workbook", SAVE_AS))
}

/// The error for a workbook with a password.
pub(super) fn locked() -> Unreadable {
    Unreadable::refused(
        "the workbook has a password",
        "open it in Excel, remove the password (File, Info, Protect Workbook, Encrypt with Password), and save it",
    )
}
