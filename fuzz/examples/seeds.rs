//! Writes the first samples of each target to `corpus/TARGET/`: `cargo run --example seeds` in this directory.

use std::{fs, io, path::Path};

fn main() -> io::Result<()> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    for target in contract_tests::fuzzed::TARGETS {
        let directory = corpus.join(target.name);
        fs::create_dir_all(&directory)?;
        let seeds = (target.seeds)();
        for (number, seed) in seeds.iter().enumerate() {
            fs::write(directory.join(format!("sample-{number}")), seed)?;
        }
        println!("{}: {} samples", target.name, seeds.len());
    }
    Ok(())
}
