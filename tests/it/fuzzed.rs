//! Runs the targets of `fuzz/` on randomly damaged samples: a short version of what a fuzzer does for hours.

use contract_tests::fuzzed::TARGETS;
use contract_tests::root;
use proptest::prelude::*;
use proptest::sample::Index;

/// A sample with some bytes changed, removed or doubled, or with inserted text that has broken parsers before.
fn damaged(seeds: Vec<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    const ODD: [&[u8]; 12] =
        [b"null", b"\"", b"{", b"]", b"\\", b"\0", b"\xff", b"1e400", b"-", b"\n", b"\xe2\x80\xae", b"``"];
    let damage = (any::<Index>(), any::<Index>(), 0..4_u8, proptest::sample::select(&ODD[..]));
    (proptest::sample::select(seeds), proptest::collection::vec(damage, 0..5)).prop_map(|(mut bytes, damages)| {
        for (at, length, kind, odd) in damages {
            if bytes.is_empty() {
                break;
            }
            let at = at.index(bytes.len());
            let end = (at + 1 + length.index(12)).min(bytes.len());
            match kind {
                0 => bytes[at] ^= 1 << length.index(8),
                1 => drop(bytes.drain(at..end)),
                2 => drop(bytes.splice(at..at, odd.iter().copied())),
                _ => {
                    let again = bytes[at..end].to_vec();
                    bytes.splice(at..at, again);
                }
            }
        }
        bytes
    })
}

#[test]
fn fuzz_targets_pass_on_damaged_samples() {
    for target in TARGETS {
        let seeds = (target.seeds)();
        assert!(!seeds.is_empty(), "{}", target.name);
        for seed in &seeds {
            (target.run)(seed);
        }
        let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) };
        let bytes = prop_oneof![9 => damaged(seeds), 1 => proptest::collection::vec(any::<u8>(), 0..60)];
        proptest!(config, |(bytes in bytes)| (target.run)(&bytes));
    }
}

#[test]
fn each_target_can_be_fuzzed() {
    let manifest = std::fs::read_to_string(root().join("fuzz").join("Cargo.toml")).unwrap();
    for target in TARGETS {
        assert!(manifest.contains(&format!("name = \"{}\"", target.name)), "fuzz/Cargo.toml has no {}", target.name);
    }
}

/// The inputs were found by a fuzzer.
#[test]
fn fuzz_targets_pass_on_inputs_that_failed_before() {
    // A sample in the last line of a page: a remark had the number of a line after the end.
    let page = std::fs::read_to_string(root().join("xtask/docfacts/tests/pages/fill-a-tank.md")).unwrap();
    let (before, _) = page.rsplit_once("\n```").unwrap();
    contract_tests::fuzzed::page(format!("{}\n```", before.split_once("```with petrol").unwrap().0).as_bytes());
}
