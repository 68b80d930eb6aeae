//! The flags of `sandbox`.

use std::fmt::Display;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use juspay_accounts::ApiKey;
use juspay_accounts_sandbox::{Builder, Fault, Pending, Sandbox};

use crate::failure::{Failure, Problem};
use crate::text::whole_number;

/// The time after which a validation times out with `--fast`.
const FAST: Duration = Duration::from_secs(1);

/// Run the sandbox alone, for programs in any language
#[derive(clap::Args)]
#[allow(clippy::struct_excessive_bools, reason = "each bool is a flag")]
pub(crate) struct Args {
    /// Listen on PORT; 0 picks a free one
    #[arg(long, default_value_t = 0, value_parser = |text: &str| whole_number(text, 0..=u16::MAX))]
    pub(super) port: u16,

    /// Listen on ADDRESS
    ///
    /// Use 0.0.0.0 in a container. Anyone who can reach the address can use the sandbox.
    #[arg(long, default_value = "127.0.0.1", value_name = "ADDRESS", value_parser = address)]
    pub(super) host: IpAddr,

    /// Accept only KEY [default: any key]
    ///
    /// Invent a key: other users of this machine can see arguments, so do not use a real one.
    #[arg(long, value_name = "KEY")]
    api_key: Option<String>,

    /// Inject a fault (repeatable)
    ///
    /// If several faults apply to a request, latencies add up, and of the others only the first happens. See Faults
    /// below.
    #[arg(long, value_name = "FAULT")]
    fault: Vec<String>,

    /// Time out one in six validations at random
    ///
    /// The vendor's sandbox does the same.
    #[arg(long)]
    as_vendor: bool,

    /// Use this seed for random faults [default: 0]
    ///
    /// The same seed and the same calls produce the same faults.
    #[arg(long, value_parser = |text: &str| whole_number(text, 0..=u64::MAX))]
    seed: Option<u64>,

    /// Set when validations end
    ///
    /// WHEN is a number of reads (reads=3), a time (2s), or never. The flag concerns only validations that the sandbox
    /// keeps pending. With never, such a validation ends only if the vendor documents its final status: at the third
    /// read.
    #[arg(long, default_value = "reads=3", value_name = "WHEN")]
    pending: String,

    /// Simulate timeouts of 1 second, not 30
    #[arg(long)]
    fast: bool,

    /// Refuse form fields that are not in the spec
    #[arg(long)]
    strict: bool,

    /// Keep the state in FILE, unmasked
    ///
    /// Only the owner of the file can read it. At the start, --fault or --as-vendor replaces the faults in FILE, and
    /// --seed the seed.
    #[arg(long, value_name = "FILE")]
    pub(super) state: Option<PathBuf>,

    /// Allow calls from pages of ORIGIN (repeatable)
    ///
    /// ORIGIN is an address such as http://localhost:3000.
    #[arg(long, value_name = "ORIGIN")]
    allow_origin: Vec<String>,

    /// Accept requests for the host NAME (repeatable)
    ///
    /// Requests for localhost and for IP addresses are always accepted.
    #[arg(long, value_name = "NAME")]
    allow_host: Vec<String>,

    /// Open the console in the browser
    #[arg(long)]
    pub(super) open: bool,
}

impl Args {
    /// Builds the sandbox, without starting it.
    ///
    /// # Errors
    /// Some flags have invalid values; all problems are returned.
    pub(super) fn builder(&self) -> Result<Builder, Failure> {
        let mut problems = Problems(Vec::new());
        let mut builder = Sandbox::builder().host(self.host).port(self.port);
        if let Some(seed) = self.seed {
            builder = builder.seed(seed);
        }
        for fault in problems.values("--fault", &self.fault, str::parse::<Fault>) {
            builder = builder.fault(fault);
        }
        if let Some(pending) = problems.value("--pending", self.pending.parse::<Pending>()) {
            builder = builder.pending(pending);
        }
        for origin in problems.values("--allow-origin", &self.allow_origin, origin) {
            builder = builder.allow_origin(origin);
        }
        for host in problems.values("--allow-host", &self.allow_host, host) {
            builder = builder.allow_host(host);
        }
        if let Some(key) = &self.api_key {
            // The key must be one that a client can send.
            if problems.value("--api-key", ApiKey::new(key.clone())).is_some() {
                builder = builder.api_key(key);
            }
        }
        if let Some(file) = &self.state {
            builder = builder.state_file(file);
        }
        // The user's faults come first: of several faults that apply, only the first happens, but latencies add up.
        let builder = if self.as_vendor { builder.as_vendor() } else { builder };
        let builder = if self.fast { builder.timeout(FAST) } else { builder };
        let builder = if self.strict { builder.strict() } else { builder };
        if problems.0.is_empty() { Ok(builder) } else { Err(Failure::input(problems.0)) }
    }
}

struct Problems(Vec<Problem>);

impl Problems {
    fn value<T, E: Display>(&mut self, flag: &str, parsed: Result<T, E>) -> Option<T> {
        parsed.map_err(|error| self.0.push(Problem::new(flag, &error.to_string()))).ok()
    }

    /// Parses the values of a repeatable flag.
    fn values<'a, T, E: Display>(
        &mut self,
        flag: &str,
        texts: &'a [String],
        parse: impl Fn(&'a str) -> Result<T, E>,
    ) -> Vec<T> {
        let numbered = texts.iter().zip(1..);
        numbered.filter_map(|(text, number)| self.value(&format!("{flag} #{number}"), parse(text))).collect()
    }
}

fn address(text: &str) -> Result<IpAddr, &'static str> {
    text.parse().map_err(|_| "expected an IP address, such as 127.0.0.1 for this machine")
}

fn origin(text: &str) -> Result<&str, &'static str> {
    let host = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    let is_origin = host.is_some_and(|host| !host.is_empty() && !host.contains(['/', '?', '#', '@', ' ']));
    is_origin.then_some(text).ok_or(
        "expected http:// or https://, a host, and perhaps a port, such as http://localhost:3000, with nothing after it",
    )
}

fn host(text: &str) -> Result<&str, &'static str> {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    let is_host = !text.is_empty() && text.bytes().all(is_name);
    is_host.then_some(text).ok_or("expected a host name without a scheme or port, such as sandbox")
}
