//! Tests the crate as a whole, on specs of other trades.

use std::path::{Path, PathBuf};

use openapi_doc::{Document, Problems};

use crate::regen::{Folder, client};

mod broken;
mod lint;
mod lower;
mod mutations;
mod regen;
mod uses;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn petrol() -> Document {
    let file = root().join("petrol").join("petrol.yaml");
    Document { file: PathBuf::from("petrol.yaml"), ..Document::load(&file).unwrap() }
}

/// The files of a folder in `tests`: names and contents, in order.
fn files(folder: &str) -> Vec<(String, Vec<u8>)> {
    let paths = std::fs::read_dir(root().join("src/tests").join(folder)).unwrap().map(|entry| entry.unwrap().path());
    let file = |path: PathBuf| (path.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read(path).unwrap());
    let mut files: Vec<_> = paths.map(file).collect();
    files.sort();
    files
}

/// The code that is generated from a spec for the folder `out`. The name `file` determines the format.
fn generated(file: &str, spec: &[u8]) -> Result<Folder, Problems> {
    Document::parse(Path::new(file), spec).and_then(|document| client(&document, Path::new("out")))
}
