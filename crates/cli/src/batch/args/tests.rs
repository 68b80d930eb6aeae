use super::MORE;
use crate::input::Column;
use crate::log::Outcome;

#[test]
fn help_names_every_column_and_outcome() {
    let words: Vec<_> = MORE.split(|letter: char| !letter.is_alphanumeric() && letter != '_').collect();
    for (_, name) in Column::ALL {
        assert!(words.contains(&name), "{name}");
    }
    for outcome in Outcome::ALL {
        let name = serde_json::to_value(outcome).unwrap();
        assert!(words.contains(&name.as_str().unwrap()), "{name}");
    }
}
