//! The sandbox examples in other languages, and the commands of the testers' guide. Each runs if its program is
//! installed.

use std::process::{Command, Output};

use contract_tests::{markdown, root};
use juspay_accounts_sandbox::{Fault, Sandbox};

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
    // The first version with a stable test runner. It also has `fetch`.
    if major.is_some_and(|major| major < 20) {
        eprintln!("skipped: node {version} is older than 20");
        return;
    }
    if let Some(output) = run("node", &["--test", "--test-reporter=tap"], "sandbox.test.mjs").await {
        passed(&output, "# pass 4");
    }
}

fn guide() -> markdown::File {
    markdown::files().into_iter().find(|file| file.name == "docs/testers.md").unwrap()
}

/// A reader who pastes the blocks one after another gets a success from each.
#[tokio::test(flavor = "multi_thread")]
async fn the_commands_of_the_guide_work() {
    let sandbox = Sandbox::start().await.unwrap();
    let blocks: Vec<_> = guide().blocks.into_iter().filter(|block| block.text.starts_with("curl ")).collect();
    assert!(blocks.len() >= 5, "{blocks:?}");
    for block in blocks {
        let script = block.text.replace("curl ", "curl -fsS ").replace("http://127.0.0.1:8080", &sandbox.url());
        let mut shell = Command::new("sh");
        shell.args(["-ec", &script]).env("NO_PROXY", "*").env("no_proxy", "*");
        match tokio::task::spawn_blocking(move || shell.output()).await.unwrap() {
            // The shell did not find curl.
            Ok(output) if output.status.code() == Some(127) => return eprintln!("skipped: curl is not installed"),
            Ok(output) => passed(&output, ""),
            Err(error) => return eprintln!("skipped: there is no shell: {error}"),
        }
    }
}

#[test]
fn a_fault_in_json_is_the_fault_in_text() {
    let guide = guide();
    let json = guide.blocks.iter().find(|block| block.language == "json").unwrap();
    let text = guide.spans.iter().find(|span| span.text.starts_with("status=503@after")).unwrap();
    assert_eq!(serde_json::from_str::<Fault>(&json.text).unwrap(), text.text.parse().unwrap());
}
