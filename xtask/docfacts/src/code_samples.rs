//! Writes `curl` commands into the spec, so that readers of its documentation can paste them: a command for each
//! example of a request, or one command for an operation without examples.
//!
//! A documentation tool may generate commands of its own, but does not know how to write JSON into a field of a form.
//! The commands here call the first server of the spec.

use openapi_doc::{FORM, Operation, object, operations, resolve, target};
use serde_json::Value;

use crate::examples::{quoted, replace_below};

/// The line below which the commands of an operation are written. It must follow the `operationId` of the operation.
const MARK: &str = "x-codeSamples: # from the examples";

/// Returns the text of a spec with the commands for its examples. `document` is the content of the spec.
pub fn written(spec: &str, document: &Value) -> anyhow::Result<String> {
    let operations = operations(document);
    let mut current = None;
    replace_below(spec, |_, line| {
        if let Some(id) = line.strip_prefix("operationId: ") {
            current = operations.iter().find(|operation| operation.id() == id);
        }
        Ok(current.filter(|_| line == MARK).map(|operation| samples(document, operation)))
    })
}

fn samples(spec: &Value, operation: &Operation<'_>) -> String {
    let body = target(spec, operation.pointer.join("requestBody")).at(&["content", FORM]);
    let examples = object(spec.pointer(body.as_str()).and_then(|form| form.get("examples")));
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut samples: Vec<_> = examples
        .filter_map(|(_, example)| resolve(spec, example))
        .map(|example| (text(example.get("summary")), example.get("value")))
        .collect();
    if samples.is_empty() {
        samples.push((text(operation.value.get("summary")), None));
    }
    let sample = |(label, form): (String, Option<&Value>)| {
        let source = command(spec, operation, form).join(" \\\n      ");
        format!("- lang: Shell\n  label: {}\n  source: |\n    {source}\n", quoted(&label))
    };
    samples.into_iter().map(sample).collect()
}

/// The parts of a command, each of which becomes a line. Words that belong together are in the same part.
fn command(spec: &Value, operation: &Operation<'_>, form: Option<&Value>) -> Vec<String> {
    let word = |text: &str| shlex::try_quote(text).map(String::from).unwrap_or_default();
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let server = spec.pointer("/servers/0/url").map(text).unwrap_or_default();
    let fields: Vec<_> = object(form).map(|(name, value)| format!("{name}={}", text(value))).collect();
    let method = operation.method.to_uppercase();
    let implied = if fields.is_empty() { "GET" } else { "POST" };
    let method = if method == implied { String::new() } else { format!(" -X {method}") };
    let mut parts = vec![format!("curl{method} -u any-key:")];
    let mut path = operation.path.to_owned();
    for (_, parameter) in operation.parameters() {
        let Some(parameter) = resolve(spec, parameter) else { continue };
        let schema = parameter.get("schema").and_then(|schema| resolve(spec, schema));
        let example = parameter.get("example").or_else(|| schema?.get("example"));
        let (Some(name), Some(example)) = (parameter.get("name").and_then(Value::as_str), example.map(text)) else {
            continue;
        };
        match parameter.get("in").and_then(Value::as_str) {
            Some("path") => path = path.replace(&format!("{{{name}}}"), &example),
            Some("header") if parameter.get("required") == Some(&Value::Bool(true)) => {
                parts.push(format!("-H {}", word(&format!("{name}: {example}"))));
            }
            _ => {}
        }
    }
    parts.extend(fields.iter().map(|field| format!("--data-urlencode {}", word(field))));
    parts.push(word(&format!("{server}{path}")));
    parts
}
