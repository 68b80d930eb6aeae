//! The server that a command calls (the embedded sandbox, an environment of the vendor, or a URL), and the API key.

use std::path::PathBuf;
use std::time::Duration;

use clap::ValueEnum;
use juspay_accounts::{ApiKey, BaseUrl, Client, Environment, Error, RequestPreview};
use juspay_accounts_sandbox::Sandbox;

use crate::exit::Exit;
use crate::failure::{Failure, Problem};
use crate::key::{self, Key};
use crate::text::duration;

/// The address of the embedded sandbox in a dry run, which does not start it.
const EMBEDDED: &str = "http://127.0.0.1";

/// The key that is sent to servers that need none.
const NO_KEY: &str = "no-key-needed-here";

/// The number of requests, and of accounts, that the embedded sandbox keeps. Older ones can be forgotten: only
/// `validate` reads accounts there, and the requests of a long batch would fill the memory.
const CAPACITY: usize = 1_000;

/// The flags of every command that calls a server.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Connection")]
pub(crate) struct ConnectArgs {
    /// Send to Juspay's sandbox or production
    ///
    /// Without --env, --base-url or a key, a sandbox inside the program responds: no network, no money.
    #[arg(long, value_enum, value_name = "ENV", hide_possible_values = true, conflicts_with = "base_url")]
    env: Option<Env>,

    /// Send to the server at URL
    ///
    /// The server must follow the vendor's spec. Plain http is accepted only for this machine, and needs no key.
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,

    /// Read the API key from FILE
    ///
    /// Without this flag, the key is read from JUSPAY_API_KEY. Only the owner may have access to the file (chmod 600).
    #[arg(long, value_name = "FILE")]
    api_key_file: Option<PathBuf>,

    /// Limit each attempt to TIME
    ///
    /// TIME is from 1s to 10m, such as 90s or 2m.
    #[arg(long, value_name = "TIME", default_value = "60s",
        value_parser = |text: &str| duration(text, Duration::from_secs(1)..=Duration::from_mins(10)))]
    timeout: Duration,
}

/// The server that `--env` chooses.
#[allow(rustdoc::bare_urls, reason = "clap prints the text as it is")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Env {
    /// A server inside the program: no key, no network, no money
    Embedded,
    /// The vendor's sandbox, https://sandbox.juspay.in
    Sandbox,
    /// The vendor's production, https://api.juspay.in: money moves
    Production,
    /// The vendor's production at fixed IP addresses, https://api-ns1.juspay.in: money moves
    ProductionStatic,
    /// The vendor's sandbox for merchants outside India, https://sandbox.juspay.io
    SandboxInternational,
    /// The vendor's production outside India, https://api.juspay.io: money moves
    ProductionInternational,
    /// Production outside India at fixed IP addresses, https://api-ns1.juspay.io: money moves
    ProductionStaticInternational,
}

/// A server, its key and its timeout. There is no connection yet.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    /// The environment of the vendor or the URL; `None` for the embedded sandbox.
    environment: Option<Environment>,
    /// Whether the user chose the server. Otherwise, it is the default.
    is_chosen: bool,
    key: Option<Key>,
    timeout: Duration,
}

impl ConnectArgs {
    /// Checks the arguments and reads the key. `reads_accounts` is true if the command reads accounts of earlier runs.
    ///
    /// # Errors
    /// The base URL or the key cannot be used, a key is missing, there is a key but no server for it, or the command
    /// reads accounts and the server is the embedded sandbox, which has none.
    pub(crate) fn target(&self, reads_accounts: bool) -> Result<Target, Problem> {
        let target = self.target_of_dry_run()?;
        if let Some(problem) = target.missing() {
            return Err(problem);
        }
        if reads_accounts && target.environment.is_none() {
            let problem = "the embedded sandbox has no accounts; choose a server with --env or --base-url (for a trial, start one \
                           with `juspay-accounts sandbox`)";
            return Err(Problem::new("--env", problem));
        }
        Ok(target)
    }

    /// Like [`target`](Self::target), but the key can be missing.
    pub(crate) fn target_of_dry_run(&self) -> Result<Target, Problem> {
        let embedded = |is_chosen| Target { environment: None, is_chosen, key: None, timeout: self.timeout };
        if self.env == Some(Env::Embedded) {
            return Ok(embedded(true));
        }
        let base_url = self.base_url.as_deref().map(str::parse::<BaseUrl>).transpose();
        let base_url = base_url.map_err(|error| Problem::new("--base-url", &error))?;
        let key = key::read(self.api_key_file.as_deref())?;
        let environment = match (base_url, self.env, &key) {
            (Some(url), ..) => url.into(),
            (None, Some(Env::Production), _) => Environment::Production,
            (None, Some(Env::SandboxInternational), _) => Environment::SandboxInternational,
            (None, Some(Env::ProductionInternational), _) => Environment::ProductionInternational,
            (None, Some(Env::ProductionStaticInternational), _) => Environment::ProductionStaticInternational,
            (None, Some(Env::ProductionStatic), _) => Environment::ProductionStatic,
            (None, Some(Env::Sandbox), _) => Environment::Sandbox,
            (None, _, None) => return Ok(embedded(false)),
            (None, _, Some(_)) => {
                return Err(Problem::new(
                    "--env",
                    "there is an API key, but no server for it: add --env sandbox, --env production or \
                     --base-url URL (or --env embedded, to try the program without the key)",
                ));
            }
        };
        Ok(Target { environment: Some(environment), is_chosen: true, key, timeout: self.timeout })
    }
}

impl Target {
    /// Whether the server can move money.
    pub(crate) fn moves_money(&self) -> bool {
        !described(&self.server()).1
    }

    /// The SHA-256 digest of the key; empty without a key.
    pub(crate) fn key_digest(&self) -> &str {
        self.key.as_ref().map_or("", |key| &key.digest)
    }

    /// The server in JSON and in the log: `embedded`, or the URL.
    pub(crate) fn server(&self) -> String {
        self.environment.as_ref().map_or("embedded", Environment::base_url).to_owned()
    }

    /// Whether a payee that was sent to `server` must not be sent to this one: they are the same server, or both can
    /// move money, because the vendor's production has several addresses. `server` is written as in a log.
    pub(crate) fn pays_like(&self, server: &str) -> bool {
        self.server() == server || self.moves_money() && !described(server).1
    }

    /// Names the server in a message, after words such as "the server is" or "at".
    pub(crate) fn describe(&self) -> String {
        let (server, _) = described(&self.server());
        let why = if self.is_chosen { "" } else { ", because there is no API key and no --env: no network, no money" };
        server + why
    }

    /// Builds a request as it would be sent, without sending it.
    ///
    /// # Errors
    /// The client or the request cannot be created.
    pub(crate) fn preview(
        &self,
        preview: impl FnOnce(&Client) -> Result<RequestPreview, Error>,
    ) -> Result<RequestPreview, Failure> {
        let environment = self.environment.clone().map_or_else(|| local(EMBEDDED), Ok)?;
        let client =
            Client::new(environment, key_or_none(self.key.clone())?).map_err(|error| Failure::call(&error, false))?;
        preview(&client).map_err(|error| Failure::call(&error, false))
    }

    /// Returns a problem if the server needs a key and there is none.
    pub(crate) fn missing(&self) -> Option<Problem> {
        // A server with plain http is on this machine: `BaseUrl` refuses any other.
        let is_remote = |server: &Environment| !server.base_url().starts_with("http://");
        let needs_key = self.key.is_none() && self.environment.as_ref().is_some_and(is_remote);
        needs_key.then(|| {
            let problem = format!("the API key is missing: set {}, or name a file with {}", key::VARIABLE, key::FLAG);
            Problem::new(key::VARIABLE, &problem)
        })
    }

    /// Creates the client, and starts the embedded sandbox if it is the target.
    ///
    /// # Errors
    /// The embedded sandbox cannot start, or the client cannot be created. Nothing was sent.
    pub(crate) async fn connect(self) -> Result<Connection, Failure> {
        self.connect_at(None).await
    }

    /// Like [`connect`](Self::connect), with at most `rate` attempts per second.
    ///
    /// # Errors
    /// The errors of [`connect`](Self::connect).
    pub(crate) async fn connect_at(self, rate: Option<f64>) -> Result<Connection, Failure> {
        let server = self.server();
        let (environment, sandbox) = if let Some(environment) = self.environment {
            (environment, None)
        } else {
            let sandbox = Sandbox::builder().capacity(CAPACITY).start().await.map_err(|error| {
                Failure::caused(Exit::NotSent, "the embedded sandbox cannot be started on this machine", &error)
            })?;
            (local(&sandbox.url())?, Some(sandbox))
        };
        let key = key_or_none(self.key)?;
        // The client starts another attempt only if the rest of the deadline is enough for the whole attempt.
        let deadline = (self.timeout * 2).max(Duration::from_mins(2));
        let client = Client::builder(environment, key).attempt_timeout(self.timeout).call_timeout(deadline);
        let client = match rate {
            Some(rate) => client.rate_limit(rate),
            None => client,
        };
        let client = client.build().map_err(|error| Failure::call(&error, false))?;
        Ok(Connection { client, server, deadline, _sandbox: sandbox })
    }
}

/// Names a server (`embedded`, or a URL) in a message. Also returns whether the server only simulates a bank, so that
/// no money moves.
pub(crate) fn described(server: &str) -> (String, bool) {
    match server.parse::<Environment>() {
        _ if server == "embedded" => ("the embedded sandbox".to_owned(), true),
        Ok(known) if known.is_sandbox() => (format!("{server} (sandbox)"), true),
        Ok(known) if known.is_production() => (format!("{server} (production)"), false),
        // A server with plain http is on this machine, so it counts as a simulation.
        _ => (server.to_owned(), server.starts_with("http://")),
    }
}

/// Parses the address of the embedded sandbox.
fn local(url: &str) -> Result<Environment, Failure> {
    url.parse()
        .map(Environment::Other)
        .map_err(|error| Failure::caused(Exit::NotSent, "the address of the embedded sandbox cannot be used", &error))
}

fn key_or_none(key: Option<Key>) -> Result<ApiKey, Failure> {
    key.map_or_else(|| ApiKey::new(NO_KEY), |key| Ok(key.key))
        .map_err(|error| Failure::caused(Exit::Usage, "the API key cannot be used", &error))
}

/// A client, and the embedded sandbox if the client calls it.
pub(crate) struct Connection {
    pub(crate) client: Client,
    /// The server in JSON and in the log: `embedded`, or the URL.
    pub(crate) server: String,
    /// The maximum duration of a call, with all its attempts, but without the waits for `--rate`.
    pub(crate) deadline: Duration,
    _sandbox: Option<Sandbox>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_the_vendor_is_its_environment() {
        for (url, moves_money) in [
            ("https://sandbox.juspay.in", false),
            ("https://SANDBOX.juspay.in:443/", false),
            ("https://api.juspay.in", true),
            ("https://juspay.example", true),
            ("http://127.0.0.1:8080", false),
        ] {
            let timeout = Duration::from_mins(1);
            let connect = ConnectArgs { env: None, base_url: Some(url.to_owned()), api_key_file: None, timeout };
            let target = connect.target_of_dry_run().unwrap();
            assert_eq!(target.moves_money(), moves_money, "{url}");
            for other in ["https://api.juspay.in", "https://api-ns1.juspay.in", "https://white-label.example"] {
                assert_eq!(target.pays_like(other), moves_money, "{url} and {other}");
            }
            for other in ["embedded", "https://sandbox.juspay.in", "http://127.0.0.1:8080"] {
                assert_eq!(target.pays_like(other), target.server() == other, "{url} and {other}");
            }
        }
    }
}
