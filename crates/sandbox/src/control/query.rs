//! Query parameters.

use std::ops::RangeInclusive;

use super::refused::Refused;
use crate::read;

/// Query parameters, each at most once.
pub(super) struct Query(Vec<(String, String)>);

impl Query {
    /// Parses a query, and refuses unknown parameters, because a filter with a misspelled name would filter nothing.
    pub(super) fn new(query: Option<&str>, known: &[&str]) -> Result<Self, Refused> {
        let pairs = read::form(query.unwrap_or_default().as_bytes())
            .map_err(|problem| Refused::invalid(format!("the query cannot be read: {}", problem.reason)))?;
        for (number, (name, _)) in pairs.iter().enumerate() {
            if !known.contains(&name.as_str()) {
                return Err(Refused::invalid(format!("unknown parameter; expected {}", known.join(", "))));
            }
            if pairs.iter().take(number).any(|(other, _)| other == name) {
                return Err(Refused::invalid(format!("{name} is there more than once")));
            }
        }
        Ok(Self(pairs))
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// A whole number within limits.
    pub(super) fn number(&self, name: &str, limits: RangeInclusive<u64>) -> Result<Option<u64>, Refused> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let is_digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        match text.parse() {
            Ok(number) if is_digits && limits.contains(&number) => Ok(Some(number)),
            _ => {
                let (least, most) = (limits.start(), limits.end());
                Err(Refused::invalid(format!("{name} is a whole number from {least} to {most}")))
            }
        }
    }

    /// The id of a customer: any text of valid length.
    pub(super) fn customer(&self) -> Result<Option<&str>, Refused> {
        match self.text("customer_id") {
            Some(id) if !(1..=255).contains(&id.chars().count()) => {
                Err(Refused::invalid("customer_id has 1 to 255 characters"))
            }
            id => Ok(id),
        }
    }
}
