use super::*;
use crate::log::Outcome;

fn payee(number: u64) -> PayeeHash {
    PayeeHash { customer: number, account: !number }
}

fn events() -> Vec<Event> {
    let salt = Salt(u128::from_be_bytes([7; 16]));
    let record = Record { account_id: Some("banh_1".to_owned()), ..Record::because(Outcome::Active, "\"quoted\"\n") };
    vec![
        Event::Log(Header::new("http://127.0.0.1:1".to_owned(), salt)),
        Event::Run(Run {
            at: 1,
            key: salt.fingerprint("key"),
            rotated: true,
            longest_call: 121,
            input: "in.csv".to_owned(),
            results: "out.ndjson".to_owned(),
            reading: String::new(),
            customer: "--set customer_id=c".to_owned(),
        }),
        Event::Send(Attempt { payee: payee(1), attempt: 1, at: 1_740_419_383_123, paise: 100, absent: true }),
        Event::End(End { payee: payee(1), attempt: 1, at: None, recorded: Some(7), record }),
        Event::Close(Close { at: 5, results: None, rest: None, syncs: 2 }),
    ]
}

fn sealed() -> Vec<Vec<u8>> {
    let mut chain = Chain::default();
    let seal = |event| {
        let mut line = Vec::new();
        chain.seal(&event, &mut line).unwrap();
        line.pop();
        line
    };
    events().into_iter().map(seal).collect()
}

#[test]
fn a_chain_reads_back_what_was_sealed() {
    let mut chain = Chain::default();
    let opened: Vec<_> = sealed().iter().map(|line| chain.open(line).unwrap()).collect();
    assert_eq!(opened, events());
    for (line, event) in sealed().iter().zip(events()) {
        assert_eq!(event_of(line), Some(event));
    }
}

#[test]
fn a_line_that_could_not_be_read_is_not_written() {
    let seal = |length: usize| {
        let run = Event::Run(Run { reading: "x".repeat(length), ..Run::default() });
        let (mut chain, mut line) = (Chain::default(), Vec::new());
        let sealed = chain.seal(&run, &mut line).map_err(|error| error.to_string());
        (sealed, chain, line.len())
    };
    let (_, _, short) = seal(1);
    let room = LONGEST - short + 1;
    let (sealed, chain, length) = seal(room);
    assert_eq!((sealed, chain.next, length), (Ok(()), 1, LONGEST));
    let (sealed, chain, _) = seal(room + 1);
    assert_eq!((sealed, chain), (Err("a line of the log would be too long".to_owned()), Chain::default()));
}

#[test]
fn a_line_is_what_the_documentation_shows() {
    let line = String::from_utf8(sealed()[2].clone()).unwrap();
    let (body, sum) = line.split_at(line.len() - 26);
    let payee = "0000000000000001fffffffffffffffe";
    let expected = format!(
        r#"{{"seq":2,"event":{{"send":{{"payee":"{payee}","attempt":1,"at":1740419383123,"paise":100,"absent":true}}}}"#
    );
    assert_eq!(body, expected);
    assert!(sum.starts_with(",\"sum\":\"") && sum.ends_with("\"}"), "{sum}");
}

#[test]
fn a_chain_refuses_every_changed_bit() {
    let lines = sealed();
    for changed in 0..lines.len() {
        for bit in 0..8 * lines[changed].len() {
            let mut lines = lines.clone();
            lines[changed][bit / 8] ^= 1 << (bit % 8);
            let mut chain = Chain::default();
            let refused = lines.iter().position(|line| chain.open(line).is_none());
            assert_eq!(refused, Some(changed), "bit {bit} of line {changed}");
        }
    }
}

#[test]
fn a_chain_refuses_lines_that_are_missing_repeated_or_moved() {
    let lines = sealed();
    let refuses = |lines: &[Vec<u8>]| {
        let mut chain = Chain::default();
        lines.iter().any(|line| chain.open(line).is_none())
    };
    for at in 0..lines.len() {
        let mut repeated = lines.clone();
        repeated.insert(at, lines[at].clone());
        assert!(refuses(&repeated), "{at} repeated");
        if at + 1 < lines.len() {
            let mut missing = lines.clone();
            missing.remove(at);
            assert!(refuses(&missing), "{at} missing");
        }
        for other in 0..at {
            let mut swapped = lines.clone();
            swapped.swap(at, other);
            assert!(refuses(&swapped), "{other} and {at} swapped");
        }
    }
    // The same lines after another header form another chain.
    let mut other = Chain::default();
    let mut header = Vec::new();
    other.seal(&Event::Log(Header::new("other".to_owned(), Salt(u128::from_be_bytes([7; 16])))), &mut header).unwrap();
    assert!(other.open(&lines[1]).is_none());
}

#[test]
fn a_payee_hash_depends_on_customer_and_account_and_reveals_neither() {
    let (salt, other) = (Salt(u128::from_be_bytes([1; 16])), Salt::random());
    let base = salt.payee("c", "123");
    assert_eq!(base, salt.payee("c", "123"));
    for (different, halves) in [
        (salt.payee("d", "123"), (false, true)),
        (salt.payee("c", "0123"), (true, false)),
        (salt.payee("123", "c"), (false, false)),
        (other.payee("c", "123"), (false, false)),
    ] {
        assert_eq!((base.customer == different.customer, base.account == different.account), halves);
    }
    assert_ne!(salt.payee("123", "123").customer, base.account, "a customer never looks like an account");
    assert_ne!(salt.fingerprint("key"), salt.fingerprint("other"));
    assert_ne!(salt.fingerprint("key"), other.fingerprint("key"));
    assert_ne!(Salt::random(), Salt::random());
}

#[test]
fn a_log_of_another_version_is_recognized() {
    assert!(Header::new(String::new(), Salt(u128::from_be_bytes([0; 16]))).is_known());
    let text = r#"{"format":"juspay-accounts batch log 4","target":"","salt":"00000000000000000000000000000000"}"#;
    assert!(!serde_json::from_str::<Header>(text).unwrap().is_known());
}
