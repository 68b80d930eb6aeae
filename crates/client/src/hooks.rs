//! How requests of `Client::raw` are sent: by the same transport as those of all other calls.

use progenitor_client::{ClientHooks, Error, OperationInfo};
use reqwest::{Request, Response, Url};

use crate::generated::Client;
use crate::transport::attempt::{CallLog, Effect};
use crate::transport::{Lost, Sent, Transport};

/// Marks a response that must not be read, with the reason.
#[derive(Clone)]
struct Discarded(String);

impl ClientHooks<Transport> for Client {
    async fn exec(&self, request: Request, operation: &OperationInfo) -> reqwest::Result<Response> {
        let effect = if request.method().is_safe() { Effect::Reads } else { Effect::Pays };
        let mut log = CallLog { is_raw: true, ..CallLog::new(effect, usize::MAX) };
        let copy = |_: &Url| request.try_clone().ok_or_else(|| "a body that is a stream cannot be sent".into());
        let sent = self.inner.send(&self.client, operation.operation_id, &mut log, &copy).await;
        match sent {
            Ok(Sent { response, body }) => {
                let (mut parts, _) = http::Response::from(response).into_parts();
                parts.headers = log.last.headers;
                Ok(http::Response::from_parts(parts, body).into())
            }
            Err(Lost::Http(error)) => Err(error),
            Err(Lost::Because(reason)) => {
                let mut response = http::Response::new(Vec::new());
                response.extensions_mut().insert(Discarded(reason.to_string()));
                Ok(response.into())
            }
        }
    }

    async fn post<E>(&self, result: &reqwest::Result<Response>, _: &OperationInfo) -> Result<(), Error<E>> {
        // Without this check, the generated code would decode the empty body of a discarded response.
        match result.as_ref().ok().and_then(|response| response.extensions().get()) {
            Some(Discarded(reason)) => Err(Error::Custom(reason.clone())),
            None => Ok(()),
        }
    }
}
