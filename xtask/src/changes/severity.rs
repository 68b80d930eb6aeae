//! How much a change matters to somebody who calls the API today.

use std::fmt;

use super::{Side, type_of};
use crate::facts::is_mandatory;
use crate::facts::tree::{Kind, Node};

/// How much a change matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// What worked may work no more, or do something else.
    Breaking,
    /// Facts are others, and what worked goes on working.
    Additive,
    /// The facts are the same: their order, spelling or wording has changed.
    Cosmetic,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Breaking => "breaking",
            Self::Additive => "additive",
            Self::Cosmetic => "cosmetic",
        })
    }
}

fn breaking_if(breaking: bool) -> Severity {
    if breaking { Severity::Breaking } else { Severity::Additive }
}

/// Something is new: it breaks a caller who must send it, or who has it taken for what is not sent.
pub(super) fn added(node: &Node, side: Side) -> Severity {
    let mandatory = |node: &Node| node.child("required").and_then(|tag| tag.value.as_deref()).is_some_and(is_mandatory);
    breaking_if(match node.kind {
        Kind::Authorization | Kind::FixedValue => true,
        Kind::Header | Kind::PathParameter | Kind::QueryParameter | Kind::BodyParameter => mandatory(node),
        Kind::Required => side == Side::Request && node.value.as_deref().is_some_and(is_mandatory),
        // A value that was free may be so no more.
        Kind::PossibleValues => side == Side::Request,
        _ => false,
    })
}

/// Something is gone: it breaks a caller who sends it, or who waits for it.
pub(super) fn removed(node: &Node, side: Side) -> Severity {
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
        // It may not be sent any more.
        Kind::Required => side == Side::Answer && node.value.as_deref().is_some_and(is_mandatory),
        Kind::SampleField => side == Side::Answer,
        _ => false,
    })
}

pub(super) fn renamed(kind: Kind) -> Severity {
    breaking_if(!matches!(kind, Kind::SampleRequest | Kind::SampleResponse | Kind::Endpoint | Kind::Link))
}

/// The page says something else of it.
pub(super) fn changed(kind: Kind, side: Side, before: &str, after: &str) -> Severity {
    match kind {
        Kind::Required => match (is_mandatory(before), is_mandatory(after)) {
            (false, true) => breaking_if(side == Side::Request),
            (true, false) => breaking_if(side == Side::Answer),
            _ => Severity::Cosmetic,
        },
        // `string` and `String` are one type.
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
        Kind::SampleField => breaking_if(type_of(before) != type_of(after)),
        _ => Severity::Additive,
    }
}
