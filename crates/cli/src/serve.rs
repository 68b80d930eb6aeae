//! `sandbox`: the embedded server by itself, for programs in other languages.

use juspay_accounts::ApiKey;
use juspay_accounts_sandbox::{Fault, Received, Sandbox};
use serde::Serialize;
use serde_json::Value;

use crate::console::{Console, Format, json_line};
use crate::exit::Exit;
use crate::failure::{Failure, Problem};
use crate::interrupt::Interrupt;
use crate::text::{clean, count, whole_number};

const EXAMPLES: &str = "\
Examples:
  juspay-accounts sandbox --port 8080 --open
  juspay-accounts sandbox --fault status=503:0.1 --fault latency=200ms --seed 7

  From a shell:
    juspay-accounts sandbox --port 8080 &
    curl -u any-key: -H 'x-routing-id: cst_1' \\
      -d command=validate -d bank_code=JP_HDFC \\
      --data-urlencode 'account_details={\"upi\":[{\"vpa\":\"success@upi\"}]}' \\
      http://127.0.0.1:8080/customers/cst_1/accounts

Faults:
  KIND[=VALUE][@before|@after][:PROBABILITY]
  With @after the request is acted on first, and the caller does not learn of it. The probability is from 0 to 1.

  status=503      an answer of that status, with an envelope
  html=502        an answer of that status, with a page
  rate-limit=2    429, which asks to come back in so many seconds
  latency=200ms   the answer comes later
  hang            there is no answer
  close           the connection is closed without an answer
  reset           the same, as if the machine had gone
  truncate        the answer breaks off in the middle; the request was acted on

Results:
  The address on standard output. On standard error the address of the console, a page with requests, accounts and \
faults, and then a line for each request. It listens on this machine only, forgets everything when it ends, and moves \
no money. Ctrl-C ends it.

Exit codes:
  0  it was ended
  2  wrong usage, or it cannot be started";

/// Run the embedded sandbox by itself, for programs in any language
#[derive(clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// Port to listen on; 0 is any free one
    #[arg(long, default_value_t = 0, value_parser = |text: &str| whole_number(text, 0..=u16::MAX))]
    port: u16,

    /// The only key that is accepted; without it, any is. Make one up: an argument is no place for a real key
    #[arg(long, value_name = "KEY")]
    api_key: Option<String>,

    /// Something that goes wrong; can be repeated, and of several that hit a request the first is played
    #[arg(long, value_name = "FAULT")]
    fault: Vec<String>,

    /// Where the draw of faults begins: the same seed and the same calls have the same faults
    #[arg(long, default_value_t = 0, value_parser = |text: &str| whole_number(text, 0..=u64::MAX))]
    seed: u64,

    /// Open the console in the browser
    #[arg(long)]
    open: bool,
}

pub(crate) async fn run(args: Args, console: Console) -> Result<Exit, Failure> {
    let mut builder = Sandbox::builder().port(args.port).seed(args.seed);
    let mut problems = Vec::new();
    for (text, number) in args.fault.iter().zip(1..) {
        match text.parse::<Fault>() {
            Ok(fault) => builder = builder.fault(fault),
            Err(error) => problems.push(Problem::new(format!("--fault #{number}"), &error)),
        }
    }
    if let Some(key) = args.api_key {
        // A key that no client can send would be a riddle.
        match ApiKey::new(key.clone()) {
            Ok(_) => builder = builder.api_key(key),
            Err(error) => problems.push(Problem::new("--api-key", &error)),
        }
    }
    if !problems.is_empty() {
        return Err(Failure::input(problems));
    }
    let mut interrupt = Interrupt::listen()?;
    let sandbox = builder.on_request(move |received| log(console, received)).start().await.map_err(|error| {
        let message = format!("the sandbox cannot listen on port {} of this machine", args.port);
        Failure::caused(Exit::Usage, message, &error).next("choose another with --port, or a free one with --port 0")
    })?;
    let url = sandbox.url();
    let page = format!("{url}/_sandbox/");
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
    Ok(Exit::Active)
}

/// One request, as it is logged.
#[derive(Serialize)]
struct Request<'a> {
    id: &'a str,
    method: String,
    path: String,
    status: Option<u16>,
    acted_on: bool,
    bank_accounts: usize,
    upi: usize,
}

fn log(console: Console, received: &Received) {
    let details = received.form().iter().find(|(name, _)| name == "account_details");
    let details: Value = details.and_then(|(_, json)| serde_json::from_str(json).ok()).unwrap_or_default();
    let entries = |list: &str| details.get(list).and_then(Value::as_array).map_or(0, Vec::len);
    let request = Request {
        id: received.request_id(),
        method: clean(received.method()),
        path: masked_path(received.path()),
        status: received.status(),
        acted_on: received.was_acted_on(),
        bank_accounts: entries("bank_account"),
        upi: entries("upi"),
    };
    console.event("request", &request, || {
        let Request { id, method, path, status, acted_on, bank_accounts, upi } = &request;
        let status = status.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
        let acted_on = if *acted_on { "acted on" } else { "not acted on" };
        let bank_accounts = count(*bank_accounts, "bank account", "bank accounts");
        let upi = count(*upi, "UPI address", "UPI addresses");
        format!("{id} {method} {path}: {status}, {acted_on}; {bank_accounts}, {upi}")
    });
}

/// The path, but for what can be an address of a person: a customer's id can be one.
fn masked_path(path: &str) -> String {
    let is_address = |part: &str| part.contains('@') || part.to_ascii_lowercase().contains("%40");
    let parts: Vec<_> = path.split('/').map(|part| if is_address(part) { "****" } else { part }).collect();
    clean(&parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_does_not_show_an_address() {
        assert_eq!(masked_path("/customers/cst_1/accounts"), "/customers/cst_1/accounts");
        assert_eq!(masked_path("/customers/a.b%40example.com/accounts"), "/customers/****/accounts");
        assert_eq!(masked_path("/a@b"), "/****");
    }
}
