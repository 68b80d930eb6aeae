//! After an edit of the project's spec, `cargo xtask regen` and a build are enough. Only for a new parameter of the
//! request does the compiler ask for a hand-written line.

use std::collections::BTreeMap;
use std::path::Path;

use json_patch::Patch;
use openapi_doc::{Document, Mode};
use serde_json::{Map, Value};
use xshell::{Shell, cmd};
use xtask::regen::project;

use crate::workspace;

/// The project's spec after the edits of `spec_edits.yaml`, and with the additions that CONTRIBUTING.md shows.
fn edited() -> Value {
    let mut spec = Document::load(&workspace().join("spec/openapi.yaml")).unwrap().value;
    let operation = "/paths/~1customers~1{customer_id}~1accounts/post";
    let edits: BTreeMap<String, Patch> =
        serde_yaml::from_str(&include_str!("spec_edits.yaml").replace("OPERATION", operation)).unwrap();
    for (name, edit) in edits {
        json_patch::patch(&mut spec, &edit).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    let text = include_str!("../../../CONTRIBUTING.md").replace("\r\n", "\n");
    let blocks = text.split("```yaml\n").skip(1).map(|block| block.split("```").next().unwrap());
    for (at, block) in ["/components/schemas/CustomerAccount/properties", "/paths"].into_iter().zip(blocks) {
        let added: Map<String, Value> = serde_yaml::from_str(block).unwrap();
        assert_eq!(added.len(), 1, "the block is one field, or one path");
        spec.pointer_mut(at).unwrap().as_object_mut().unwrap().extend(added);
    }
    spec
}

/// Uses each addition, so that the build proves that it exists.
const USE: &str = r#"
//! Uses each addition.

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
    let (shell, target) = (Shell::new().unwrap(), Path::new(env!("CARGO_TARGET_TMPDIR")));
    let root = target.join("edited-workspace");
    shell.remove_path(&root).unwrap();
    copy(&shell, workspace(), &root);
    // JSON is valid YAML.
    shell.write_file(root.join("spec/openapi.yaml"), serde_json::to_string_pretty(&edited()).unwrap()).unwrap();
    for folder in project(&root, Mode::Write).unwrap() {
        assert_ne!(folder.ensure(Mode::Write).unwrap().len(), 0);
    }
    // In a shared target directory, cargo distinguishes packages by name and version, not by the path of their
    // workspace. The client names each field of the form and passes each parameter, so that the compiler finds a new
    // one.
    for (file, text, edited) in [
        ("Cargo.toml", "\nversion = \"VERSION\"\n", "\nversion = \"VERSION+edited\"\n"),
        (
            "crates/client/src/request.rs",
            "    types::CreateAndValidateForm {\n",
            "    types::CreateAndValidateForm {\npurpose: None,\n",
        ),
        (
            "crates/client/src/client.rs",
            "Account::request(&self.generated, base, customer, &None, &None, routing_id, &form)",
            "Account::request(&self.generated, base, customer, &None, &None, &None, routing_id, &None, &form)",
        ),
    ] {
        let [text, edited] = [text, edited].map(|text| text.replace("VERSION", env!("CARGO_PKG_VERSION")));
        let before = shell.read_file(root.join(file)).unwrap();
        assert_eq!(before.matches(&text).count(), 1, "{file}");
        shell.write_file(root.join(file), before.replace(&text, &edited)).unwrap();
    }
    // The example is in the mock crate, which sees both the code that is generated for it and the client.
    shell.write_file(root.join("crates/mock/examples/edited.rs"), USE).unwrap();
    shell.change_dir(&root);
    // Offline: all dependencies are built already, because the target directory and the features are those of the
    // workspace's own tests.
    let build = cmd!(shell, "cargo build --quiet --workspace --example edited --offline");
    build.env("CARGO_TARGET_DIR", target.parent().unwrap()).run().unwrap();
}

fn copy(shell: &Shell, from: &Path, to: &Path) {
    shell.create_dir(to).unwrap();
    for source in shell.read_dir(from).unwrap() {
        let name = source.file_name().unwrap().to_str().unwrap();
        // Without hidden files and build output, wherever that is.
        if name.starts_with('.') || name == "target" || Path::new(env!("CARGO_TARGET_TMPDIR")).starts_with(&source) {
            continue;
        }
        if source.is_dir() {
            copy(shell, &source, &to.join(name));
        } else {
            shell.copy_file(&source, to).unwrap();
        }
    }
}
