//! What happens to each request between the generated code and the wire: it is signed, and sent within the limits.

use progenitor_client::{ClientHooks, ClientInfo, Error, OperationInfo};
use reqwest::header::{AUTHORIZATION, HeaderValue, USER_AGENT};
use reqwest::{Request, Response};

use crate::generated::Client;
use crate::transport::{Lost, Transport};

const AGENT: HeaderValue = HeaderValue::from_static(concat!("juspay-accounts/", env!("CARGO_PKG_VERSION")));

impl ClientHooks<Transport> for Client {
    async fn pre<E>(&self, request: &mut Request, _: &OperationInfo) -> Result<(), Error<E>> {
        let headers = request.headers_mut();
        // The generator sends the version of the spec to every API; the vendor does not document such a header.
        headers.remove("api-version");
        headers.insert(USER_AGENT, AGENT);
        headers.insert(AUTHORIZATION, self.inner().credentials.authorization());
        Ok(())
    }

    async fn exec(&self, request: Request, operation: &OperationInfo) -> reqwest::Result<Response> {
        self.inner().send(self.client(), request, operation.operation_id).await
    }

    async fn post<E>(&self, result: &reqwest::Result<Response>, _: &OperationInfo) -> Result<(), Error<E>> {
        // Without this the generated code would find a body that is empty.
        match result.as_ref().ok().and_then(|answer| answer.extensions().get()) {
            Some(Lost(reason)) => Err(Error::Custom(reason.clone())),
            None => Ok(()),
        }
    }
}
