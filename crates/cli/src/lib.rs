#![doc = include_str!("../README.md")]

mod accounts;
mod batch;
mod check;
mod columns;
mod connect;
mod console;
mod create;
mod exit;
mod failure;
mod generate;
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
mod summary;
mod text;
mod time;
mod usage;
mod validate;

use clap::Subcommand;

use console::{Color, Console, Format};
pub use exit::Exit;

const MORE: &str = "\
Exit codes:
  0  everything is active, or valid
  1  some account is not active; or `check` found an invalid value, or a line without two names
  2  wrong usage or invalid input; nothing was sent
  3  the server refused the request; nothing was paid
  4  not known: whether the request was acted on, or what became of an account; find that out first
  5  nothing was paid: no connection, or not acted on as --reconcile found; or no answer to a read
Of a batch the worst of its rows counts, and 5 is that some were not sent: see its help.

Environment:
  JUSPAY_API_KEY         the API key, if no file is named with --api-key-file
  NO_COLOR               if set and not empty, no colours
  HTTPS_PROXY, NO_PROXY  the proxy for addresses beyond this machine

Output:
  Results are written to standard output, everything else to standard error. With --output json each is a JSON object on \
one line, {\"note\"}, {\"warning\"}, {\"progress\"}, {\"request\"} or {\"error\"} on standard error; only wrong usage is told in \
plain text.

Examples:
  juspay-accounts validate --customer-id cst_1 --bank-code JP_HDFC --upi 9164326296@upi
  juspay-accounts check ifsc YESB0000262
  juspay-accounts sandbox --port 8080

juspay-accounts COMMAND --help has more about each. The guide is docs/README.md in the repository.";

/// Validates Indian bank accounts and UPI addresses by Juspay's operation Create and Validate Customer Account.
///
/// Nothing malformed is sent, a request that moves money is sent again only if it was certainly not acted on, and account numbers, UPI
/// addresses, names and the key are masked wherever they are printed. Without a key and an environment a sandbox within the
/// program answers: no network, no money.
#[derive(clap::Parser)]
#[command(name = "juspay-accounts", version, after_long_help = MORE, max_term_width = 100, disable_help_subcommand = true)]
#[command(mut_subcommands(with_guide))]
pub struct Cli {
    #[command(subcommand)]
    command: Command,

    /// How results and messages are written
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t, global = true, help_heading = "Output")]
    output: Format,

    /// When colours are used
    #[arg(long, value_enum, value_name = "WHEN", default_value_t, global = true, help_heading = "Output")]
    color: Color,
}

#[derive(Subcommand)]
#[allow(clippy::large_enum_variant, reason = "there is one of it")]
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
    Man(generate::Manual),
}

/// Ends the help of a command with the page of the guide that has recipes for it.
fn with_guide(command: clap::Command) -> clap::Command {
    let page = if command.get_name() == "sandbox" { "testers" } else { "operations" };
    let guide = format!("Recipes are in docs/{page}.md of the repository.");
    let more = match command.get_after_long_help() {
        Some(more) => format!("{}\n\n{guide}", more.to_string().trim_end()),
        None => guide,
    };
    command.after_long_help(more)
}

/// Checks the input of a batch. For the fuzz target.
#[cfg(fuzzing)]
#[doc(hidden)]
pub fn fuzz_batch(input: &[u8]) {
    payees::check::fuzz(input);
}

/// Runs the program.
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
