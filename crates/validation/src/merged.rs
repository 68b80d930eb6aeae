//! Banks that merged into others. Their IFSCs were withdrawn.
//!
//! The last six characters often changed too, so the new IFSC cannot be derived from the old one: ask the payee. Each
//! year is the one in which the merger took effect, by order of the Government of India or the Reserve Bank of India.

/// A bank that merged into another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Merger {
    /// The bank that no longer exists.
    pub bank: &'static str,
    /// The bank that holds its accounts now.
    pub successor: &'static str,
    /// The year of the merger.
    pub year: u16,
}

/// Finds the merger of the bank that owned the first four letters of an IFSC.
pub(crate) fn of_bank(prefix: &str) -> Option<Merger> {
    let (bank, successor, year) = match prefix {
        "ALLA" => ("Allahabad Bank", "Indian Bank", 2020),
        "ANDB" => ("Andhra Bank", "Union Bank of India", 2020),
        "BKDN" => ("Dena Bank", "Bank of Baroda", 2019),
        "BMBL" => ("Bharatiya Mahila Bank", "State Bank of India", 2017),
        "CORP" => ("Corporation Bank", "Union Bank of India", 2020),
        "FSFB" => ("Fincare Small Finance Bank", "AU Small Finance Bank", 2024),
        "LAVB" => ("Lakshmi Vilas Bank", "DBS Bank India", 2020),
        "ORBC" => ("Oriental Bank of Commerce", "Punjab National Bank", 2020),
        "SBBJ" => ("State Bank of Bikaner and Jaipur", "State Bank of India", 2017),
        "SBHY" => ("State Bank of Hyderabad", "State Bank of India", 2017),
        "SBMY" => ("State Bank of Mysore", "State Bank of India", 2017),
        "SBTR" => ("State Bank of Travancore", "State Bank of India", 2017),
        "STBP" => ("State Bank of Patiala", "State Bank of India", 2017),
        "SYNB" => ("Syndicate Bank", "Canara Bank", 2020),
        "UTBI" => ("United Bank of India", "Punjab National Bank", 2020),
        "VIJB" => ("Vijaya Bank", "Bank of Baroda", 2019),
        _ => return None,
    };
    Some(Merger { bank, successor, year })
}
