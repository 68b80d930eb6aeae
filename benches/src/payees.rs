//! Payees that are made up, as many as are asked for, no two alike: for requests and for files.

use std::io::{BufWriter, Write as _};
use std::path::Path;

/// The customer of all of them.
pub const CUSTOMER: &str = "cst_zqqmw0v4exbhvv2l";

/// The code of the bank.
pub const BANK_CODE: &str = "JP_HDFC";

/// A payee.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Payee {
    /// A bank account.
    Bank {
        /// Its branch.
        ifsc: String,
        /// Its number.
        account: String,
        /// The name of its holder.
        name: Option<String>,
    },
    /// A UPI address.
    Upi(String),
}

/// The payee with this number: of four, two have a bank account and a name, one has an account without, one an address.
pub fn payee(number: usize) -> Payee {
    const BANKS: [&str; 5] = ["YESB", "HDFC", "SBIN", "ICIC", "UTIB"];
    const NAMES: [&str; 4] = ["Rahul Sharma", "A. K. Iyer", "Meera Nair", "Shree Traders (Pune)"];
    if number % 4 == 3 {
        return Payee::Upi(format!("payee.{number:08}@upi"));
    }
    Payee::Bank {
        ifsc: format!("{}0{:06}", BANKS[number % BANKS.len()], number * 7 % 1_000_000),
        account: format!("0262{number:010}"),
        name: (number % 4 != 1).then(|| NAMES[number / 4 % NAMES.len()].to_owned()),
    }
}

/// Writes a file of so many payees, as `batch` reads it.
///
/// # Errors
/// The file cannot be written.
pub fn write(path: &Path, rows: usize) -> std::io::Result<()> {
    let mut file = BufWriter::new(std::fs::File::create(path)?);
    writeln!(file, "customer_id,bank_code,ifsc,account,name,vpa,reference")?;
    for number in 0..rows {
        match payee(number) {
            Payee::Bank { ifsc, account, name } => {
                let name = name.unwrap_or_default();
                writeln!(file, "{CUSTOMER},{BANK_CODE},{ifsc},{account},{name},,order-{number}")?;
            }
            Payee::Upi(vpa) => writeln!(file, "{CUSTOMER},{BANK_CODE},,,,{vpa},order-{number}")?,
        }
    }
    file.flush()
}
