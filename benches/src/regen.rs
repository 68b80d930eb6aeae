//! The generation of the workspace's code, compared with progenitor alone on the same lowered specs.

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;

use openapi_doc::Document;
use openapiv3::OpenAPI;
use progenitor::Generator;
use specgen::Target as Made;
use specgen::generate::generation_settings;
use specgen::lower::lower;
use xtask::types;

use crate::process::run;
use crate::row::{Row, Target, time};
use crate::{Scale, pairs};

/// The rows of the group.
pub fn measure(scale: Scale) -> Vec<Row> {
    vec![in_process(scale), command()]
}

fn in_process(scale: Scale) -> Row {
    let root = root();
    let document = Document::load(&root.join("spec/openapi.yaml")).expect("the description");
    let lowered = [Made::Client, Made::Mock].map(|made| {
        let lowered = lower(&document.value, &types::table(), made);
        let spec: OpenAPI = serde_json::from_value(lowered.document.clone()).expect("a lowered description");
        let settings = generation_settings(&lowered, &types::settings(), made).expect("settings");
        (made, settings, spec)
    });
    let alone = || {
        for (made, settings, spec) in &lowered {
            let mut generator = Generator::new(settings);
            let code = match made {
                Made::Client => generator.generate_tokens(spec),
                Made::Mock => generator.httpmock(spec, "juspay_accounts::generated"),
            };
            black_box(code.expect("code"));
        }
    };
    let whole = || _ = black_box(xtask::regen::project(black_box(&root)).expect("code"));
    let pair = pairs::of_functions(scale.budget(), whole, alone);
    let what = "regen in process / progenitor alone on the lowered description";
    Row::ratio(what, time(pair.measured), time(pair.baseline), pair.ratio, Target::AtMost(1.3))
}

fn command() -> Row {
    let mut command = Command::new("cargo");
    command.args(["xtask", "regen", "--check"]).current_dir(root());
    // The first run builds the task.
    run(&mut command);
    let times = (0..5).map(|_| run(&mut command).time.as_secs_f64()).collect();
    let median = pairs::median(times);
    Row::absolute("cargo xtask regen --check, warm", time(median), median, "s", Target::AtMost(0.5))
}

/// The root of the workspace.
pub fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_owned()
}
