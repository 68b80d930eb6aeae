use httpmock::{Method, When};
use juspay_accounts::{AccountsRequest, ApiKey, BaseUrl, Client, Error, RequestPreview};
use regex::Regex;

use crate::operations::CreateAndValidateCustomerAccountWhen;

impl CreateAndValidateCustomerAccountWhen {
    /// Matches what [`Client::validate`] sends for this request, and nothing else: the path, the routing id and each
    /// field of the form. When an assertion of the mock fails, httpmock reports which of them differed.
    ///
    /// ```
    /// use juspay_accounts::{AccountsRequest, ApiKey, BaseUrl, Client, CustomerAccount};
    /// use juspay_accounts_mock::{MockServerExt, httpmock::MockServer};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let request = AccountsRequest::builder("cst_1", "JP_HDFC").upi("9164326296@upi").build()?;
    /// let server = MockServer::start_async().await;
    /// let mock = server.create_and_validate_customer_account(|when, then| {
    ///     when.request(&request);
    ///     then.ok(&vec![CustomerAccount::default()]);
    /// });
    ///
    /// let client = Client::new(server.base_url().parse::<BaseUrl>()?, ApiKey::new("any")?)?;
    /// client.validate(&request).await?;
    /// mock.assert();
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    /// A [`Client`] cannot be created on this machine.
    #[allow(clippy::must_use_candidate, clippy::return_self_not_must_use, reason = "as in generated matchers")]
    pub fn request(self, request: &AccountsRequest) -> Self {
        self.matches(request, Client::preview)
    }

    /// Matches what [`Client::create`] sends for this request, and nothing else, like [`request`](Self::request).
    ///
    /// # Panics
    /// A [`Client`] cannot be created on this machine.
    #[allow(clippy::must_use_candidate, clippy::return_self_not_must_use, reason = "as in generated matchers")]
    pub fn creation(self, request: &AccountsRequest) -> Self {
        self.matches(request, Client::preview_create)
    }

    #[allow(clippy::expect_used, reason = "only tests call this")]
    fn matches(self, request: &AccountsRequest, preview: Preview) -> Self {
        let client = Client::new(BASE.parse::<BaseUrl>().expect("a URL"), ApiKey::new("mock").expect("a key"));
        let client = client.expect("a client can be made");
        let preview = preview(&client, request).expect("a request can be made").unmasked();
        let path = preview.url.strip_prefix(BASE).unwrap_or(&preview.url);
        let path = Regex::new(&format!("^{}$", regex::escape(path))).expect("escaped text is a valid expression");
        let when = self.into_inner().method(Method::POST).path_matches(path);
        let when = when.header("x-routing-id", request.parts().routing_id.as_str());
        let when = preview.form.iter().fold(when, |when, (name, value)| when.form_urlencoded_tuple(name, value));
        Self::new(only(when, preview.form.len()))
    }
}

/// Matches a form with exactly this number of fields.
#[allow(clippy::expect_used, reason = "the expression is constant")]
fn only(when: When, fields: usize) -> When {
    let any = || Regex::new(".*").expect("an expression");
    when.form_urlencoded_tuple_count(any(), any(), fields)
}

/// The base URL of the client that makes previews. Nothing is sent to it.
const BASE: &str = "http://127.0.0.1";

/// The type of [`Client::preview`] and [`Client::preview_create`].
type Preview = fn(&Client, &AccountsRequest) -> Result<RequestPreview, Error>;
