//! The specs, with this server as the first one.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::HOST;
use axum::http::{Response, StatusCode};
use axum::routing::get;

use crate::http::wrong_host;
use crate::response;
use crate::shared::Shared;

/// Written by `cargo xtask regen`.
const YAML: &str = include_str!("generated/openapi.yaml");
const JSON: &str = include_str!("generated/openapi.json");
const CONTROL_YAML: &str = include_str!("../control.yaml");
const CONTROL_JSON: &str = include_str!("generated/control.json");

/// The routes of the specs.
pub(crate) fn router() -> Router<Arc<Shared>> {
    Router::new()
        .route("/openapi.yaml", get(async |shared, request| serve(shared, request, yaml)))
        .route("/openapi.json", get(async |shared, request| serve(shared, request, json)))
        .route(
            "/_sandbox/openapi.yaml",
            get(async |shared, request| serve(shared, request, |_| (CONTROL_YAML.to_owned(), "application/yaml"))),
        )
        .route(
            "/_sandbox/openapi.json",
            get(async |shared, request| serve(shared, request, |_| (CONTROL_JSON.to_owned(), "application/json"))),
        )
}

fn serve(
    State(shared): State<Arc<Shared>>,
    request: Request,
    text: fn(&str) -> (String, &'static str),
) -> Response<Body> {
    let (request, _) = request.into_parts();
    if let Some(reason) = wrong_host(&shared, &request) {
        let body = format!("host: {reason}\n");
        return response::with_type(StatusCode::MISDIRECTED_REQUEST, "text/plain", body).map(Body::from);
    }
    let host = request.headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or("127.0.0.1");
    let (body, media_type) = text(host);
    response::with_type(StatusCode::OK, media_type, body).map(Body::from)
}

fn yaml(host: &str) -> (String, &'static str) {
    let local = format!("\nservers:\n  - url: http://{host}\n    description: This sandbox\n");
    (YAML.replacen("\nservers:\n", &local, 1), "application/yaml")
}

fn json(host: &str) -> (String, &'static str) {
    let local = format!(r#""servers":[{{"url":"http://{host}","description":"This sandbox"}},"#);
    (JSON.replacen(r#""servers":["#, &local, 1), "application/json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_server_is_the_first_of_the_spec() {
        let found: serde_json::Value = serde_json::from_str(&json("localhost:1").0).unwrap();
        let urls: Vec<_> = found["servers"].as_array().unwrap().iter().map(|server| &server["url"]).collect();
        assert_eq!((urls[0], urls[1]), (&"http://localhost:1".into(), &"https://sandbox.juspay.in".into()));
        let (text, _) = yaml("localhost:1");
        assert!(
            text.contains("\nservers:\n  - url: http://localhost:1\n    description: This sandbox\n  - url: https://")
        );
    }
}
