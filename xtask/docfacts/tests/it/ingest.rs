//! Pages become facts. Everything that cannot be read is reported with its line.

use std::sync::LazyLock;

use docfacts::changes::changes;
use docfacts::contradictions::contradictions;
use docfacts::ingest::{Ingested, Remark, ingest, ingest_version};
use docfacts::store::{load, load_all, to_yaml};
use docfacts::{FactPath, Page};
use proptest::prelude::*;

use crate::fuel;

#[test]
fn facts_of_pages_with_a_form_and_without_a_body() {
    let [form, no_body] = fuel::PAGES.map(|page| to_yaml(&fuel::facts(&fuel::text(page))).unwrap());
    insta::assert_snapshot!("facts_of_a_page_with_a_form", form);
    insta::assert_snapshot!("facts_of_a_page_without_a_body", no_body);
}

#[test]
fn odd_parts_are_noted() {
    let notes = |page: &str| lines(&ingest(fuel::text(page).as_bytes()).notes);
    insta::assert_snapshot!(notes("fill-a-tank"), @"61: a shell reads the sample `With Diesel` differently: URL `tank_code=T1` was not meant; header `x-lorry-id: lorry_7--data-urlencode` was not meant; header `x-lorry-id: lorry_7` is missing; form field `tank_code=T1` is missing");
    insta::assert_snapshot!(notes("list-tanks"), @"");
}

#[test]
fn line_ends_and_byte_order_marks_are_not_facts() {
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

#[test]
fn unknown_parts_are_reported_with_their_line() {
    let page = fuel::text("fill-a-tank");
    let one = |edit: fuel::Edit| {
        let Ingested { problems, .. } = ingest(edit.of(&page).as_bytes());
        assert!(!problems.is_empty(), "{} is ignored silently", edit.name);
        format!("{}:\n  {}\n", edit.name, lines(&problems).replace('\n', "\n  "))
    };
    let edits: Vec<fuel::Edit> = fuel::data("broken.yaml");
    insta::assert_snapshot!(edits.into_iter().map(one).collect::<Vec<_>>().join("\n"));
}

#[test]
fn stored_facts_are_read_from_files_named_after_their_page() {
    let folder = tempfile::tempdir().unwrap();
    let error = |found: anyhow::Result<Vec<Page>>| format!("{:#}", found.unwrap_err());
    assert!(error(load_all(folder.path())).ends_with("has no page; `cargo xtask ingest PAGE.md` makes one"));
    let [facts, _] = fuel::PAGES.map(|page| fuel::facts(&fuel::text(page)));
    let file = folder.path().join("fill-a-tank.yaml");
    std::fs::write(&file, to_yaml(&facts).unwrap()).unwrap();
    assert_eq!(load(&file).unwrap(), facts);
    assert_eq!(load_all(folder.path()).unwrap(), std::slice::from_ref(&facts));
    std::fs::write(folder.path().join("other.yaml"), to_yaml(&facts).unwrap()).unwrap();
    assert!(error(load_all(folder.path())).ends_with("rename it to fill-a-tank.yaml"));
    std::fs::write(&file, to_yaml(&facts).unwrap().replace("method: POST", "methods: POST")).unwrap();
    let unknown = error(load_all(folder.path()));
    assert!(unknown.contains("fill-a-tank.yaml: not the facts of a page: unknown field `methods`"), "{unknown}");
}

/// The facts of a short page, and the remarks except those on missing sections.
fn read(page: &str, facts: impl Fn(Page) -> String) -> String {
    let Ingested { page: facts_of, mut problems, notes } = ingest(page.as_bytes());
    problems.retain(|problem| problem.line > 1);
    format!("{page}\n>>> {}\n{}\n{}\n", lines(&problems), lines(&notes), facts(facts_of))
}

#[test]
fn commands_are_read_as_curl_and_as_a_shell_read_them() {
    let one = |command: String| {
        let page = format!("# Fill\n## Sample Code Snippets:\n### Sample Request:\n```\n{command}\n```");
        read(&page, |page| serde_yaml::to_string(&page.samples.requests).unwrap())
    };
    insta::assert_snapshot!(fuel::data::<Vec<_>>("commands.yaml").into_iter().map(one).collect::<String>());
}

#[test]
fn facts_in_descriptions_are_read() {
    let one = |text: String| {
        let page = format!("# Fill\n## Body Parameters:\n#### a:\n{text}\n- Tags: String");
        read(&page, |page| serde_yaml::to_string(&page.body_parameters).unwrap())
    };
    insta::assert_snapshot!(fuel::data::<Vec<_>>("descriptions.yaml").into_iter().map(one).collect::<String>());
}

#[test]
fn path_is_not_below_a_name_with_a_dot() {
    let headers = FactPath::default().join("headers");
    let plain = headers.join("x");
    assert!(plain.join("type").is_below(&headers) && plain.is_below(&headers));
    assert!(!plain.is_below(&plain) && !headers.join("x.type").is_below(&plain));
    assert_eq!(headers.join("x.type").to_string(), plain.join("type").to_string());
}

#[test]
fn versions_of_a_page_are_read_one_at_a_time() {
    let page = fuel::text("fill-a-tank");
    let (head, body) = page.split_once("## API Version: v2\n").unwrap();
    let later = body.replace("“fill”", "“refill”").replace("T1", "T2");
    let with =
        |first: &str, second: &str| format!("{head}## API Version: {first}\n{body}\n## API Version: {second}\n{later}");
    let command = |page: &Page| {
        let field = page.body_parameters.iter().find(|field| field.name == "command").unwrap();
        (page.api_version.clone(), field.fixed.clone().unwrap())
    };
    let facts = |text: &str, version: Option<&str>| {
        let read = ingest_version(text.as_bytes(), version);
        assert_eq!(read.problems, [], "{version:?}");
        (command(&read.page), lines(&read.notes).lines().filter(|note| note.contains("was not read")).count())
    };
    let both = with("2022-01-01", "2023-08-01");
    let expected = |version: &str, fixed: &str| ((version.to_owned(), fixed.to_owned()), 1);
    assert_eq!(facts(&both, None), expected("2022-01-01", "fill"));
    assert_eq!(facts(&both, Some("2023-08-01")), expected("2023-08-01", "refill"));
    assert_eq!(facts(&with("2022-01-01", "default"), None), expected("default", "refill"));
    let untitled =
        both.replacen("# Fill a Tank\n", "@", 1).replacen("# Fill a Tank\n", "", 1).replace('@', "# Fill a Tank\n");
    assert_eq!(facts(&untitled, Some("2023-08-01")), expected("2023-08-01", "refill"));
    let unknown = lines(&ingest_version(both.as_bytes(), Some("1999-01-01")).problems);
    assert_eq!(unknown, "1: the page has no version `1999-01-01` of the API; expected one of 2022-01-01, 2023-08-01");
}

#[test]
fn error_messages_of_the_site_are_not_samples() {
    let page = fuel::text("fill-a-tank");
    let facts = fuel::facts(&page);
    let body = &facts.samples.responses.iter().find(|sample| sample.status == "401").unwrap().body;
    let command = page.split("```with petrol\n").nth(1).unwrap().split("```").next().unwrap();
    for error in [
        "404: Not Found",
        "Error: 503 Service Unavailable",
        "<!DOCTYPE html>\n<p>Oops</p>",
        "undefined",
        "[object Object]",
    ] {
        let read = ingest(page.replace(body, error).replace(command, &format!("{error}\n")).as_bytes());
        assert_eq!(read.problems, [], "{error}");
        let notes = lines(&read.notes);
        assert_eq!(notes.matches("is an error message of the site; it was skipped").count(), 2, "{error}: {notes}");
        assert!(read.page.samples.responses.iter().all(|sample| sample.status != "401"), "{error}");
        let names: Vec<_> = read.page.samples.requests.iter().map(|sample| sample.name.as_str()).collect();
        assert_eq!(names, ["With Diesel"], "{error}");
    }
    // Plausible responses of an API are kept.
    for kept in ["{\n    \"status\": \"error\"\n}", "Forbidden: ask the depot", "\"404\""] {
        let read = ingest(page.replace(body, kept).as_bytes());
        assert!(read.page.samples.responses.iter().any(|sample| sample.body == kept), "{kept}");
    }
}

#[test]
fn label_can_be_in_bold() {
    let page = fuel::text("fill-a-tank");
    let facts = fuel::facts(&page);
    let bold =
        fuel::facts(&page.replace("- Description: ", "- **Description**: ").replace("- Value: ", "- **Value**: "));
    assert_eq!(Page { content_sha256: facts.content_sha256.clone(), ..bold }, facts);
}

#[test]
fn invalid_utf_8_is_reported_with_its_line() {
    let read = ingest(b"# Fill\n\ncaf\xE9\n");
    assert_eq!(lines(&read.problems), "3: the page is not UTF-8 from here on, so none of it was read");
}

#[test]
fn lists_that_are_nested_too_deep_are_reported_and_not_read() {
    let mut page = "# Deep\n\n## Body Parameters:\n\n#### deep:\n- Value:\n".to_owned();
    for depth in 1..400 {
        let indent = "  ".repeat(depth * 2 - 1);
        page.extend([&indent, "- **a**:\n", &indent, "  - Value:\n"]);
    }
    assert!(lines(&ingest(page.as_bytes()).problems).contains("a list nested too deeply"));
    // A recursive parser would overflow the stack.
    for opened in ["> ", "- ", "**a ", "[", "<b>", "```\n", "* * "] {
        ingest(opened.repeat(20_000).as_bytes());
    }
}

/// Generates parts of pages in unusual combinations.
fn markdown() -> impl Strategy<Value = String> {
    let page = fuel::text("fill-a-tank");
    let mut pieces: Vec<String> = page.lines().map(|line| format!("{line}\n")).collect();
    let marks = "\n|---\n|```|- |  - |**|*|`|:|<a>|> |\t|é|\u{0}|[a](|&amp;|\\";
    pieces.extend(marks.split('|').chain(["|"]).map(str::to_owned));
    proptest::collection::vec(proptest::sample::select(pieces), 0..60).prop_map(|pieces| pieces.concat())
}

static FILL: LazyLock<Page> = LazyLock::new(|| fuel::facts(&fuel::text("fill-a-tank")));

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    /// Nothing panics, the same page has the same facts, and stored facts are read back unchanged.
    #[test]
    fn pages_never_cause_a_panic_and_facts_are_read_back(page in prop_oneof![markdown(), any::<String>()]) {
        let read = ingest(page.as_bytes());
        prop_assert_eq!(&read.page, &ingest(page.as_bytes()).page);
        let yaml = to_yaml(&read.page).unwrap();
        let back: Page = serde_yaml::from_str(&yaml).map_err(|error| TestCaseError::fail(format!("{error}\n{yaml}")))?;
        prop_assert_eq!(&back, &read.page);
        let lines = page.lines().count() + 1;
        prop_assert!(read.problems.iter().chain(&read.notes).all(|remark| (1..=lines).contains(&remark.line)));
        // Code that is based on facts does not panic either.
        changes(&FILL, &read.page);
        contradictions(&read.page);
    }
}
