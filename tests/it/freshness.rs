//! The generated code is what the spec says, and generating it is no game of chance.

use contract_tests::root;
use xtask::regen::{self, Folder};

fn generate() -> Vec<Folder> {
    regen::project(&root()).unwrap_or_else(|problems| panic!("{problems}"))
}

#[test]
fn generated_code_is_up_to_date() {
    for folder in generate() {
        let difference = folder.difference().unwrap();
        assert!(difference.is_empty(), "{difference}\nmend it with `cargo xtask regen`");
    }
}

#[test]
fn generating_twice_gives_the_same_bytes() {
    let files = |folders: Vec<Folder>| folders.into_iter().flat_map(|folder| folder.files).collect::<Vec<_>>();
    assert_eq!(files(generate()), files(generate()));
}
