//! The documentation works: its code compiles, the programs accept its commands, and the files that it names exist.
//! Renaming a flag or moving a file fails here until the text is updated.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;

use contract_tests::commands::{Extent, Workspace, flags};
use contract_tests::markdown::{self, Excerpt, File, parse, paths};
use contract_tests::root;
use juspay_accounts::{Ambiguity, ErrorKind, test_util};
use regex::Regex;

const PLACEHOLDERS: [&str; 1] = ["PAGE.md"];

fn assert_none(problems: &str) {
    assert!(problems.is_empty(), "{problems}");
}

fn language(block: &Excerpt) -> &str {
    block.language.split([',', ' ']).next().unwrap_or_default()
}

/// Finds an error in a block, given the block before it.
fn block_problem(workspace: &Workspace, block: &Excerpt, before: Option<&Excerpt>) -> Option<String> {
    let error = match language(block) {
        "json" => serde_json::from_str::<serde_json::Value>(&block.text).err()?.to_string(),
        "mermaid" if block.text.starts_with("flowchart ") => return None,
        "rust" if !block.language.contains("ignore") => return None,
        "sh" => workspace.check(&block.text, Extent::Whole).err()?,
        // Commands with their output; crates/cli/tests/it/readme.rs runs and compares them.
        "console" if block.text.starts_with("$ juspay-accounts ") => return None,
        // The output of the command before it; the same test compares it.
        "text" if before.is_some_and(|block| language(block) == "sh") => return None,
        "toml" => toml::from_str::<toml::Table>(&block.text).err()?.to_string(),
        "yaml" => serde_yaml::from_str::<serde_yaml::Value>(&block.text).err()?.to_string(),
        _ => format!("it is not known how to test a block of `{}`", block.language),
    };
    Some(format!("{}: {error}\n", block.place))
}

#[test]
fn every_block_of_code_is_tested_in_the_way_of_its_language() {
    let workspace = Workspace::load();
    let mut problems = String::new();
    for File { blocks, .. } in markdown::files() {
        let before = std::iter::once(None).chain(blocks.iter().map(Some));
        problems
            .extend(blocks.iter().zip(before).filter_map(|(block, before)| block_problem(&workspace, block, before)));
    }
    assert_none(&problems);
}

/// The Markdown that rustdoc compiles and runs, for our crates and for the tests.
fn compiled() -> BTreeSet<String> {
    let included = Regex::new(r#"doc = include_str!\("([^"]+)"\)"#).unwrap();
    let mut files = BTreeSet::new();
    for source in paths().iter().filter(|path| path.ends_with("lib.rs")) {
        let folder = root().join(source).parent().unwrap().to_owned();
        for captures in included.captures_iter(&fs::read_to_string(root().join(source)).unwrap()) {
            let path = folder.join(&captures[1]).canonicalize().unwrap();
            let path = path.strip_prefix(root().canonicalize().unwrap()).unwrap();
            files.insert(path.to_string_lossy().replace('\\', "/"));
        }
    }
    files
}

#[test]
fn rust_is_compiled_by_the_tests_of_the_documentation() {
    let compiled = compiled();
    let mut problems = String::new();
    for File { name, blocks, .. } in markdown::files() {
        if blocks.iter().any(|block| language(block) == "rust") && !compiled.contains(&name) {
            writeln!(problems, "{name}: its Rust is not compiled; include it in tests/support/lib.rs").unwrap();
        }
    }
    assert_none(&problems);
}

/// Finds an error in code in a sentence.
fn span_problem(workspace: &Workspace, flags: &BTreeSet<String>, span: &Excerpt) -> Option<String> {
    let text = span.text.as_str();
    let error = if text.starts_with("cargo ") || text.starts_with("juspay-accounts ") {
        workspace.check(text, Extent::Part).err()?
    } else if text.starts_with("--") {
        let flag = text.split([' ', '=']).next().filter(|flag| !flags.contains(*flag))?;
        format!("none of our programs has the flag {flag}")
    } else {
        return None;
    };
    Some(format!("{}: {error}\n", span.place))
}

#[test]
fn commands_and_flags_in_sentences_are_those_of_the_programs() {
    let (workspace, flags) = (Workspace::load(), flags());
    let files = markdown::files();
    let spans = files.iter().flat_map(|file| &file.spans);
    assert_none(&spans.filter_map(|span| span_problem(&workspace, &flags, span)).collect::<String>());
}

/// The files that a name in a sentence can mean, if the text is a name: `*` matches any name, and `{a,b}` either name.
/// A path may start at any folder.
fn named(text: &str) -> Option<Regex> {
    let is_name = !text.contains([' ', ':', '(', '<', '=']) && !text.starts_with(['.', '/', '…']);
    let endings = [".md", ".rs", ".sh", ".toml", ".yaml", ".yml"];
    let folders = ["crates/", "spec/", "tests/", "xtask/"];
    let is_path = text.ends_with('/')
        || endings.iter().any(|ending| text.len() > ending.len() && text.ends_with(ending))
        || folders.iter().any(|folder| text.starts_with(folder));
    if !is_name || !is_path || PLACEHOLDERS.contains(&text) {
        return None;
    }
    let pattern = regex::escape(text.trim_end_matches('/'));
    let pattern = pattern.replace(r"\*", "[^/]*").replace(r"\{", "(").replace(r"\}", ")").replace(',', "|");
    Some(Regex::new(&format!("(^|/){pattern}$")).unwrap())
}

#[test]
fn files_named_in_sentences_exist() {
    let paths = paths();
    let mut problems = String::new();
    for Excerpt { place, text, .. } in markdown::files().iter().flat_map(|file| &file.spans) {
        if named(text).is_some_and(|pattern| !paths.iter().any(|path| pattern.is_match(path))) {
            writeln!(problems, "{place}: there is no file `{text}`").unwrap();
        }
    }
    assert_none(&problems);
}

#[test]
fn links_within_the_project_work() {
    let mut problems = String::new();
    for File { name, links, .. } in markdown::files() {
        let folder = root().join(&name).parent().unwrap().to_owned();
        for Excerpt { place, text, .. } in links {
            let path = text.split('#').next().unwrap_or_default();
            if !text.starts_with("https://") && !folder.join(path).exists() {
                writeln!(problems, "{place}: there is no `{path}`").unwrap();
            }
        }
    }
    assert_none(&problems);
}

#[test]
fn the_diagram_of_deliveries_is_the_rule() {
    let files = markdown::files();
    let architecture = files.iter().find(|file| file.name == "ARCHITECTURE.md").unwrap();
    let diagram = architecture.blocks.iter().find(|block| block.text.contains("a call failed")).unwrap();
    let edge = Regex::new(r#"-- "[^":]*: ([^"]+)" --> (\w+)"#).unwrap();
    let mut drawn = BTreeSet::new();
    for captures in edge.captures_iter(&diagram.text) {
        for kind in captures[1].split(", ") {
            drawn.insert((kind.to_owned(), captures[2].to_owned()));
        }
    }
    let rule = ErrorKind::ALL.iter().map(|kind| (format!("{kind:?}"), kind.delivery().to_string()));
    assert_eq!(drawn, rule.collect());
}

/// The guide for operations lists each reason that the results can have for a failed call, with its outcome, and no
/// reason that the program does not print.
#[test]
fn operations_can_look_up_every_reason() {
    use Ambiguity::{Incomplete, Older, Several, Undated, Unidentified};
    let guide = fs::read_to_string(root().join("docs/operations.md")).unwrap();
    let rows: Vec<_> = guide.lines().filter_map(|line| line.strip_prefix("| ")?.split_once(" | ")).collect();
    let outcome = |reason: &str| {
        let known = rows.iter().filter(|(start, _)| reason.starts_with(start));
        let (_, rest) = known.max_by_key(|(start, _)| start.len()).unwrap_or_else(|| panic!("not listed: {reason}"));
        rest.split(" | ").next().unwrap().replace(' ', "_")
    };
    // The program never makes an invalid request: it checks each row.
    for kind in ErrorKind::ALL.iter().filter(|kind| **kind != ErrorKind::InvalidRequest) {
        assert_eq!(outcome(&test_util::error(*kind).to_string()), kind.delivery().as_str(), "{kind}");
    }
    for ambiguity in [Incomplete, Older, Several, Undated, Unidentified] {
        assert_eq!(outcome(ambiguity.explanation()), "unknown", "{ambiguity:?}");
    }
    let sources = ["client/src/error/kind", "client/src/reconcile", "cli/src/batch/execute", "cli/src/log/record"];
    let sources = sources.iter().chain(&["cli/src/results/view"]);
    let sources: Vec<_> =
        sources.map(|name| fs::read_to_string(root().join(format!("crates/{name}.rs"))).unwrap()).collect();
    let table = guide.split("| reason | outcome | what to do |").nth(1).unwrap().split("\n\n").next().unwrap();
    let reasons = table.lines().skip(2).map(|line| line.trim_start_matches("| ").split(" | ").next().unwrap());
    let unknown = reasons.filter(|reason| {
        // A reason can be two clauses that are separate in the source.
        !reason.split("; check").all(|clause| sources.iter().any(|source| source.contains(clause)))
    });
    assert_none(&unknown.collect::<Vec<_>>().join("\n"));
}

#[test]
fn wrong_examples_flags_and_files_are_reported() {
    let (workspace, flags) = (Workspace::load(), flags());
    let wrong = [
        "```sh\njuspay-accounts validate --customer-id c --bank-code B --vpa a@upi\n```",
        "```sh\njuspay-accounts validate --customer-id c\n```",
        "```sh\ncargo run -q -p juspay-accounts-cli -- validate \\\n  --customer c --bank-code B --upi a@upi\n```",
        "```sh\ncargo xtask regen --compare\n```",
        "```sh\ncargo test -p juspay-accounts-server\n```",
        "```sh\ncargo run -p juspay-accounts --example second_call\n```",
        "```sh\ncargo test > out && cargo xtask regan\n```",
        "```sh\n.ci/walk\n```",
        "```sh\nreboot\n```",
        "```json\n{\"active\": }\n```",
        "```yaml\na: b: c\n```",
        "```rust,ignore\nlet x = y;\n```",
        "```text\nan output of nothing\n```",
        "```\nno language\n```",
        "    indented code",
    ];
    for text in wrong {
        let file = parse("a.md", text);
        assert!(block_problem(&workspace, &file.blocks[0], None).is_some(), "{text}");
    }
    for text in ["`juspay-accounts batch --resum`", "`cargo xtask regen --compare`", "`--resend-all`"] {
        let file = parse("a.md", text);
        assert!(span_problem(&workspace, &flags, &file.spans[0]).is_some(), "{text}");
    }
    for text in ["crates/client/src/hook.rs", "nowhere/", "xtask/src/{regen,degenerate}.rsx"] {
        let pattern = named(text).unwrap_or_else(|| panic!("{text} is a name"));
        assert!(!paths().iter().any(|path| pattern.is_match(path)), "{text}");
    }
}

#[test]
fn working_commands_are_not_reported() {
    let workspace = Workspace::load();
    for script in [
        "cargo test",
        "JUSPAY_API_KEY=x juspay-accounts list --customer-id c | head > list.txt # all of them",
        "cargo xtask ingest PAGE.md --check && cargo xtask lint",
        "$ .ci/run",
    ] {
        assert_eq!(workspace.check(script, Extent::Whole), Ok(()));
    }
    assert_eq!(workspace.check("juspay-accounts completions", Extent::Part), Ok(()));
}
