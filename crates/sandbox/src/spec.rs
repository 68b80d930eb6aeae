//! Serves the specs of the vendor's operations and of the control API.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::HOST;
use axum::http::{HeaderValue, StatusCode};
use axum::routing::get;

use crate::http::wrong_host;
use crate::response;
use crate::shared::Shared;

/// `cargo xtask regen` generates the files in `generated`.
const YAML: &str = include_str!("generated/openapi.yaml");
const JSON: &str = include_str!("generated/openapi.json");
const CONTROL_YAML: &str = include_str!("../control.yaml");
const CONTROL_JSON: &str = include_str!("generated/control.json");

/// The first server in the spec of the vendor's operations. The example commands in the spec call this server.
const LOCAL: &str = "http://127.0.0.1:8080";

pub(crate) fn router() -> Router<Arc<Shared>> {
    let specs = [
        ("/openapi.yaml", "application/yaml", YAML),
        ("/openapi.json", "application/json", JSON),
        ("/_sandbox/openapi.yaml", "application/yaml", CONTROL_YAML),
        ("/_sandbox/openapi.json", "application/json", CONTROL_JSON),
    ];
    specs.into_iter().fold(Router::new(), |router, (path, media_type, spec)| {
        let serve = async move |State(shared): State<Arc<Shared>>, request: Request| {
            let (request, _) = request.into_parts();
            let response = match wrong_host(&shared, &request) {
                Some(reason) => {
                    let body = format!("host: {reason}\n");
                    response::with_type(StatusCode::MISDIRECTED_REQUEST, "text/plain", body)
                }
                None => response::with_type(StatusCode::OK, media_type, for_host(spec, request.headers.get(HOST))),
            };
            response.map(Body::from)
        };
        router.route(path, get(serve))
    })
}

/// Replaces the first server of a spec with this server, also in example commands. The spec of the control API has no
/// servers.
fn for_host(spec: &str, host: Option<&HeaderValue>) -> String {
    let host = host.and_then(|host| host.to_str().ok()).unwrap_or("127.0.0.1");
    spec.replace(LOCAL, &format!("http://{host}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_server_comes_first_in_the_spec() {
        let host = HeaderValue::from_static("localhost:1");
        let found: serde_json::Value = serde_json::from_str(&for_host(JSON, Some(&host))).unwrap();
        let urls: Vec<_> = found["servers"].as_array().unwrap().iter().map(|server| &server["url"]).collect();
        assert_eq!((urls[0], urls[1]), (&"http://localhost:1".into(), &"https://sandbox.juspay.in".into()));
        let text = for_host(YAML, Some(&host));
        assert!(text.contains("\nservers:\n  - url: http://localhost:1\n"));
        assert!(
            text.contains("\n            curl -u any-key: \\\n") && text.contains(" http://localhost:1/customers/")
        );
    }
}
