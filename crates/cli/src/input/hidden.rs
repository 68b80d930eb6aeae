//! Finds the rows that a workbook hides. calamine reads them like the other rows, and does not report them.

use std::collections::BTreeSet;
use std::io::{BufReader, Read as _};
use std::iter;

use memchr::{memchr, memmem, memrchr};
use quick_xml::XmlVersion;
use quick_xml::events::BytesStart;
use zip::ZipArchive;

use super::source::Steady;

type Archive<'a> = ZipArchive<BufReader<Steady<'a>>>;

/// The number of bytes of a sheet that are read at once.
const PIECE: u64 = 64 * 1024;

/// Returns the numbers of the rows of an `.xlsx` file that are hidden, by hand or by a filter. `None` if the workbook
/// cannot be read; the same for other formats.
pub(super) fn xlsx(workbook: Steady<'_>, sheet: &str) -> Option<BTreeSet<u32>> {
    let mut archive = ZipArchive::new(BufReader::new(workbook)).ok()?;
    let (mut id, mut path) = (None, String::new());
    elements(&mut archive, "xl/workbook.xml", &["sheet"], |element| {
        if attribute(element, "name").is_some_and(|name| name == sheet) {
            id = attribute(element, "id");
        }
    })?;
    elements(&mut archive, "xl/_rels/workbook.xml.rels", &["Relationship"], |element| {
        if attribute(element, "Id") == id {
            path = attribute(element, "Target").unwrap_or_default();
        }
    })?;
    let path = path.strip_prefix('/').map_or_else(|| format!("xl/{path}"), str::to_owned);
    let (mut hidden, mut number) = (BTreeSet::new(), 0);
    elements(&mut archive, &path, &["row"], |row| {
        number = attribute(row, "r").and_then(|number| number.parse().ok()).unwrap_or(number + 1);
        if attribute(row, "hidden").is_some_and(|value| value == "1" || value == "true") {
            hidden.insert(number);
        }
    })?;
    Some(hidden)
}

/// Like [`xlsx`], for an `.ods` file. Of equal rows, which the file has once, only the first is returned.
pub(super) fn ods(workbook: Steady<'_>, sheet: &str) -> Option<BTreeSet<u32>> {
    let mut archive = ZipArchive::new(BufReader::new(workbook)).ok()?;
    let (mut hidden, mut number, mut is_sheet) = (BTreeSet::new(), 1_u32, false);
    elements(&mut archive, "content.xml", &["table:table", "table:table-row"], |element| {
        if element.name().as_ref() == "table:table" {
            is_sheet = attribute(element, "name").is_some_and(|name| name == sheet);
        } else if is_sheet {
            if attribute(element, "visibility").is_some_and(|value| value != "visible") {
                hidden.insert(number);
            }
            let times = attribute(element, "number-rows-repeated").and_then(|times| times.parse().ok());
            number = number.saturating_add(times.unwrap_or(1));
        }
    })?;
    Some(hidden)
}

/// Like [`xlsx`], for the sheet of an `.xls` file with this index. The file is a list of records, each with its type
/// and length.
pub(super) fn xls(workbook: Steady<'_>, sheet: usize) -> Option<BTreeSet<u32>> {
    const ROW: u16 = 0x208;
    const SHEET: u16 = 0x85;
    const BEGIN: u16 = 0x809;
    const END: u16 = 0x0a;
    let mut file = cfb::CompoundFile::open(BufReader::new(workbook)).ok()?;
    let path = if file.is_stream("/Workbook") { "/Workbook" } else { "/Book" };
    let mut bytes = Vec::new();
    file.open_stream(path).ok()?.read_to_end(&mut bytes).ok()?;
    let records = |start: usize| {
        let mut rest = bytes.get(start..).unwrap_or_default();
        iter::from_fn(move || {
            let (head, after) = rest.split_first_chunk::<4>()?;
            let [kind, length] = [[head[0], head[1]], [head[2], head[3]]].map(u16::from_le_bytes);
            let (data, after) = after.split_at_checked(length.into())?;
            rest = after;
            Some((kind, data))
        })
    };
    let (_, start) = records(0).filter(|(kind, _)| *kind == SHEET).nth(sheet)?;
    let start = u32::from_le_bytes(*start.first_chunk()?);
    // A chart on the sheet has its own begin and end.
    let mut depth = 0;
    let rows = records(usize::try_from(start).ok()?).take_while(|(kind, _)| {
        depth += i32::from(*kind == BEGIN) - i32::from(*kind == END);
        depth > 0
    });
    let is_hidden = |row: &[u8]| row.get(12).is_some_and(|flags| flags & 0x20 != 0);
    let rows = rows.filter(|(kind, row)| *kind == ROW && is_hidden(row));
    Some(rows.filter_map(|(_, row)| Some(u32::from(u16::from_le_bytes(*row.first_chunk()?)) + 1)).collect())
}

/// Visits the elements with one of these names in a file of the archive; all names begin with the first. A sheet can be
/// huge, so only these elements are parsed.
fn elements(
    archive: &mut Archive<'_>,
    path: &str,
    names: &[&str],
    mut visit: impl FnMut(&BytesStart<'_>),
) -> Option<()> {
    let mut file = archive.by_name(path).ok()?;
    let start = format!("<{}", names[0]);
    let mut text = Vec::new();
    while file.by_ref().take(PIECE).read_to_end(&mut text).ok()? > 0 {
        // The text after the last `>` can be the beginning of an element.
        let whole = memrchr(b'>', &text).map_or(0, |end| end + 1);
        for at in memmem::find_iter(&text[..whole], &start) {
            let element = &text[at + 1..whole];
            let element = str::from_utf8(&element[..memchr(b'>', element)?]).ok()?.trim_end_matches('/');
            let name = element.split(char::is_whitespace).next().unwrap_or_default();
            if names.contains(&name) {
                visit(&BytesStart::from_content(element, name.len()));
            }
        }
        text.drain(..whole);
    }
    Some(())
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element.attributes().flatten().find(|found| found.key.local_name().as_ref() == name)?;
    Some(found.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned())
}
