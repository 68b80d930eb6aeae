//! Which account of a response belongs to which payee: the one rule for `validate`, `reconcile` and `wait`.
//!
//! A server can mask a number, return it without leading zeros or with a renamed branch, or leave it out. So an account
//! is compared by what it states: it *is* the payee's, it *may be*, or it is clearly a different one. A wrong *is*
//! approves an account that nobody validated; a wrong *different* leads to a second payment.

use juspay_accounts_validation::{AccountsRequest, BankAccount, Payee, Vpa};

use crate::generated::open_enums::{CustomerAccountType, ValidationStatus};
use crate::generated::types::CustomerAccount;
use crate::words::words;

/// The minimum number of visible characters that identify a masked number to someone who knows it. A masked UPI address
/// needs two besides the handle.
const IDENTIFYING: usize = 4;

words! {
    /// How the account of a payee was recognized in a response.
    #[non_exhaustive]
    pub enum MatchKind {
        /// By its number and branch, or by its UPI address, ignoring case.
        Exact = "exact",
        /// The request has one payee and the response one account, and the visible part of that account fits: the
        /// number or address is masked, the number has separators or has lost its leading zeros, or the branch is
        /// masked or missing.
        Partial = "partial",
        /// The response has an account that may be the payee's but does not identify itself: the outcome is unknown.
        Unidentified = "unidentified",
        /// The response has no account that could be the payee's: the outcome is unknown.
        Missing = "missing",
    }
}

/// A payee of a request, and its account in a response.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Matched<'a> {
    /// The payee.
    pub payee: Payee,
    /// The payee's account in the response; `None` if no account was recognized as the payee's.
    pub account: Option<&'a CustomerAccount>,
    /// How the account was recognized, or why none was.
    pub kind: MatchKind,
}

impl Matched<'_> {
    /// Whether the payee's account was recognized and its status is `ACTIVE`.
    pub fn is_active(&self) -> bool {
        self.account.is_some_and(CustomerAccount::is_active)
    }
}

/// Returns the account of each payee of a request, and how it was recognized, in the order of the payees. This is
/// [`Accounts::matched`](crate::Accounts::matched) for accounts that were read again after the call. No account is
/// assigned to two payees. If several accounts belong to one payee, the one furthest from `ACTIVE` counts.
pub fn matched<'a>(request: &AccountsRequest, accounts: &'a [CustomerAccount]) -> Vec<Matched<'a>> {
    let payees = request.payees();
    let mut left: Vec<_> = accounts.iter().collect();
    let distance = |account: &CustomerAccount| match account.validation_status {
        Some(ValidationStatus::Active) => 0,
        Some(ValidationStatus::Pending | ValidationStatus::Created) => 1,
        Some(ValidationStatus::Failure) => 2,
        _ => 3,
    };
    let exact = payees.iter().map(|payee| {
        let own = (0..left.len()).filter(|at| fit(payee, left[*at]) == MatchKind::Exact);
        own.max_by_key(|at| distance(left[*at])).map(|at| left.remove(at))
    });
    let exact: Vec<_> = exact.collect();
    let only = match (payees, accounts) {
        ([payee], [account]) if fit(payee, account) == MatchKind::Partial => Some(account),
        _ => None,
    };
    let matched = payees.iter().zip(exact).map(|(payee, exact)| {
        let kind = match (exact, only) {
            (Some(_), _) => MatchKind::Exact,
            (None, Some(_)) => MatchKind::Partial,
            (None, None) if left.iter().any(|account| account.may_be_for(payee)) => MatchKind::Unidentified,
            (None, None) => MatchKind::Missing,
        };
        Matched { payee: payee.clone(), account: exact.or(only), kind }
    });
    matched.collect()
}

/// What an account states about itself; an empty string states nothing.
struct Shown<'a> {
    ifsc: &'a str,
    number: &'a str,
    vpa: &'a str,
    kind: Option<&'a CustomerAccountType>,
}

fn shown(account: &CustomerAccount) -> Shown<'_> {
    let details = account.account_details.as_ref();
    Shown {
        ifsc: details.and_then(|details| details.ifsc.as_deref()).unwrap_or_default().trim(),
        number: details.and_then(|details| details.account.as_ref()).map_or("", |text| text.unmasked()).trim(),
        vpa: details.and_then(|details| details.vpa.as_ref()).map_or("", |text| text.unmasked()).trim(),
        kind: account.customer_account_type.as_ref(),
    }
}

/// How the payee would be matched in a response that has only this account.
pub(crate) fn fit(payee: &Payee, account: &CustomerAccount) -> MatchKind {
    let shown = shown(account);
    match payee {
        Payee::BankAccount(sent) => fit_bank_account(sent, &shown),
        Payee::Upi(vpa) => fit_upi(vpa, &shown),
    }
}

fn fit_bank_account(sent: &BankAccount, shown: &Shown<'_>) -> MatchKind {
    let Shown { ifsc, number, vpa, kind } = *shown;
    let is_upi = kind == Some(&CustomerAccountType::Upi);
    if number.is_empty() && (is_upi || !vpa.is_empty() && ifsc.is_empty()) {
        // A server can return the bank account as the UPI address that consists of its number and branch.
        return match bank_account_in(vpa).map(|number| fit_text(number, sent.account.as_str())) {
            None | Some(MatchKind::Missing) => MatchKind::Missing,
            Some(_) => MatchKind::Unidentified,
        };
    }
    let is_same_branch = ifsc.eq_ignore_ascii_case(sent.ifsc.as_str());
    // After a bank merger, branches get new codes and accounts keep their numbers. So a different branch alone does not
    // make a different account.
    match fit_text(number, sent.account.as_str()) {
        MatchKind::Missing => MatchKind::Missing,
        _ if is_upi => MatchKind::Unidentified,
        MatchKind::Exact if is_same_branch => MatchKind::Exact,
        MatchKind::Exact | MatchKind::Partial
            if is_same_branch || ifsc.is_empty() || is_masked_as(ifsc, sent.ifsc.as_str()) =>
        {
            MatchKind::Partial
        }
        _ => MatchKind::Unidentified,
    }
}

fn fit_upi(sent: &Vpa, shown: &Shown<'_>) -> MatchKind {
    let Shown { ifsc, number, vpa, kind } = *shown;
    let sent = sent.as_str();
    if vpa.eq_ignore_ascii_case(sent) {
        return MatchKind::Exact;
    }
    // An address that ends in `.ifsc.npci` is a bank account, and a server can return it as one. For any other address,
    // a bank account is a different account.
    let is_bank_account = bank_account_in(sent).is_none()
        && vpa.is_empty()
        && (kind == Some(&CustomerAccountType::Savings) || !ifsc.is_empty() && !number.is_empty());
    // The letters `xx` can be part of a mask.
    let is_plain = vpa.parse::<Vpa>().is_ok() && !vpa.to_ascii_lowercase().contains("xx");
    if is_bank_account || is_plain {
        return MatchKind::Missing;
    }
    let [(local, handle), (sent_local, sent_handle)] = [vpa, sent].map(|vpa| vpa.rsplit_once('@').unwrap_or((vpa, "")));
    match masked(local) {
        Some(ends) if !handle.is_empty() => match fit_masked(&ends, sent_local, 2) {
            MatchKind::Partial if !handle.eq_ignore_ascii_case(sent_handle) => MatchKind::Unidentified,
            kind => kind,
        },
        _ => MatchKind::Unidentified,
    }
}

/// The number in an address of the form `<account>@<IFSC>.ifsc.npci`.
fn bank_account_in(vpa: &str) -> Option<&str> {
    let (number, handle) = vpa.rsplit_once('@')?;
    handle.to_ascii_lowercase().ends_with(".ifsc.npci").then_some(number)
}

/// Compares a number in a response with the number that was sent.
fn fit_text(received: &str, sent: &str) -> MatchKind {
    if received.eq_ignore_ascii_case(sent) {
        return MatchKind::Exact;
    }
    if let Some(ends) = masked(received).filter(|ends| ends.iter().all(|end| is_digits(end))) {
        // A server can mask the number with or without its leading zeros.
        let kinds = [sent, sent.trim_start_matches('0')].map(|sent| fit_masked(&ends, sent, IDENTIFYING));
        let best = [MatchKind::Partial, MatchKind::Unidentified].into_iter().find(|kind| kinds.contains(kind));
        return best.unwrap_or(MatchKind::Missing);
    }
    let plain: String = received.chars().filter(|letter| !matches!(letter, ' ' | '-')).collect();
    // A value that is not a number can be a token in place of the number.
    if plain.is_empty() || !is_digits(&plain) {
        return if plain.eq_ignore_ascii_case(sent) { MatchKind::Partial } else { MatchKind::Unidentified };
    }
    let [plain, sent] = [plain.as_str(), sent].map(|number| number.trim_start_matches('0'));
    let is_rounded = match (plain.parse::<u128>(), sent.parse::<u128>()) {
        // A server that stores the number in floating point keeps only 15 digits.
        (Ok(number), Ok(exact)) => sent.len() > 15 && number.abs_diff(exact) <= exact / 100_000_000_000_000,
        _ => false,
    };
    if plain == sent && !plain.is_empty() {
        MatchKind::Partial
    } else if is_rounded || sent.contains(plain) || plain.contains(sent) {
        MatchKind::Unidentified
    } else {
        MatchKind::Missing
    }
}

/// Returns the parts before and after the mask in a value. An X counts as a mask in a number, or if there are three in
/// a row.
fn masked(text: &str) -> Option<[String; 2]> {
    let letters: Vec<char> = text.chars().collect();
    let is_symbol = |letter: &char| matches!(letter, '*' | '#' | '•' | '●' | '·');
    let is_x = |at: usize| letters.get(at).is_some_and(|letter| letter.eq_ignore_ascii_case(&'x'));
    let is_letter = |letter: &char| letter.is_alphabetic() && !letter.eq_ignore_ascii_case(&'x');
    let is_number = !letters.iter().any(is_letter);
    let is_mask = |at: &usize| {
        let first = at.saturating_sub(2)..=*at;
        is_symbol(&letters[*at]) || is_x(*at) && (is_number || first.into_iter().any(|at| (at..at + 3).all(is_x)))
    };
    let first = (0..letters.len()).find(is_mask)?;
    let last = (0..letters.len()).rfind(is_mask)?;
    let text = |letters: &[char]| letters.iter().filter(|letter| !matches!(letter, ' ' | '-')).collect();
    Some([text(&letters[..first]), text(&letters[last + 1..])])
}

/// Compares the visible ends of a masked text with the text that was sent, ignoring case. Ends with fewer characters
/// than `identifying`, or with as many as were sent or more, are not proof: a mask hides at least one character.
fn fit_masked([start, end]: &[String; 2], sent: &str, identifying: usize) -> MatchKind {
    let sent = sent.to_ascii_lowercase();
    let fits = sent.starts_with(&start.to_ascii_lowercase()) && sent.ends_with(&end.to_ascii_lowercase());
    match fits {
        false => MatchKind::Missing,
        true if (identifying..sent.len()).contains(&(start.len() + end.len())) => MatchKind::Partial,
        true => MatchKind::Unidentified,
    }
}

/// Whether a received IFSC, such as `HDFC0XXXXXX`, can be the masked form of the one that was sent.
fn is_masked_as(received: &str, sent: &str) -> bool {
    masked(received).is_some_and(|ends| fit_masked(&ends, sent, 0) == MatchKind::Partial)
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether two versions of an account with the same id are about different customers or accounts.
pub(crate) fn contradict(earlier: &CustomerAccount, later: &CustomerAccount) -> bool {
    let differ = |one: &str, other: &str| !one.is_empty() && !other.is_empty() && !one.eq_ignore_ascii_case(other);
    let [one, other] = [shown(earlier), shown(later)];
    let is_other_number = |one: &str, other: &str| differ(one, other) && fit_text(one, other) == MatchKind::Missing;
    let customer = |account: &CustomerAccount| account.customer_id.clone().unwrap_or_default();
    let kind = |shown: &Shown<'_>| shown.kind.map(|kind| kind.as_str().to_owned()).unwrap_or_default();
    differ(&customer(earlier), &customer(later))
        || differ(&kind(&one), &kind(&other))
        || differ(one.vpa, other.vpa) && masked(one.vpa).is_none() && masked(other.vpa).is_none()
        || is_other_number(one.number, other.number) && is_other_number(other.number, one.number)
}
