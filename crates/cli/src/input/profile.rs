//! The user's settings for a file: which column has which value, and which values are set for all rows.

use std::collections::BTreeMap;
use std::path::Path;

use juspay_accounts_validation::Amount;
use serde::{Deserialize, Serialize};

use super::columns::Column;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::text::quoted;

/// The default limit of a penny drop, in paise. Normally, a penny drop pays one rupee.
const MAX_PAISE: u64 = 10_00;

/// How to read a file. The log stores these settings, so that the command `results` reads the file in the same way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Profile {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sheet: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) delimiter: Option<char>,
    /// Whether values are repaired: `--clean`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) clean: bool,
    /// The header of the column for each value. An empty header means that the file has no such column.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) columns: BTreeMap<Column, String>,
    /// The limit of a penny drop, in rupees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) max_amount: Option<Amount>,
    /// Values that are set for all rows. They can be composed from other values: `emp-{reference}`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) set: BTreeMap<Column, String>,
}

impl Profile {
    pub(super) fn max_paise(&self) -> u64 {
        self.max_amount.map_or(MAX_PAISE, Amount::paise)
    }

    /// Reads a file that [`write`](Self::write) wrote.
    ///
    /// # Errors
    /// The file cannot be read, is not a profile, or sets the amount.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let name = path.display();
        let file = quoted(&name.to_string());
        let bytes = std::fs::read(path).map_err(|error| {
            let failure = Failure::caused(Exit::Usage, format!("{name} cannot be read; nothing was sent"), &error);
            failure.next(format!("juspay-accounts columns FILE --profile {file} writes it"))
        })?;
        let profile = Self::parse(&bytes).map_err(|problem| {
            let next =
                "correct it, choose another file, or write a new one: juspay-accounts columns FILE --profile NEW.toml";
            Failure::new(Exit::Usage, format!("{name} is not a profile: {problem}")).next(next)
        })?;
        if profile.set.contains_key(&Column::Amount) {
            return Err(Failure::new(
                Exit::Usage,
                format!("{name}: a profile cannot set the amount; remove it from `set`"),
            ));
        }
        Ok(profile)
    }

    fn parse(bytes: &[u8]) -> Result<Self, String> {
        let text = str::from_utf8(bytes).map_err(|_| "it is not a text file")?;
        toml::from_str(text).map_err(|error: toml::de::Error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            format!("line {}: {}", 1 + before.matches('\n').count(), error.message())
        })
    }

    pub(crate) fn write(&self, path: &Path) -> Result<(), Failure> {
        let cannot = |error: &(dyn std::error::Error + 'static)| {
            Failure::caused(Exit::Usage, format!("{} cannot be written", path.display()), error)
        };
        let text = toml::to_string(self).map_err(|error| cannot(&error))?;
        let text = format!("# How to read a file of payees. Written by `juspay-accounts columns`.\n{text}");
        std::fs::write(path, text).map_err(|error| cannot(&error))
    }

    /// The settings as JSON for the log; empty if there are none.
    pub(crate) fn to_json(&self) -> String {
        if *self == Self::default() { String::new() } else { serde_json::to_string(self).unwrap_or_default() }
    }

    /// Parses the text that [`to_json`](Self::to_json) wrote.
    ///
    /// # Errors
    /// A later version of the program wrote the text.
    pub(crate) fn from_json(text: &str) -> Result<Self, Failure> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        let cannot = |error| {
            Failure::caused(Exit::Usage, "the settings in the log are from a later version of this program", &error)
                .next("run the command with the version of the program that made the last run")
        };
        serde_json::from_str(text).map_err(cannot)
    }
}
