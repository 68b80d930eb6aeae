//! Tests how the samples of a page are written into a spec.

use docfacts::code_samples;
use docfacts::examples::written;

use crate::fuel;

const SPEC: &str = include_str!("../pages/examples.yaml");

#[test]
fn examples_are_the_samples_and_nothing_else_changes() {
    let spec = written(SPEC, &fuel::pages()).unwrap();
    insta::assert_snapshot!(spec);
    assert_eq!(written(&spec, &fuel::pages()).unwrap(), spec, "a second time changes nothing");
    let read: serde_json::Value = serde_yaml::from_str(&spec).unwrap();
    for sample in &fuel::pages()[0].samples.responses {
        let examples = read["post"]["responses"][&sample.status]["examples"].as_object().unwrap();
        let body: serde_json::Value = serde_json::from_str(&sample.body).unwrap();
        assert!(examples.values().any(|example| example["summary"] == sample.name && example["value"] == body));
    }
}

#[test]
fn examples_that_are_not_json_are_written_and_requests_without_data_are_left_out() {
    let mut page = fuel::pages().remove(0);
    page.samples.requests.truncate(1);
    page.samples.requests[0].form.clear();
    page.samples.responses[0].body = "no: \"JSON\"\nbut text".to_owned();
    let spec = written(SPEC, &[page.clone()]).unwrap();
    let read: serde_json::Value = serde_yaml::from_str(&spec).unwrap();
    assert_eq!(read["post"]["requestBody"]["examples"], serde_json::Value::Null);
    let example = &read["post"]["responses"]["200"]["examples"]["with_diesel"];
    assert_eq!(example["value"], page.samples.responses[0].body);
}

/// Users paste a command into a shell, so the test reads it as a shell does.
#[test]
fn code_samples_are_commands_for_the_examples() {
    let spec = include_str!("../pages/code_samples.yaml");
    let written = code_samples::written(spec, &serde_yaml::from_str(spec).unwrap()).unwrap();
    let read: serde_json::Value = serde_yaml::from_str(&written).unwrap();
    assert_eq!(code_samples::written(&written, &read).unwrap(), written, "a second time changes nothing");
    let path = &read["paths"]["/tanks/{id}"];
    let samples = ["post", "get"].map(|method| path[method]["x-codeSamples"].as_array().unwrap()).into_iter().flatten();
    let words = samples.map(|sample| {
        let words = shlex::split(&sample["source"].as_str().unwrap().replace("\\\n", " ")).unwrap();
        format!("{}: {words:?}", sample["label"])
    });
    insta::assert_snapshot!(words.collect::<Vec<_>>().join("\n"), @r#"
    "Full: up": ["curl", "-u", "any-key:", "-H", "x-pump: it's 2", "--data-urlencode", "fuel=diesel", "--data-urlencode", "grades={\"list\":[1,\"2\"]}", "http://localhost:1/tanks/t 1"]
    "Nothing": ["curl", "-X", "POST", "-u", "any-key:", "-H", "x-pump: it's 2", "http://localhost:1/tanks/t 1"]
    "Get a tank": ["curl", "-u", "any-key:", "http://localhost:1/tanks/{id}"]
    "#);
}

#[test]
fn examples_from_an_unknown_page_are_an_error_with_its_line() {
    for from in ["fill-a-tnk: requests", "fill-a-tank: headers", "fill-a-tank"] {
        let error = written(&format!("a: 1\nexamples: # from {from}\n"), &fuel::pages()).unwrap_err().to_string();
        assert!(error.starts_with(&format!("line 2: `{from}` is not known; expected")), "{error}");
    }
}
