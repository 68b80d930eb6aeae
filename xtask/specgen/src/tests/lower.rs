//! Lowers the files of `lower/`.

use std::fmt::Write as _;

use crate::lower::lower;
use crate::{Replacement, Target};

#[test]
fn unsupported_constructs_are_lowered() {
    let table = ["Replaced", "ReplacedState"].map(|schema| Replacement {
        schema: schema.to_owned(),
        path: format!("::shop::{schema}"),
        text: true,
    });
    let mut all = String::new();
    for (file, text) in super::files("lower") {
        let lowered = lower(&serde_yaml::from_slice(&text).unwrap(), &table, Target::Client);
        write!(all, "## {file}\n{}---\n", serde_yaml::to_string(&lowered.document).unwrap()).unwrap();
        for Replacement { schema, path, .. } in &lowered.replacements {
            writeln!(all, "{schema} is {path}").unwrap();
        }
        for open in &lowered.open_enums {
            let variants: Vec<_> =
                open.variants.iter().map(|variant| format!("{} = {}", variant.name, variant.value)).collect();
            writeln!(all, "open enum {} {:?}: {}, {}", open.name, open.description, variants.join(", "), open.other)
                .unwrap();
        }
        writeln!(all, "can grow: {:?}; only received: {:?}", lowered.received.can_grow, lowered.received.only).unwrap();
    }
    insta::assert_snapshot!(all);
}
