//! The call as an expert would write it by hand for this one operation: structs for the fields in the samples, an HTTP
//! client with the same limits, everything constant set once. This call checks nothing that it sends, trusts the types
//! of a response, and distinguishes two failures. The workspace's client is compared with this call.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderValue};
use serde::{Deserialize, Serialize};

use crate::payees::{BANK_CODE, CUSTOMER, GATEWAY, Payee};

/// The accounts of one call, by kind.
#[derive(Debug, Default, Serialize)]
pub struct Request {
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
    pub fn new(payees: impl IntoIterator<Item = Payee>) -> Self {
        let (upi, bank_account) = payees.into_iter().partition(|payee| matches!(payee, Payee::Upi { .. }));
        Self { bank_account, upi }
    }

    /// Encodes the form.
    ///
    /// # Errors
    /// The form cannot be encoded, which does not happen.
    pub fn encode(&self) -> Result<String, Failure> {
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
#[allow(missing_docs, reason = "the fields are those of the wire")]
pub struct Account {
    pub customer_id: Option<String>,
    pub customer_account_id: Option<String>,
    pub customer_account_type: Option<Type>,
    pub object: Option<String>,
    pub currency: Option<String>,
    pub validation_amount: Option<f64>,
    pub validation_status: Option<Status>,
    pub date_created: Option<String>,
    pub last_validated: Option<String>,
    pub account_details: Option<Details>,
}

/// The details of an account.
#[derive(Debug, Deserialize)]
#[allow(missing_docs, reason = "the fields are those of the wire")]
pub struct Details {
    pub account: Option<String>,
    pub ifsc: Option<String>,
    pub name: Option<String>,
    pub vpa: Option<String>,
    pub bank_name: Option<String>,
    pub juspay_bank_code: Option<String>,
}

/// The type of an account.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[allow(missing_docs, reason = "the values are those of the wire")]
pub enum Type {
    Savings,
    Upi,
}

/// The status of a validation.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[allow(missing_docs, reason = "the values are those of the wire")]
pub enum Status {
    Created,
    Active,
    Pending,
    Failure,
}

/// The error of a failed call.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The client.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    base_url: String,
}

impl Client {
    /// Creates a client with the same limits as the workspace's client.
    ///
    /// # Errors
    /// The HTTP client cannot be created.
    pub fn new(base_url: &str, key: &str) -> Result<Self, Failure> {
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
    ///
    /// # Errors
    /// There is no response, its status is not 200, or it cannot be read.
    pub async fn validate(&self, request: &Request) -> Result<Vec<Account>, Failure> {
        Ok(serde_json::from_slice(self.response(request).await?.as_ref())?)
    }

    /// Sends a request, and returns the undecoded response.
    ///
    /// # Errors
    /// There is no response, or its status is not 200.
    pub async fn response(&self, request: &Request) -> Result<impl AsRef<[u8]> + use<>, Failure> {
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
