//! The lint on a description that is in step with its pages, broken in one place at a time.
#![allow(clippy::unwrap_used)]

use serde_json::{Value, json};
use xtask::facts::Page;
use xtask::lint::contradictions::contradictions;
use xtask::lint::project;

mod common;
use common::fuel;

/// What is found, one line for each; nothing if all is well.
fn found(spec: Option<&dyn Fn(&mut Value)>, pages: &[Page]) -> String {
    let mut document = fuel::description();
    if let Some(edit) = spec {
        edit(&mut document.value);
    }
    match project(&document, pages) {
        Ok(_) => String::new(),
        Err(problems) => problems.to_string().replace("error: openapi.yaml: at ", ""),
    }
}

#[test]
fn a_description_in_step_with_its_pages_has_nothing_to_mend() {
    assert_eq!(found(None, &fuel::pages()), "");
}

const FILL: &str = "/paths/~1depots~1{depot_id}~1fillings/post";
const LIST: &str = "/paths/~1depots~1{depot_id}~1tanks/get";

fn set(spec: &mut Value, at: &str, value: Value) {
    let (parent, key) = at.rsplit_once('/').unwrap();
    let parent = spec.pointer_mut(parent).unwrap();
    match parent {
        Value::Array(items) => items[key.parse::<usize>().unwrap()] = value,
        other => other[key.replace("~1", "/")] = value,
    }
}

fn take_out(spec: &mut Value, at: &str) {
    let (parent, key) = at.rsplit_once('/').unwrap();
    let gone = match spec.pointer_mut(parent).unwrap() {
        Value::Array(items) => items.remove(key.parse().unwrap()),
        other => other.as_object_mut().unwrap().remove(&key.replace("~1", "/")).unwrap(),
    };
    assert!(!gone.is_null() || key == "fact", "{at}");
}

type Edit = (&'static str, fn(&mut Value));

/// What each edit of the description leads to.
fn told(edits: &[Edit]) -> String {
    let pages = fuel::pages();
    let one = |(name, edit): &Edit| {
        let found = found(Some(edit), &pages);
        assert!(!found.is_empty(), "nothing is found after the edit: {name}");
        format!("{name}:\n  {}\n", found.replace('\n', "\n  "))
    };
    edits.iter().map(one).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_is_documented_and_not_in_the_description_is_told() {
    let edits: &[Edit] = &[
        ("another method", |spec| {
            let operation = spec.pointer(FILL).unwrap().clone();
            take_out(spec, FILL);
            set(spec, &FILL.replace("/post", "/put"), operation);
        }),
        ("another server", |spec| set(spec, "/servers/1/url", json!("https://api.example"))),
        ("another way to sign", |spec| set(spec, "/components/securitySchemes/key/scheme", json!("bearer"))),
        ("no need to sign", |spec| set(spec, "/security", json!([{ "key": [] }, {}]))),
        ("no heading", |spec| take_out(spec, &format!("{LIST}/externalDocs"))),
        ("a header less", |spec| take_out(spec, &format!("{FILL}/parameters/1"))),
        ("a query parameter less", |spec| take_out(spec, &format!("{LIST}/parameters/2"))),
        ("a header that may be left out", |spec| set(spec, &format!("{FILL}/parameters/1/required"), json!(false))),
        ("a header with another example", |spec| set(spec, &format!("{FILL}/parameters/1/example"), json!("lorry_8"))),
        ("a query parameter of another type", |spec| {
            set(spec, &format!("{LIST}/parameters/2/schema"), json!({ "type": "string", "enum": ["true"] }));
        }),
        ("another media type", |spec| {
            let content = format!("{FILL}/requestBody/content");
            let mut media = spec.pointer(&content).unwrap()["application/x-www-form-urlencoded"].clone();
            media.as_object_mut().unwrap().remove("encoding");
            set(spec, &content, json!({ "application/json": media }));
        }),
        ("a field of the form less", |spec| take_out(spec, "/components/schemas/Filling/properties/note")),
        ("a field of the form that may be left out", |spec| {
            set(spec, "/components/schemas/Filling/required", json!(["order", "command"]));
        }),
        ("a field of the form that must be sent", |spec| {
            set(spec, "/components/schemas/Filling/required", json!(["tank_code", "order", "command", "note"]));
            let examples = format!("{FILL}/requestBody/content/application~1x-www-form-urlencoded/examples");
            for name in ["diesel", "petrol"] {
                spec.pointer_mut(&format!("{examples}/{name}/value")).unwrap()["note"] = json!("a");
            }
        }),
        ("another fixed value", |spec| {
            set(spec, "/components/schemas/Filling/properties/command/enum", json!(["fill", "empty"]));
        }),
        ("a nested field less", |spec| {
            take_out(spec, "/components/schemas/Order/properties/fuel/items/properties/grade");
        }),
        ("a nested field with a capital letter", |spec| {
            let done = "/components/schemas/Done/properties/pump/properties";
            set(spec, done, json!({ "Grade": { "type": "string", "example": "B7" } }));
        }),
        ("a field of an answer less", |spec| take_out(spec, "/components/schemas/Done/properties/filling_id")),
        ("a field of an error less", |spec| take_out(spec, "/components/schemas/Error/properties/status")),
        ("a listed value less", |spec| {
            set(spec, "/components/schemas/Done/properties/state/anyOf/0/enum", json!(["OPEN", "DONE"]));
        }),
        ("a response less", |spec| take_out(spec, &format!("{FILL}/responses/401"))),
        ("a sample less", |spec| {
            take_out(spec, &format!("{FILL}/requestBody/content/application~1x-www-form-urlencoded/examples/petrol"));
        }),
        ("a sample with another value", |spec| {
            let example =
                format!("{FILL}/requestBody/content/application~1x-www-form-urlencoded/examples/petrol/value");
            set(spec, &format!("{example}/order/fuel/0/grade"), json!("B7"));
        }),
        ("a sample with a field more", |spec| {
            set(
                spec,
                &format!("{LIST}/responses/200/content/application~1json/examples/success/value/total"),
                json!(1),
            );
        }),
        ("an operation that names no page", |spec| take_out(spec, &format!("{LIST}/x-documented"))),
        ("an operation that names an unknown page", |spec| {
            set(spec, &format!("{LIST}/x-documented/page"), json!("list-tank"));
        }),
        ("two operations that name one page", |spec| {
            set(spec, &format!("{LIST}/x-documented/page"), json!("fill-a-tank"));
        }),
    ];
    insta::assert_snapshot!(told(edits));
}

#[test]
fn a_deviation_that_lost_its_reason_or_was_taken_out_is_told() {
    let edits: &[Edit] = &[
        ("an unknown fact", |spec| {
            set(spec, &format!("{LIST}/x-deviation/1/fact"), json!("query_parameters.full.defualt"));
        }),
        ("a fact of another operation", |spec| {
            set(spec, &format!("{LIST}/x-deviation/1/fact"), json!("body_parameters.speed.default"));
        }),
        ("the description says by now what the page says", |spec| {
            set(spec, "/components/schemas/Speed/default", json!("3 l/s (slow)"));
        }),
        ("the description says so too where an operation without a page shares it", |spec| {
            let mut shared = json!({
                "operationId": "idle",
                "summary": "Idle",
                "tags": ["pumps"],
                "x-deviation": [{ "fact": null, "page": "There is none.", "spec": "An operation.", "why": "It is there." }],
                "parameters": [{ "name": "speed", "in": "query", "schema": { "$ref": "#/components/schemas/Speed" } }],
            });
            shared["responses"] = json!({ "204": { "description": "Idle." } });
            spec["paths"]["/idle"] = json!({ "get": shared });
            set(spec, "/components/schemas/Speed/default", json!("3 l/s (slow)"));
        }),
        ("the bound that departed is gone", |spec| {
            take_out(spec, "/components/schemas/Speed/pattern");
        }),
        ("what was absent is documented", |spec| {
            set(
                spec,
                &format!("{FILL}/x-deviation/3/absent"),
                json!(["body_parameters.duration", "body_parameters.speed"]),
            );
        }),
        ("an example with a field more than its sample", |spec| {
            let (_, example) = spec
                .pointer_mut(&format!("{FILL}/requestBody/content"))
                .and_then(|media| {
                    media.as_object_mut()?.values_mut().next()?["examples"].as_object_mut()?.iter_mut().next()
                })
                .unwrap();
            example["value"]["note"] = json!("For the driver");
        }),
        ("a departure without explanation", |spec| take_out(spec, "/components/schemas/Order/x-deviation")),
        ("a contradiction without explanation", |spec| {
            take_out(spec, "/components/schemas/Done/properties/litres/x-deviation");
        }),
        ("the missing space without explanation", |spec| take_out(spec, &format!("{FILL}/x-deviation/2/fact/0"))),
        ("an explanation elsewhere", |spec| {
            let deviation = json!([{ "fact": "query_parameters.full.default", "page": "False.", "spec": "None.", "why": "Because." }]);
            set(spec, &format!("{FILL}/requestBody/x-deviation"), deviation);
            take_out(spec, &format!("{LIST}/x-deviation/1"));
        }),
        ("a deviation at something unused", |spec| {
            let deviation = json!([{ "fact": null, "page": "Silent.", "spec": "Not.", "why": "Because." }]);
            set(spec, "/components/schemas/Unused", json!({ "type": "string", "x-deviation": deviation }));
        }),
        ("no reason given", |spec| set(spec, &format!("{LIST}/x-deviation/1/why"), json!(" "))),
        ("no fact given", |spec| take_out(spec, &format!("{FILL}/x-deviation/3/fact"))),
        ("a number for a fact", |spec| set(spec, &format!("{LIST}/x-deviation/1/fact"), json!(1))),
        ("an unknown key", |spec| set(spec, &format!("{LIST}/x-deviation/1/reason"), json!("Because."))),
        ("a deviation that is no list", |spec| {
            let one = spec.pointer(&format!("{LIST}/x-deviation/1")).unwrap().clone();
            set(spec, &format!("{LIST}/x-deviation"), one);
        }),
        ("a page that was read before it changed", |spec| {
            set(spec, &format!("{FILL}/x-documented/content_sha256"), json!("0"));
        }),
    ];
    // The checksum changes with every word of the page.
    let pages = fuel::pages();
    let told =
        pages.iter().fold(told(edits), |told, page| told.replace(&page.content_sha256, &format!("[of {}]", page.page)));
    insta::assert_snapshot!(told);
}

#[test]
fn examples_that_are_none_and_gaps_are_told() {
    let edits: &[Edit] = &[
        ("an example of a schema", |spec| {
            let done = "/components/schemas/Done/properties";
            set(spec, &format!("{done}/pump/properties/grade/maxLength"), json!(1));
        }),
        ("an example of a parameter", |spec| {
            set(spec, "/components/parameters/Depot/schema", json!({ "type": "string", "pattern": "^x" }));
        }),
        ("an example of a request", |spec| {
            set(spec, "/components/schemas/Order/properties/fuel/items/properties/litres/pattern", json!("^[0-9]{3}$"));
        }),
        ("an example of a response that is null where it must not be", |spec| {
            take_out(
                spec,
                &format!(
                    "{LIST}/responses/200/content/application~1json/schema/properties/list/items/properties/tank_code/nullable"
                ),
            );
            set(
                spec,
                &format!("{LIST}/responses/200/content/application~1json/examples/success/value/list/0/tank_code"),
                json!(null),
            );
        }),
        ("no summary", |spec| take_out(spec, &format!("{LIST}/summary"))),
        ("no tags", |spec| set(spec, &format!("{LIST}/tags"), json!([]))),
        ("no answer for a refusal", |spec| take_out(spec, &format!("{LIST}/responses/4XX"))),
        ("no answer for a failure", |spec| take_out(spec, &format!("{FILL}/responses/5XX"))),
        ("no example of a success", |spec| {
            take_out(spec, &format!("{LIST}/responses/200/content/application~1json/examples"));
        }),
        ("a body that may be left out", |spec| set(spec, &format!("{FILL}/requestBody/required"), json!(false))),
        ("a text without bounds", |spec| take_out(spec, "/components/schemas/Filling/properties/note/maxLength")),
        ("a text with a format and no bounds", |spec| {
            set(spec, "/components/schemas/Word", json!({ "type": "string", "format": "uuid" }));
        }),
        ("something that cannot be generated comes first", |spec| {
            take_out(spec, &format!("{LIST}/summary"));
            set(spec, &format!("{FILL}/requestBody/content/application~1x-www-form-urlencoded/encoding"), json!({}));
        }),
    ];
    insta::assert_snapshot!(told(edits));
}

#[test]
fn null_is_an_example_of_what_can_be_null() {
    let edit = |spec: &mut Value| {
        let schema = json!({ "type": "string", "nullable": true, "enum": ["a"], "example": null });
        spec["components"]["schemas"]["Error"]["properties"]["hint"] = schema;
    };
    assert_eq!(found(Some(&edit), &fuel::pages()), "");
}

/// A page that contradicts itself in one more place, and where.
const CONTRADICTORY: &[(&str, &str, &str)] = &[
    ("a required header that a sample does not send", "--header 'x-lorry-id: lorry_7' \\\n", ""),
    (
        "a mandatory field that a sample does not send",
        "--header 'x-lorry-id: lorry_7' \\\n--data-urlencode 'tank_code=T1' \\\n",
        "--header 'x-lorry-id: lorry_7' \\\n",
    ),
    (
        "a field that is in no table",
        "--header 'x-lorry-id: lorry_7' \\\n",
        "--header 'x-lorry-id: lorry_7' \\\n-d colour=red \\\n",
    ),
    (
        "a query parameter that is in no table",
        "POST 'https://api.fuel.example/depots/dep_1/fillings' \\\n--header 'Content-Type: application/x-www-form-urlencoded' \\\n--header 'Authorization: Basic ZGVw*****' \\\n--header 'x-lorry-id: lorry_7'\\\n",
        "POST 'https://api.fuel.example/depots/dep_1/fillings?colour=red&' \\\n--header 'Content-Type: application/x-www-form-urlencoded' \\\n--header 'Authorization: Basic ZGVw*****' \\\n--header 'x-lorry-id: lorry_7'\\\n",
    ),
    ("a nested field that is in no table", "\"grade\":\"E5\"", "\"grade\":\"E5\", \"octane\":95"),
    ("a key that the samples spell otherwise", "  - **fuel**:", "  - **Fuel**:"),
    (
        "a type that the samples do not have",
        "        - Value: 0500\n        - Tags: String",
        "        - Value: 0500\n        - Tags: Number",
    ),
    ("a list that is tagged as a text", "    - Tags: Array", "    - Tags: String"),
    ("a value that is not listed", "\"state\": \"DONE\"", "\"state\": \"EMPTY\""),
    ("a field of the table that no sample has", "        \"object\": \"filling\",\n", ""),
    (
        "a field of a sample that is not in the table",
        "\"status\": \"error\"",
        "\"status\": \"error\", \"hint\": \"key\"",
    ),
    ("times with more digits here than there", "\"object\": \"filling\"", "\"object\": \"2024-01-01T00:00:00.123Z\""),
    (
        "an answer with another value than the request",
        "\"pump\": {\n            \"grade\": \"B7\"",
        "\"pump\": {\n            \"grade\": \"E5\"",
    ),
];

#[test]
fn where_a_page_contradicts_itself() {
    let page = fuel::text("fill-a-tank").replace("- Value: filling", "- Value: 2024-01-01T00:00:00Z");
    let all = |page: &str| {
        let found = contradictions(&fuel::facts(page));
        found.into_iter().map(|one| format!("{}: {}", one.at.join(" and "), one.message)).collect::<Vec<_>>()
    };
    let usual = all(&page);
    let one = |(name, find, with): &(&str, &str, &str)| {
        assert_eq!(page.matches(find).count(), 1, "{name}: the place to change is not there once");
        let more: Vec<_> = all(&page.replace(find, with)).into_iter().filter(|one| !usual.contains(one)).collect();
        format!("{name}:\n  {}\n", more.join("\n  "))
    };
    let told = CONTRADICTORY.iter().map(one).collect::<Vec<_>>().join("\n");
    insta::assert_snapshot!(format!("the page as it is:\n  {}\n\n{told}", usual.join("\n  ")));
}

#[test]
fn a_mandatory_field_is_looked_for_in_a_body_of_json_too() {
    let mut page = fuel::facts(&fuel::text("fill-a-tank"));
    let mut unsent = |body: &str| {
        for sample in &mut page.samples.requests {
            sample.form.clear();
            sample.body = Some(body.to_owned());
        }
        let found = contradictions(&page).into_iter().flat_map(|one| one.at);
        found.filter(|at| at.starts_with("body_parameters.") && at.ends_with(".required")).collect::<Vec<_>>()
    };
    assert_eq!(unsent(r#"{"tank_code":"T1","order":{"fuel":[]},"command":"fill"}"#), [""; 0]);
    assert_eq!(unsent(r#"{"tank_code":"T1","order":{"fuel":[]}}"#), ["body_parameters.command.required"]);
    assert_eq!(unsent("<command>fill</command>"), [""; 0]);
}

/// A field can be called like a part of one; where it is in doubt has to be a fact all the same, or nobody could decide it.
#[test]
fn a_contradiction_is_at_a_fact_whatever_the_field_is_called() {
    let page = fuel::text("fill-a-tank")
        .replace("- **litres**:", "- **value**:")
        .replace("\"litres\":\"", "\"value\":\"")
        .replace("        - Value: 0500\n        - Tags: String", "        - Value: 0500\n        - Tags: Number");
    let facts = fuel::facts(&page);
    let found: Vec<_> = contradictions(&facts).into_iter().flat_map(|one| one.at).collect();
    assert!(found.contains(&"body_parameters.order.fuel.fields.value.type".to_owned()), "{found:#?}");
    let tree = facts.tree();
    let mut known = Vec::new();
    tree.visit(&mut |path, _| known.push(path.to_owned()));
    for at in found {
        assert!(known.contains(&at), "{at}");
    }
}

#[test]
fn a_page_without_operation_is_told() {
    let mut pages = fuel::pages();
    pages.push(Page { page: "drain-a-tank".to_owned(), ..Page::default() });
    insta::assert_snapshot!(found(None, &pages), @"/paths: no operation describes the page `drain-a-tank` of spec/documented; accepted is one with `x-documented: {page: drain-a-tank}`");
}
