//! Turns a correct spec into one that the generator can handle.
//!
//! Each limitation of progenitor 0.15 has one small pass, named after it. When progenitor supports a feature, its pass
//! is deleted and nothing else changes. If the generator cannot express a schema at all, a pass replaces it with a
//! plain one, and [`Lowered::replacements`] names the Rust type for it.

use serde_json::Value;

use crate::settings::{Replacement, Target};

mod additional_properties;
mod any_of;
mod error_bodies;
mod form_json;
mod lowered;
mod nullable_components;
pub(crate) mod open_enum;
mod strip;

pub(crate) use additional_properties::EXTRA;
pub(crate) use lowered::Lowered;
pub(crate) use open_enum::OpenEnum;

/// Runs the passes for a target on a spec that has passed the lint.
pub(crate) fn lower(document: &Value, replacements: &[Replacement], target: Target) -> Lowered {
    let mut lowered = Lowered::new(document.clone(), replacements);
    strip::apply(&mut lowered);
    additional_properties::apply(&mut lowered);
    form_json::apply(&mut lowered);
    open_enum::apply(&mut lowered);
    any_of::apply(&mut lowered);
    nullable_components::apply(&mut lowered);
    if target == Target::Client {
        error_bodies::apply(&mut lowered);
    }
    lowered
}
