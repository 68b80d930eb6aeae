//! A line of the log. Each line has a sequence number, and a checksum of its text and of the previous checksum. A
//! changed bit, or a deleted, repeated or moved line, breaks the chain. Only missing lines at the end are not detected.
//!
//! ```text
//! {"seq":7,"event":{"send":{"payee":"…","attempt":1,"at":1740419383123}},"sum":"0123456789abcdef"}
//! ```

use std::fmt;
use std::hash::{BuildHasher as _, RandomState};
use std::io;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::record::Record;

/// The name of the format, by which the first line of a log is recognized in any version, and if it was changed.
pub(super) const NAME: &str = "juspay-accounts batch log";

/// The name and version of the format, which the header of every log contains.
const FORMAT: &str = "juspay-accounts batch log 3";

/// The longest line, in bytes. A longer line is neither written nor read.
pub(super) const LONGEST: usize = 64 * 1024;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Event {
    /// The first line of the log.
    Log(Header),
    Run(Run),
    /// A payee is about to be sent.
    Send(Attempt),
    /// The outcome of an attempt. A later outcome of the same attempt replaces it.
    End(End),
    /// A run, or the command `results`, has written its files.
    Close(Close),
}

/// The format, the server and the salt of a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Header {
    format: String,
    /// The address of the server, or `embedded`.
    pub(crate) target: String,
    pub(crate) salt: Salt,
}

impl Header {
    pub(crate) fn new(target: String, salt: Salt) -> Self {
        Self { format: FORMAT.to_owned(), target, salt }
    }

    /// Whether this version of the program can read the log.
    pub(crate) fn is_known(&self) -> bool {
        self.format == FORMAT
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Run {
    /// The start of the run, in milliseconds since 1970.
    pub(crate) at: u64,
    /// The salted fingerprint of the API key.
    pub(crate) key: String,
    /// Whether the user declared that all keys so far belong to one merchant.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) rotated: bool,
    /// The longest time that a call can take, in seconds.
    pub(crate) longest_call: u64,
    /// The path of the input; empty for standard input.
    pub(crate) input: String,
    /// The path of the results.
    pub(crate) results: String,
    /// How the input was read: a [`Profile`](crate::input::Profile) as JSON. Empty without settings.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) reading: String,
    /// The flag that makes another run read the customer ids as this run did.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) customer: String,
}

/// An attempt that is about to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(clippy::struct_field_names, reason = "`attempt` is a key in the lines of the log")]
pub(crate) struct Attempt {
    pub(crate) payee: PayeeHash,
    pub(crate) attempt: u32,
    /// When the attempt was logged, in milliseconds since 1970.
    pub(crate) at: u64,
    /// The amount of the penny drop in paise; 0 for a UPI address.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) paise: u32,
    /// Whether the customer's list proved that the previous attempt was not processed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) absent: bool,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(paise: &u32) -> bool {
    *paise == 0
}

/// The outcome of an attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct End {
    pub(crate) payee: PayeeHash,
    /// The number of the attempt, starting at 1.
    pub(crate) attempt: u32,
    /// When the call ended. Set only if the local clock agreed with the server's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) at: Option<u64>,
    /// When the outcome was recorded, by the local clock, even if the clock was wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) recorded: Option<u64>,
    pub(crate) record: Record,
}

/// The files that a run, or the command `results`, wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Close {
    pub(crate) at: u64,
    /// The SHA-256 of the results, if they were written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) results: Option<String>,
    /// The SHA-256 of the file of rows that still need work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) rest: Option<String>,
    /// The number of syncs to disk in the run.
    pub(crate) syncs: u64,
}

/// Identifies a payee: salted hashes of the customer, and of the account or UPI address. Each half depends on one of
/// them only, so a corrected account of a customer can be recognized, and so can an account with another customer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct PayeeHash {
    pub(crate) customer: u64,
    pub(crate) account: u64,
}

/// Random bytes that every hash of a log includes, so that the hashes of two logs cannot be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Salt(u128);

impl Salt {
    /// Generates a salt. The randomness comes from the operating system, through the keys of the standard library's
    /// hasher.
    pub(crate) fn random() -> Self {
        let [first, second] = [(); 2].map(|()| u128::from(RandomState::new().hash_one(())));
        Self(first << 64 | second)
    }

    /// Hashes the payee of a row. `account` is the IFSC and account number, or the UPI address.
    pub(crate) fn payee(&self, customer: &str, account: &str) -> PayeeHash {
        PayeeHash { customer: self.hash("customer", customer), account: self.hash("account", account) }
    }

    /// A fingerprint that distinguishes API keys or customer ids without revealing them.
    pub(crate) fn fingerprint(&self, key: &str) -> String {
        format!("{:016x}", self.hash("key", key))
    }

    /// Hashes text of a kind, such as `customer`. The same text of another kind has another hash.
    fn hash(&self, kind: &str, text: &str) -> u64 {
        half(Sha256::new().chain_update(self.0.to_be_bytes()).chain_update(kind).chain_update([0]).chain_update(text))
    }
}

fn half(hash: Sha256) -> u64 {
    hash.finalize().iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

impl fmt::Display for PayeeHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}{:016x}", self.customer, self.account)
    }
}

impl Serialize for PayeeHash {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PayeeHash {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = number(deserializer)?.to_be_bytes();
        let half = |bytes: &[u8]| bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte));
        Ok(Self { customer: half(&number[..8]), account: half(&number[8..]) })
    }
}

impl Serialize for Salt {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:032x}", self.0))
    }
}

impl<'de> Deserialize<'de> for Salt {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        number(deserializer).map(Self)
    }
}

/// Parses 32 hexadecimal digits.
fn number<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<u128, D::Error> {
    let text = <&str>::deserialize(deserializer)?;
    let number = u128::from_str_radix(text, 16).ok().filter(|_| text.len() == 32);
    number.ok_or_else(|| serde::de::Error::custom("not 32 hexadecimal digits"))
}

/// Converts a time to milliseconds since 1970, the unit of times in the log.
pub(crate) fn millis(time: SystemTime) -> u64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO);
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// The sequence number of the next line, and the checksum of the last line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Chain {
    pub(crate) next: u64,
    sum: u64,
}

impl Chain {
    /// Appends a line with its line break to `out`. After an error, `out` has a part of the line or all of it, and the
    /// chain is unchanged.
    pub(crate) fn seal(&mut self, event: &Event, out: &mut Vec<u8>) -> io::Result<()> {
        let start = out.len();
        out.extend_from_slice(self.prefix().as_bytes());
        serde_json::to_writer(&mut *out, event)?;
        let after = self.after(&out[start..]);
        out.extend_from_slice(after.suffix().as_bytes());
        out.push(b'\n');
        if out.len() - start > LONGEST {
            return Err(io::Error::other("a line of the log would be too long"));
        }
        *self = after;
        Ok(())
    }

    /// Reads the next line, without its line break. Returns `None` if the line does not continue the chain exactly.
    pub(crate) fn open(&mut self, line: &[u8]) -> Option<Event> {
        let body = line.len().checked_sub(SUFFIX)?;
        let (body, suffix) = line.split_at(body);
        let after = self.after(body);
        let event = body.strip_prefix(self.prefix().as_bytes())?;
        if suffix != after.suffix().as_bytes() {
            return None;
        }
        let event = parse(event)?;
        *self = after;
        Some(event)
    }

    fn prefix(&self) -> String {
        format!("{{\"seq\":{},\"event\":", self.next)
    }

    fn suffix(&self) -> String {
        format!(",\"sum\":\"{:016x}\"}}", self.sum)
    }

    fn after(&self, body: &[u8]) -> Self {
        let sum = half(Sha256::new().chain_update(self.sum.to_be_bytes()).chain_update(body));
        Self { next: self.next + 1, sum }
    }
}

/// Reads the event of a line without verifying the checksum. The line may include its line break.
pub(super) fn event_of(line: &[u8]) -> Option<Event> {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let body = line.get(..line.len().checked_sub(SUFFIX)?)?;
    let start = body.windows(9).position(|window| window == b",\"event\":")?;
    parse(&body[start + 9..])
}

/// Parses an event. The whole text is checked to be UTF-8, because checking each string in it takes longer.
fn parse(event: &[u8]) -> Option<Event> {
    serde_json::from_str(str::from_utf8(event).ok()?).ok()
}

/// The length of `,"sum":"0123456789abcdef"}`.
const SUFFIX: usize = 26;

#[cfg(test)]
mod tests;
