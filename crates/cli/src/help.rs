//! The texts of `--help`, which fits on one screen, and of the manual, which is complete.
//!
//! The first paragraph of an argument's doc comment is its line in `--help`; the manual has all paragraphs. After the
//! options comes the command's text in `help/`: in `--help` the part before the line `---`, in the manual all of it.

use clap::{Arg, Command};

/// The maximum width of a help text, in columns.
pub(crate) const WIDTH: usize = 79;

pub(crate) const PROGRAM: &str = "juspay-accounts";

/// Appends the command's text in `help/` to its help.
pub(crate) fn with_text(command: Command) -> Command {
    let (brief, full) = (brief(command.get_name()), full(command.get_name()));
    command.after_help(brief).after_long_help(full)
}

/// Returns the text that follows the options in `--help`.
pub(crate) fn brief(command: &str) -> String {
    let text = text(command);
    let (brief, _) = text.split_once("---\n").unwrap_or((text, ""));
    let more = match command {
        PROGRAM => "juspay-accounts COMMAND --help, juspay-accounts man COMMAND".to_owned(),
        "completions" | "man" => "juspay-accounts man".to_owned(),
        _ => format!("juspay-accounts man {command} (all options, results, exit codes)"),
    };
    format!("{brief}\nManual: {more}\n{}", guide(command))
}

/// Returns the text that follows the options in the manual.
pub(crate) fn full(command: &str) -> String {
    format!("{}\n{}", text(command).replace("---\n", "\n"), guide(command))
}

fn text(command: &str) -> &'static str {
    match command {
        "validate" => include_str!("help/validate.txt"),
        "create" => include_str!("help/create.txt"),
        "get" | "list" | "revalidate" | "delete" => include_str!("help/accounts.txt"),
        "check" => include_str!("help/check.txt"),
        "batch" => include_str!("help/batch.txt"),
        "columns" => include_str!("help/columns.txt"),
        "results" => include_str!("help/results.txt"),
        "sandbox" => include_str!("help/sandbox.txt"),
        "completions" => include_str!("help/completions.txt"),
        "man" => include_str!("help/man.txt"),
        _ => include_str!("help/program.txt"),
    }
}

fn guide(command: &str) -> String {
    let page = match command {
        PROGRAM | "completions" | "man" => "README",
        "sandbox" => "testers",
        _ => "operations",
    };
    format!("Guide:  docs/{page}.md in the repository")
}

/// Shows the options and values that `--help` hides, for the manual.
pub(crate) fn unabridged(program: Command) -> Command {
    let shown = |arg: Arg| arg.hide_short_help(false).hide_possible_values(false).hide_default_value(false);
    program.mut_args(shown).mut_subcommands(|command| command.mut_args(shown))
}

#[cfg(test)]
mod tests {
    use super::text;
    use crate::input::Column;
    use crate::log::Outcome;

    #[test]
    fn the_text_of_batch_names_every_column_and_outcome() {
        let text = text("batch");
        let words: Vec<_> = text.split(|letter: char| !letter.is_alphanumeric() && letter != '_').collect();
        for (_, name) in Column::ALL {
            assert!(words.contains(&name), "{name}");
        }
        for outcome in Outcome::ALL {
            let name = serde_json::to_value(outcome).unwrap();
            assert!(words.contains(&name.as_str().unwrap()), "{name}");
        }
    }
}
