//! The call as an expert would write it by hand for this one operation: structs for the fields in the samples, an HTTP
//! client with the same limits, everything constant set once. This call checks nothing that it sends, trusts the types
//! of a response, and returns any failure as a boxed error. The workspace's client is compared with this call.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderValue};
use serde::{Deserialize, Serialize};

use crate::payees::{BANK_CODE, CUSTOMER, GATEWAY, Payee};

/// The accounts of one call, by kind.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Request {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    bank_account: Vec<Payee>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    upi: Vec<Payee>,
}

#[derive(Serialize)]
struct Form<'a> {
    account_details: String,
    bank_code: &'a str,
    command: &'static str,
    customer_id: &'a str,
    gateway_id: &'a str,
}

impl Request {
    /// A request for these payees.
    pub(crate) fn new(payees: impl IntoIterator<Item = Payee>) -> Self {
        let (upi, bank_account) = payees.into_iter().partition(|payee| matches!(payee, Payee::Upi { .. }));
        Self { bank_account, upi }
    }

    pub(crate) fn encode(&self) -> Result<String, Failure> {
        Ok(serde_urlencoded::to_string(Form {
            account_details: serde_json::to_string(self)?,
            bank_code: BANK_CODE,
            command: "validate",
            customer_id: CUSTOMER,
            gateway_id: GATEWAY,
        })?)
    }
}

/// One account of a response.
#[derive(Debug, Deserialize)]
#[allow(dead_code, clippy::struct_field_names, reason = "the fields are those of the wire, and are not read")]
pub(crate) struct Account {
    pub(crate) customer_id: Option<String>,
    pub(crate) customer_account_id: Option<String>,
    pub(crate) customer_account_type: Option<Type>,
    pub(crate) object: Option<String>,
    pub(crate) currency: Option<String>,
    pub(crate) validation_amount: Option<f64>,
    pub(crate) validation_status: Option<Status>,
    pub(crate) date_created: Option<String>,
    pub(crate) last_validated: Option<String>,
    pub(crate) account_details: Option<Details>,
}

/// The details of an account.
#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "the fields are not read")]
pub(crate) struct Details {
    pub(crate) account: Option<String>,
    pub(crate) ifsc: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) vpa: Option<String>,
    pub(crate) bank_name: Option<String>,
    pub(crate) juspay_bank_code: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Type {
    Savings,
    Upi,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Status {
    Created,
    Active,
    Pending,
    Failure,
}

/// The error of a failed call.
pub(crate) type Failure = Box<dyn std::error::Error + Send + Sync>;

#[derive(Clone, Debug)]
pub(crate) struct Client {
    http: reqwest::Client,
    base_url: String,
}

impl Client {
    /// Creates a client with the same limits as the workspace's client.
    pub(crate) fn new(base_url: &str, key: &str) -> Result<Self, Failure> {
        let mut authorization = HeaderValue::try_from(format!("Basic {}", STANDARD.encode(format!("{key}:"))))?;
        authorization.set_sensitive(true);
        let headers = HeaderMap::from_iter([
            (ACCEPT, HeaderValue::from_static("application/json")),
            (AUTHORIZATION, authorization),
        ]);
        let http = reqwest::Client::builder()
            .default_headers(headers)
            .user_agent("by-hand/1.0")
            .connect_timeout(Duration::from_secs(10))
            .timeout(Duration::from_mins(1))
            .pool_idle_timeout(Duration::from_secs(30))
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .build()?;
        Ok(Self { http, base_url: base_url.to_owned() })
    }

    /// Sends a request, and returns the accounts of the response.
    pub(crate) async fn validate(&self, request: &Request) -> Result<Vec<Account>, Failure> {
        Ok(serde_json::from_slice(self.response(request).await?.as_ref())?)
    }

    /// Sends a request, and returns the undecoded response.
    pub(crate) async fn response(&self, request: &Request) -> Result<impl AsRef<[u8]> + use<>, Failure> {
        let customer = percent_encoding::utf8_percent_encode(CUSTOMER, percent_encoding::NON_ALPHANUMERIC);
        let response = self
            .http
            .post(format!("{}/customers/{customer}/accounts", self.base_url))
            .header("x-routing-id", CUSTOMER)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(request.encode()?)
            .send()
            .await?
            .error_for_status()?;
        Ok(response.bytes().await?)
    }
}
