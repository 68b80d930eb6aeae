//! The file of `--problems`: every finding of a check, first the problems by row, then the advice by row.

use std::io;
use std::path::Path;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::input::{self, Input};
use crate::payees::check::Checked;
use crate::payees::findings::Finding;
use crate::results::{Draft, Format, ResultRow};

const HEADER: [&str; 5] = ["row", "column", "kind", "finding", "suggestion"];

/// Writes all findings, and returns their number.
pub(crate) fn write(path: &Path, input: &Input, checked: &mut Checked) -> Result<u64, Failure> {
    let format = Format::of(path).unwrap_or(Format::Csv);
    // If `--problems` names another file by mistake, such as the payees, that file must not be replaced.
    if path.exists() && !input::has_header(path, &HEADER) {
        let message = format!("{} already exists, and is not a list of problems", path.display());
        return Err(Failure::new(Exit::Usage, message).next("choose another name for --problems"));
    }
    let cannot = |error: io::Error| {
        Failure::caused(Exit::Usage, format!("{} cannot be written; nothing was sent", path.display()), &error)
            .next("choose another name for --problems")
    };
    list(path, format, input, checked).map_err(cannot)
}

fn list(path: &Path, format: Format, input: &Input, checked: &mut Checked) -> io::Result<u64> {
    let draft = Draft::new(path)?;
    let mut sink = format.sink(draft.open()?, input.layout.delimiter, crate::log::directory(path))?;
    sink.header(&HEADER, &[])?;
    let mut written = 0;
    for (kind, findings) in [("problem", checked.problems.all()), ("advice", checked.advice.all())] {
        for Finding { row, column, text, suggestion } in findings {
            let row = row.map(|row| row.to_string()).unwrap_or_default();
            let column = column.map(|column| input.layout.column(column)).unwrap_or_default();
            let cells = [row.as_str(), column.as_str(), kind, text.as_str(), suggestion.as_str()];
            written += 1;
            sink.row(&ResultRow::plain(0, &cells))?;
        }
    }
    sink.finish()?;
    draft.publish()?;
    Ok(written)
}
