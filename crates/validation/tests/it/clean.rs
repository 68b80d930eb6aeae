//! Repairs that lose nothing, and no other repairs.

use juspay_accounts_validation::{
    AccountNumber, Amount, BankCode, Change, Cleaned, CustomerId, Ifsc, Name, ParseError, Reason, Vpa,
};
use proptest::prelude::*;

use Change::{
    Capitals, DecimalPoint, Grouping, InvisibleCharacters, PaymentLink, RupeeSign, SurroundingSpaces, TextGuard,
    ThousandsSeparators, UnusualSpaces,
};

fn cleaned<T: Into<String>>(result: Result<Cleaned<T>, ParseError>) -> Result<(String, Vec<Change>), Reason> {
    result.map(|cleaned| (cleaned.value.into(), cleaned.changes)).map_err(|error| error.reason())
}

#[track_caller]
fn assert_cleaned<T: Into<String>>(result: Result<Cleaned<T>, ParseError>, value: &str, changes: &[Change]) {
    assert_eq!(cleaned(result), Ok((value.to_owned(), changes.to_vec())));
}

#[test]
fn ifsc_is_cleaned_to_capitals_without_surroundings() {
    assert_cleaned(Ifsc::clean("HDFC0000053"), "HDFC0000053", &[]);
    assert_cleaned(Ifsc::clean(" HDFC0000053\t"), "HDFC0000053", &[SurroundingSpaces]);
    assert_cleaned(Ifsc::clean("HDFC0000053\u{a0}"), "HDFC0000053", &[SurroundingSpaces]);
    assert_cleaned(Ifsc::clean("HDFC\u{a0}0000053"), "HDFC0000053", &[UnusualSpaces]);
    assert_cleaned(Ifsc::clean("hdfc0000053"), "HDFC0000053", &[Capitals]);
    assert_cleaned(Ifsc::clean("\u{feff}hdfc0000053\u{200b}"), "HDFC0000053", &[InvisibleCharacters, Capitals]);
    assert_cleaned(Ifsc::clean("=\"HDFC0000053\""), "HDFC0000053", &[TextGuard]);
    // A guess is a suggestion, not a repair.
    for guess in ["HDFCO000053", "HDFC 0000053", "HDFC-0000053", "ＨＤＦＣ0000053"] {
        let error = Ifsc::clean(guess).unwrap_err();
        assert_eq!(error.suggestion(), Some("HDFC0000053"), "{guess}");
    }
}

#[test]
fn account_number_loses_guards_grouping_and_decimal_point() {
    assert_cleaned(AccountNumber::clean("'00050100241763"), "00050100241763", &[TextGuard]);
    assert_cleaned(AccountNumber::clean("=\"00050100241763\""), "00050100241763", &[TextGuard]);
    assert_cleaned(AccountNumber::clean("\t00050100241763"), "00050100241763", &[TextGuard]);
    assert_cleaned(AccountNumber::clean("5010 0241 763"), "50100241763", &[Grouping]);
    assert_cleaned(AccountNumber::clean("5010-0241-7"), "501002417", &[Grouping]);
    assert_cleaned(AccountNumber::clean("50100241763.0"), "50100241763", &[DecimalPoint]);
    assert_cleaned(AccountNumber::clean("9007199254740992.0"), "9007199254740992", &[DecimalPoint]);
    assert_cleaned(
        AccountNumber::clean(" '\u{202a}5010\u{202f}0241\u{202f}763\u{202c}"),
        "50100241763",
        &[InvisibleCharacters, SurroundingSpaces, TextGuard, UnusualSpaces, Grouping],
    );
    for unclear in [
        "-50100241763",
        "50,100,241,763",
        "50100241763/1",
        // Words in place of a number, and a word beside it.
        "same as above",
        "not available",
        "State Bank",
        "50100241763 HDFC",
        "50100241763\u{a0}HDFC",
    ] {
        assert!(AccountNumber::clean(unclear).is_err(), "{unclear}");
    }
}

/// Two numbers, dates, years, a telephone number, and groups that are not of four: joined, they could be the number of
/// somebody else.
#[test]
fn account_number_is_not_joined_from_what_may_be_two_values() {
    for (text, guess) in [
        ("123456789 987654321", None),
        ("123456789-987654321", None),
        ("50100241763 1", None),
        ("2024-01-15", None),
        ("15-01-2024", None),
        ("2024 2025", None),
        ("1234 5678", None),
        ("98765 43210", Some("9876543210")),
        ("5010 0241763", Some("50100241763")),
        ("5010\u{a0}0241763", Some("50100241763")),
        ("5010 0241-763", Some("50100241763")),
        ("5010 0241  763", Some("50100241763")),
        ("501 002 417 63", Some("50100241763")),
        ("5010 0241 7630 5010 0241 7630", None),
    ] {
        let error = AccountNumber::clean(text).unwrap_err();
        assert_eq!(error.suggestion(), guess, "{text}");
    }
}

#[test]
fn a_number_that_lost_digits_is_refused_with_the_reason() {
    let reason = |text| AccountNumber::clean(text).map(|_| ()).unwrap_err();
    for text in [
        "2.62918E+13",
        "2,62918E+13",
        "5E+13",
        " 5.01002E+13 ",
        "'5.01002e+13",
        "9007199254740993.0",
        "40410001001004501.0",
    ] {
        let error = reason(text);
        assert_eq!(error.reason(), Reason::Rounded, "{text}");
        assert_eq!(error.suggestion(), None, "{text}");
        assert_eq!(
            error.to_string(),
            "a spreadsheet rounded this number; format the column as text, then copy the number from the source"
        );
    }
    assert_eq!(reason("########").reason(), Reason::Hidden);
    for text in ["#N/A", "#REF!", "#VALUE!", "#NAME?"] {
        assert_eq!(reason(text).reason(), Reason::SpreadsheetError, "{text}");
    }
}

#[test]
fn an_address_is_taken_out_of_a_payment_link() {
    assert_cleaned(Vpa::clean("upi://pay?pa=a@upi&am=5"), "a@upi", &[PaymentLink]);
    assert_cleaned(Vpa::clean("UPI://pay?pn=Sunita&PA=sunita.d%40okhdfcbank"), "sunita.d@okhdfcbank", &[PaymentLink]);
    assert_cleaned(
        Vpa::clean("\u{200e}sunita@okhdfcbank "),
        "sunita@okhdfcbank",
        &[InvisibleCharacters, SurroundingSpaces],
    );
    for unclear in [
        "upi://pay?pn=Sunita",
        "upi://mandate?pa=a@upi",
        "a@upi.",
        "Sunita <a@upi>",
        "98765 43210@ybl",
        "a@upi\u{a0}Sunita",
        "upi://pay?pa=a@upi&pa=b@upi",
    ] {
        assert!(Vpa::clean(unclear).is_err(), "{unclear}");
    }
}

#[test]
fn an_amount_loses_its_sign_and_separators_and_never_a_digit() {
    let amount = |text, value, changes: &[Change]| assert_cleaned(Amount::clean(text), value, changes);
    amount("₹1.00", "1", &[RupeeSign]);
    amount("1,200.00", "1200", &[ThousandsSeparators]);
    amount("₹ 1,20,000.50", "120000.50", &[RupeeSign, ThousandsSeparators]);
    amount("1,200,000", "1200000", &[ThousandsSeparators]);
    for unclear in
        ["38500,50", "0,500", "1,20", "12,0000", "1.200,00", ",100", "1,200,00", "Rs. 5", "1.005", "1e3", "-1"]
    {
        assert!(Amount::clean(unclear).is_err(), "{unclear}");
    }
}

#[test]
fn name_loses_invisible_characters() {
    assert_cleaned(Name::clean("Ramesh Kumar "), "Ramesh Kumar", &[SurroundingSpaces]);
    assert_cleaned(Name::clean("Ramesh\u{a0}Kumar"), "Ramesh Kumar", &[UnusualSpaces]);
    assert_cleaned(Name::clean("Ramesh\u{200b}Kumar"), "RameshKumar", &[InvisibleCharacters]);
    assert_cleaned(Name::clean("\tRamesh"), "Ramesh", &[TextGuard]);
    // An apostrophe can be part of a name, and a joiner part of its spelling.
    assert_cleaned(Name::clean("'Ramesh"), "'Ramesh", &[]);
    assert_cleaned(Name::clean("श्र\u{94d}\u{200d}ी"), "श्र\u{94d}\u{200d}ी", &[]);
    assert_cleaned(Name::clean("  "), "  ", &[]);
    assert!(Name::clean("Ramesh\nKumar").is_err());
}

#[test]
fn identifiers_lose_surrounding_characters() {
    assert_cleaned(CustomerId::clean("cst\u{200b}_1 "), "cst_1", &[InvisibleCharacters, SurroundingSpaces]);
    assert_cleaned(BankCode::clean("JP_HDFC\u{a0}"), "JP_HDFC", &[SurroundingSpaces]);
    assert!(BankCode::clean("HDFC Bank").is_err());
}

/// If such a text were repaired, this test would take hours.
#[test]
fn a_very_long_text_is_not_repaired() {
    let guards = "'\t".repeat(1_000_000);
    assert_eq!(AccountNumber::clean(&guards).unwrap_err(), AccountNumber::check(&guards).unwrap_err());
    let spaces = format!("{}1", " ".repeat(1_000));
    assert_eq!(cleaned(Amount::clean(&spaces)), Ok(("1".to_owned(), vec![Change::SurroundingSpaces])));
}

/// The content of a cell: characters that the repairs and rules know, and others.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ \t\u{a0}\u{200b}\u{202a}\u{feff}'=\"]{0,4}[A-Za-z0-9@.,₹ \u{a0}\u{200b}-]{0,20}[ \t\u{a0}\u{200b}\".0]{0,4}",
        "[0-9,. ₹-]{1,16}",
        "upi://pay\\?pa=[a-z0-9@%4.]{0,12}(&am=5)?",
        "\\PC{0,40}",
        any::<String>(),
    ]
}

/// For each type: what `clean`, `check` and their suggestions guarantee for any cell.
macro_rules! properties {
    ($($test:ident: $Type:ty;)*) => {
        proptest! {$(
            #[test]
            fn $test(text in cell()) {
                match <$Type>::clean(&text) {
                    Ok(Cleaned { value, changes }) => {
                        let value = String::from(value);
                        prop_assert_eq!(cleaned(<$Type>::clean(&value)), Ok((value.clone(), Vec::new())));
                        // A reported change has changed the text, and has a description.
                        prop_assert!(changes.is_empty() || value != text);
                        prop_assert!(changes.iter().all(|change| !change.to_string().is_empty()));
                    }
                    Err(error) => prop_assert_eq!(<$Type>::check(&text), Err(error)),
                }
                // Accepted text is never changed, except a name with spaces around it, invisible characters or a text
                // marker.
                if let Ok(value) = text.parse::<$Type>() {
                    let plain = String::from(value);
                    let invisible = |c: char| !c.is_ascii_graphic() && c != ' ' && !c.is_alphanumeric();
                    let is_name = std::any::type_name::<$Type>().ends_with("Name");
                    if !is_name || (plain.trim() == plain && !plain.contains(invisible) && !plain.starts_with("=\"")) {
                        prop_assert_eq!(cleaned(<$Type>::clean(&text)), Ok((plain, Vec::new())));
                    }
                }
                // A suggestion is valid, and differs from the refused text.
                if let Err(error) = <$Type>::check(&text) {
                    if let Some(suggestion) = error.suggestion() {
                        prop_assert_eq!(<$Type>::check(suggestion), Ok(()));
                        prop_assert_ne!(suggestion, &text);
                    }
                }
            }
        )*}
    };
}

properties! {
    ifsc: Ifsc;
    account_number: AccountNumber;
    vpa: Vpa;
    name: Name;
    amount: Amount;
    customer_id: CustomerId;
    bank_code: BankCode;
}
