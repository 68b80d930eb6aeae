//! Parses the command line with clap. clap's errors quote arguments that clap does not understand, such as part of an
//! unquoted name, or an account number without its flag. Such words are masked before an error is printed, unless they
//! are probably a mistyped flag or command.

use std::ffi::{OsStr, OsString};

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue};
use clap::{ColorChoice, CommandFactory as _, FromArgMatches as _};

use crate::Cli;

impl Cli {
    /// Parses the arguments, which start with the program's name.
    ///
    /// # Errors
    /// The arguments are invalid, or ask for help or the version. Print the error with [`clap::Error::exit`].
    pub fn read(args: impl IntoIterator<Item = OsString>) -> Result<Self, clap::Error> {
        let args: Vec<_> = args.into_iter().collect();
        // The arguments are searched for `--color` first, because clap can print help and errors before it parses the
        // flag.
        let mut command = Self::command().color(color(&args));
        let matches = command.try_get_matches_from_mut(args).map_err(mask)?;
        Self::from_arg_matches(&matches).map_err(|error| mask(error.format(&mut command)))
    }
}

fn color(args: &[OsString]) -> ColorChoice {
    let values = args.iter().zip(args.iter().skip(1).map(Some).chain([None])).filter_map(|(arg, next)| {
        let arg = arg.to_str()?;
        if arg == "--color" { next.map(OsString::as_os_str) } else { arg.strip_prefix("--color=").map(OsStr::new) }
    });
    match values.last().and_then(OsStr::to_str) {
        Some("always") => ColorChoice::Always,
        Some("never") => ColorChoice::Never,
        _ => ColorChoice::Auto,
    }
}

/// Masks words that may be secrets, and removes suggestions made from them.
fn mask(mut error: clap::Error) -> clap::Error {
    let mut masked = false;
    for kind in
        [ContextKind::InvalidArg, ContextKind::InvalidSubcommand, ContextKind::InvalidValue, ContextKind::TrailingArg]
    {
        let Some(ContextValue::String(word)) = error.get(kind) else { continue };
        if !is_typo(kind, word) {
            error.insert(kind, ContextValue::String("****".to_owned()));
            masked = true;
        }
    }
    if masked && error.get(ContextKind::Suggested).is_some() {
        error.remove(ContextKind::Suggested);
    }
    if masked && error.kind() == clap::error::ErrorKind::UnknownArgument {
        let tip = "quote a value or a file name with spaces, such as --bank-account 'IFSC:ACCOUNT:First Last'; \
                   name only one file; put a value that starts with a hyphen after --";
        let tip = StyledStr::from(tip);
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip]));
    }
    error
}

/// Whether a word can be shown: it has the form of a flag, or is a short word in the place of the command. An account,
/// a UPI address and a key have other characters, and a name has capital letters.
fn is_typo(kind: ContextKind, word: &str) -> bool {
    let is_word = |text: &str, longest: usize| {
        text.len() <= longest && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
    };
    match kind {
        // clap shows a known argument with its value name: `--upi <VPA>`.
        ContextKind::InvalidArg => word.starts_with('<') || word.starts_with('-') && is_word(flag_name(word), 24),
        ContextKind::InvalidSubcommand => is_word(word, 15),
        // Without a value, clap reports an empty one.
        _ => word.is_empty(),
    }
}

fn flag_name(word: &str) -> &str {
    word.split([' ', '=', '<', '[']).next().unwrap_or_default()
}
