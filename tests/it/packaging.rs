//! What each published crate must contain: the licences, the notice of the list of branches, a description of itself
//! and of its features. Also, each file of a test program is a module of it.

use std::fs;
use std::process::Command;

use cargo_metadata::Package;
use contract_tests::commands::Workspace;
use contract_tests::root;

fn packages() -> Vec<Package> {
    Workspace::load().0.packages
}

fn published() -> Vec<Package> {
    packages().into_iter().filter(|package| package.publish.is_none()).collect()
}

/// A file outside of all programs would be neither compiled nor run.
#[test]
fn every_file_of_a_test_program_is_a_module_of_it() {
    let mut files = 0;
    for package in packages() {
        let tests: Vec<_> = package.targets.iter().filter(|target| target.is_test()).collect();
        assert!(tests.len() <= 1, "{} has {} test programs; make them modules of one", package.name, tests.len());
        let Some(main) = tests.first().map(|test| test.src_path.as_std_path()) else { continue };
        let modules = fs::read_to_string(main).unwrap();
        for entry in fs::read_dir(main.parent().unwrap()).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap();
            if path == main || path.extension().is_none_or(|extension| extension != "rs") {
                continue;
            }
            files += 1;
            assert!(modules.contains(&format!("mod {name};\n")), "{} has no `mod {name};`", main.display());
        }
    }
    assert!(files > 30, "only {files} files were found");
}

fn file(package: &Package, name: &str) -> String {
    let path = package.manifest_path.with_file_name(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// This only packs; CI also builds each crate from what is packed.
#[test]
fn every_published_crate_can_be_packed() {
    let target = concat!(env!("CARGO_TARGET_TMPDIR"), "/packed");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["package", "--package", "juspay-accounts*", "--no-verify", "--allow-dirty", "--offline", "--locked"]);
    let output = cargo.args(["--target-dir", target]).current_dir(root()).output().unwrap();
    let report = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{report}");
    for package in published() {
        assert!(report.contains(&format!("Packaging {} v", package.name)), "{}: {report}", package.name);
    }
}

/// The licences are copies, since links do not work on every system.
#[test]
fn every_crate_has_the_licences_of_the_project() {
    for package in published() {
        for name in ["LICENSE-APACHE", "LICENSE-MIT"] {
            let ours = fs::read_to_string(root().join(name)).unwrap();
            assert_eq!(file(&package, name), ours, "{name} of {}: copy the one of the root", package.name);
        }
    }
}

/// The list of branches is the data of others, so its notice comes with it.
#[test]
fn branch_list_is_published_with_its_notice() {
    let validation = published().into_iter().find(|package| package.name == "juspay-accounts-validation").unwrap();
    let ours = fs::read_to_string(root().join("NOTICE")).unwrap();
    assert_eq!(file(&validation, "NOTICE"), ours, "copy the one of the root");
}

#[test]
fn every_feature_is_explained_in_the_readme_and_built_for_the_documentation() {
    let mut count = 0;
    for package in published() {
        let (name, readme) = (&package.name, file(&package, "README.md"));
        for feature in package.features.keys().filter(|feature| *feature != "default") {
            assert!(readme.contains(&format!("| `{feature}`")), "the README of {name} has no row for `{feature}`");
            let docs = &package.metadata["docs"]["rs"];
            assert_eq!(docs["all-features"], true, "{name}: set `all-features` in [package.metadata.docs.rs]");
            count += 1;
        }
    }
    assert!(count > 0, "no crate has features");
}

#[test]
fn every_crate_describes_itself_for_the_registry() {
    for package in published() {
        let Package { name, description, license, readme, categories, keywords, .. } = package;
        assert!(description.is_some() && license.is_some() && readme.is_some(), "{name}");
        assert!(!categories.is_empty() && !keywords.is_empty(), "{name}");
    }
}
