//! Serves the specs of the vendor's operations and of the control API.

use std::sync::Arc;

use axum::Router;
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_TYPE, HOST};
use axum::routing::get;

use crate::shared::Shared;
use crate::spec;

const CONTROL_YAML: &str = include_str!("../../control.yaml");
const CONTROL_JSON: &str = include_str!("../generated/control.json");

/// The first server in the spec of the vendor's operations. The example commands in the spec call this server.
const LOCAL: &str = "http://127.0.0.1:8080";

pub(super) fn router() -> Router<Arc<Shared>> {
    let specs = [
        ("/openapi.yaml", "application/yaml", spec::YAML),
        ("/openapi.json", "application/json", spec::JSON),
        ("/_sandbox/openapi.yaml", "application/yaml", CONTROL_YAML),
        ("/_sandbox/openapi.json", "application/json", CONTROL_JSON),
    ];
    specs.into_iter().fold(Router::new(), |router, (path, media_type, spec)| {
        router
            .route(path, get(async move |headers: HeaderMap| ([(CONTENT_TYPE, media_type)], for_host(spec, &headers))))
    })
}

/// Replaces the first server of a spec with this server, also in example commands. The spec of the control API has no
/// servers.
fn for_host(spec: &str, headers: &HeaderMap) -> String {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or("127.0.0.1");
    spec.replace(LOCAL, &format!("http://{host}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_server_comes_first_in_the_spec() {
        let headers = HeaderMap::from_iter([(HOST, "localhost:1".parse().unwrap())]);
        let found: serde_json::Value = serde_json::from_str(&for_host(spec::JSON, &headers)).unwrap();
        let urls: Vec<_> = found["servers"].as_array().unwrap().iter().map(|server| &server["url"]).collect();
        assert_eq!((urls[0], urls[1]), (&"http://localhost:1".into(), &"https://sandbox.juspay.in".into()));
        let text = for_host(spec::YAML, &headers);
        assert!(text.contains("\nservers:\n  - url: http://localhost:1\n"));
        assert!(
            text.contains("\n            curl -u any-key: \\\n") && text.contains(" http://localhost:1/customers/")
        );
    }
}
