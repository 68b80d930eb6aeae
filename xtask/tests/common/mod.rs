//! What the test files share. Not each of them uses all of it.
#![allow(dead_code)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Runs the tasks' program in a folder.
pub(crate) fn xtask(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask")).args(arguments).current_dir(folder).output().unwrap()
}

/// The folder `xtask/tests`.
pub(crate) fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

/// The root of the workspace.
pub(crate) fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Runs cargo in a folder without the network: everything that it may need was fetched when this test was built. What
/// it builds is kept between runs, apart from what the workspace builds.
pub(crate) fn cargo(folder: &Path, arguments: &[&str]) {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .arg("--offline")
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("generated-crates"))
        // It is most of the size, and nobody debugs what is built here.
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        // Coverage and lint runs set them for the workspace, and would build everything anew.
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env_remove("RUSTC_WRAPPER")
        .env_remove("RUSTC_WORKSPACE_WRAPPER")
        .output()
        .unwrap();
    assert!(output.status.success(), "cargo {arguments:?}:\n{}{}", text(&output.stdout), text(&output.stderr));
}

/// What a program printed.
pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// An empty folder of this name. It stays the same between runs, so that what is built in it is replaced, not added to.
pub(crate) fn fresh_folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).unwrap();
    }
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Copies what a build of the workspace needs.
pub(crate) fn copy_workspace(to: &Path) {
    copy(&workspace(), to);
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (source, name) = (entry.path(), entry.file_name());
        let hidden = name.to_string_lossy().starts_with('.');
        // What was built, wherever that is.
        if hidden || name == "target" || Path::new(env!("CARGO_TARGET_TMPDIR")).starts_with(&source) {
            continue;
        }
        if entry.file_type().unwrap().is_dir() {
            copy(&source, &to.join(name));
        } else {
            std::fs::copy(&source, to.join(name)).unwrap();
        }
    }
}
