//! Tests what regen writes, reports and leaves alone.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use openapi_doc::Mode;

use crate::emit::{File, MARK};
use crate::regen::Folder;

fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let paths = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    paths.filter(|path| path.is_file()).map(|path| (path.clone(), std::fs::read(path).unwrap())).collect()
}

#[test]
fn folder_is_compared_and_updated_without_changing_other_files() {
    let temporary = tempfile::tempdir().unwrap();
    let path = temporary.path().join("out");
    let generated = |name, text| File { name, text: format!("{MARK} from a.yaml\n{text}\n") };
    let files_of_folder = vec![generated("mod.rs", "pub mod a;"), generated("a.rs", "pub struct A;")];
    let folder = Folder { path: path.clone(), files: files_of_folder };
    let ensure = |mode| folder.ensure(mode).unwrap();
    let write = |name, text: &[u8]| std::fs::write(path.join(name), text).unwrap();
    let shown = |text: &str| text.replace(&path.display().to_string(), "out").replace('\\', "/");

    let changed = ensure(Mode::Check);
    assert_eq!((changed.len(), path.exists()), (2, false), "a check writes nothing");
    assert_eq!(ensure(Mode::Write), changed);
    write("notes.rs", b"// mine");
    write("notes.txt", MARK.as_bytes());
    write("bytes.rs", b"\xFF");
    std::fs::create_dir(path.join("folder.rs")).unwrap();
    let complete = files(&path);
    assert_eq!([Mode::Check, Mode::Write].map(ensure).concat().concat(), "");
    assert_eq!(files(&path), complete);

    write("mod.rs", format!("{MARK} from a.yaml\nmod by_hand;\n").as_bytes());
    write("old.rs", format!("{MARK} from a.yaml\npub struct Old;\n").as_bytes());
    std::fs::remove_file(path.join("a.rs")).unwrap();
    let stale = files(&path);
    let changed = ensure(Mode::Check);
    assert_eq!(changed.len(), 3);
    insta::assert_snapshot!(shown(&changed.concat()));
    assert_eq!(files(&path), stale);
    assert_eq!(ensure(Mode::Write), changed);
    assert_eq!(files(&path), complete);

    write("a.rs", b"// by hand");
    std::fs::remove_file(path.join("mod.rs")).unwrap();
    let other = files(&path);
    let error = shown(&folder.ensure(Mode::Write).unwrap_err().to_string());
    insta::assert_snapshot!(error, @"out/a.rs was not generated; move it away, or choose another folder");
    assert_eq!(files(&path), other);
}

#[test]
fn replacement_for_a_missing_schema_is_an_error() {
    let gone = crate::Replacement { schema: "Oil".to_owned(), path: "::garage::Oil".to_owned(), text: true };
    let settings = crate::Settings { replacements: vec![gone], ..crate::Settings::default() };
    let result = crate::regen::folders(&super::petrol(), &settings, [(crate::Target::Client, "out".into())]);
    insta::assert_snapshot!(result.unwrap_err(), @"error: petrol.yaml: at /components/schemas/Oil: not found, but a row of xtask/src/types.rs maps it to `::garage::Oil`");
}
