//! Writes the first samples of each target to `corpus/TARGET/`: `cargo run --example seeds` in this directory.

use std::{fs, io, path::Path};

/// A file with a row of each kind, and some invalid rows.
const BATCH: &str = "customer_id,bank_code,ifsc,account,name,vpa,reference\r\n\
                     cst_1,JP_HDFC,YESB0000262,026291800001191,\"Rao, Asha\",,first\n\
                     cst_2,JP_HDFC,,,,9164326296@upi,\n\
                     cst_2,JP_HDFC,,,,9164326296@UPI,again\n\n\
                     cst_3,JP_HDFC,YESBO000262,1,,a@upi\n";

fn main() -> io::Result<()> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let batch = corpus.join("batch");
    fs::create_dir_all(&batch)?;
    fs::write(batch.join("sample-0"), BATCH)?;
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
