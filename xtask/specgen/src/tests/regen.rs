//! Tests what regen writes, reports and leaves alone.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use openapi_doc::Mode;
use serde_yaml::Value;

use super::generated;
use crate::regen::{Folder, Outcome};

struct Place {
    _folder: tempfile::TempDir,
    code: Folder,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let code = Folder { path: folder.path().join("out"), ..code(&petrol()) };
        let place = Self { _folder: folder, code };
        let outcome = place.ensure(Mode::Check);
        assert_eq!((outcome.changed, outcome.difference.matches("+++ expected").count()), (6, 6));
        assert!(!place.code.path.exists(), "a check writes nothing");
        assert_eq!(place.ensure(Mode::Write), outcome);
        place
    }

    fn ensure(&self, mode: Mode) -> Outcome {
        self.code.ensure(mode).unwrap()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.code.path.join(name)
    }

    fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let paths = std::fs::read_dir(&self.code.path).unwrap().map(|file| file.unwrap().path());
        paths.filter(|path| path.is_file()).map(|path| (path.clone(), std::fs::read(path).unwrap())).collect()
    }

    fn shown(&self, text: &str) -> String {
        text.replace(&self.code.path.display().to_string(), "out").replace('\\', "/")
    }
}

fn petrol() -> String {
    std::fs::read_to_string(super::root().join("petrol/petrol.yaml")).unwrap()
}

fn code(spec: &str) -> Folder {
    generated("petrol.yaml", spec.as_bytes()).unwrap()
}

#[test]
fn key_order_changes_only_the_checksum() {
    let reversed = serde_yaml::to_string(&reverse(serde_yaml::from_str(&petrol()).unwrap())).unwrap();
    let [usual, again, reversed] = [petrol(), petrol(), reversed].map(|spec| code(&spec).files);
    assert_eq!(usual, again);
    let differing: Vec<_> = usual.iter().zip(&reversed).filter(|(usual, reversed)| usual != reversed).collect();
    let [(usual, reversed)] = differing.as_slice() else { panic!("{differing:?}") };
    assert_eq!(usual.name, "mod.rs");
    let differing = usual.text.lines().zip(reversed.text.lines()).filter(|(usual, reversed)| usual != reversed);
    let differing: Vec<_> = differing.map(|(usual, _)| usual).collect();
    assert!(matches!(differing.as_slice(), [line] if line.starts_with("// spec: sha256 ")), "{differing:?}");
}

/// The same document with all keys in reverse order. Arrays stay unchanged.
fn reverse(value: Value) -> Value {
    match value {
        Value::Mapping(map) => {
            let entries: Vec<_> = map.into_iter().map(|(key, value)| (key, reverse(value))).collect();
            Value::Mapping(entries.into_iter().rev().collect())
        }
        Value::Sequence(items) => Value::Sequence(items.into_iter().map(reverse).collect()),
        other => other,
    }
}

#[test]
fn check_shows_the_difference_of_stale_code_and_writes_nothing() {
    let place = Place::new();
    assert_eq!(place.ensure(Mode::Check), Outcome::default());
    let edit = |name, from: &str, to| {
        let text = std::fs::read_to_string(place.path(name)).unwrap();
        std::fs::write(place.path(name), text.replace(from, to)).unwrap();
    };
    edit("client.rs", "\n", "\r\n");
    assert_eq!(place.ensure(Mode::Check), Outcome::default());

    edit("mod.rs", "pub mod json;\n", "mod by_hand;\n");
    std::fs::remove_file(place.path("open_enums.rs")).unwrap();
    let before = place.files();
    let outcome = place.ensure(Mode::Check);
    assert_eq!(outcome.changed, 2);
    let difference = place.shown(&outcome.difference);
    let of_the_root: Vec<_> = difference.lines().take(9).collect();
    insta::assert_snapshot!(of_the_root.join("\n"), @"
    --- out/mod.rs
    +++ expected
    @@ -8,5 +8,5 @@
     pub mod open_enums;
     pub mod extra;
    -mod by_hand;
    +pub mod json;
     pub(crate) mod lenient;
    ");
    assert!(difference.contains("--- out/open_enums.rs\n+++ expected\n"), "{difference}");
    assert_eq!(place.files(), before);

    assert_eq!(place.ensure(Mode::Write), outcome);
    assert_eq!(place.ensure(Mode::Check), Outcome::default());
}

#[test]
fn stale_generated_file_is_reported_and_removed() {
    let place = Place::new();
    std::fs::write(place.path("old.rs"), format!("{} from petrol.yaml\npub struct Old;\n", crate::emit::MARK)).unwrap();
    let outcome = place.ensure(Mode::Check);
    assert!(outcome.changed == 1 && outcome.difference.contains("-pub struct Old;"), "{outcome:?}");
    assert!(place.path("old.rs").exists());
    assert_eq!(place.ensure(Mode::Write).changed, 1);
    assert!(!place.path("old.rs").exists());
}

#[test]
fn hand_written_file_is_never_changed() {
    let place = Place::new();
    std::fs::write(place.path("notes.rs"), "// mine").unwrap();
    std::fs::write(place.path("notes.txt"), crate::emit::MARK).unwrap();
    std::fs::write(place.path("bytes.rs"), b"\xFF").unwrap();
    std::fs::create_dir(place.path("folder.rs")).unwrap();
    let before = place.files();
    assert_eq!(place.ensure(Mode::Check), Outcome::default());
    assert_eq!(place.ensure(Mode::Write), Outcome::default());
    assert_eq!(place.files(), before);

    std::fs::write(place.path("client.rs"), "// by hand\n").unwrap();
    std::fs::remove_file(place.path("json.rs")).unwrap();
    let before = place.files();
    let error = place.shown(&place.code.ensure(Mode::Write).unwrap_err().to_string());
    insta::assert_snapshot!(error, @"out/client.rs was not generated; move it away, or choose another folder");
    assert_eq!(place.files(), before);
}

#[test]
fn replacement_for_a_missing_schema_is_an_error() {
    let gone = crate::Replacement { schema: "Oil".to_owned(), path: "::garage::Oil".to_owned(), text: true };
    let settings = crate::Settings { replacements: vec![gone], ..crate::Settings::default() };
    let result = crate::regen::folder(&super::petrol(), &settings, crate::Target::Client, Path::new("out").to_owned());
    insta::assert_snapshot!(result.unwrap_err(), @"error: petrol.yaml: at /components/schemas/Oil: not found, but the table of hand-written types maps it to `::garage::Oil`");
}
