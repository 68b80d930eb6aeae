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
fn examples_that_are_not_json_and_requests_without_data_are_written_too() {
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
    let spec = "\
servers: [{url: 'http://localhost:1'}]
paths:
  /tanks/{id}:
    post:
      operationId: fillTank
      summary: Fill a tank
      x-codeSamples: # from the examples
        - what: was there before
      parameters:
        - {name: id, in: path, required: true, example: t 1}
        - {name: x-pump, in: header, required: true, schema: {example: it's 2}}
        - {name: x-free, in: header, example: never sent}
      requestBody:
        content:
          application/x-www-form-urlencoded:
            examples:
              full: {summary: 'Full: up', value: {fuel: diesel, grades: {list: [1, \"2\"]}}}
              nothing: {summary: Nothing, value: {}}
    get:
      operationId: getTank
      summary: Get a tank
      x-codeSamples: # from the examples
";
    let written = code_samples::written(spec).unwrap();
    assert_eq!(code_samples::written(&written).unwrap(), written, "a second time changes nothing");
    let read: serde_json::Value = serde_yaml::from_str(&written).unwrap();
    let samples = |method: &str| {
        let samples = read["paths"]["/tanks/{id}"][method]["x-codeSamples"].as_array().unwrap();
        let words = |sample: &serde_json::Value| {
            shlex::split(&sample["source"].as_str().unwrap().replace("\\\n", " ")).unwrap()
        };
        samples.iter().map(|sample| (sample["label"].as_str().unwrap().to_owned(), words(sample))).collect::<Vec<_>>()
    };
    let head = |start: &'static [&str]| [start, &["-u", "any-key:", "-H", "x-pump: it's 2"]].concat();
    let form = ["--data-urlencode", "fuel=diesel", "--data-urlencode", r#"grades={"list":[1,"2"]}"#];
    let full = [&head(&["curl"])[..], &form, &["http://localhost:1/tanks/t 1"]].concat();
    let nothing = [&head(&["curl", "-X", "POST"])[..], &["http://localhost:1/tanks/t 1"]].concat();
    let expected = [("Full: up", full), ("Nothing", nothing)];
    assert_eq!(
        samples("post"),
        expected.map(|(label, words)| (label.to_owned(), words.iter().map(|word| (*word).to_owned()).collect()))
    );
    assert_eq!(
        samples("get"),
        [("Get a tank".to_owned(), shlex::split("curl -u any-key: 'http://localhost:1/tanks/{id}'").unwrap())]
    );
}

#[test]
fn examples_from_an_unknown_page_are_an_error_with_its_line() {
    for from in ["fill-a-tnk: requests", "fill-a-tank: headers", "fill-a-tank"] {
        let error = written(&format!("a: 1\nexamples: # from {from}\n"), &fuel::pages()).unwrap_err().to_string();
        assert!(error.starts_with(&format!("line 2: `{from}` is not known; expected")), "{error}");
    }
}
