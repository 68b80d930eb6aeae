//! Makes up any number of different payees, for requests and for files.

use std::io::{BufWriter, Write as _};
use std::path::Path;

use serde::Serialize;

pub(crate) const CUSTOMER: &str = "cst_zqqmw0v4exbhvv2l";
pub(crate) const BANK_CODE: &str = "JP_HDFC";
pub(crate) const GATEWAY: &str = "800";

/// A payee in the format of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub(crate) enum Payee {
    Bank {
        ifsc: String,
        account: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        name: Option<String>,
    },
    Upi {
        vpa: String,
    },
}

/// The payee with this number. Of four payees, two have a bank account and a name, one an account without a name, and
/// one a UPI address.
pub(crate) fn payee(number: usize) -> Payee {
    const BANKS: [&str; 5] = ["YESB", "HDFC", "SBIN", "ICIC", "UTIB"];
    const NAMES: [&str; 4] = ["Rahul Sharma", "A. K. Iyer", "Meera Nair", "Shree Traders (Pune)"];
    if number % 4 == 3 {
        return Payee::Upi { vpa: format!("payee.{number:08}@upi") };
    }
    Payee::Bank {
        ifsc: format!("{}0{:06}", BANKS[number % BANKS.len()], number * 7 % 1_000_000),
        account: format!("0262{number:010}"),
        name: (number % 4 != 1).then(|| NAMES[number / 4 % NAMES.len()].to_owned()),
    }
}

/// Writes a file with this number of payees, in the format that `batch` reads.
pub(crate) fn write(path: &Path, rows: usize) -> std::io::Result<()> {
    let mut file = BufWriter::new(std::fs::File::create(path)?);
    writeln!(file, "customer_id,bank_code,ifsc,account,name,vpa,reference")?;
    for number in 0..rows {
        match payee(number) {
            Payee::Bank { ifsc, account, name } => {
                let name = name.unwrap_or_default();
                writeln!(file, "{CUSTOMER},{BANK_CODE},{ifsc},{account},{name},,order-{number}")?;
            }
            Payee::Upi { vpa } => writeln!(file, "{CUSTOMER},{BANK_CODE},,,,{vpa},order-{number}")?,
        }
    }
    file.flush()
}
