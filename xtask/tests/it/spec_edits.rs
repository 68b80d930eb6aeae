//! After an edit of the project's description, `cargo xtask regen` and a build are all it takes: no line that was written
//! by hand has to follow.

use std::path::{Path, PathBuf};
use std::process::Command;

use openapi_doc::{Document, Mode};
use serde_json::{Value, json};
use xtask::regen::project;

use crate::workspace;

const OPERATION: &str = "/paths/~1customers~1{customer_id}~1accounts/post";

fn insert(spec: &mut Value, at: &str, key: &str, value: Value) {
    spec.pointer_mut(at).unwrap().as_object_mut().unwrap().insert(key.to_owned(), value);
}

fn push(spec: &mut Value, at: &str, value: Value) {
    spec.pointer_mut(at).unwrap().as_array_mut().unwrap().push(value);
}

fn a_new_field_of_the_answer(spec: &mut Value) {
    let field = json!({ "type": "integer", "nullable": true, "description": "How risky it is." });
    insert(spec, "/components/schemas/CustomerAccount/properties", "risk_score", field);
}

fn a_new_status_value(spec: &mut Value) {
    push(spec, "/components/schemas/ValidationStatus/anyOf/0/enum", json!("NAME_MISMATCH"));
}

fn a_new_form_parameter(spec: &mut Value) {
    let field = json!({ "type": "string", "pattern": "^[a-z]{1,20}$" });
    insert(spec, "/components/schemas/CreateAndValidateForm/properties", "purpose", field);
}

fn a_new_header_and_query_parameter(spec: &mut Value) {
    let parameters = format!("{OPERATION}/parameters");
    push(
        spec,
        &parameters,
        json!({ "name": "x-tenant", "in": "header", "schema": { "type": "string", "maxLength": 40 } }),
    );
    push(spec, &parameters, json!({ "name": "dry_run", "in": "query", "schema": { "type": "boolean" } }));
}

fn a_new_operation(spec: &mut Value) {
    let form = json!({
        "type": "object",
        "required": ["limits"],
        "properties": {
            "limits": { "type": "object", "required": ["most"], "properties": { "most": { "type": "integer" } } },
            "note": { "type": "string", "maxLength": 80 },
        },
    });
    let content = json!({
        "schema": form,
        "encoding": { "limits": { "contentType": "application/json" } },
        "examples": { "least": { "value": { "limits": { "most": 1 } } } },
    });
    let operation = json!({
        "operationId": "createMandate",
        "summary": "Create a mandate",
        "tags": ["mandates"],
        "x-deviation": [{ "fact": null, "page": "There is none.", "spec": "An operation.", "why": "It is there." }],
        "parameters": [{
            "name": "customer_id", "in": "path", "required": true, "schema": { "$ref": "#/components/schemas/CustomerId" },
        }],
        "requestBody": { "required": true, "content": { "application/x-www-form-urlencoded": content } },
        "responses": {
            "204": { "description": "Created." },
            "4XX": { "description": "Refused." },
            "5XX": { "description": "Failed." },
        },
    });
    insert(spec, "/paths", "/customers/{customer_id}/mandates", json!({ "post": operation }));
}

fn new_response_statuses(spec: &mut Value) {
    let responses = format!("{OPERATION}/responses");
    let success = spec.pointer(&format!("{responses}/200")).unwrap().clone();
    insert(spec, &responses, "202", success);
    let refusal = spec.pointer(&format!("{responses}/401")).unwrap().clone();
    insert(spec, &responses, "409", refusal);
}

/// A block of YAML of CONTRIBUTING.md, which shows how a maintainer makes such edits.
fn shown(number: usize) -> Value {
    let text = include_str!("../../../CONTRIBUTING.md").replace("\r\n", "\n");
    let block = text.split("```yaml\n").nth(number).unwrap().split("```").next().unwrap();
    let margin = block.len() - block.trim_start_matches(' ').len();
    let lines: Vec<_> = block.lines().map(|line| line.get(margin..).unwrap_or_default()).collect();
    serde_yaml::from_str(&lines.join("\n")).unwrap()
}

/// Where the two blocks belong.
const PLACES: [&str; 2] = ["/components/schemas/CustomerAccount/properties", "/paths"];

fn merge(spec: &mut Value, number: usize) {
    let Value::Object(more) = shown(number + 1) else { panic!("the block is a mapping") };
    assert_eq!(more.len(), 1, "the block is one field, or one path");
    spec.pointer_mut(PLACES[number]).unwrap().as_object_mut().unwrap().extend(more);
}

fn the_field_that_contributing_adds(spec: &mut Value) {
    merge(spec, 0);
}

fn the_operation_that_contributing_adds(spec: &mut Value) {
    merge(spec, 1);
}

macro_rules! edits {
    ($($edit:ident)*) => {
        const EDITS: &[fn(&mut Value)] = &[$($edit),*];

        /// Each by itself needs nothing but a regeneration.
        mod regenerates_with {
            $(
                #[test]
                fn $edit() {
                    super::regenerates_with(super::$edit);
                }
            )*
        }
    };
}

edits! {
    a_new_field_of_the_answer
    a_new_status_value
    a_new_form_parameter
    a_new_header_and_query_parameter
    a_new_operation
    new_response_statuses
    the_field_that_contributing_adds
    the_operation_that_contributing_adds
}

fn regenerates_with(edit: fn(&mut Value)) {
    let spec = spec();
    let mut edited = spec.clone();
    edit(&mut edited);
    assert_ne!(code(&spec), code(&edited), "the edit has no effect");
}

/// The project's description, without what CONTRIBUTING adds: whoever has followed it to the letter has that already.
fn spec() -> Value {
    let mut spec = Document::load(&workspace().join("spec/openapi.yaml")).unwrap().value;
    for (number, place) in PLACES.into_iter().enumerate() {
        let more = shown(number + 1);
        spec.pointer_mut(place).unwrap().as_object_mut().unwrap().retain(|key, _| more.get(key).is_none());
    }
    spec
}

/// JSON is YAML too. The documented facts stay as they are.
fn write(root: &Path, spec: &Value) {
    let documented = root.join("spec/documented");
    std::fs::create_dir_all(&documented).unwrap();
    for file in std::fs::read_dir(workspace().join("spec/documented")).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), documented.join(file.file_name())).unwrap();
    }
    std::fs::write(root.join("spec/openapi.yaml"), serde_json::to_string_pretty(spec).unwrap()).unwrap();
}

/// What is generated from a description, without the lines that name its checksum.
fn code(spec: &Value) -> String {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), spec);
    let folders = project(root.path()).unwrap();
    let files = folders.iter().flat_map(|folder| &folder.files);
    let lines = files.flat_map(|file| file.text.lines()).filter(|line| !line.starts_with("// spec: sha256"));
    lines.collect::<Vec<_>>().join("\n")
}

/// Uses each of the new things, so that the build proves that they are there.
const USE: &str = r#"
use juspay_accounts::generated::json::Json;
use juspay_accounts::generated::types::{self, CreateMandateBody, CreateMandateBodyLimits};
use juspay_accounts::{Client, CustomerAccount, ValidationStatus};
use juspay_accounts_mock::{MockServerExt, operations};

async fn call(client: &Client, form: types::CreateAndValidateForm) {
    let operation = client.raw().create_and_validate_customer_account();
    let operation = operation.x_tenant("north").dry_run(true).body(form).body_map(|form| form.purpose("payout".to_owned()));
    let accounts: Vec<CustomerAccount> = operation.send().await.unwrap().into_inner();
    let _: Option<i64> = accounts[0].risk_score;
    assert_eq!(accounts[0].validation_status, Some(ValidationStatus::NameMismatch));

    let _: &Option<String> = &accounts[0].risk_level;
    let _: CustomerAccount = client.raw().get_validation().send().await.unwrap().into_inner();

    let limits = Json(CreateMandateBodyLimits { most: 3 });
    let operation = client.raw().create_mandate().customer_id("cst_1");
    operation.body(CreateMandateBody { limits, note: None }).send().await.unwrap();
}

fn answer(then: operations::CreateAndValidateCustomerAccountThen, accepted: bool) {
    if accepted { drop(then.accepted(&Vec::new())) } else { drop(then.conflict(&types::ErrorEnvelope::default())) }
}

fn expect(server: &httpmock::MockServer, body: &CreateMandateBody) {
    server.create_mandate(|when, then| drop((when.body(body), then.no_content())));
}

fn main() {
    let _ = (call, answer, expect);
}
"#;

#[test]
fn all_edits_together_need_a_regeneration_and_a_build() {
    // It stays the same between runs, so that what is built from it is replaced, not added to.
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("edited-workspace");
    if root.exists() {
        std::fs::remove_dir_all(&root).unwrap();
    }
    copy(workspace(), &root);
    rename_version(&root.join("Cargo.toml"));
    let mut spec = spec();
    for edit in EDITS {
        edit(&mut spec);
    }
    write(&root, &spec);
    for folder in project(&root).unwrap() {
        assert!(folder.ensure(Mode::Write).unwrap().changed > 0);
    }
    // The client names each field of the form, so that the compiler finds a new one.
    let request = root.join("crates/client/src/request.rs");
    let code = std::fs::read_to_string(&request).unwrap();
    let form = "types::CreateAndValidateForm {\n";
    assert_eq!(code.matches(form).count(), 1);
    std::fs::write(request, code.replace(form, &format!("{form}purpose: None,\n"))).unwrap();
    // Beside the mock, which sees both: what is generated for it, and the client.
    let examples = root.join("crates/mock/examples");
    std::fs::create_dir_all(&examples).unwrap();
    std::fs::write(examples.join("edited.rs"), USE).unwrap();
    build(&root);
}

/// In a shared target directory cargo tells packages apart by name and version, and not by the place of their workspace.
fn rename_version(manifest: &Path) {
    let text = std::fs::read_to_string(manifest).unwrap();
    let version = concat!("\nversion = \"", env!("CARGO_PKG_VERSION"), "\"\n");
    assert_eq!(text.matches(version).count(), 1);
    std::fs::write(
        manifest,
        text.replace(version, concat!("\nversion = \"", env!("CARGO_PKG_VERSION"), "+edited\"\n")),
    )
    .unwrap();
}

/// Builds the example offline. All dependencies are there: the target directory and the features are those of the
/// workspace's own tests.
fn build(root: &Path) {
    let target: PathBuf = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().to_owned();
    let output = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--workspace", "--example", "edited", "--offline"])
        .current_dir(root)
        .env("CARGO_TARGET_DIR", target)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Copies what a build of the workspace needs.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (source, name) = (entry.path(), entry.file_name());
        let hidden = name.to_string_lossy().starts_with('.');
        // What was built, wherever that is.
        if hidden || name == "target" || Path::new(env!("CARGO_TARGET_TMPDIR")).starts_with(&source) {
            continue;
        }
        if entry.file_type().unwrap().is_dir() {
            copy(&source, &to.join(name));
        } else {
            std::fs::copy(&source, to.join(name)).unwrap();
        }
    }
}
