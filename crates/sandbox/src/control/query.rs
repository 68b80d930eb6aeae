use std::ops::RangeInclusive;

use crate::read;
use crate::refusal::Refusal;

/// The parameters of a query. Each occurs at most once.
pub(super) struct Query(Vec<(String, String)>);

impl Query {
    /// Parses a query. Unknown parameters are refused, because a filter with a misspelled name would have no effect.
    pub(super) fn new(query: Option<&str>, known: &[&str]) -> Result<Self, Refusal> {
        let pairs = read::parse_form(query.unwrap_or_default().as_bytes())
            .map_err(|problem| Refusal::bad_request(format!("The query cannot be read: {}.", problem.reason)))?;
        for (number, (name, _)) in pairs.iter().enumerate() {
            if !known.contains(&name.as_str()) {
                return Err(Refusal::bad_request(format!(
                    "A parameter is unknown. The known parameters are {}.",
                    known.join(", ")
                )));
            }
            if pairs.iter().take(number).any(|(other, _)| other == name) {
                return Err(Refusal::bad_request(format!("{name} occurs more than once.")));
            }
        }
        Ok(Self(pairs))
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// Returns a parameter that is a whole number within limits.
    pub(super) fn number(&self, name: &str, limits: RangeInclusive<u64>) -> Result<Option<u64>, Refusal> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let is_digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        match text.parse() {
            Ok(number) if is_digits && limits.contains(&number) => Ok(Some(number)),
            _ => {
                let (least, most) = (limits.start(), limits.end());
                Err(Refusal::bad_request(format!("{name} must be a whole number from {least} to {most}.")))
            }
        }
    }

    /// Returns the parameter `customer_id`, which is checked for its length only.
    pub(super) fn customer(&self) -> Result<Option<&str>, Refusal> {
        match self.text("customer_id") {
            Some(id) if !(1..=255).contains(&id.chars().count()) => {
                Err(Refusal::bad_request("customer_id must have 1 to 255 characters."))
            }
            id => Ok(id),
        }
    }
}
