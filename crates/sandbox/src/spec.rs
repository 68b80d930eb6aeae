//! The spec of the vendor's operations, from which the sandbox reads paths, methods and form fields, and the spec of
//! the control API. The sandbox serves both.

use std::sync::LazyLock;

use axum::Router;
use axum::http::header::{CONTENT_TYPE, HOST};
use axum::http::{HeaderMap, Method};
use axum::routing::{MethodFilter, get};
use serde_json::Value;

/// `cargo xtask regen` generates the files in `generated`.
const YAML: &str = include_str!("generated/openapi.yaml");
const JSON: &str = include_str!("generated/openapi.json");
const CONTROL_YAML: &str = include_str!("../control.yaml");
const CONTROL_JSON: &str = include_str!("generated/control.json");

/// The first server in the spec of the vendor's operations. The example commands in the spec call this server.
const LOCAL: &str = "http://127.0.0.1:8080";

static SPEC: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(JSON).unwrap_or_default());

/// An operation in the spec.
pub(crate) struct Described {
    pub(crate) path: &'static str,
    pub(crate) method: MethodFilter,
    parameters: [&'static Value; 2],
    form: &'static Value,
}

/// Finds an operation by its `operationId`.
pub(crate) fn operation(id: &str) -> Option<Described> {
    let paths = SPEC["paths"].as_object()?;
    paths.iter().find_map(|(path, item)| {
        let (method, operation) = item.as_object()?.iter().find(|(_, operation)| operation["operationId"] == id)?;
        let method = MethodFilter::try_from(method.to_uppercase().parse::<Method>().ok()?).ok()?;
        let form = &operation["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"];
        Some(Described { path, method, parameters: [&item["parameters"], &operation["parameters"]], form })
    })
}

impl Described {
    /// Whether the form has this field.
    pub(crate) fn has_field(&self, name: &str) -> bool {
        !resolve(self.form)["properties"][name].is_null()
    }

    /// Returns a JSON pointer to the schema of a parameter, of a form field or of a part of `account_details`.
    pub(crate) fn pointer(&self, field: &str) -> Option<&'static str> {
        let mut parameters = self.parameters.iter().flat_map(|list| list.as_array().into_iter().flatten()).map(resolve);
        let schema = match parameters.find(|parameter| parameter["name"] == field) {
            Some(parameter) => &parameter["schema"],
            None => field.split('.').filter_map(|part| part.split('[').next()).fold(self.form, |schema, name| {
                let property = &resolve(schema)["properties"][name];
                property.get("items").unwrap_or(property)
            }),
        };
        Some(schema["$ref"].as_str()?.trim_start_matches('#'))
    }
}

/// Returns the target of a reference, and any other part of the spec unchanged.
fn resolve(part: &'static Value) -> &'static Value {
    let target = part["$ref"].as_str().and_then(|reference| SPEC.pointer(reference.trim_start_matches('#')));
    target.unwrap_or(part)
}

/// Makes the routes of the specs, which use no state.
pub(crate) fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    let specs = [
        ("/openapi.yaml", "application/yaml", YAML),
        ("/openapi.json", "application/json", JSON),
        ("/_sandbox/openapi.yaml", "application/yaml", CONTROL_YAML),
        ("/_sandbox/openapi.json", "application/json", CONTROL_JSON),
    ];
    specs.into_iter().fold(Router::new(), |router, (path, media_type, spec)| {
        router
            .route(path, get(async move |headers: HeaderMap| ([(CONTENT_TYPE, media_type)], for_host(spec, &headers))))
    })
}

/// Replaces the first server of a spec with this server, also in example commands. The spec of the control API does not
/// change: its server is `/`.
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
        let found: Value = serde_json::from_str(&for_host(JSON, &headers)).unwrap();
        let urls: Vec<_> = found["servers"].as_array().unwrap().iter().map(|server| &server["url"]).collect();
        assert_eq!((urls[0], urls[1]), (&"http://localhost:1".into(), &"https://sandbox.juspay.in".into()));
        let text = for_host(YAML, &headers);
        assert!(text.contains("\nservers:\n  - url: http://localhost:1\n"));
        assert!(
            text.contains("\n            curl -u any-key: \\\n") && text.contains(" http://localhost:1/customers/")
        );
    }
}
