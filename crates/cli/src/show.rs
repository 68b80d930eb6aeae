//! Shows an account to people and to programs: masked, unless the user asked for clear text.

use std::fmt::Display;
use std::io::{self, Write};

use anstyle::Style;
use comfy_table::Table;
use comfy_table::presets::NOTHING;
use juspay_accounts::{CustomerAccount, Extra, Payee, ValidationStatus};
use unicode_width::UnicodeWidthStr;

use crate::console::{BAD, CAUTION, Console, GOOD};
use crate::text::clean;

/// The text in place of an unknown value.
const NOTHING_KNOWN: &str = "-";

/// A table in which the last cell of each row, such as its status, has a style. If the table is too wide, each row
/// becomes a block of lines. No value is ever cut or split.
pub(crate) struct Sheet {
    header: Vec<&'static str>,
    rows: Vec<(Vec<String>, Style)>,
}

impl Sheet {
    pub(crate) fn new(header: impl IntoIterator<Item = &'static str>) -> Self {
        Self { header: header.into_iter().collect(), rows: Vec::new() }
    }

    /// Adds a row. The style applies to its last cell. An empty cell means that the value is unknown.
    pub(crate) fn add(&mut self, cells: impl IntoIterator<Item = String>, style: Style) {
        let shown = |cell: String| if cell.is_empty() { nothing() } else { cell };
        self.rows.push((cells.into_iter().map(shown).collect(), style));
    }

    /// Writes the table. `width` is the width of the terminal, if there is one.
    pub(crate) fn write(&self, out: &mut dyn Write, width: Option<usize>) -> io::Result<()> {
        let mut table = Table::new();
        table.load_style(NOTHING).set_header(&self.header).add_rows(self.rows.iter().map(|(cells, _)| cells));
        for column in table.column_iter_mut() {
            column.set_padding((0, 2));
        }
        let lines: Vec<_> = table.lines().map(|line| line.trim_end().to_owned()).collect();
        let widest = lines.iter().map(|line| line.width()).max().unwrap_or_default();
        if width.is_some_and(|width| widest > width) {
            return self.write_blocks(out);
        }
        let unstyled = [Style::new()];
        let styles = unstyled.iter().chain(self.rows.iter().map(|(_, style)| style));
        let lasts = self.header.last().copied().into_iter().chain(self.rows.iter().map(|(cells, _)| last(cells)));
        for ((line, style), last) in lines.iter().zip(styles).zip(lasts) {
            let start = line.strip_suffix(last).unwrap_or(line);
            writeln!(out, "{start}{style}{}{style:#}", &line[start.len()..])?;
        }
        Ok(())
    }

    fn write_blocks(&self, out: &mut dyn Write) -> io::Result<()> {
        let longest = self.header.iter().map(|name| name.len()).max().unwrap_or_default();
        for (cells, style) in &self.rows {
            for ((name, cell), place) in self.header.iter().zip(cells).zip(1..) {
                let is_status = place == cells.len();
                if cell == NOTHING_KNOWN && !is_status {
                    continue;
                }
                let style = if is_status { *style } else { Style::new() };
                writeln!(out, "{name:longest$}  {style}{cell}{style:#}")?;
            }
            writeln!(out)?;
        }
        Ok(())
    }
}

fn last(cells: &[String]) -> &str {
    cells.last().map_or("", String::as_str)
}

pub(crate) fn style(status: Option<&ValidationStatus>) -> Style {
    match status {
        Some(ValidationStatus::Active) => GOOD,
        Some(ValidationStatus::Failure) => BAD,
        _ => CAUTION,
    }
}

/// The cells of an account in a table. A cell is empty if its value is unknown.
#[derive(Default)]
pub(crate) struct Cells {
    /// The account number or the UPI address.
    pub(crate) account: String,
    pub(crate) ifsc: String,
    pub(crate) kind: String,
    pub(crate) name: String,
    pub(crate) amount: String,
    pub(crate) id: String,
    pub(crate) status: String,
}

impl Cells {
    pub(crate) fn of(account: &CustomerAccount, unmasked: bool) -> Self {
        let account = shown(account, unmasked);
        let details = account.account_details.unwrap_or_default();
        let number = details.account.map(|number| number.unmasked().to_owned());
        let vpa = details.vpa.map(|vpa| vpa.unmasked().to_owned());
        Self {
            account: text(number.or(vpa)),
            ifsc: text(details.ifsc),
            kind: text(account.customer_account_type),
            name: text(details.name.map(|name| name.unmasked().to_owned())),
            amount: text(account.validation_amount),
            id: text(account.customer_account_id),
            status: text(account.validation_status),
        }
    }
}

/// Prints a note if validations have not ended, because validating such an account again pays again.
pub(crate) fn note_pending(accounts: &[CustomerAccount], console: Console) {
    if accounts.iter().any(CustomerAccount::is_pending) {
        console.note(
            "a validation has not ended (PENDING or CREATED): `get` shows its status; another validation would pay again",
        );
    }
}

/// Copies an account for display, with masked values unless `unmasked` is set.
pub(crate) fn shown(account: &CustomerAccount, unmasked: bool) -> CustomerAccount {
    let mut account = account.clone();
    if unmasked {
        return account;
    }
    account.extra = hidden(&account.extra);
    if let Some(details) = &mut account.account_details {
        details.account = details.account.as_ref().map(|number| number.to_string().as_str().into());
        details.name = details.name.as_ref().map(|name| name.to_string().as_str().into());
        details.vpa = details.vpa.as_ref().map(|vpa| vpa.to_string().as_str().into());
        details.extra = hidden(&details.extra);
    }
    account
}

/// Masks unknown fields, because they may hold anything.
fn hidden(extra: &Extra) -> Extra {
    Extra(extra.0.keys().map(|name| (name.clone(), "****".into())).collect())
}

/// Returns a word from the server, such as an id, if it can be shown: it is visible ASCII without spaces, is not long,
/// and contains no account number and no local part of a UPI address that was sent.
pub(crate) fn word<'a>(text: &str, sent: impl IntoIterator<Item = &'a Payee>) -> Option<String> {
    let is_word = !text.is_empty() && text.len() <= 128 && text.bytes().all(|byte| byte.is_ascii_graphic());
    // The letters and digits alone are compared too, because an account number can be written in groups.
    let letters = |text: &str| -> String {
        text.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
    };
    let shown = letters(text);
    let repeats = |payee: &Payee| {
        let secret = match payee {
            Payee::BankAccount(sent) => sent.account.as_str(),
            Payee::Upi(vpa) => vpa.as_str().split('@').next().unwrap_or_default(),
        }
        .to_ascii_lowercase();
        // A very short secret can match by chance.
        let is_in = |secret: &str, text: &str| secret.len() >= 5 && text.contains(secret);
        is_in(&secret, &text.to_ascii_lowercase()) || is_in(&letters(&secret), &shown)
    };
    (is_word && !sent.into_iter().any(repeats)).then(|| text.to_owned())
}

pub(crate) fn secret(clear: &str, masked: impl Display, unmasked: bool) -> String {
    if unmasked { clean(clear) } else { masked.to_string() }
}

pub(crate) fn nothing() -> String {
    NOTHING_KNOWN.to_owned()
}

fn text(value: Option<impl Display>) -> String {
    value.map(|value| clean(&value.to_string())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use juspay_accounts::AccountsRequest;

    use super::*;

    /// Formats a sheet with two accounts, one of them failed, for this width.
    fn sheet(width: Option<usize>) -> String {
        let mut sheet = Sheet::new(["input", "account", "IFSC", "name", "customer account", "status"]);
        let row = |cells: [&str; 6]| cells.map(str::to_owned);
        sheet.add(
            row(["--bank-account #1", "****1191", "YESB0000262", "आ****", "banh_4B5OoJ9jJEtEg8uX", "ACTIVE"]),
            GOOD,
        );
        sheet.add(row(["--upi #1", "****@upi", "-", "-", "banh_8T7kk2UTLAmstwkn", "FAILURE"]), BAD);
        let mut out = Vec::new();
        sheet.write(&mut out, width).unwrap();
        let text = anstream::adapter::strip_bytes(&out).into_vec();
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn a_table_fits_80_columns() {
        let text = sheet(Some(80));
        insta::assert_snapshot!(text, @r"
        input              account   IFSC         name   customer account       status
        --bank-account #1  ****1191  YESB0000262  आ****  banh_4B5OoJ9jJEtEg8uX  ACTIVE
        --upi #1           ****@upi  -            -      banh_8T7kk2UTLAmstwkn  FAILURE
        ");
        assert_eq!(sheet(None), text);
        let widest = text.lines().map(UnicodeWidthStr::width).max().unwrap();
        assert_eq!(sheet(Some(widest)), text);
        assert_ne!(sheet(Some(widest - 1)), text);
    }

    #[test]
    fn rows_become_blocks_if_the_table_does_not_fit() {
        let text = sheet(Some(60));
        insta::assert_snapshot!(text, @r"
        input             --bank-account #1
        account           ****1191
        IFSC              YESB0000262
        name              आ****
        customer account  banh_4B5OoJ9jJEtEg8uX
        status            ACTIVE

        input             --upi #1
        account           ****@upi
        customer account  banh_8T7kk2UTLAmstwkn
        status            FAILURE

        ");
        assert!(text.lines().all(|line| line.width() <= 60));
    }

    #[test]
    fn only_the_status_is_colored() {
        let mut sheet = Sheet::new(["account", "status"]);
        sheet.add(["FAILURE".to_owned(), "FAILURE".to_owned()], BAD);
        for width in [None, Some(10)] {
            let mut out = Vec::new();
            sheet.write(&mut out, width).unwrap();
            let text = String::from_utf8(out).unwrap();
            assert_eq!(text.matches(&format!("{BAD}FAILURE{BAD:#}")).count(), 1, "{text:?}");
            assert_eq!(text.matches("FAILURE").count(), 2);
        }
    }

    #[test]
    fn a_word_from_the_server_is_shown_unless_it_repeats_what_was_sent() {
        let request = AccountsRequest::builder("c", "b")
            .bank_account("YESB0000262", "026291800001191")
            .upi("9164326296@upi")
            .upi("a@upi")
            .upi("a.b.c@upi")
            .build()
            .unwrap();
        let sent = request.payees();
        for fine in ["banh_ePg3dcMBgGnFzoZj", "abc", "0262918"] {
            assert_eq!(word(fine, sent).as_deref(), Some(fine));
        }
        let long = "x".repeat(129);
        for bad in
            ["", "two words", "a\nb", "id-9164326296", "ID-026291800001191", "0262-9180-0001-191", "x_A.B.C", &long]
        {
            assert_eq!(word(bad, sent), None, "{bad:?}");
        }
        assert_eq!(word("id-9164326296", &sent[..1]).as_deref(), Some("id-9164326296"));
    }
}
