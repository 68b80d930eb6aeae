//! The generator is not tied to this project: what it makes of the description of another trade builds as a crate of its
//! own, and works.
#![allow(clippy::unwrap_used)]

use std::path::Path;

mod common;

/// With the versions of the workspace, since its lock file is copied.
const MANIFEST: &str = r#"
[package]
name = "petrol"
version = "0.0.0"
edition = "2024"

[dependencies]
form_urlencoded = "1.2"
progenitor-client = "=0.15.1"
reqwest = { version = "0.13", default-features = false }
serde = { version = "1", features = ["derive"] }
serde_json = "1"
serde_urlencoded = "0.7"

[dev-dependencies]
tokio = { version = "1", features = ["rt"] }

[workspace]
"#;

const LIB: &str = "
#[rustfmt::skip]
#[allow(clippy::all)]
pub mod generated;
";

#[test]
fn code_from_another_description_builds_alone_and_works() {
    let other = common::tests().join("other");
    let root = common::fresh_folder("petrol");
    let write = |path: &str, text: &str| std::fs::write(root.join(path), text).unwrap();
    std::fs::create_dir_all(root.join("src")).unwrap();
    std::fs::create_dir_all(root.join("tests")).unwrap();
    write("Cargo.toml", MANIFEST);
    write("src/lib.rs", LIB);
    std::fs::copy(common::workspace().join("Cargo.lock"), root.join("Cargo.lock")).unwrap();
    std::fs::copy(other.join("uses.rs"), root.join("tests/uses.rs")).unwrap();

    let generated = root.join("src/generated");
    let output = common::xtask(&other, &["regen", "--spec", "petrol.yaml", "--out", generated.to_str().unwrap()]);
    assert!(output.status.success(), "{}", common::text(&output.stderr));
    assert_eq!(
        files(&generated),
        [
            "address.rs",
            "answer.rs",
            "client.rs",
            "extra.rs",
            "form.rs",
            "json.rs",
            "lenient.rs",
            "mod.rs",
            "open_enums.rs"
        ]
    );
    common::cargo(&root, &["test", "--quiet"]);
}

fn files(folder: &Path) -> Vec<String> {
    let files = std::fs::read_dir(folder).unwrap();
    let mut files: Vec<_> = files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    files.sort();
    files
}
