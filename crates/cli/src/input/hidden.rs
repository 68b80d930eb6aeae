//! Finds the rows that an Excel workbook hides. calamine reads them like the other rows, and does not report them.

use std::collections::BTreeSet;
use std::io::{BufReader, Read as _};

use memchr::{memchr, memmem, memrchr};
use quick_xml::XmlVersion;
use quick_xml::events::BytesStart;
use zip::ZipArchive;

use super::source::Steady;

type Archive<'a> = ZipArchive<BufReader<Steady<'a>>>;

/// The number of bytes of a sheet that are read at once.
const PIECE: u64 = 64 * 1024;

/// Returns the numbers of the rows that are hidden, by hand or by a filter. `None` if the workbook cannot be read.
pub(super) fn rows(workbook: Steady<'_>, sheet: &str) -> Option<BTreeSet<u32>> {
    let mut archive = ZipArchive::new(BufReader::new(workbook)).ok()?;
    let (mut id, mut path) = (None, String::new());
    elements(&mut archive, "xl/workbook.xml", "sheet", |element| {
        if attribute(element, "name").is_some_and(|name| name == sheet) {
            id = attribute(element, "id");
        }
    })?;
    elements(&mut archive, "xl/_rels/workbook.xml.rels", "Relationship", |element| {
        if attribute(element, "Id") == id {
            path = attribute(element, "Target").unwrap_or_default();
        }
    })?;
    let path = path.strip_prefix('/').map_or_else(|| format!("xl/{path}"), str::to_owned);
    let (mut hidden, mut number) = (BTreeSet::new(), 0);
    elements(&mut archive, &path, "row", |row| {
        number = attribute(row, "r").and_then(|number| number.parse().ok()).unwrap_or(number + 1);
        if attribute(row, "hidden").is_some_and(|value| value == "1" || value == "true") {
            hidden.insert(number);
        }
    })?;
    Some(hidden)
}

/// Visits the elements with this name in a file of the archive. A sheet can be huge, so only these elements are parsed.
fn elements(archive: &mut Archive<'_>, path: &str, name: &str, mut visit: impl FnMut(&BytesStart<'_>)) -> Option<()> {
    let mut file = archive.by_name(path).ok()?;
    let start = format!("<{name} ");
    let mut text = Vec::new();
    while file.by_ref().take(PIECE).read_to_end(&mut text).ok()? > 0 {
        // The rest can be the beginning of an element.
        let whole = memrchr(b'>', &text).map_or(0, |end| end + 1);
        for at in memmem::find_iter(&text[..whole], &start) {
            let element = &text[at + 1..whole];
            let element = str::from_utf8(&element[..memchr(b'>', element)?]).ok()?;
            visit(&BytesStart::from_content(element.trim_end_matches('/'), name.len()));
        }
        text.drain(..whole);
    }
    Some(())
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element.attributes().flatten().find(|found| found.key.local_name().as_ref() == name)?;
    Some(found.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned())
}
