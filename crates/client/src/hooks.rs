//! What happens to each request between the generated code and the network: signing, and sending within the limits.

use progenitor_client::{ClientHooks, ClientInfo, Error, OperationInfo};
use reqwest::header::HeaderName;
use reqwest::{Request, Response};

use crate::generated::Client;
use crate::transport::{Discarded, Transport};

/// The generated code sends the version of the spec in this header. It is removed, because the vendor does not document
/// it.
const VERSION_OF_SPEC: HeaderName = HeaderName::from_static("api-version");

impl ClientHooks<Transport> for Client {
    async fn pre<E>(&self, request: &mut Request, _: &OperationInfo) -> Result<(), Error<E>> {
        let headers = request.headers_mut();
        headers.remove(VERSION_OF_SPEC);
        for (name, value) in &self.inner().headers {
            // A header that the request already has is not replaced.
            headers.entry(name).or_insert_with(|| value.clone());
        }
        Ok(())
    }

    async fn exec(&self, request: Request, operation: &OperationInfo) -> reqwest::Result<Response> {
        self.inner().send(self.client(), request, operation.operation_id).await
    }

    async fn post<E>(&self, result: &reqwest::Result<Response>, _: &OperationInfo) -> Result<(), Error<E>> {
        // Without this check, the generated code would decode the empty body of a discarded response.
        match result.as_ref().ok().and_then(|response| response.extensions().get()) {
            Some(Discarded(reason)) => Err(Error::Custom((*reason).to_owned())),
            None => Ok(()),
        }
    }
}
