//! After an edit of the project's spec, `cargo xtask regen` and a build are enough. Only for a new parameter of the
//! request does the compiler ask for a hand-written line.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use openapi_doc::{Document, Mode, Pointer};
use serde_json::{Value, json};
use xtask::regen::project;

use crate::workspace;

/// The edits of `spec_edits.yaml`, and the two examples in CONTRIBUTING.md, by name.
fn edits() -> BTreeMap<String, Vec<Value>> {
    let operation = "/paths/~1customers~1{customer_id}~1accounts/post";
    let mut edits: BTreeMap<_, _> =
        serde_yaml::from_str(&include_str!("spec_edits.yaml").replace("OPERATION", operation)).unwrap();
    for (at, to) in (0..PLACES.len()).map(shown) {
        edits.insert(format!("{at} of CONTRIBUTING"), vec![json!({ "at": at.as_str(), "to": to })]);
    }
    edits
}

/// The places of the two YAML blocks in CONTRIBUTING.md, which show a maintainer how to make such edits.
const PLACES: [&str; 2] = ["/components/schemas/CustomerAccount/properties", "/paths"];

/// One of the blocks: the place of the addition, and the addition.
fn shown(number: usize) -> (Pointer, Value) {
    let text = include_str!("../../../CONTRIBUTING.md").replace("\r\n", "\n");
    let block = text.split("```yaml\n").nth(number + 1).unwrap().split("```").next().unwrap();
    let margin = block.len() - block.trim_start_matches(' ').len();
    let lines: Vec<_> = block.lines().map(|line| line.get(margin..).unwrap_or_default()).collect();
    let added: BTreeMap<String, Value> = serde_yaml::from_str(&lines.join("\n")).unwrap();
    assert_eq!(added.len(), 1, "the block is one field, or one path");
    let (key, value) = added.into_iter().next().unwrap();
    (Pointer::from_written(PLACES[number]).join(key), value)
}

/// The project's spec, without the additions of CONTRIBUTING. A maintainer who followed it exactly already has them.
fn spec() -> Value {
    let mut spec = Document::load(&workspace().join("spec/openapi.yaml")).unwrap().value;
    for (place, key) in (0..PLACES.len()).map(|number| shown(number).0.split_last().unwrap()) {
        spec.pointer_mut(place.as_str()).unwrap().as_object_mut().unwrap().remove(&key);
    }
    spec
}

/// Uses each addition, so that the build proves that it exists.
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

fn respond(then: operations::CreateAndValidateCustomerAccountThen, accepted: bool) {
    if accepted { drop(then.accepted(&Vec::new())) } else { drop(then.conflict(&types::ErrorEnvelope::default())) }
}

fn expect(server: &httpmock::MockServer, body: &CreateMandateBody) {
    server.create_mandate(|when, then| drop((when.body(body), then.no_content())));
}

fn main() {
    let _ = (call, respond, expect);
}
"#;

#[test]
fn edits_of_the_spec_need_a_regeneration_and_a_build() {
    // The folder is the same in each run, so that build output is replaced and does not accumulate.
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("edited-workspace");
    if root.exists() {
        std::fs::remove_dir_all(&root).unwrap();
    }
    copy(workspace(), &root);
    rename_version(&root.join("Cargo.toml"));
    let mut spec = spec();
    let edits = edits();
    assert_eq!(edits.len(), 8);
    edits.values().flatten().for_each(|edit| openapi_doc::edit(&mut spec, edit).unwrap());
    // JSON is valid YAML.
    std::fs::write(root.join("spec/openapi.yaml"), serde_json::to_string_pretty(&spec).unwrap()).unwrap();
    for folder in project(&root).unwrap() {
        assert_ne!(folder.ensure(Mode::Write).unwrap().len(), 0);
    }
    // The client names each field of the form and passes each parameter, so that the compiler finds a new one.
    for (file, call, edited) in [
        ("request.rs", "    types::CreateAndValidateForm {\n", "    types::CreateAndValidateForm {\npurpose: None,\n"),
        (
            "client.rs",
            "Account::request(&self.generated, base, customer, &None, &None, routing_id, &form)",
            "Account::request(&self.generated, base, customer, &None, &None, &None, routing_id, &None, &form)",
        ),
    ] {
        let path = root.join("crates/client/src").join(file);
        let code = std::fs::read_to_string(&path).unwrap();
        assert_eq!(code.matches(call).count(), 1, "{file}");
        std::fs::write(path, code.replace(call, edited)).unwrap();
    }
    // The example is in the mock crate, which sees both the code that is generated for it and the client.
    let examples = root.join("crates/mock/examples");
    std::fs::create_dir_all(&examples).unwrap();
    std::fs::write(examples.join("edited.rs"), USE).unwrap();
    build(&root);
}

/// In a shared target directory, cargo distinguishes packages by name and version, not by the path of their workspace.
fn rename_version(manifest: &Path) {
    let text = std::fs::read_to_string(manifest).unwrap();
    let [version, edited] =
        ["", "+edited"].map(|more| format!("\nversion = \"{}{more}\"\n", env!("CARGO_PKG_VERSION")));
    assert_eq!(text.matches(&version).count(), 1);
    std::fs::write(manifest, text.replace(&version, &edited)).unwrap();
}

/// Builds the example offline. All dependencies exist already: the target directory and the features are those of the
/// workspace's own tests.
fn build(root: &Path) {
    let output = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--workspace", "--example", "edited", "--offline"])
        .current_dir(root)
        .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (source, name) = (entry.path(), entry.file_name());
        let hidden = name.to_string_lossy().starts_with('.');
        // Build output, wherever it is.
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
