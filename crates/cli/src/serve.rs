//! `sandbox`: runs the embedded sandbox alone, for programs in any language.

mod args;
mod log;

use std::io::{self, ErrorKind};

use crate::console::{Console, Format};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt::Interrupt;

pub(crate) use args::Args;

pub(crate) async fn run(args: Args, console: Console) -> Result<Exit, Failure> {
    let builder = args.builder()?;
    let mut interrupt = Interrupt::listen()?;
    let started = builder.on_request(move |received| log::log(console, received)).start().await;
    let sandbox = started.map_err(|error| not_started(&args, &error))?;
    if !args.host.is_loopback() {
        console.warn(format_args!(
            "the sandbox listens on {}: anyone who can connect can use it, and see what it stores; only this \
             machine can control it",
            args.host
        ));
    }
    let url = sandbox.url();
    // Not every browser can open 0.0.0.0 or [::], which mean all addresses of the machine.
    let local = url.replacen("//0.0.0.0:", "//127.0.0.1:", 1).replacen("//[::]:", "//[::1]:", 1);
    let page = format!("{local}/_sandbox/");
    let addresses = serde_json::json!({ "url": url, "console": page });
    console.result(&addresses, Exit::Usage, |out| writeln!(out, "{url}"))?;
    if console.format == Format::Table {
        console.note(format_args!("see requests and set faults at {page}"));
    }
    if args.open
        && let Err(error) = open::that_detached(&page)
    {
        console.warn(format_args!("no browser could be started ({error}); open {page} yourself"));
    }
    interrupt.wait().await;
    sandbox.save().map_err(|error| Failure::caused(Exit::Usage, "the state cannot be saved", &error))?;
    Ok(Exit::Active)
}

fn not_started(args: &Args, error: &io::Error) -> Failure {
    // Errors of the operating system are about the port. The sandbox's own errors are about the state file.
    match &args.state {
        Some(_) if error.raw_os_error().is_none() => {
            Failure::caused(Exit::Usage, "the state file cannot be used", error)
                .next("choose another file with --state")
        }
        _ => {
            let message = format!("the sandbox cannot listen on port {} of {}", args.port, args.host);
            let next = match error.kind() {
                ErrorKind::AddrNotAvailable => "choose an address of this machine with --host",
                _ => "choose another port with --port, or any free port with --port 0",
            };
            Failure::caused(Exit::Usage, message, error).next(next)
        }
    }
}
