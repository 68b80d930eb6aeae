//! A table in Markdown, which is readable in a terminal and in a comment on a pull request.

use comfy_table::Table;
use comfy_table::presets::ASCII_MARKDOWN;
use openapi_doc::shortened;

/// Longer values are cut. Each row names the place of its value.
const MAX_CELL: usize = 120;

/// Returns a table with this header and these rows. A value that is longer than 120 characters is cut.
pub fn markdown<const N: usize>(header: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN);
    table.set_header(header);
    for row in rows {
        table.add_row(row.map(|text| cell(&text)));
    }
    table.to_string()
}

/// A value on one line, with `|` escaped, and cut after 120 characters.
fn cell(text: &str) -> String {
    shortened(&text.replace(['\n', '\r'], " ").replace('|', "\\|"), MAX_CELL)
}
