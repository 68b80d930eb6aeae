//! Tests of the whole list and its neighbourhood. A second, slower decoder reads the table, and the SHA-256 of what it
//! reads is that of the list in the package.

extern crate std;

use core::fmt::Write as _;
use core::hash::BuildHasher as _;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::format;
use std::string::{String, ToString as _};
use std::sync::LazyLock;
use std::vec::Vec;

use proptest::prelude::*;
use sha2::{Digest as _, Sha256};

use super::*;
use crate::ParseError;
use crate::generated::{LIST_SHA256, Row};

const ALPHABET: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

fn lookup(code: &str) -> Result<Listing, ParseError> {
    code.parse::<Ifsc>().map(|ifsc| ifsc.listing())
}

/// All listed IFSCs.
static LIST: LazyLock<BTreeSet<String>> = LazyLock::new(list);

fn list() -> BTreeSet<String> {
    let words: Vec<u32> =
        TABLE.chunks(4).map(|word| word.iter().rev().fold(0, |n, byte| n << 8 | u32::from(*byte))).collect();
    let pages: usize = BANKS.iter().map(|bank| bank.pages).sum();
    let mut groups = words[pages * 3..].iter();
    let mut page = 0;
    let mut list = BTreeSet::new();
    for bank in &BANKS {
        let prefix = str::from_utf8(&bank.prefix).unwrap();
        for _ in 0..bank.pages {
            for group in (0..32).filter(|group| words[pages + page] & 1 << group != 0) {
                let branches = groups.next().unwrap();
                for bit in (0..32).filter(|bit| branches & 1 << bit != 0) {
                    let branch = match words[page] * 1024 + group * 32 + bit {
                        number @ ..1_000_000 => format!("{number:06}"),
                        number => text(number - 1_000_000),
                    };
                    assert!(list.insert(format!("{prefix}0{branch}")), "{prefix}0{branch} is listed twice");
                }
            }
            page += 1;
        }
    }
    assert_eq!(groups.next(), None);
    list
}

/// Six digits in base 36.
fn text(number: u32) -> String {
    (0..6).rev().map(|place| char::from(ALPHABET[(number / 36_u32.pow(place) % 36) as usize])).collect()
}

fn listed(ifsc: &str) -> bool {
    lookup(ifsc).unwrap().is_listed()
}

#[test]
fn the_table_holds_the_list_of_the_package() {
    let text = LIST.iter().fold(String::new(), |text, ifsc| text + ifsc + "\n");
    let hash = Sha256::digest(text).iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    });
    assert_eq!(hash, LIST_SHA256);
}

/// For each listed IFSC one neighbour at each position; over the whole list, every letter at every position.
#[test]
fn listed_branches_and_their_neighbours_are_looked_up_correctly() {
    let set: HashSet<&str> = LIST.iter().map(String::as_str).collect();
    let mut found = 0;
    for (index, ifsc) in LIST.iter().enumerate() {
        assert!(listed(ifsc), "{ifsc}");
        for place in (0..11).filter(|place| *place != 4) {
            let letters = if place < 4 { &ALPHABET[10..] } else { ALPHABET };
            let mut other = ifsc.clone().into_bytes();
            other[place] = letters[index % letters.len()];
            let other = str::from_utf8(&other).unwrap();
            assert_eq!(listed(other), set.contains(other), "{other}, from {ifsc}");
            found += usize::from(set.contains(other));
        }
    }
    // Both results occurred.
    assert!((100_000..1_000_000).contains(&found), "{found}");
}

#[test]
fn every_prefix_belongs_to_its_bank_or_to_none() {
    let banks: HashMap<&str, &Row> = BANKS.iter().map(|row| (str::from_utf8(&row.prefix).unwrap(), row)).collect();
    assert_eq!(banks.len(), BANKS.len());
    let letters = &ALPHABET[10..];
    for number in 0..26_usize.pow(4) {
        let prefix: String = (0..4).map(|place| char::from(letters[number / 26_usize.pow(place) % 26])).collect();
        let listing = lookup(&format!("{prefix}0ZZZZZZ")).unwrap();
        match banks.get(prefix.as_str()) {
            None => assert_eq!(listing, Listing::UnknownBank, "{prefix}"),
            Some(row) => {
                let bank = Bank { prefix: &row.prefix, name: row.name };
                assert_eq!(listing, Listing::UnknownBranch(bank));
                assert_eq!((bank.prefix(), bank.name()), (prefix.as_str(), row.name));
            }
        }
    }
}

#[test]
fn sub_member_is_found_by_its_code_or_prefix() {
    let lines: Vec<_> = SUB_MEMBERS.lines().map(|line| line.split_once('=').unwrap()).collect();
    assert!(lines.is_sorted_by(|one, other| one.0 < other.0));
    assert!(lines.len() > 1_200, "{}", lines.len());
    assert!(SUB_MEMBERS.len() + TABLE.len() <= 300_000, "{}", SUB_MEMBERS.len() + TABLE.len());
    for (code, name) in &lines {
        let longest = lines.iter().filter(|(other, _)| other.len() <= 11);
        let ifsc = format!("{code}{}", &"ZZZZ0ZZZZZZ"[code.len()..]);
        let expected =
            longest.filter(|(other, _)| ifsc.starts_with(other)).max_by_key(|(other, _)| other.len()).unwrap();
        assert_eq!(expected.1, *name, "{code}");
        let found = ifsc.parse::<Ifsc>().unwrap().sub_member().unwrap();
        assert_eq!(found.name, *name, "{code}");
        let shown = found.to_string();
        assert!(
            !shown.contains(|c: char| c.is_control() || ABBREVIATIONS.iter().any(|(sign, _)| *sign == c)),
            "{shown}"
        );
    }
    for code in ["HDFC0000001", "AABF0008032", "ZZZZ0ZZZZZZ", "AAAA0000000"] {
        assert_eq!(code.parse::<Ifsc>().unwrap().sub_member(), None, "{code}");
    }
}

#[test]
fn bank_name_is_printable_and_defaults_to_the_prefix() {
    let mut without = 0;
    for row in &BANKS {
        let bank = Bank { prefix: &row.prefix, name: row.name };
        without += usize::from(bank.name().is_none());
        assert_eq!(bank.to_string(), bank.name().unwrap_or(bank.prefix()));
        assert!(!bank.to_string().is_empty() && !bank.to_string().contains(char::is_control), "{bank:?}");
    }
    // As documented in the module.
    assert_eq!((BANKS.len(), without, LIST.len() / 1000), (257, 15, 176));
}

#[test]
fn bank_is_equal_for_its_own_branches_only() {
    let bank = |ifsc| lookup(ifsc).unwrap().bank().unwrap();
    let banks = ["HDFC0000001", "HDFC0000002", "YESB0000262"].map(bank);
    assert_eq!(banks[0], banks[1]);
    assert_ne!(banks[0], banks[2]);
    let hasher = std::hash::RandomState::new();
    let numbers = banks.map(|bank| hasher.hash_one(bank));
    assert_eq!(numbers[0], numbers[1]);
    assert_ne!(numbers[0], numbers[2]);
    assert_eq!(format!("{:?}", banks[2]), r#"Bank { prefix: "YESB", name: Some("Yes Bank") }"#);
}

/// Each code is a listed IFSC with an end of random characters or digits. It can be of an unlisted bank.
#[test]
fn random_codes_are_looked_up_correctly() {
    let listed_ones: Vec<&str> = LIST.iter().map(String::as_str).collect();
    let set: HashSet<&str> = listed_ones.iter().copied().collect();
    let mut random = fastrand::Rng::with_seed(8);
    let mut found = 0;
    for _ in 0..200_000 {
        let mut ifsc = random.choice(&listed_ones).unwrap().as_bytes().to_vec();
        let kept = random.usize(0..11);
        let letters = if random.bool() { &ALPHABET[..10] } else { ALPHABET };
        for (place, letter) in ifsc.iter_mut().enumerate().skip(kept) {
            match place {
                ..4 => *letter = *random.choice(&ALPHABET[10..]).unwrap(),
                4 => {}
                5.. => *letter = *random.choice(letters).unwrap(),
            }
        }
        let ifsc = str::from_utf8(&ifsc).unwrap();
        assert_eq!(listed(ifsc), set.contains(ifsc), "{ifsc}");
        found += usize::from(set.contains(ifsc));
    }
    // Both results occurred.
    assert!((10_000..180_000).contains(&found), "{found}");
}

proptest! {
    #[test]
    fn every_ifsc_can_be_looked_up_and_nothing_else(
        text in prop_oneof!["(HDFC|SBIN)0[0-9]{6}", "[A-Za-z]{4}[0O][0-9A-Za-z]{5,7}", "[A-Z]{4}0[A-Z0-9@\\[`/:é]{5,6}", ".*"],
    ) {
        prop_assert_eq!(Code::read(&text).is_some(), Ifsc::check(&text).is_ok());
    }
}
