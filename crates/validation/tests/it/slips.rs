//! Slips as people make them, each with the message about it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

use std::collections::HashMap;
use std::fmt::Write as _;

use juspay_accounts_validation::{AccountNumber, Advice, Amount, BankCode, CustomerId, Ifsc, Name, ParseError, Vpa};

/// A slip: a kind, a value, a message, and a suggestion or `-`.
struct Slip {
    kind: &'static str,
    text: String,
    message: &'static str,
    suggestion: String,
}

fn slips() -> Vec<Slip> {
    let table = include_str!("slips.tsv").lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let slip = |line: &'static str| {
        let cells: Vec<_> = line.split('\t').collect();
        let [kind, text, message, suggestion] = cells[..] else { panic!("{line}") };
        Slip { kind, text: unescaped(text), message, suggestion: unescaped(suggestion) }
    };
    table.map(slip).collect()
}

/// Replaces `\n`, `\t`, `\r` and `\u{…}` by the characters.
fn unescaped(text: &str) -> String {
    let mut parts = text.split('\\');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (c, rest) = match part.split_at(1) {
            ("n", rest) => ('\n', rest),
            ("t", rest) => ('\t', rest),
            ("r", rest) => ('\r', rest),
            ("u", rest) => {
                let (point, rest) = rest.trim_start_matches('{').split_once('}').unwrap();
                (char::from_u32(u32::from_str_radix(point, 16).unwrap()).unwrap(), rest)
            }
            other => panic!("{other:?}"),
        };
        plain.push(c);
        plain.push_str(rest);
    }
    plain
}

/// The error, or the advice about an accepted text.
fn found(kind: &str, text: &str) -> Result<Option<Advice>, ParseError> {
    match kind {
        "ifsc" => text.parse::<Ifsc>().map(|value| value.advice()),
        "account" => text.parse::<AccountNumber>().map(|value| value.advice()),
        "vpa" => text.parse::<Vpa>().map(|value| value.advice()),
        "name" => text.parse::<Name>().map(|value| value.advice()),
        "amount" => text.parse::<Amount>().map(Amount::advice),
        "customer" => text.parse::<CustomerId>().map(|_| None),
        "bank" => text.parse::<BankCode>().map(|_| None),
        other => panic!("{other}"),
    }
}

#[test]
fn each_slip_has_the_message_and_the_suggestion_of_the_table() {
    let mut deviations = String::new();
    for Slip { kind, text, message, suggestion } in slips() {
        let (said, suggested) = match found(kind, &text) {
            Err(error) => (error.to_string(), error.suggestion().unwrap_or("-").to_owned()),
            Ok(Some(advice)) => (format!("advice: {advice}"), "-".to_owned()),
            Ok(None) => ("nothing".to_owned(), "-".to_owned()),
        };
        if (said.as_str(), &suggested) != (message, &suggestion) {
            writeln!(deviations, "{kind}\t{}\t{said}\t{}", text.escape_debug(), suggested.escape_debug()).unwrap();
        }
    }
    assert_eq!(deviations, "");
    assert!(slips().len() >= 150, "{}", slips().len());
}

/// People who fill in a form or a spreadsheet know neither bytes nor encodings.
#[test]
fn no_message_talks_about_bytes_or_encodings() {
    for Slip { message, .. } in slips() {
        for word in ["byte", "ASCII", "UTF", "Unicode", "encod", "UPI address: ", "IFSC: "] {
            assert!(!message.contains(word), "{message}");
        }
        assert!(message.chars().all(|c| !c.is_control()), "{message:?}");
    }
}

/// The slips are of different kinds, as in files that people have sent. The messages differ in more than the position.
#[test]
fn slips_of_different_kinds_have_different_messages() {
    let sorts = [
        ("account", "'00050100241763"),
        ("account", "5.01002E+13"),
        ("account", "50,100,241,763"),
        ("account", "\u{200b}50100241763\u{200e}"),
        ("account", "\u{ff15}\u{ff10}\u{ff11}\u{ff10}\u{ff10}\u{ff12}\u{ff14}\u{ff11}\u{ff17}\u{ff16}\u{ff13}"),
        ("account", "5010 0241 763"),
        ("account", "501\u{0}00241763"),
        ("account", "00000000000"),
        ("account", "1234567890"),
        ("account", "ditto"),
        ("account", "repeat"),
        ("account", "-do-"),
        ("account", "HDFC0000053"),
        ("account", "5010\u{202f}0241763"),
        ("account", "\u{202a}50100241763\u{202c}"),
        ("account", "50100241763\u{feff}"),
        ("account", "9876543210"),
        ("account", "4041000100100450"),
        ("account", "sunita.d@okhdfcbank"),
        ("ifsc", "HDFC0000053\u{a0}"),
        ("ifsc", " HDFC0000053"),
        ("ifsc", "hdfc0000053"),
        ("ifsc", "HDFCO000053"),
        ("ifsc", "\u{ff28}\u{ff24}\u{ff26}\u{ff23}0000053"),
        ("ifsc", "ANDB0000001"),
        ("ifsc", "ICICI0000139"),
        ("ifsc", "50100241763"),
        ("amount", "1,200.00"),
        ("amount", "₹1.00"),
        ("amount", "45000"),
        ("vpa", "9876543210"),
        ("vpa", "upi://pay?pa=sunita.d@okhdfcbank&pn=Sunita&cu=INR"),
        ("vpa", "syeda.sana@gmail.com"),
        ("vpa", "N/A"),
        ("vpa", "Sunita <sunita@okhdfcbank>"),
        ("vpa", "sunita@okhdfcbank."),
        ("vpa", "sunita@okhdfc bank"),
        ("vpa", "+919876543210@ybl"),
        ("vpa", "\u{200e}sunita@okhdfcbank"),
        ("name", "Ramesh\u{a0}Kumar"),
        ("name", "Ramesh Kumar "),
        ("name", "=cmd|' /C calc'!A0"),
        ("name", "Ravi D\u{2019}Souza"),
        ("name", "Ramesh\nKumar"),
        ("name", &"A".repeat(121)),
        ("name", "Ramesh\u{200b}Kumar"),
        ("name", "verified"),
        ("bank", "HDFC Bank"),
        ("customer", "cst\u{200b}_1"),
    ];
    let mut seen = HashMap::new();
    for (kind, text) in sorts {
        let message = match found(kind, text) {
            Err(error) => error.to_string(),
            Ok(advice) => advice.map_or_else(|| panic!("nothing about {text:?}"), |advice| advice.to_string()),
        };
        // The same character at another position is the same kind of slip.
        let what = message.split_once(" is ").map_or(message.as_str(), |(_, what)| what).to_owned();
        if let Some((other_kind, other)) = seen.insert((kind, what), (kind, text)) {
            panic!("{text:?} and {other:?} of {other_kind}: {message}");
        }
    }
}
