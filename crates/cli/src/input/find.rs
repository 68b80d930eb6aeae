//! Finds the header of a table. Titles, addresses and the payer's account can be above the header.

use juspay_accounts_validation::{Ifsc, Vpa};

use super::columns::Column;
use super::headers;
use super::profile::Profile;
use super::records::is_blank;
use super::source::Unreadable;
use crate::text::quoted;

/// The number of rows that are searched for the header.
pub(super) const SEARCHED: usize = 100;

/// The name of standard input in messages.
pub(super) const STANDARD_INPUT: &str = "standard input";

/// A row with its row number.
pub(super) type Numbered = (u32, Vec<String>);

/// Finds the header among the first rows. Returns its index, and how many of its names are known. Of a header in two
/// rows, the lower is returned, with all names.
pub(super) fn header(rows: &mut [Numbered], profile: &Profile) -> Option<(usize, usize)> {
    join(rows, profile);
    let mut best: Option<(usize, usize)> = None;
    for (place, (_, cells)) in rows.iter().enumerate() {
        if cells.iter().any(|cell| is_data(cell)) {
            // Below a payee, another header belongs to a second table. If that header were used, the payees of the
            // first table would count as titles, and would be left out without a message.
            if best.is_some_and(|(header, _)| is_payee(&rows[header].1, cells, profile)) {
                break;
            }
            continue;
        }
        let known = known(cells, profile);
        if known > best.map_or(0, |(_, best)| best) {
            best = Some((place, known));
        }
    }
    best
}

/// Joins headers in two rows, such as `Bank details` above `A/c No.` and `IFSC`: if that makes more names known, the
/// empty cells of the lower row get the names above them.
fn join(rows: &mut [Numbered], profile: &Profile) {
    for place in 1..rows.len() {
        let [(above, upper), (below, lower)] = &rows[place - 1..=place] else { continue };
        if *below != above + 1 || upper.iter().chain(lower).any(|cell| is_data(cell)) {
            continue;
        }
        let named = |cells: &[String], place: usize| cells.get(place).filter(|cell| !is_blank(cell)).cloned();
        let places = 0..upper.len().max(lower.len());
        let joined: Vec<_> =
            places.map(|place| named(lower, place).or_else(|| named(upper, place)).unwrap_or_default()).collect();
        if known(&joined, profile) > known(upper, profile).max(known(lower, profile)) {
            rows[place].1 = joined;
        }
    }
}

/// Returns the index of the first row that could be a header, although its names are unknown: if possible, one with
/// more than one name.
pub(super) fn likely(rows: &[Numbered]) -> Option<usize> {
    let first = |least: usize| {
        rows.iter().position(|(_, cells)| {
            cells.iter().filter(|cell| !is_blank(cell)).count() >= least && !cells.iter().any(|cell| is_data(cell))
        })
    };
    first(2).or_else(|| first(1))
}

/// Whether a row has a bank account or a UPI address in the columns that a header names.
fn is_payee(header: &[String], cells: &[String], profile: &Profile) -> bool {
    let is_named = |name: &str, column| profile.columns.get(&column).is_some_and(|header| headers::same(header, name));
    let is_column =
        |name: &str, column| is_named(name, column) || headers::find(name).is_some_and(|(of, _)| of == column);
    let has = |column| header.iter().zip(cells).any(|(name, cell)| is_data(cell) && is_column(name, column));
    has(Column::Vpa) || has(Column::Ifsc) && has(Column::Account)
}

/// The number of fields that the program recognizes in a row, plus the number of cells that the user named; 0 if the
/// row has too few of them for a header.
fn known(cells: &[String], profile: &Profile) -> usize {
    let named =
        |cell: &String| profile.columns.values().any(|header| !header.is_empty() && headers::same(header, cell));
    let mut columns: Vec<_> = cells.iter().filter_map(|cell| headers::find(cell).map(|(column, _)| column)).collect();
    columns.sort_unstable();
    columns.dedup();
    let named = cells.iter().filter(|cell| named(cell)).count();
    let is_account = |column: &Column| matches!(column, Column::Account | Column::Ifsc | Column::Vpa);
    let is_header = named > 0 || columns.len() > 1 || columns.iter().any(is_account);
    if is_header { columns.len() + named } else { 0 }
}

/// Whether a cell is a long number, an IFSC or a UPI address, which a header never contains.
fn is_data(cell: &str) -> bool {
    let cell = cell.trim().trim_start_matches('\'');
    let is_number = cell.len() > 5 && cell.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-' | '.' | ','));
    // The length is compared first, because a failed check searches the value for a slip, and nearly all cells fail.
    let is_ifsc = cell.len() == 11 && Ifsc::check(&cell.to_ascii_uppercase()).is_ok();
    is_number || is_ifsc || cell.contains('@') && Vpa::check(cell).is_ok()
}

/// Explains that there is no header. The message repeats nothing from the file, which may contain an account.
pub(super) fn without_header(rows: &[Numbered], name: &str) -> Unreadable {
    let file = if name == STANDARD_INPUT { "-".to_owned() } else { quoted(name) };
    let filled = || rows.iter().filter(|(_, cells)| !cells.iter().all(|cell| is_blank(cell)));
    let example = "name, account, ifsc";
    match filled().next() {
        None => Unreadable::refused(
            "the file is empty",
            "choose the file with the payees: it needs a header, and one row for each payee",
        ),
        Some((row, cells)) if cells.iter().any(|cell| is_data(cell)) => Unreadable::refused(
            format!("the file has no header: row {row} is already a payee"),
            format!("insert a first row that names the columns, such as {example}"),
        ),
        Some((row, _)) => Unreadable::refused(
            format!(
                "the file has no header that the program knows: no cell in row {row} or below names an account number, IFSC or UPI address"
            ),
            format!(
                "if row {row} is the header, say which column is which: --column account='header' --column ifsc='header'; \
                 `juspay-accounts columns {file}` shows the names"
            ),
        ),
    }
}
