//! Values that are accepted but look like a slip.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use juspay_accounts_validation::{AccountNumber, Advice, Ifsc, Name, Vpa};

fn account(text: &str) -> Option<Advice> {
    text.parse::<AccountNumber>().unwrap().advice()
}

fn vpa(text: &str) -> Option<Advice> {
    text.parse::<Vpa>().unwrap().advice()
}

fn name(text: &str) -> Option<Advice> {
    text.parse::<Name>().unwrap().advice()
}

#[test]
fn an_account_number_that_is_something_else_gets_advice() {
    assert_eq!(account("026291800001191"), None);
    assert_eq!(account("ABCDE1234F"), Some(Advice::Pan));
    assert_eq!(account("abcde1234f"), Some(Advice::Pan));
    assert_eq!(account("HDFC0000053"), Some(Advice::IfscAsAccount));
    assert_eq!(account("hdfc0000053"), Some(Advice::IfscAsAccount));
    assert_eq!(account("9876543210"), Some(Advice::MobileNumber));
    assert_eq!(account("5876543210"), None);
    assert_eq!(account("ditto"), Some(Advice::Ditto));
    assert_eq!(account("repeat"), Some(Advice::LettersOnly));
    assert_eq!(account("XXXXXXX1763"), Some(Advice::MaskedNumber));
    assert_eq!(account("50xxx1763"), Some(Advice::MaskedNumber));
    assert_eq!(account("5010XX241763"), Some(Advice::AccountNumber { length: 12, digits_only: false }));
    assert_eq!(account("5O100241763"), Some(Advice::LetterAmongDigits { position: 2, character: 'O'.into() }));
}

#[test]
fn account_number_that_looks_made_up_or_rounded_gets_advice() {
    assert_eq!(account("4041000100100450"), Some(Advice::PerhapsRounded));
    assert_eq!(account("40410001001004500"), Some(Advice::PerhapsRounded));
    assert_eq!(account("4041000100100451"), None);
    // A spreadsheet keeps all fifteen digits, so a 0 at the end is not a sign of rounding.
    assert_eq!(account("404100010010040"), None);
    assert_eq!(account("00000000000"), Some(Advice::EqualDigits));
    assert_eq!(account("1111111111111111"), Some(Advice::EqualDigits));
    assert_eq!(account("1234567890"), Some(Advice::CountingDigits));
    assert_eq!(account("0123456789"), Some(Advice::CountingDigits));
}

#[test]
fn an_address_with_a_slip_before_the_at_or_in_its_ifsc_gets_advice() {
    assert_eq!(vpa("sunita.@okhdfcbank"), Some(Advice::DotBeforeAt));
    assert_eq!(vpa("sunita.d@okhdfcbank"), None);
    assert_eq!(vpa("50100241763@HDFC0000053.ifsc.npci"), None);
    assert_eq!(vpa("50100241763@hdfc0000053.IFSC.npci"), None);
    assert_eq!(vpa("50100241763@HDFCO000053.ifsc.npci"), Some(Advice::NoIfscInAddress));
    assert_eq!(vpa("501@HDFC0000053.ifsc.npci"), Some(Advice::NoAccountInAddress));
    assert_eq!(vpa("9800011111@mobile.npci"), None);
}

#[test]
fn placeholder_or_account_in_place_of_a_name_gets_advice() {
    for (text, character) in [("=cmd|' /C calc'!A0", '='), ("+91", '+'), ("-", '-'), ("@Ramesh", '@')] {
        assert_eq!(name(text), Some(Advice::NameStart { character: character.into() }), "{text}");
    }
    for text in ["verified", "TEST", "N/A", "na", "Not available", "***"] {
        assert_eq!(name(text), Some(Advice::NamePlaceholder), "{text}");
    }
    for text in ["50100241763", "sunita.d@okhdfcbank", "XXXX1763"] {
        assert_eq!(name(text), Some(Advice::NameIsAccount), "{text}");
    }
    let hidden = Advice::NameInvisible { position: 7, character: '\u{200b}'.into() };
    assert_eq!(name("Ramesh\u{200b}Kumar"), Some(hidden));
    assert_eq!(hidden.to_string(), "character 7 is a zero-width space (U+200B), which is invisible");
    assert_eq!(name("क\u{94d}\u{200d}ष"), None);
}

#[test]
fn an_ifsc_of_a_merged_bank_names_the_successor_and_the_year() {
    for (code, bank, successor, year) in [
        ("ALLA0210001", "Allahabad Bank", "Indian Bank", 2020),
        ("ANDB0000001", "Andhra Bank", "Union Bank of India", 2020),
        ("CORP0001548", "Corporation Bank", "Union Bank of India", 2020),
        ("ORBC0100001", "Oriental Bank of Commerce", "Punjab National Bank", 2020),
        ("UTBI0AAB123", "United Bank of India", "Punjab National Bank", 2020),
        ("SYNB0000445", "Syndicate Bank", "Canara Bank", 2020),
        ("VIJB0001001", "Vijaya Bank", "Bank of Baroda", 2019),
        ("BKDN0110020", "Dena Bank", "Bank of Baroda", 2019),
        ("SBBJ0RRMRGB", "State Bank of Bikaner and Jaipur", "State Bank of India", 2017),
        ("SBHY0020039", "State Bank of Hyderabad", "State Bank of India", 2017),
        ("SBMY0040001", "State Bank of Mysore", "State Bank of India", 2017),
        ("STBP0000001", "State Bank of Patiala", "State Bank of India", 2017),
        ("SBTR0000001", "State Bank of Travancore", "State Bank of India", 2017),
        ("BMBL0000001", "Bharatiya Mahila Bank", "State Bank of India", 2017),
        ("LAVB0000883", "Lakshmi Vilas Bank", "DBS Bank India", 2020),
        ("FSFB0000001", "Fincare Small Finance Bank", "AU Small Finance Bank", 2024),
    ] {
        let Some(Advice::Merged(merger)) = code.parse::<Ifsc>().unwrap().advice() else { panic!("{code}") };
        assert_eq!((merger.bank, merger.successor, merger.year), (bank, successor, year), "{code}");
        // The advice does not repeat the code.
        assert!(!Advice::Merged(merger).to_string().contains(&code[..4]), "{code}");
    }
    assert!(!matches!("HDFC0000053".parse::<Ifsc>().unwrap().advice(), Some(Advice::Merged(_))));
}

#[cfg(feature = "directory")]
#[test]
fn the_bank_of_a_sub_member_is_named() {
    let bank = |code: &str| code.parse::<Ifsc>().unwrap().sub_member().map(|bank| bank.to_string());
    assert_eq!(bank("APBL0001001").as_deref(), Some("District Co-operative Central Bank Srikakul"));
    // Found by the code of the branch, or by the first characters of all codes of a bank.
    assert_eq!(bank("YESB0ACB002").as_deref(), Some("Adinath Co-operative Bank"));
    assert_eq!(bank("YESB0ACB999").as_deref(), Some("Shri Adinath Co-operative Bank"));
    assert_eq!(bank("HDFC0000053"), None);
    assert_eq!(juspay_accounts_validation::directory::DATE, "2026-08-24");
}
