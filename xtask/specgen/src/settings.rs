//! What a caller chooses.

/// The module in which a crate mounts the generated client.
pub const MODULE: &str = "crate::generated";

/// What a project adds to its spec.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Hand-written types that replace generated ones.
    pub replacements: Vec<Replacement>,
    /// Path of a type that the client carries for its hooks. With one, the hooks must be implemented by hand.
    pub inner_type: Option<&'static str>,
    /// Name of the client's crate, as the crate of the mock sees it.
    pub client_crate: &'static str,
}

/// A schema component, and the Rust type that replaces it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// Name of the component.
    pub schema: String,
    /// Path of the type, as seen from the crate of the client.
    pub path: String,
    /// Whether the type implements `Display` and `FromStr`.
    pub text: bool,
}

/// What is generated. The two need the spec in slightly different forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The client. It leaves error bodies to the code around it.
    Client,
    /// Matchers and responses for a mock server, with typed error bodies.
    Mock,
}
