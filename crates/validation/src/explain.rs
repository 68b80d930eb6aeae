//! Explains why a string is rejected: which slip was probably made, and which value was probably meant.
//!
//! A rule finds only the first wrong character. This module then checks the whole string: [`confusion`] recognizes
//! common slips, such as an e-mail address in place of a UPI address, and [`suggestion`] tries to correct the string.

use alloc::borrow::ToOwned as _;
use alloc::string::String;
use alloc::vec::Vec;

use crate::clean::{MOST_BYTES, exact_integer, is_grouped, payment_link, repair, unguarded, visible};
use crate::error::ParseError;
use crate::kind::Kind;
use crate::reason::Reason;
use crate::{rules, shapes};

#[inline]
pub(crate) fn check(kind: Kind, text: &str) -> Result<(), ParseError> {
    rules::check(kind, text).map_err(|reason| explain(kind, text, reason))
}

#[cold]
pub(crate) fn explain(kind: Kind, text: &str, reason: Reason) -> ParseError {
    let core = visible(text);
    let reason = confusion(kind, text, &core).unwrap_or(reason);
    ParseError::new(kind, reason).suggesting(suggestion(kind, text, &core, reason))
}

/// Recognizes a common slip in a rejected string. `core` is the string without invisible characters or surrounding
/// spaces.
fn confusion(kind: Kind, text: &str, core: &str) -> Option<Reason> {
    if let Some(reason) = not_a_value(unguarded(kind, core).unwrap_or(core)) {
        return Some(reason);
    }
    if text.starts_with('\t') || unguarded(kind, core).is_some() {
        return Some(Reason::TextGuard);
    }
    match kind {
        Kind::Ifsc => ifsc(core),
        Kind::AccountNumber => account(core),
        Kind::Vpa => vpa(core),
        Kind::Amount => amount(core),
        _ => None,
    }
}

/// Recognizes strings that are not a value of any kind, such as `########` or `N/A`.
fn not_a_value(core: &str) -> Option<Reason> {
    if shapes::is_scientific(core) {
        return Some(Reason::Rounded);
    }
    if core.len() > 1 && core.bytes().all(|byte| byte == b'#') {
        return Some(Reason::Hidden);
    }
    if core.starts_with('#') && core.ends_with(['!', '?', 'A']) {
        return Some(Reason::SpreadsheetError);
    }
    match shapes::stand_in(core) {
        Some(shapes::StandIn::Ditto) => Some(Reason::Ditto),
        Some(shapes::StandIn::Nothing) => Some(Reason::Placeholder),
        None => None,
    }
}

fn ifsc(core: &str) -> Option<Reason> {
    let bytes = core.as_bytes();
    if rules::check(Kind::Vpa, core).is_ok() {
        return Some(Reason::UpiAddress);
    }
    if bytes.len() >= 5 && bytes.iter().all(u8::is_ascii_digit) {
        return Some(Reason::AccountNumber);
    }
    if shapes::is_pan(core) {
        return Some(Reason::Pan);
    }
    if rules::check(Kind::Ifsc, &core.to_ascii_uppercase()).is_ok() && rules::check(Kind::Ifsc, core).is_err() {
        return Some(Reason::Lowercase);
    }
    if is_words(core) {
        return Some(Reason::BankName);
    }
    let bank = bytes.get(..4)?;
    let letters = bytes.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    if bytes.len() == 11 && bank.contains(&b'0') && bank.iter().all(|byte| byte.is_ascii_uppercase() || *byte == b'0') {
        return bank.iter().position(|byte| *byte == b'0').map(|at| Reason::ZeroForLetter { position: at + 1 });
    }
    let zero = bytes.get(letters) == Some(&b'0');
    let is_near = (9..=14).contains(&bytes.len())
        && ifsc_guess(core).is_none_or(|guess| rules::check(Kind::Ifsc, &guess).is_err());
    (zero && letters != 4 && letters > 0 && is_near).then_some(Reason::BankLetters { letters })
}

/// Whether a string is words without digits, such as the name of a bank, and not an IFSC with the letter O for the
/// digit 0.
fn is_words(core: &str) -> bool {
    let letters = core.chars().filter(|c| c.is_alphabetic()).count();
    letters > 2
        && !core.contains(char::is_numeric)
        && ifsc_guess(core).is_none_or(|guess| rules::check(Kind::Ifsc, &guess).is_err())
}

fn account(core: &str) -> Option<Reason> {
    if rules::check(Kind::Vpa, core).is_ok() {
        return Some(Reason::UpiAddress);
    }
    // Without the plus sign, a mobile number looks like an account number.
    if core.starts_with('+') && shapes::is_mobile_number(&core.replace([' ', '-'], "")) {
        return Some(Reason::MobileNumber);
    }
    if let Some(digits) = whole_number(core) {
        // A number that floating point cannot hold exactly has lost digits.
        return Some(if exact_integer(digits).is_some() { Reason::DecimalPoint } else { Reason::Rounded });
    }
    is_grouped(core).then_some(Reason::ThousandsSeparators)
}

/// Returns the digits before `.0` or `.00`.
fn whole_number(core: &str) -> Option<&str> {
    let (digits, decimals) = core.split_once('.')?;
    let is_whole =
        matches!(decimals, "0" | "00") && !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_whole.then_some(digits)
}

fn vpa(core: &str) -> Option<Reason> {
    if payment_link(core).is_some() {
        return Some(Reason::PaymentLink);
    }
    if core.ends_with('>') && core.contains('<') {
        return Some(Reason::AngleBrackets);
    }
    if core.strip_suffix('.').is_some_and(|address| rules::check(Kind::Vpa, address).is_ok()) {
        return Some(Reason::TrailingDot);
    }
    if rules::check(Kind::Ifsc, &core.to_ascii_uppercase()).is_ok() {
        return Some(Reason::Ifsc);
    }
    if shapes::is_mobile_number(&core.replace([' ', '-'], "")) {
        return Some(Reason::MobileNumber);
    }
    if core.len() >= 5 && core.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Reason::AccountNumber);
    }
    let (_, domain) = core.split_once('@')?;
    let (_, last) = domain.rsplit_once('.')?;
    let is_domain = !domain.contains('@') && !last.eq_ignore_ascii_case("npci");
    is_domain.then_some(Reason::EmailAddress)
}

fn amount(core: &str) -> Option<Reason> {
    if without_currency(core).is_some() {
        return Some(Reason::Currency);
    }
    let is_number = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    if core.strip_prefix(['-', '−', '(']).is_some_and(is_number) {
        return Some(Reason::Negative);
    }
    is_grouped(core).then_some(Reason::ThousandsSeparators)
}

/// Removes the currency before or after a number, as in `Rs 100/-` and `1 rupee`.
fn without_currency(core: &str) -> Option<&str> {
    const SIGNS: [&str; 9] = ["₹", "/-", "Rs.", "Rs", "Re.", "Re", "INR", "rupees", "rupee"];
    let start = SIGNS.into_iter().find_map(|sign| {
        let (start, rest) = core.split_at_checked(sign.len())?;
        start.eq_ignore_ascii_case(sign).then_some(rest)
    });
    let rest = start.unwrap_or(core);
    let end = SIGNS.into_iter().find_map(|sign| {
        let (rest, end) = rest.split_at_checked(rest.len().checked_sub(sign.len())?)?;
        end.eq_ignore_ascii_case(sign).then_some(rest)
    });
    end.or(start).map(str::trim).filter(|number| !number.starts_with(char::is_alphabetic))
}

/// Guesses the value that was probably meant. Returns the first guess that is valid.
fn suggestion(kind: Kind, text: &str, core: &str, reason: Reason) -> Option<String> {
    let lost = matches!(reason, Reason::Rounded | Reason::Hidden | Reason::SpreadsheetError | Reason::Ditto);
    let misplaced = matches!(
        reason,
        Reason::AccountNumber
            | Reason::MobileNumber
            | Reason::EmailAddress
            | Reason::UpiAddress
            | Reason::Ifsc
            | Reason::Pan
    );
    if lost || misplaced || reason == Reason::Negative || text.len() > MOST_BYTES {
        return None;
    }
    let plain = plain(core);
    let (repaired, _) = repair(kind, text);
    let (folded, _) = repair(kind, &plain);
    let mut guesses = Vec::from([repaired, folded]);
    match kind {
        Kind::Ifsc => guesses.extend(ifsc_guess(&plain)),
        Kind::AccountNumber => guesses.extend(account_guesses(&plain)),
        Kind::Vpa => guesses.extend(vpa_guess(&plain)),
        Kind::Amount => guesses.push(amount_guess(&plain)),
        Kind::Name => guesses.push(name_guess(&guesses[0])),
        _ => {}
    }
    guesses.into_iter().find(|guess| rules::check(kind, guess).is_ok())
}

/// Replaces full-width characters and the digits of Indian scripts with ASCII characters.
fn plain(core: &str) -> String {
    core.chars()
        .map(|c| {
            let point = u32::from(c);
            let ascii = match point {
                0xFF01..=0xFF5E => point.checked_sub(0xFEE0),
                // Each Unicode block from Devanagari to Malayalam has its digits at the same position.
                0x0900..=0x0D7F if (0x66..=0x6F).contains(&(point & 0x7F)) => Some(0x30 + (point & 0x7F) - 0x66),
                _ => None,
            };
            ascii.and_then(char::from_u32).unwrap_or(c)
        })
        .collect()
}

fn ifsc_guess(plain: &str) -> Option<String> {
    let letters: String = plain.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase();
    let code = letters.strip_prefix("IFSCCODE").or_else(|| letters.strip_prefix("IFSC")).unwrap_or(&letters);
    let (bank, branch) = code.split_at_checked(4)?;
    let branch = branch.strip_prefix(['O', '0'])?;
    Some([&bank.replace('0', "O"), "0", branch].concat())
}

/// Guesses, in this order: the only number in the text, the digits without separators, and the digits before `.0` or
/// `.00`. The first two need at least nine digits. Numbers are not joined if one of them has nine digits or more, or if
/// they have more than 18 together.
fn account_guesses(plain: &str) -> impl Iterator<Item = String> + use<> {
    let is_separator = |c: char| c.is_whitespace() && !c.is_control() || matches!(c, ',' | '-' | '‐' | '‑' | '–' | '—');
    let joined = plain.replace(is_separator, "");
    let numbers: Vec<&str> = plain.split(|c: char| !c.is_ascii_digit()).filter(|number| !number.is_empty()).collect();
    let is_whole = numbers.iter().any(|number| number.len() >= 9);
    let only = Some(&numbers).filter(|numbers| is_whole && numbers.len() == 1).map(|numbers| numbers.concat());
    let is_number = (9..=18).contains(&joined.len()) && joined.bytes().all(|byte| byte.is_ascii_digit());
    let joined = Some(joined).filter(|_| is_number && !is_whole);
    let whole = whole_number(plain).map(str::to_owned);
    only.into_iter().chain(joined).chain(whole)
}

fn vpa_guess(plain: &str) -> Option<String> {
    let is_label = |text: &str| ["upi", "upi id", "vpa"].iter().any(|label| label.eq_ignore_ascii_case(text));
    let inner = plain.rsplit_once('<').and_then(|(_, rest)| rest.strip_suffix('>')).unwrap_or(plain);
    let label = inner.rsplit_once(':').filter(|(label, _)| is_label(label.trim()));
    let address = label.map_or(inner, |(_, address)| address);
    let address: String = address.chars().filter(|c| !c.is_whitespace()).collect();
    let address = address.trim_end_matches(['.', ',', ';']);
    let (local, handle) = address.split_once('@')?;
    // In UPI addresses, mobile numbers have no country code.
    let local = local.strip_prefix("+91").filter(|number| shapes::is_mobile_number(number)).unwrap_or(local);
    Some([local, "@", handle].concat())
}

fn amount_guess(plain: &str) -> String {
    let number = without_currency(plain).unwrap_or(plain);
    let number = if is_grouped(number) { number.replace(',', "") } else { number.to_owned() };
    let number = number.strip_suffix('.').unwrap_or(&number).trim_start_matches('0');
    if number.starts_with('.') { ["0", number].concat() } else { number.to_owned() }
}

/// Replaces control characters and repeated spaces with single spaces.
fn name_guess(repaired: &str) -> String {
    let words: Vec<&str> =
        repaired.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}
