#![doc = include_str!("../README.md")]
#![allow(clippy::doc_markdown, reason = "clap prints the doc comments of flags as plain text")]

mod accounts;
mod batch;
mod check;
mod columns;
mod connect;
mod console;
mod create;
mod exit;
mod failure;
#[doc(hidden)]
pub mod fuzzed;
mod generate;
mod help;
mod input;
mod interrupt;
mod key;
mod lines;
mod log;
mod names;
mod payees;
mod progress;
mod results;
mod runtime;
mod serve;
mod show;
mod text;
mod usage;
mod validate;

use clap::Subcommand;

use console::{Color, Console, Format};
pub use exit::Exit;

/// Validate Indian bank accounts and UPI addresses with Juspay
///
/// The program calls Juspay's endpoint Create and Validate Customer Account, and the endpoints that create, read,
/// revalidate and delete accounts. It never sends malformed input. It repeats a request that moves money only if the
/// first attempt was certainly not processed. It masks account numbers, UPI addresses and names on the screen unless
/// --unmasked is set, and always masks the key. Without --env, --base-url or a key, a sandbox inside the program
/// responds: no network, no money.
#[derive(clap::Parser)]
// On Windows, clap would name the program `juspay-accounts.exe`.
#[command(name = "juspay-accounts", bin_name = "juspay-accounts", version, max_term_width = help::WIDTH)]
#[command(disable_help_flag = true, disable_help_subcommand = true)]
#[command(after_help = help::brief(help::PROGRAM), after_long_help = help::full(help::PROGRAM))]
#[command(mut_subcommands(help::with_text))]
pub struct Cli {
    #[command(subcommand)]
    command: Command,

    /// Print a table or json
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t, global = true)]
    #[arg(hide_possible_values = true, display_order = 100)]
    output: Format,

    /// Use colours: auto, always or never
    #[arg(long, value_enum, value_name = "WHEN", default_value_t, global = true)]
    #[arg(hide_possible_values = true, hide_default_value = true, display_order = 101)]
    color: Color,

    /// Print help
    #[arg(short, long, action = clap::ArgAction::HelpShort, global = true, display_order = 102)]
    help: Option<bool>,
}

#[derive(Subcommand)]
#[allow(clippy::large_enum_variant, reason = "the program has only one value of this type")]
enum Command {
    Validate(validate::Args),
    Create(create::Args),
    Get(accounts::Get),
    List(accounts::List),
    Revalidate(accounts::Revalidate),
    Delete(accounts::Delete),
    Check(check::Args),
    Batch(Box<batch::Args>),
    Columns(columns::ColumnsArgs),
    Results(batch::ResultsArgs),
    Sandbox(serve::Args),
    Completions(generate::Completions),
    #[command(alias = "help")]
    Man(generate::Manual),
}

/// Runs a command and prints its result, or why it failed. Returns the exit code of the program.
pub fn run(cli: Cli) -> Exit {
    let console = Console::new(cli.output, cli.color);
    let result = match cli.command {
        Command::Validate(args) => runtime::block_on(validate::run(args, console), 1),
        Command::Create(args) => runtime::block_on(create::run(args, console), 1),
        Command::Get(args) => runtime::block_on(accounts::get(args, console), 1),
        Command::List(args) => runtime::block_on(accounts::list(args, console), 1),
        Command::Revalidate(args) => runtime::block_on(accounts::revalidate(args, console), 1),
        Command::Delete(args) => runtime::block_on(accounts::delete(args, console), 1),
        Command::Check(args) => check::run(&args, console),
        Command::Batch(args) if args.check_only => batch::check_only(&args, console),
        Command::Batch(args) => {
            let calls = args.concurrency;
            runtime::block_on(batch::run(*args, console), calls)
        }
        Command::Columns(args) => columns::run(&args, console),
        Command::Results(args) => batch::results(&args, console),
        Command::Sandbox(args) => runtime::serve(serve::run(args, console)),
        Command::Completions(args) => args.run(console),
        Command::Man(args) => args.run(console),
    };
    result.unwrap_or_else(|failure| {
        console.fail(&failure);
        failure.exit
    })
}
