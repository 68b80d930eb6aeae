//! `completions` and `man`: files that a package installs with the program.

use clap::{Command, CommandFactory as _};
use clap_complete::Shell;
use clap_mangen::Man;

use crate::Cli;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::{Failure, Problem};

/// Print the completions of a shell
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  juspay-accounts completions bash > /etc/bash_completion.d/juspay-accounts
  juspay-accounts completions zsh > \"${fpath[1]}/_juspay-accounts\"
  juspay-accounts completions fish > ~/.config/fish/completions/juspay-accounts.fish")]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Print a page of the manual
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  juspay-accounts man | man -l -
  juspay-accounts man validate > juspay-accounts-validate.1")]
pub(crate) struct Manual {
    /// A command that has a page of its own; without it, the page of the program
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
        let mut program = Cli::command().disable_help_subcommand(true);
        program.build();
        let page = match &self.command {
            None => program,
            Some(name) => match program.find_subcommand(name) {
                Some(command) => command.clone(),
                None => return Err(Failure::input(vec![no_page(&program)])),
            },
        };
        let mut text = Vec::new();
        Man::new(page)
            .render(&mut text)
            .map_err(|error| Failure::caused(Exit::Usage, "the page cannot be written", &error))?;
        print(console, &text)
    }
}

fn no_page(program: &Command) -> Problem {
    let names: Vec<_> = program.get_subcommands().map(Command::get_name).collect();
    Problem::new("COMMAND", &format!("there is no such command; there are {}", names.join(", ")))
}

fn print(console: Console, text: &[u8]) -> Result<Exit, Failure> {
    console
        .print(|out| out.write_all(text))
        .map_err(|error| Failure::caused(Exit::Usage, "the result cannot be written", &error))?;
    Ok(Exit::Active)
}
