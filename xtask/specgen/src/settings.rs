//! What a project passes to this crate: its own types, and what to generate.

/// The module in which a crate mounts the generated client.
pub(crate) const MODULE: &str = "crate::generated";

/// What a project passes to this crate in addition to its spec.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Hand-written types that replace generated ones.
    pub replacements: Vec<Replacement>,
    /// The path of a type that the client contains for its hooks: functions that the generated client calls for each
    /// request. If a path is set, the hooks must be written by hand.
    pub inner_type: Option<&'static str>,
    /// The name of the client's crate, as seen from the mock's crate.
    pub client_crate: &'static str,
}

/// A schema component, and the Rust type that replaces it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// The name of the component.
    pub schema: String,
    /// The path of the type, as seen from the client's crate.
    pub path: String,
    /// Whether the type implements `Display` and `FromStr`.
    pub text: bool,
}

/// What to generate. The two targets need slightly different forms of the spec.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The client. The code around it handles error bodies.
    Client,
    /// Matchers and responses for a mock server, with typed error bodies.
    Mock,
}
