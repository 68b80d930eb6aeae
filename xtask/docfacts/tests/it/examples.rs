//! The samples of a page, written into a spec.

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
fn examples_that_are_not_json_and_requests_without_data_are_written_too() {
    let mut page = fuel::pages().remove(0);
    page.samples.requests.truncate(1);
    page.samples.requests[0].form.clear();
    page.samples.responses[0].body = "no: \"JSON\"\nbut text".to_owned();
    let spec = written(SPEC, &[page.clone()]).unwrap();
    let read: serde_json::Value = serde_yaml::from_str(&spec).unwrap();
    assert_eq!(read["post"]["requestBody"]["examples"], serde_json::Value::Null);
    let example = &read["post"]["responses"]["200"]["examples"]["done_with_diesel"];
    assert_eq!(example["value"], page.samples.responses[0].body);
}

#[test]
fn examples_from_an_unknown_page_are_an_error_with_its_line() {
    for from in ["fill-a-tnk: requests", "fill-a-tank: answers", "fill-a-tank"] {
        let error = written(&format!("a: 1\nexamples: # from {from}\n"), &fuel::pages()).unwrap_err().to_string();
        assert!(error.starts_with(&format!("line 2: `{from}` is not known; expected")), "{error}");
    }
}
