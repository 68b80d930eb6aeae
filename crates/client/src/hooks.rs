//! What happens to each request between the generated code and the wire: it is signed, and what nobody documented is
//! taken off.

use progenitor_client::{ClientHooks, Error, OperationInfo};
use reqwest::header::{AUTHORIZATION, HeaderValue, USER_AGENT};

use crate::auth::Credentials;
use crate::generated::Client;

const AGENT: HeaderValue = HeaderValue::from_static(concat!("juspay-accounts/", env!("CARGO_PKG_VERSION")));

impl ClientHooks<Credentials> for Client {
    async fn pre<E>(&self, request: &mut reqwest::Request, _: &OperationInfo) -> Result<(), Error<E>> {
        let headers = request.headers_mut();
        // The generator adds it to every request; the API does not know it.
        headers.remove("api-version");
        headers.insert(USER_AGENT, AGENT);
        headers.insert(AUTHORIZATION, self.inner.authorization());
        Ok(())
    }
}
