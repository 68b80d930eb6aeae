//! Banks that merged into others. Their IFSCs were withdrawn.
//!
//! The last six characters often changed too, so no new code is derived from these: the payee has to be asked. The
//! years are those in which the mergers took effect, by order of the Government of India or the Reserve Bank of India.

/// A bank that merged into another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Merger {
    prefix: [u8; 4],
    bank: &'static str,
    successor: &'static str,
    year: u16,
}

impl Merger {
    /// The bank that no longer exists.
    pub const fn bank(self) -> &'static str {
        self.bank
    }

    /// The bank that holds its accounts now.
    pub const fn successor(self) -> &'static str {
        self.successor
    }

    /// The year of the merger.
    pub const fn year(self) -> u16 {
        self.year
    }
}

const fn merger(prefix: [u8; 4], bank: &'static str, successor: &'static str, year: u16) -> Merger {
    Merger { prefix, bank, successor, year }
}

static MERGERS: [Merger; 16] = [
    merger(*b"ALLA", "Allahabad Bank", "Indian Bank", 2020),
    merger(*b"ANDB", "Andhra Bank", "Union Bank of India", 2020),
    merger(*b"BKDN", "Dena Bank", "Bank of Baroda", 2019),
    merger(*b"BMBL", "Bharatiya Mahila Bank", "State Bank of India", 2017),
    merger(*b"CORP", "Corporation Bank", "Union Bank of India", 2020),
    merger(*b"FSFB", "Fincare Small Finance Bank", "AU Small Finance Bank", 2024),
    merger(*b"LAVB", "Lakshmi Vilas Bank", "DBS Bank India", 2020),
    merger(*b"ORBC", "Oriental Bank of Commerce", "Punjab National Bank", 2020),
    merger(*b"SBBJ", "State Bank of Bikaner and Jaipur", "State Bank of India", 2017),
    merger(*b"SBHY", "State Bank of Hyderabad", "State Bank of India", 2017),
    merger(*b"SBMY", "State Bank of Mysore", "State Bank of India", 2017),
    merger(*b"SBTR", "State Bank of Travancore", "State Bank of India", 2017),
    merger(*b"STBP", "State Bank of Patiala", "State Bank of India", 2017),
    merger(*b"SYNB", "Syndicate Bank", "Canara Bank", 2020),
    merger(*b"UTBI", "United Bank of India", "Punjab National Bank", 2020),
    merger(*b"VIJB", "Vijaya Bank", "Bank of Baroda", 2019),
];

/// The merger of the bank whose IFSCs begin with these four letters.
pub(crate) fn of_bank(prefix: [u8; 4]) -> Option<Merger> {
    MERGERS.iter().find(|merger| merger.prefix == prefix).copied()
}
