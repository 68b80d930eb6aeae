//! `completions` and `man`: print files that a package installs with the program.

use std::io::{self, IsTerminal as _};

use clap::{Command, CommandFactory as _};
use clap_complete::Shell;
use clap_mangen::Man;

use crate::Cli;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::{Failure, Problem};
use crate::help::{self, full, unabridged};

/// Print the completions for a shell
#[derive(Debug, clap::Args)]
pub(crate) struct Completions {
    /// bash, elvish, fish, powershell or zsh
    #[arg(value_enum, hide_possible_values = true)]
    shell: Shell,
}

/// Print the manual of a command
///
/// On a terminal, the manual is plain text; in a file or a pipe, a man page.
#[derive(Debug, clap::Args)]
pub(crate) struct Manual {
    /// Command to describe [default: the program]
    command: Option<String>,
}

impl Completions {
    pub(crate) fn run(&self, console: Console) -> Result<Exit, Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "juspay-accounts", &mut script);
        print(console, &script)
    }
}

impl Manual {
    pub(crate) fn run(&self, console: Console) -> Result<Exit, Failure> {
        let mut program = unabridged(Cli::command());
        program.build();
        let mut page = match &self.command {
            None => program,
            Some(name) => match program.find_subcommand(name) {
                Some(command) => command.clone(),
                None => return Err(Failure::input(vec![no_page(&program)])),
            },
        };
        if io::stdout().is_terminal() {
            return print(console, page.render_long_help().to_string().as_bytes());
        }
        let sections = sections(&full(page.get_name()));
        let mut text = Vec::new();
        Man::new(page.after_help(None).after_long_help(None))
            .source(concat!("juspay-accounts ", env!("CARGO_PKG_VERSION")))
            .render(&mut text)
            .map_err(|error| Failure::caused(Exit::Usage, "the manual cannot be written", &error))?;
        text.extend(sections.into_bytes());
        print(console, &text)
    }
}

/// Formats the text after the options as sections of a man page. Only long lines are wrapped, because short lines
/// belong to tables and examples.
fn sections(text: &str) -> String {
    let section = |line: &str| {
        let words = line.trim_start();
        let indent = " ".repeat((line.len() - words.len()).saturating_sub(2));
        let words = words.replace('\\', "\\e").replace('-', "\\-");
        match line.strip_suffix(':') {
            _ if line.is_empty() => ".PP\n".to_owned(),
            Some(heading) if !line.starts_with(' ') => format!(".SH {}\n", heading.to_uppercase()),
            _ if line.len() > help::WIDTH => format!("\\&{words}\n"),
            _ => format!(".nf\n\\&{indent}{words}\n.fi\n"),
        }
    };
    text.lines().map(section).collect()
}

fn no_page(program: &Command) -> Problem {
    let names: Vec<_> = program.get_subcommands().map(Command::get_name).collect();
    Problem::new("COMMAND", &format!("unknown command; the commands are {}", names.join(", ")))
}

fn print(console: Console, text: &[u8]) -> Result<Exit, Failure> {
    console.text(Exit::Usage, |out| out.write_all(text)).map(|_| Exit::Active)
}
