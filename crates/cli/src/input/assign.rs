//! Builds a layout from a header and the user's settings.

use juspay_accounts_validation::{Advice, Kind};

use super::columns::{Column, letters};
use super::find::Numbered;
use super::headers::{self, Rank};
use super::layout::{Layout, Origin, Part, shown};
use super::profile::Profile;
use super::records::is_blank;
use crate::failure::Problem;
use crate::text::{clean, quoted};

/// The values that are only printed masked, and never logged.
const SECRET: [Column; 3] = [Column::Account, Column::ConfirmAccount, Column::Vpa];

const IS_SECRET: &str = "an account is a secret, and this value is printed and logged; use another column";

/// Assigns columns to values. `below` contains the first rows below the header.
///
/// Also returns all problems, such as missing and ambiguous columns.
pub(super) fn assign(names: &[String], below: &[Numbered], profile: &Profile) -> (Layout, Vec<Problem>) {
    let mut layout =
        Layout { names: names.to_vec(), clean: profile.clean, max_paise: profile.max_paise(), ..Layout::default() };
    let mut problems = Vec::new();
    for (column, header) in &profile.columns {
        match place_of(names, header) {
            _ if header.is_empty() => {}
            Ok(place) => {
                if let Some(found) = instead_of_accounts(below, place).filter(|_| *column == Column::Account) {
                    let column = layout.place(place);
                    let problem = format!("{column} has {found}; name the column with the account numbers");
                    problems.push(Problem::new("--column account", &problem));
                }
                layout.origins[*column as usize] = Origin::Cell(place);
            }
            Err(problem) => problems.push(Problem::new(format!("--column {}", column.name()), &problem)),
        }
    }
    let is_open = |column: &Column| !profile.columns.contains_key(column) && !profile.set.contains_key(column);
    for (column, _) in Column::ALL.into_iter().filter(|(column, _)| is_open(column)) {
        let taken = |place: &usize| layout.value_at(*place).is_some();
        let found = (0..names.len()).filter(|place| !taken(place));
        let mut found: Vec<(Rank, usize)> = found
            .filter_map(|place| match headers::find(&names[place]) {
                Some((meant, rank)) if meant == column => Some((rank, place)),
                _ => None,
            })
            .collect();
        found.sort_unstable();
        let Some((best, place)) = found.first().copied() else { continue };
        let equal: Vec<_> = found.iter().filter(|(rank, _)| *rank == best).map(|(_, place)| *place).collect();
        // A wrong name or reference does not change who is paid, so the first column is used.
        let is_harmless = matches!(column, Column::Name | Column::Reference);
        if equal.len() > 1 && !is_harmless {
            problems.push(Problem::new(column.name(), &ambiguous(&layout, column, &equal)));
        }
        layout.origins[column as usize] = Origin::Cell(place);
    }
    // Only accounts are read from the columns with accounts, because other values are printed and logged.
    let secrets = SECRET.map(|column| layout.origin(column).clone());
    for column in profile.columns.keys().filter(|column| !SECRET.contains(column)) {
        let origin = layout.origin(*column);
        let Origin::Cell(place) = origin else { continue };
        let meant = headers::find(&names[*place]).map(|(meant, _)| meant);
        if secrets.contains(origin) || meant.is_some_and(|meant| SECRET.contains(&meant)) {
            problems.push(Problem::new(format!("--column {}", column.name()), IS_SECRET));
        }
    }
    for (column, template) in &profile.set {
        match parts(template, &layout, profile) {
            Ok(parts) => layout.origins[*column as usize] = Origin::Set(parts),
            Err(problem) => problems.push(Problem::new(format!("--set {}", column.name()), &problem)),
        }
    }
    problems.extend(missing(&layout, below, profile));
    (layout, problems)
}

/// Returns the index of the column with this header or with these spreadsheet letters.
fn place_of(names: &[String], header: &str) -> Result<usize, String> {
    let exact: Vec<_> = (0..names.len()).filter(|place| names[*place].trim() == header.trim()).collect();
    let similar = || (0..names.len()).filter(|place| headers::same(&names[*place], header)).collect();
    let found: Vec<_> = if exact.is_empty() { similar() } else { exact };
    match found[..] {
        [place] => Ok(place),
        [] => (0..names.len())
            .find(|place| letters(*place) == header.trim())
            .ok_or_else(|| format!("the file has no column \"{}\"; its columns are {}", clean(header), listed(names))),
        [first, second, ..] => Err(format!(
            "columns {} and {} both have this header; name one by its letter, such as {}",
            letters(first),
            letters(second),
            letters(first)
        )),
    }
}

/// Lists headers, for a message. Empty cells are left out.
fn listed<'a>(names: impl IntoIterator<Item = &'a String>) -> String {
    const MOST: usize = 12;
    let mut names: Vec<_> = names.into_iter().filter(|name| !is_blank(name)).collect();
    let more = if names.len() > MOST { ", …" } else { "" };
    names.truncate(MOST);
    let names: Vec<_> = names.into_iter().map(|name| format!("\"{}\"", shown(name))).collect();
    names.join(", ") + more
}

/// Returns what a column has instead of account numbers, if no cell looks like an account number. If some cells do, the
/// column is the right one: an account number may have letters.
fn instead_of_accounts(below: &[Numbered], place: usize) -> Option<&'static str> {
    let cells = below.iter().filter_map(|(_, cells)| cells.get(place).map(|cell| cell.trim()));
    let kinds = cells.filter(|cell| !is_blank(cell)).map(|cell| match Kind::AccountNumber.advice(cell) {
        Some(Advice::IfscAsAccount) => Some("IFSCs"),
        Some(Advice::Pan) => Some("PANs"),
        Some(Advice::LettersOnly) => Some("words"),
        _ => None,
    });
    kinds.reduce(|first, other| first.filter(|_| other.is_some())).flatten()
}

/// Describes the problem that several columns match a field.
fn ambiguous(layout: &Layout, column: Column, places: &[usize]) -> String {
    let columns: Vec<_> = places.iter().map(|place| layout.place(*place)).collect();
    let flag = |place: &usize| format!("--column {}={}", column.name(), quoted(&layout.reference(*place)));
    let flags: Vec<_> = places.iter().map(flag).collect();
    format!("{} could be this field; choose one: {}", columns.join(" and "), flags.join(" or "))
}

/// Parses a template: text with column names in braces.
fn parts(template: &str, layout: &Layout, profile: &Profile) -> Result<Vec<Part>, String> {
    let mut parts = Vec::new();
    let mut rest = template;
    while let Some((text, after)) = rest.split_once('{') {
        if !text.is_empty() {
            parts.push(Part::Text(text.to_owned()));
        }
        let (name, after) = after
            .split_once('}')
            .ok_or("an opening { has no closing }; write a column name in braces, such as emp-{reference}")?;
        rest = after;
        let value = Column::of_name(name.trim()).filter(|column| !profile.set.contains_key(column));
        let part = match value.filter(|column| layout.has(*column)) {
            Some(column) => Part::Value(column),
            None => match (place_of(&layout.names, name), value) {
                // A header in braces means the field that its column is read as: `{Emp Code}` is `{reference}`.
                (Ok(place), _) => layout.value_at(place).map_or(Part::Cell(place), Part::Value),
                (Err(problem), None) => return Err(problem),
                (Err(_), Some(value)) => {
                    let example = layout.unread().next().map(|place| shown(&layout.names[place]));
                    return Err(format!(
                        "the file has no column for {}; name a column by its header, such as {{{}}}",
                        value.name(),
                        example.as_deref().unwrap_or("Employee Code")
                    ));
                }
            },
        };
        parts.push(part);
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest.to_owned()));
    }
    if parts.iter().any(|part| matches!(part, Part::Value(column) if SECRET.contains(column))) {
        return Err(IS_SECRET.to_owned());
    }
    if parts.is_empty() { Err("the value is empty".to_owned()) } else { Ok(parts) }
}

/// Returns a problem for each value that every file needs and this file lacks.
fn missing(layout: &Layout, below: &[Numbered], profile: &Profile) -> Vec<Problem> {
    let mut problems = Vec::new();
    // A value that the user set counts as present. If it is invalid, that is reported separately.
    let has = |column| layout.has(column) || profile.set.contains_key(&column);
    let unread = listed(layout.unread().map(|place| &layout.names[place]));
    let unread = if unread.is_empty() { unread } else { format!(" (not recognized: {unread})") };
    let wanted = match (has(Column::Ifsc), has(Column::Account), has(Column::Vpa)) {
        (true, true, _) | (false, false, true) => None,
        (false, true, _) => Some(("ifsc", "the IFSC; choose one: --column ifsc=\"header\"")),
        (true, false, _) => Some(("account", "the account number; choose one: --column account=\"header\"")),
        (false, false, false) => Some((
            "account",
            "the account number or the UPI address; choose them: --column account=\"header\" --column ifsc=\"header\", or \
             --column vpa=\"header\"",
        )),
    };
    problems.extend(wanted.map(|(at, what)| Problem::new(at, &format!("no column was recognized as {what}{unread}"))));
    if !has(Column::BankCode) {
        let problem = "Juspay's code for the bank, such as JP_HDFC; payee files do not have it. Ask Juspay for the code, and set it \
                       for all rows: --set bank_code=JP_HDFC";
        problems.push(Problem::new("bank_code", problem));
    }
    if !has(Column::CustomerId) {
        problems.push(Problem::new("customer_id", &without_customer(layout, below)));
    }
    problems
}

/// Explains what the customer id is, and how to set it.
fn without_customer(layout: &Layout, below: &[Numbered]) -> String {
    let is_filled = |place: usize| below.iter().any(|(_, cells)| cells.get(place).is_some_and(|cell| !is_blank(cell)));
    let how = match layout.origin(Column::Reference) {
        Origin::Cell(place) if is_filled(*place) => {
            format!("To use {}, add --set customer_id='{{reference}}'", layout.place(*place))
        }
        _ => "Use a column that differs for each payee, named by its header: --set customer_id='{HEADER}'; or one id for the whole \
              file, such as --set customer_id=payroll"
            .to_owned(),
    };
    format!(
        "your own id for the account's owner, under which Juspay keeps the account; payee files do not have it. {how}"
    )
}
