//! Tests that this crate knows only OpenAPI and the generator, not a particular API.

use std::path::{Path, PathBuf};

/// Words of this workspace's API, spelled backwards, because this file is searched too.
const WORDS_OF_THE_API: [&str; 6] = ["yapsuj", "csfi", "apv", "remotsuc", "ynnep", "tnahcrem"];

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

#[test]
fn files_do_not_mention_the_api_of_this_workspace() {
    let mut all = Vec::new();
    files(super::root(), &mut all);
    assert!(all.len() > 100, "{} files", all.len());
    for path in all {
        let text = std::fs::read_to_string(&path).unwrap().to_lowercase();
        for word in WORDS_OF_THE_API.map(|word| word.chars().rev().collect::<String>()) {
            assert!(!text.contains(&word), "{} mentions {word}", path.display());
        }
    }
}
