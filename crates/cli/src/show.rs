//! An account for people, and for programs: masked, unless the user asked for it in clear.

use std::fmt::Display;

use comfy_table::Table;
use comfy_table::presets::UTF8_FULL_CONDENSED;
use juspay_accounts::{CustomerAccount, Extra, Payee};

use crate::text::clean;

/// What stands where there is nothing.
const NOTHING: &str = "-";

/// The columns of [`cells`].
pub(crate) const HEADER: [&str; 7] = ["customer account", "kind", "account", "IFSC", "name", "amount", "status"];

/// A table of accounts, without rows.
pub(crate) fn table() -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED);
    table.set_header(HEADER);
    table
}

/// The row of an account.
pub(crate) fn cells(account: &CustomerAccount, unmasked: bool) -> [String; 7] {
    let details = account.account_details.clone().unwrap_or_default();
    let number = details.account.as_ref().map(|number| secret(number.unmasked(), number, unmasked));
    let vpa = details.vpa.as_ref().map(|vpa| secret(vpa.unmasked(), vpa, unmasked));
    [
        text(account.customer_account_id.as_ref()),
        text(account.customer_account_type.as_ref()),
        number.or(vpa).unwrap_or_else(nothing),
        text(details.ifsc.as_ref()),
        details.name.as_ref().map_or_else(nothing, |name| secret(name.unmasked(), name, unmasked)),
        text(account.validation_amount.as_ref()),
        text(account.validation_status.as_ref()),
    ]
}

/// What was received of an account, with the masks that its values print themselves with, or in clear.
pub(crate) fn shown(account: &CustomerAccount, unmasked: bool) -> CustomerAccount {
    let mut account = account.clone();
    if unmasked {
        return account;
    }
    account.extra = hidden(&account.extra);
    if let Some(details) = &mut account.account_details {
        details.account = details.account.as_ref().map(|number| number.to_string().into());
        details.name = details.name.as_ref().map(|name| name.to_string().into());
        details.vpa = details.vpa.as_ref().map(|vpa| vpa.to_string().into());
        details.extra = hidden(&details.extra);
    }
    account
}

/// Nobody knows what fields hold that were added later.
fn hidden(extra: &Extra) -> Extra {
    extra.iter().map(|(name, _)| (name.to_owned(), "****".into())).collect::<serde_json::Map<_, _>>().into()
}

/// A word of the server that can be shown: an id or a code, with no account in it that was sent.
pub(crate) fn word<'a>(text: &str, sent: impl IntoIterator<Item = &'a Payee>) -> Option<String> {
    let is_word = !text.is_empty() && text.len() <= 128 && text.bytes().all(|byte| byte.is_ascii_graphic());
    // A number can be written in groups.
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
        // Of a very short one, nothing can be told by finding it.
        let is_in = |secret: &str, text: &str| secret.len() >= 5 && text.contains(secret);
        is_in(&secret, &text.to_ascii_lowercase()) || is_in(&letters(&secret), &shown)
    };
    (is_word && !sent.into_iter().any(repeats)).then(|| text.to_owned())
}

pub(crate) fn secret(clear: &str, masked: impl Display, unmasked: bool) -> String {
    if unmasked { clean(clear) } else { masked.to_string() }
}

pub(crate) fn nothing() -> String {
    NOTHING.to_owned()
}

fn text(value: Option<impl Display>) -> String {
    value.map_or_else(nothing, |value| clean(&value.to_string()))
}

#[cfg(test)]
mod tests {
    use juspay_accounts::AccountsRequest;

    use super::*;

    #[test]
    fn a_word_of_the_server_is_shown_unless_it_repeats_what_was_sent() {
        let request = AccountsRequest::builder("c", "b")
            .bank_account("YESB0000262", "026291800001191")
            .upi("9164326296@upi")
            .upi("a@upi")
            .upi("a.b.c@upi")
            .build()
            .unwrap();
        let sent: Vec<_> = request.payees().collect();
        for fine in ["banh_ePg3dcMBgGnFzoZj", "abc", "0262918"] {
            assert_eq!(word(fine, &sent).as_deref(), Some(fine));
        }
        let long = "x".repeat(129);
        for bad in
            ["", "two words", "a\nb", "id-9164326296", "ID-026291800001191", "0262-9180-0001-191", "x_A.B.C", &long]
        {
            assert_eq!(word(bad, &sent), None, "{bad:?}");
        }
        assert_eq!(word("id-9164326296", &sent[..1]).as_deref(), Some("id-9164326296"));
    }
}
