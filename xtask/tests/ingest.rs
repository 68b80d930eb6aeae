//! Pages become facts, and whatever is not understood is told with its line.
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::process::Output;

use proptest::prelude::*;
use xtask::facts::Page;
use xtask::facts::store::{load, to_yaml};
use xtask::ingest::{Ingested, Remark, ingest};

mod common;
use common::{fuel, text};

#[test]
fn the_facts_of_a_page_with_a_form() {
    insta::assert_snapshot!(to_yaml(&fuel::facts(&fuel::text("fill-a-tank"))).unwrap());
}

#[test]
fn the_facts_of_a_page_without_a_body() {
    insta::assert_snapshot!(to_yaml(&fuel::facts(&fuel::text("list-tanks"))).unwrap());
}

#[test]
fn what_is_odd_and_understood_is_noted() {
    let told = |page: &str| lines(&ingest(fuel::text(page).as_bytes()).notes);
    insta::assert_snapshot!(told("fill-a-tank"), @"61: a shell reads the sample `With Diesel` otherwise than it was meant: `tank_code=T1` is taken for a URL; header `x-lorry-id` is `lorry_7--data-urlencode`, not `lorry_7`; form field `tank_code` is not sent");
    insta::assert_snapshot!(told("list-tanks"), @"");
}

#[test]
fn ends_of_lines_and_the_mark_of_an_editor_are_no_facts() {
    let page = fuel::text("fill-a-tank");
    let facts = fuel::facts(&page);
    for other in [page.replace('\n', "\r\n"), format!("\u{feff}{page}")] {
        let read = fuel::facts(&other);
        assert_ne!(read.content_sha256, facts.content_sha256);
        assert_eq!(Page { content_sha256: facts.content_sha256.clone(), ..read }, facts);
    }
}

fn lines(remarks: &[Remark]) -> String {
    let lines: Vec<_> = remarks.iter().map(|remark| format!("{}: {}", remark.line, remark.message)).collect();
    lines.join("\n")
}

/// Something that goes wrong on a page: what, where and how.
const BROKEN: &[(&str, &str, &str)] = &[
    (
        "a fence that is not closed",
        "--data-urlencode 'command=fill'\n```\n\n### Sample Response",
        "\n### Sample Response",
    ),
    (
        "the last fence is not closed",
        "        \"code\": \"NO_KEY\"\n    }\n}\n```",
        "        \"code\": \"NO_KEY\"\n    }\n}",
    ),
    ("a section less", "## Request Type: \nPOST\n", ""),
    ("no title", "# Fill a Tank\n", ""),
    ("no metadata", "page_source: https://fuel.example/docs/fill-a-tank\n", ""),
    ("an address that names no page", "docs/fill-a-tank\n", "docs/../..\n"),
    ("an unknown key of the metadata", "product: Fuel", "product: Fuel\nstatus: deprecated"),
    ("metadata that is no YAML", "product: Fuel", "product: [Fuel"),
    ("a second title", "> **Note**", "# Drain a Tank\n\n> **Note**"),
    ("an unknown section", "## Path Parameters:", "## Rate Limits:\nTen a minute.\n\n## Path Parameters:"),
    ("a second section", "## Path Parameters:", "## Request Type:\nPUT\n\n## Path Parameters:"),
    ("an unknown tag", "For the driver\n- Tags: String, Optional", "For the driver\n- Tags: String, Deprecated"),
    ("a second type", "For the driver\n- Tags: String, Optional", "For the driver\n- Tags: String, Integer"),
    ("a field twice", "#### note:\n- Description: For the driver", "#### tank_code:\n- Description: For the driver"),
    ("a nested field twice", "- **litres**:\n        - Value: 0500", "- **grade**:\n        - Value: 0500"),
    ("an unknown item", "- Description: For the driver", "- Description: For the driver\n- Since: v2"),
    ("an item without label", "- Description: For the driver", "- For the driver"),
    ("an item twice", "- Description: For the driver", "- Description: For the driver\n- Description: For all"),
    ("a nested field without a name", "      - **litres**:", "      - litres:"),
    ("an empty value", "- Value: 500\n", "- Value:\n"),
    ("values that cannot be read", "`OPEN` - the lorry", "OPEN - the lorry"),
    ("a table", "- Description: For the driver\n", "\n| a | b |\n|---|---|\n| 1 | 2 |\n\n"),
    ("HTML", "> **Note**", "<details>\n\n> **Note**"),
    ("a heading too deep", "#### command:", "##### left or right\n\n#### command:"),
    ("code in a description", "- Description: For the driver\n", "\n```\nleft\n```\n\n"),
    ("something before the title", "---\n\n## API", "---\n\nBeta.\n\n## API"),
    ("no version", "## API Version: v2", "## API Version:"),
    ("an endpoint without encryption", "Production: https://api", "Production: http://api"),
    ("an unknown method", "POST\n\n## Authorization", "Form post\n\n## Authorization"),
    ("a second scheme", "## Headers:", "#### Token:\nOr so.\n\n## Headers:"),
    ("an unknown part of the authorization", "* Password: Empty string", "* Secret: Empty string"),
    ("a heading within the scheme", "* Password: Empty string", "\n##### Token:\n\n* Password: Empty string"),
    ("a value in bold where one is due", "\n`DONE` - the tank is full", "\n**`DONE`** - the tank is full"),
    ("a status that is none", "### 401:", "### Unauthorized:"),
    ("a status twice", "### 401:", "### 200:"),
    ("a response without a table", "### 401:", "### 500:\n\n### 401:"),
    ("a sample answer without status", "#### 401 - Unauthorized:", "#### Unauthorized:"),
    ("a sample twice", "With Petrol Code Snippet", "With Diesel Code Snippet"),
    (
        "a sample without code",
        "#### 401 - Unauthorized:\n```json",
        "#### 401 - Unauthorized:\n\n#### 401 - Other:\n```json",
    ),
    (
        "a heading of samples without one",
        "### Sample Response:",
        "### Sample Request:\n\nNone.\n\n### Sample Response:",
    ),
    ("a sample with two blocks", "### Sample Response:", "```\nmore\n```\n\n### Sample Response:"),
    ("another sort of sample", "### Sample Response:", "### Sample Callback:"),
    (
        "a quotation mark that is not closed",
        "'command=fill'\n```\n\n#### With Petrol",
        "'command=fill\n```\n\n#### With Petrol",
    ),
    (
        "no curl",
        "curl --location --request POST 'https://api.fuel.example/depots/dep_1/fillings' \\\n--header 'Content-Type: application/x-www-form-urlencoded' \\\n--header 'Authorization: Basic ZGVw*****' \\\n--header 'x-lorry-id: lorry_7' \\\n",
        "wget \\\n",
    ),
    ("an unknown option of curl", "--header 'x-lorry-id: lorry_7' \\\n", "--cert 'x' \\\n"),
    ("two addresses", "--header 'x-lorry-id: lorry_7' \\\n", "https://fuel.example/ \\\n"),
    ("a link that is none", "- [List Tanks](https://fuel.example/docs/list-tanks)", "- List Tanks"),
];

#[test]
fn what_is_not_understood_is_told_with_its_line() {
    let page = fuel::text("fill-a-tank");
    let one = |(name, find, with): &(&str, &str, &str)| {
        assert_eq!(page.matches(find).count(), 1, "{name}: the place to change is not there once");
        let Ingested { problems, .. } = ingest(page.replace(find, with).as_bytes());
        assert!(!problems.is_empty(), "{name} is passed over in silence");
        format!("{name}:\n  {}\n", lines(&problems).replace('\n', "\n  "))
    };
    insta::assert_snapshot!(BROKEN.iter().map(one).collect::<Vec<_>>().join("\n"));
}

#[test]
fn a_label_can_be_in_bold() {
    let page = fuel::text("fill-a-tank");
    let facts = fuel::facts(&page);
    let bold =
        fuel::facts(&page.replace("- Description: ", "- **Description**: ").replace("- Value: ", "- **Value**: "));
    assert_eq!(Page { content_sha256: facts.content_sha256.clone(), ..bold }, facts);
}

#[test]
fn bytes_that_are_no_text_are_located() {
    let read = ingest(b"# Fill\n\ncaf\xE9\n");
    assert_eq!(lines(&read.problems), "3: the page is not UTF-8 from here on, so nothing of it was read");
}

#[test]
fn lists_deeper_than_any_page_needs_are_told_and_not_followed() {
    let mut page = "# Deep\n\n## Body Parameters:\n\n#### deep:\n- Value:\n".to_owned();
    for depth in 1..400 {
        let indent = "  ".repeat(depth * 2 - 1);
        page.extend([&indent, "- **a**:\n", &indent, "  - Value:\n"]);
    }
    assert!(lines(&ingest(page.as_bytes()).problems).contains("a list within too many others"));
    // A parser that calls itself would run out of stack.
    for opened in ["> ", "- ", "**a ", "[", "<b>", "```\n", "* * "] {
        ingest(opened.repeat(20_000).as_bytes());
    }
}

/// Runs the task in a folder of its own.
fn run(folder: &Path, page: &str, arguments: &[&str]) -> Output {
    std::fs::write(folder.join("page.md"), page).unwrap();
    common::xtask(folder, &[&["ingest", "page.md", "--out", "facts"], arguments].concat())
}

#[test]
fn facts_are_written_and_then_compared() {
    let folder = tempfile::tempdir().unwrap();
    let page = fuel::text("fill-a-tank");
    let unknown = run(folder.path(), &page, &["--check"]);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(!folder.path().join("facts").exists(), "--check writes nothing");

    let written = run(folder.path(), &page, &[]);
    assert_eq!(written.status.code(), Some(0), "{}", text(&written.stderr));
    assert!(text(&written.stdout).contains("note: page.md:61: a shell reads the sample"));
    let file = folder.path().join("facts/fill-a-tank.yaml");
    let stored = std::fs::read_to_string(&file).unwrap();
    assert_eq!(load(&file).unwrap(), fuel::facts(&page));

    let same = run(folder.path(), &page, &["--check"]);
    assert_eq!(same.status.code(), Some(0));
    assert!(text(&same.stdout).ends_with("fill-a-tank: nothing has changed\n"), "{}", text(&same.stdout));

    let reworded = run(folder.path(), &page.replace("For the driver", "For whoever drives"), &["--check"]);
    assert_eq!(reworded.status.code(), Some(0), "wording is no fact");
    assert!(text(&reworded.stdout).contains("| cosmetic | text "));

    let changed = run(folder.path(), &page.replace("“fill”", "“refill”"), &["--check"]);
    assert_eq!(changed.status.code(), Some(1));
    let table = text(&changed.stdout);
    let row = table.lines().last().unwrap();
    let cells: Vec<_> = row.split('|').map(str::trim).collect();
    assert_eq!(cells[1..7], ["breaking", "fixed value", "changed", "body_parameters.command.fixed", "fill", "refill"]);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), stored, "--check writes nothing");
}

#[test]
fn a_page_that_is_not_understood_is_not_written() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [&[][..], &["--check"]] {
        let page = fuel::text("fill-a-tank").replace("String, Optional", "String, Beta");
        let output = run(folder.path(), &page, arguments);
        assert_eq!(output.status.code(), Some(1));
        let told = text(&output.stderr);
        assert!(told.contains("error: page.md:137: the tag `Beta` of `note` is not known"), "{told}");
        assert!(
            told.ends_with(
                "2 parts were not understood; teach `cargo xtask ingest` what they are, so that no fact is lost\n"
            ),
            "{told}"
        );
        assert!(!folder.path().join("facts").exists());
    }
}

/// Pieces that pages are made of, put together in ways that nobody would.
fn markdown() -> impl Strategy<Value = String> {
    let page = fuel::text("fill-a-tank");
    let mut pieces: Vec<String> = page.lines().map(|line| format!("{line}\n")).collect();
    pieces.extend(
        [
            "\n", "---\n", "```", "- ", "  - ", "**", "*", "`", ":", "|", "<a>", "> ", "\t", "é", "\u{0}", "[a](",
            "&amp;", "\\",
        ]
        .map(str::to_owned),
    );
    proptest::collection::vec(proptest::sample::select(pieces), 0..60).prop_map(|pieces| pieces.concat())
}

/// The page with a few characters changed, lost or written twice.
fn slipped() -> impl Strategy<Value = String> {
    let slips = (
        any::<proptest::sample::Index>(),
        0..4_u8,
        prop_oneof![Just('`'), Just('\''), Just('\n'), Just('*'), any::<char>()],
    );
    proptest::collection::vec(slips, 1..6).prop_map(|slips| {
        let mut letters: Vec<char> = fuel::text("fill-a-tank").chars().collect();
        for (at, kind, letter) in slips {
            let at = at.index(letters.len());
            match kind {
                0 => drop(letters.remove(at)),
                1 => letters.insert(at, letter),
                2 => letters[at] = letter,
                _ => letters.truncate(at.max(1)),
            }
        }
        letters.into_iter().collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    /// Nothing panics, the same page gives the same facts, and what is written is read back as it was.
    #[test]
    fn any_page_ends_in_facts_and_remarks(page in prop_oneof![markdown(), slipped(), any::<String>()]) {
        let read = ingest(page.as_bytes());
        prop_assert_eq!(&read.page, &ingest(page.as_bytes()).page);
        let yaml = to_yaml(&read.page).unwrap();
        let back: Page = serde_yaml::from_str(&yaml).map_err(|error| TestCaseError::fail(format!("{error}\n{yaml}")))?;
        prop_assert_eq!(&back, &read.page);
        let lines = page.lines().count() + 1;
        prop_assert!(read.problems.iter().chain(&read.notes).all(|remark| (1..=lines).contains(&remark.line)));
        // None of what builds on facts panics either.
        let tree = read.page.tree();
        tree.visit(&mut |_, _| {});
        xtask::changes::changes(&fuel::pages()[0], &read.page);
        xtask::lint::contradictions::contradictions(&read.page);
    }

    #[test]
    fn any_bytes_end_in_remarks(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
        ingest(&bytes);
    }
}
