//! Stores pairs in YAML as a list of maps with one entry each. The list keeps their order and duplicate names.

use std::collections::BTreeMap;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serializer};

/// A name and a value, in the order of the page.
pub type Pair = (String, String);

pub(crate) fn serialize<S: Serializer>(pairs: &[Pair], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(pairs.iter().map(|(name, value)| BTreeMap::from([(name, value)])))
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Pair>, D::Error> {
    let maps = Vec::<BTreeMap<String, String>>::deserialize(deserializer)?;
    let pair = |map: BTreeMap<String, String>| {
        let mut entries = map.into_iter();
        match (entries.next(), entries.next()) {
            (Some(pair), None) => Ok(pair),
            _ => Err(D::Error::custom("each item of the list must be one name with its value")),
        }
    };
    maps.into_iter().map(pair).collect()
}
