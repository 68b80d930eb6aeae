//! Runs progenitor on a lowered spec.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use openapi_doc::Problem;
use openapiv3::OpenAPI;
use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle, TypeImpl, TypePatch};
use serde_json::Value;

use crate::lower::Lowered;
use crate::names::type_name;
use crate::settings::{MODULE, Settings, Target};

mod blame;
mod duplicates;

/// The generator and its version, as generated files name it.
pub(crate) const GENERATOR: &str = "progenitor 0.15.1";

/// Runs the generator. Each of its errors and panics is reported at the part of the spec that causes it.
pub(crate) fn generate(lowered: &Lowered, settings: &Settings, target: Target) -> Result<syn::File, Vec<Problem>> {
    let attempt = |part: &Value| attempt(lowered, part, settings, target);
    attempt(&lowered.document).map_err(|message| blame::blame(&lowered.document, &message, |part| attempt(part).err()))
}

fn attempt(lowered: &Lowered, spec: &Value, settings: &Settings, target: Target) -> Result<syn::File, String> {
    let spec: OpenAPI = serde_json::from_value(spec.clone()).map_err(|error| error.to_string())?;
    let tokens = quietly(|| {
        let mut generator = Generator::new(&generation_settings(lowered, settings, target)?);
        match target {
            Target::Client => generator.generate_tokens(&spec),
            Target::Mock => generator.httpmock(&spec, &outside(MODULE, settings)),
        }
        .map_err(|error| error.to_string())
    })??;
    let code: syn::File =
        syn::parse2(tokens).map_err(|error| format!("the generated code cannot be parsed: {error}"))?;
    duplicates::check(&code.items)?;
    Ok(code)
}

fn generation_settings(lowered: &Lowered, settings: &Settings, target: Target) -> Result<GenerationSettings, String> {
    let mut generation = GenerationSettings::new();
    generation.with_interface(InterfaceStyle::Builder).with_derive("PartialEq");
    if let Some(inner) = settings.inner_type {
        generation.with_inner_type(inner.parse().map_err(|error| format!("`{inner}` is not a type: {error}"))?);
        generation.with_hooks(HooksMode::Expected);
    }
    for replacement in &lowered.replacements {
        let traits: &[TypeImpl] = if replacement.text { &[TypeImpl::Display, TypeImpl::FromStr] } else { &[] };
        let path = match target {
            Target::Client => replacement.path.clone(),
            Target::Mock => outside(&replacement.path, settings),
        };
        generation.with_replacement(type_name(&replacement.schema), path, traits.iter().copied());
    }
    let mut can_grow = TypePatch::default();
    can_grow.with_attr("#[non_exhaustive]");
    for name in &lowered.received.can_grow {
        generation.with_patch(name, &can_grow);
    }
    Ok(generation)
}

/// A path of the client's crate, as seen from the mock's crate.
fn outside(path: &str, settings: &Settings) -> String {
    path.replace("crate::", &format!("{}::", settings.client_crate))
}

/// Runs `work`. A panic becomes an error with its message, and is not printed.
fn quietly<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    thread_local!(static QUIET: Cell<bool> = const { Cell::new(false) });
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                usual(info);
            }
        }));
    });
    QUIET.set(true);
    let result = catch_unwind(AssertUnwindSafe(work));
    QUIET.set(false);
    result.map_err(|payload| {
        let text = payload.downcast_ref::<String>().map(String::as_str);
        text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("it gave no reason").to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generator_version_is_the_locked_one() {
        let lock = include_str!("../../../Cargo.lock");
        let (name, version) = GENERATOR.split_once(' ').unwrap();
        assert!(lock.contains(&format!("name = \"{name}\"\nversion = \"{version}\"")));
    }
}
