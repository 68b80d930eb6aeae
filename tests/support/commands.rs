//! Checks commands in the documentation against the programs that they call: the flags exist, and so do the names of
//! the workspace that they mention. Nothing is run.

use std::collections::BTreeSet;

use cargo_metadata::{Metadata, MetadataCommand, Target, TargetKind};
use clap::CommandFactory as _;
use clap::error::ErrorKind;
use juspay_accounts_cli::Cli;

use crate::root;
pub use tasks::Arguments;

/// The command line of `cargo xtask`. It is included as a file, so that no test links the generator.
#[path = "../../xtask/src/arguments.rs"]
mod tasks;

/// Programs of others. Only their names are checked.
const OTHERS: [&str; 10] = ["cd", "cp", "curl", "export", "git", "head", "node", "npm", "python3", "rustup"];

/// Tasks of cargo and its extensions.
const CARGO: [&str; 22] = [
    "add",
    "bench",
    "build",
    "check",
    "clippy",
    "deny",
    "doc",
    "fmt",
    "fuzz",
    "hack",
    "insta",
    "install",
    "machete",
    "mutants",
    "package",
    "publish",
    "run",
    "search",
    "semver-checks",
    "test",
    "tree",
    "update",
];

/// How much of a command a document shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// All of it: the command can be run unchanged.
    Whole,
    /// Perhaps only its beginning, as in a sentence.
    Part,
}

/// The packages of the workspace, and their targets and features.
pub struct Workspace(pub Metadata);

impl Workspace {
    /// Reads the workspace with cargo.
    ///
    /// # Panics
    /// Cargo cannot read the workspace.
    pub fn load() -> Self {
        let metadata = MetadataCommand::new().current_dir(root()).no_deps().exec();
        Self(metadata.expect("cargo reads the workspace"))
    }

    /// Whether a package has this name, or begins with it if it ends in an asterisk.
    fn has_package(&self, name: &str) -> bool {
        let start = name.strip_suffix('*');
        let is_meant = |own: &str| start.map_or(own == name, |start| own.starts_with(start));
        self.0.packages.iter().any(|package| is_meant(package.name.as_str()))
    }

    fn has_target(&self, kind: &str, name: &str) -> bool {
        let matches = |target: &Target| target.name == name && target.kind.contains(&TargetKind::from(kind));
        self.0.packages.iter().flat_map(|package| &package.targets).any(matches)
    }

    fn has_feature(&self, name: &str) -> bool {
        self.0.packages.iter().any(|package| package.features.contains_key(name))
    }

    /// Checks the commands of a shell script.
    ///
    /// # Errors
    /// A command or flag does not exist, or names something that does not exist.
    pub fn check(&self, script: &str, extent: Extent) -> Result<(), String> {
        let script = script.replace("\\\n", " ");
        for line in script.lines() {
            let line = line.trim().strip_prefix("$ ").unwrap_or(line.trim());
            let words = shlex::split(line).ok_or_else(|| format!("`{line}` is not a shell command"))?;
            for command in words.split(|word| ["|", "&&", "||", ";"].contains(&word.as_str())) {
                // Leaves out redirections, and variables that are set for this command.
                let redirected = command.iter().position(|word| word.starts_with(['>', '<'])).unwrap_or(command.len());
                let command = &command[..redirected];
                let set = command.iter().take_while(|word| is_assignment(word)).count();
                if let Some((program, arguments)) = command[set..].split_first() {
                    self.command(program, arguments, extent).map_err(|error| format!("`{line}`: {error}"))?;
                }
            }
        }
        Ok(())
    }

    fn command(&self, program: &str, arguments: &[String], extent: Extent) -> Result<(), String> {
        match program {
            "cargo" => self.cargo(arguments, extent),
            "juspay-accounts" => parse(&Cli::command(), program, arguments, extent),
            _ if OTHERS.contains(&program) => Ok(()),
            _ if program.contains('/') && root().join(program).exists() => Ok(()),
            _ => Err(format!("`{program}` is unknown; add it to tests/support/commands.rs")),
        }
    }

    fn cargo(&self, arguments: &[String], extent: Extent) -> Result<(), String> {
        let Some((task, arguments)) = arguments.split_first() else { return Ok(()) };
        if task == "xtask" {
            return parse(&Arguments::command(), "cargo xtask", arguments, extent);
        }
        if !CARGO.contains(&task.as_str()) {
            return Err(format!("`cargo {task}` is unknown; add the task to tests/support/commands.rs"));
        }
        let end = arguments.iter().position(|word| word == "--").unwrap_or(arguments.len());
        let (own, program) = arguments.split_at(end);
        let mut package = None;
        for (flag, value) in own.iter().zip(own.iter().skip(1)) {
            let known = match flag.as_str() {
                "-p" | "--package" => {
                    package = Some(value.as_str());
                    self.has_package(value)
                }
                "--bench" | "--bin" | "--example" | "--test" => self.has_target(&flag[2..], value),
                "--features" => value.split(',').all(|feature| self.has_feature(feature)),
                "--path" | "--manifest-path" => root().join(value).exists(),
                _ => true,
            };
            if !known {
                return Err(format!("there is no `{value}` for `{flag}`"));
            }
        }
        match program.split_first() {
            Some((_, program)) if task == "run" && package == Some("juspay-accounts-cli") => {
                parse(&Cli::command(), "juspay-accounts", program, extent)
            }
            _ => Ok(()),
        }
    }
}

/// The long flags of our own programs, including those of all subcommands.
pub fn flags() -> BTreeSet<String> {
    fn collect(command: &clap::Command, flags: &mut BTreeSet<String>) {
        flags.extend(command.get_arguments().filter_map(clap::Arg::get_long).map(|flag| format!("--{flag}")));
        for command in command.get_subcommands() {
            collect(command, flags);
        }
    }
    let mut flags = BTreeSet::from(["--help".to_owned(), "--version".to_owned()]);
    collect(&Cli::command(), &mut flags);
    collect(&Arguments::command(), &mut flags);
    flags
}

fn parse(program: &clap::Command, name: &str, arguments: &[String], extent: Extent) -> Result<(), String> {
    let words = std::iter::once(name).chain(arguments.iter().map(String::as_str));
    let Err(error) = program.clone().try_get_matches_from(words) else { return Ok(()) };
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Ok(()),
        ErrorKind::MissingRequiredArgument
        | ErrorKind::MissingSubcommand
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
            if extent == Extent::Part =>
        {
            Ok(())
        }
        _ => Err(error.to_string()),
    }
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
    })
}
