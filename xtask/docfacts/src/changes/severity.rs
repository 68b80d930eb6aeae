use openapi_doc::type_of;

use crate::FactPath;
use crate::page::is_mandatory;
use crate::tree::{Kind, Node, json};

/// How much a change matters to existing callers of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// A call that worked may stop working, or do something else.
    Breaking,
    /// Facts have changed, but calls that worked still work.
    Additive,
    /// The facts are the same, but their order, spelling or wording has changed.
    Cosmetic,
}

/// Whether the fact is about what the server sends. A change that breaks requests may be harmless in responses.
fn is_received(node: &Node) -> bool {
    let root = FactPath::default();
    [root.join("responses"), root.join("samples").join("responses")].iter().any(|part| node.path.is_below(part))
}

fn breaking_if(breaking: bool) -> Severity {
    if breaking { Severity::Breaking } else { Severity::Additive }
}

/// The severity of an addition. An addition breaks callers who must send what is new, or who could choose a value
/// freely before.
pub(super) fn added(node: &Node) -> Severity {
    breaking_if(match node.kind {
        Kind::Authorization | Kind::FixedValue => true,
        Kind::Header | Kind::PathParameter | Kind::QueryParameter | Kind::BodyParameter => {
            node.child("required").is_some_and(|tag| is_mandatory(tag.said()))
        }
        Kind::Required => !is_received(node) && is_mandatory(node.said()),
        // A value that was free may now be limited.
        Kind::PossibleValues => !is_received(node),
        _ => false,
    })
}

/// The severity of a removal. A removal breaks callers who send, read or rely on what is removed.
pub(super) fn removed(node: &Node) -> Severity {
    breaking_if(match node.kind {
        Kind::Authorization
        | Kind::Endpoint
        | Kind::Header
        | Kind::PathParameter
        | Kind::QueryParameter
        | Kind::BodyParameter
        | Kind::DefaultValue
        | Kind::PossibleValue
        | Kind::Type
        | Kind::Response
        | Kind::ResponseField
        | Kind::ErrorField => true,
        // The field may be missing from now on.
        Kind::Required => is_received(node) && is_mandatory(node.said()),
        Kind::SampleField => is_received(node),
        _ => false,
    })
}

pub(super) fn renamed(kind: Kind) -> Severity {
    breaking_if(!matches!(kind, Kind::SampleRequest | Kind::SampleResponse | Kind::Endpoint | Kind::Link))
}

pub(super) fn changed(node: &Node, after: &str) -> Severity {
    let before = node.said();
    match node.kind {
        Kind::Required => match (is_mandatory(before), is_mandatory(after)) {
            (false, true) => breaking_if(!is_received(node)),
            (true, false) => breaking_if(is_received(node)),
            _ => Severity::Cosmetic,
        },
        // `string` and `String` are the same type.
        Kind::Type if before.eq_ignore_ascii_case(after) => Severity::Cosmetic,
        Kind::Type
        | Kind::ApiVersion
        | Kind::Method
        | Kind::Endpoint
        | Kind::Authorization
        | Kind::FixedValue
        | Kind::DefaultValue
        | Kind::SampleMethod
        | Kind::SampleUrl
        | Kind::SampleStatus => Severity::Breaking,
        Kind::SampleField => breaking_if(json_type(before) != json_type(after)),
        _ => Severity::Additive,
    }
}

/// The type of a value within the JSON of a sample.
pub(super) fn json_type(said: &str) -> &'static str {
    type_of(&json(said))
}
