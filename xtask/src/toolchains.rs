//! `msrv` and `no-std`: what is promised of toolchains and targets. Each is tried with the real one.

use std::collections::BTreeSet;
use std::process::Command;

use crate::cargo::{self, Workspace};

/// The crate that needs no operating system.
const NO_STD: &str = "juspay-accounts-validation";

/// Targets without `std`: a small machine without atomic operations, a larger one, and the browser, which has an `std` that
/// does nothing.
const TARGETS: [&str; 3] = ["riscv32i-unknown-none-elf", "thumbv7em-none-eabihf", "wasm32-unknown-unknown"];

/// Checks the published crates with the oldest Rust that they promise.
///
/// # Errors
/// The toolchain is missing, a crate promises none, or one does not build with it.
pub fn msrv(workspace: &Workspace) -> Result<(), String> {
    let mut versions = BTreeSet::new();
    for package in workspace.published() {
        let version = package.rust_version.as_ref();
        versions.insert(version.ok_or_else(|| format!("error: {} has no `rust-version`", package.name))?.clone());
    }
    for version in versions {
        let mut command = cargo::cargo_of(&toolchain(&version), &workspace.root);
        command.args(["check", "--locked", "--all-features"]);
        for package in workspace.published().filter(|package| package.rust_version.as_ref() == Some(&version)) {
            command.args(["--package", &package.name]);
        }
        cargo::run(&mut command)?;
        println!("Rust {version}: the crates build with it");
    }
    Ok(())
}

/// The release that a version stands for: `1.95` is its first, since what a later one mends may be needed.
fn toolchain(version: &str) -> String {
    if version.matches('.').count() == 1 { format!("{version}.0") } else { version.to_owned() }
}

/// Checks the validation for each target without `std` that is installed.
///
/// # Errors
/// None of them is installed, or the crate does not build.
pub fn no_std(workspace: &Workspace) -> Result<(), String> {
    let installed = cargo::output(Command::new("rustup").args(["target", "list", "--installed"]))?;
    let (present, absent): (Vec<_>, Vec<_>) =
        TARGETS.into_iter().partition(|target| installed.lines().any(|line| line.trim() == *target));
    for target in &present {
        let mut command = cargo::cargo(&workspace.root);
        cargo::run(command.args(["check", "--locked", "--package", NO_STD, "--target", target]))?;
        println!("{target}: {NO_STD} builds for it");
    }
    for target in &absent {
        println!("{target}: not tried; install it with `rustup target add {target}`");
    }
    if present.is_empty() {
        return Err(format!("error: none of the targets is installed, so nothing was tried: {}", absent.join(", ")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_of_two_numbers_is_its_first_release() {
        assert_eq!(toolchain("1.95"), "1.95.0");
        assert_eq!(toolchain("1.95.1"), "1.95.1");
    }
}
