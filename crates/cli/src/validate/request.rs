//! The flags that describe a request, for `validate` and `create`.

use juspay_accounts::{AccountsRequest, Client, Error, RequestPreview};
use juspay_accounts_validation::RequestBuilder;

use super::flags;
use crate::connect::{ConnectArgs, Target};
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;

#[derive(clap::Args)]
pub(crate) struct RequestArgs {
    /// Use this customer id, Juspay's or your own
    #[arg(long, value_name = "ID")]
    customer_id: String,

    /// Use Juspay's bank code, such as JP_HDFC
    ///
    /// It is required for UPI addresses too.
    #[arg(long, value_name = "CODE")]
    bank_code: String,

    /// Add a bank account, IFSC:ACCOUNT[:NAME]
    ///
    /// Repeat the flag for more accounts. Everything after the second colon is the holder's name.
    #[arg(long, value_name = "ACCOUNT")]
    bank_account: Vec<String>,

    /// Add a UPI address
    ///
    /// Repeat the flag for more addresses.
    #[arg(long, value_name = "VPA")]
    upi: Vec<String>,

    /// Use this provider for the validation
    #[arg(long, value_name = "ID")]
    gateway_id: Option<String>,

    /// Use this arrangement with the provider
    #[arg(long, value_name = "ID")]
    gateway_reference_id: Option<String>,

    /// Set x-routing-id [default: customer id]
    #[arg(long, value_name = "ID")]
    routing_id: Option<String>,

    /// Print the masked request; send nothing
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// Show accounts and names unmasked
    ///
    /// This shows account numbers, UPI addresses, names, and the server's message in a failure.
    #[arg(long)]
    pub(crate) unmasked: bool,
}

impl RequestArgs {
    /// Builds the request, and finds the server. `complete` adds the options that only one command has.
    ///
    /// # Errors
    /// All problems, each with its flag.
    pub(crate) fn checked(
        &self,
        complete: impl FnOnce(RequestBuilder) -> RequestBuilder,
        connect: &ConnectArgs,
    ) -> Result<(AccountsRequest, Target), Failure> {
        let target = if self.dry_run { connect.target_of_dry_run() } else { connect.target(false) };
        let request = complete(self.builder()).build();
        let problems = match &request {
            Ok(request) => flags::repeated(request),
            Err(error) => flags::problems(error, &self.bank_account),
        };
        match (request, target) {
            (Ok(request), Ok(target)) if problems.is_empty() => Ok((request, target)),
            (_, target) => Err(Failure::input(problems.into_iter().chain(target.err()).collect())),
        }
    }

    fn builder(&self) -> RequestBuilder {
        let mut builder = AccountsRequest::builder(self.customer_id.as_str(), self.bank_code.as_str());
        for text in &self.bank_account {
            let mut parts = text.splitn(3, ':');
            let [ifsc, account, name] = [parts.next(), parts.next(), parts.next()];
            let (ifsc, account) = (ifsc.unwrap_or_default(), account.unwrap_or_default());
            builder = match name {
                Some(name) => builder.named_bank_account(ifsc, account, name),
                None => builder.bank_account(ifsc, account),
            };
        }
        for vpa in &self.upi {
            builder = builder.upi(vpa.as_str());
        }
        if let Some(id) = &self.gateway_id {
            builder = builder.gateway_id(id.as_str());
        }
        if let Some(id) = &self.gateway_reference_id {
            builder = builder.gateway_reference_id(id.as_str());
        }
        if let Some(id) = &self.routing_id {
            builder = builder.routing_id(id.as_str());
        }
        builder
    }
}

/// Prints the request as it would be sent.
pub(crate) fn dry_run(
    preview: impl FnOnce(&Client) -> Result<RequestPreview, Error>,
    target: &Target,
    unmasked: bool,
    console: Console,
) -> Result<Exit, Failure> {
    let preview = target.preview(preview)?;
    let preview = if unmasked { preview.unmasked() } else { preview };
    console.result(&preview, Exit::Usage, |out| writeln!(out, "{preview}"))?;
    console.note(format_args!("dry run: nothing was sent; the target is {}", target.describe()));
    if let Some(missing) = target.missing() {
        console.warn(format_args!("{}: {}", missing.at, missing.problem));
    }
    Ok(Exit::Active)
}
