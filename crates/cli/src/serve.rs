//! `sandbox`: runs the embedded server alone, for programs in other languages.

mod args;
mod log;

use std::io;

use crate::console::{Console, Format, json_line};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt::Interrupt;

pub(crate) use args::Args;

const EXAMPLES: &str = "\
Examples:
  juspay-accounts sandbox --port 8080 --open
  juspay-accounts sandbox --fault status=503:0.1 --fault latency=200ms --seed 7
  juspay-accounts sandbox --as-vendor --fast --state sandbox.json

  From a shell:
    juspay-accounts sandbox --port 8080 &
    curl -u any-key: -H 'x-routing-id: cst_1' \\
      -d command=validate -d bank_code=JP_HDFC \\
      --data-urlencode 'account_details={\"upi\":[{\"vpa\":\"success@upi\"}]}' \\
      http://127.0.0.1:8080/customers/cst_1/accounts
    curl http://127.0.0.1:8080/_sandbox/requests

Faults:
  KIND[=VALUE][@before|@after][:PROBABILITY][,on=OPERATION][,nth=N][,next=N]
  With @after the request is acted on first, and the caller does not learn of it. The probability is from 0 to 1. \
OPERATION is the operationId of the spec; nth=3 is for the third request only, next=2 for two requests.

  status=503      a response with this status and an error body
  html=502        a response with this status and an HTML page
  rate-limit=2    429, with a Retry-After of 2 seconds
  latency=200ms   the response comes 200 ms later
  hang            no response
  close           the connection is closed without a response
  reset           the connection is reset (TCP RST)
  truncate        the response breaks off in the middle; the request was acted on
  timeout         no response for 30 seconds, then 504; the request was acted on

Results:
  The address on standard output. On standard error the address of the console, a page with requests, accounts and \
faults, and then a line for each request. It listens on this machine only, unless --host says otherwise, forgets \
everything when it ends, unless --state keeps it, and moves no money. Ctrl-C ends it.

  What the console can do, any program can do over HTTP: /_sandbox/openapi.yaml describes how, and /openapi.yaml the \
vendor's operations.

Exit codes:
  0  stopped
  2  wrong usage, it cannot be started, or the state cannot be saved";

pub(crate) async fn run(args: Args, console: Console) -> Result<Exit, Failure> {
    let builder = args.builder()?;
    let mut interrupt = Interrupt::listen()?;
    let started = builder.on_request(move |received| log::log(console, received)).start().await;
    let sandbox = started.map_err(|error| not_started(&args, &error))?;
    if !args.host.is_loopback() {
        console.warn(format_args!(
            "the sandbox listens on {}: whoever can reach it can use it, and see what is in it; only this machine can \
             control it",
            args.host
        ));
    }
    let url = sandbox.url();
    // A browser cannot open the address that means all addresses of a machine.
    let local = url.replacen("//0.0.0.0:", "//127.0.0.1:", 1).replacen("//[::]:", "//[::1]:", 1);
    let page = format!("{local}/_sandbox/");
    console
        .print(|out| match console.format {
            Format::Table => writeln!(out, "{url}"),
            Format::Json => json_line(out, &serde_json::json!({ "url": url, "console": page })),
        })
        .map_err(|error| Failure::caused(Exit::Usage, "the address cannot be written", &error))?;
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
    // An error from the operating system is about the port; our own errors name their file.
    match &args.state {
        Some(_) if error.raw_os_error().is_none() => {
            Failure::caused(Exit::Usage, "the state cannot be kept", error).next("choose another file with --state")
        }
        _ => {
            let message = format!("the sandbox cannot listen on port {} of this machine", args.port);
            Failure::caused(Exit::Usage, message, error).next("choose another with --port, or a free one with --port 0")
        }
    }
}
