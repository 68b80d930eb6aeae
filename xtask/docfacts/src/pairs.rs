//! Stores pairs in YAML as a list of maps with one entry each. The list keeps their order and duplicate names.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serializer};

/// A name and its value.
pub type Pair = (String, String);

pub(crate) fn serialize<S: Serializer>(pairs: &[Pair], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(pairs.iter().map(|(name, value)| BTreeMap::from([(name, value)])))
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Pair>, D::Error> {
    Ok(Vec::<BTreeMap<String, String>>::deserialize(deserializer)?.into_iter().flatten().collect())
}
