//! The sandbox examples in other languages. Each runs if its interpreter is installed.

use std::process::{Command, Output};

use contract_tests::root;
use juspay_accounts_sandbox::Sandbox;

/// Runs an example against its own sandbox. `None` without an interpreter.
async fn run(program: &'static str, args: &'static [&'static str], example: &str) -> Option<Output> {
    let sandbox = Sandbox::start().await.unwrap();
    let (url, example) = (sandbox.url(), root().join("crates/sandbox/examples").join(example));
    let mut command = Command::new(program);
    command.args(args).arg(example).env("SANDBOX_URL", url).env("NO_PROXY", "*").env("no_proxy", "*");
    let ran = tokio::task::spawn_blocking(move || command.output()).await.unwrap();
    match ran {
        Ok(output) => Some(output),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            eprintln!("skipped: {program} is not installed");
            None
        }
        Err(error) => panic!("{program}: {error}"),
    }
}

fn passed(output: &Output, expected: &str) {
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && text.contains(expected), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_example_in_python_passes() {
    if let Some(output) = run("python3", &["-B"], "test_sandbox.py").await {
        passed(&output, "Ran 4 tests");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_example_in_node_passes() {
    let version = Command::new("node").arg("--version").output();
    let version = version.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    // The first version with a stable `fetch` and a stable test runner.
    if major.is_some_and(|major| major < 20) {
        eprintln!("skipped: node {version} is older than 20");
        return;
    }
    if let Some(output) = run("node", &["--test", "--test-reporter=tap"], "sandbox.test.mjs").await {
        passed(&output, "# pass 4");
    }
}
