//! Pages become facts. Everything that cannot be read is reported with its line.

use docfacts::ingest::{Ingested, Remark, ingest};
use docfacts::store::{load, load_all, to_yaml};
use docfacts::{FactPath, Page};

use crate::fuel;

#[test]
fn facts_of_pages_with_a_form_and_without_a_body() {
    let [form, no_body] = fuel::PAGES.map(|page| to_yaml(&fuel::facts(&fuel::text(page))).unwrap());
    insta::assert_snapshot!("facts_of_a_page_with_a_form", form);
    insta::assert_snapshot!("facts_of_a_page_without_a_body", no_body);
}

#[test]
fn odd_parts_are_noted() {
    let notes = |page: &str| lines(&ingest(fuel::text(page).as_bytes(), None).notes);
    insta::assert_snapshot!(notes("fill-a-tank"), @"61: a shell reads the sample `With Diesel` differently: URL `tank_code=T1` was not meant; header `x-lorry-id: lorry_7--data-urlencode` was not meant; header `x-lorry-id: lorry_7` is missing; form field `tank_code=T1` is missing");
    insta::assert_snapshot!(notes("list-tanks"), @"");
}

fn lines(remarks: &[Remark]) -> String {
    let lines: Vec<_> = remarks.iter().map(|remark| format!("{}: {}", remark.line, remark.message)).collect();
    lines.join("\n")
}

#[test]
fn stored_facts_are_read_from_files_named_after_their_page() {
    let folder = tempfile::tempdir().unwrap();
    let error = |found: anyhow::Result<Vec<Page>>| format!("{:#}", found.unwrap_err());
    assert!(error(load_all(folder.path())).ends_with("has no facts; `cargo xtask ingest PAGE.md` adds them"));
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
    let Ingested { page: facts_of, mut problems, notes } = ingest(page.as_bytes(), None);
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
fn name_with_a_dot_is_not_below_its_first_part() {
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
    let read = |text: &str, version: Option<&str>| {
        let Ingested { page, problems, notes } = ingest(text.as_bytes(), version);
        let command = page.body_parameters.into_iter().find(|field| field.name == "command").unwrap().fixed;
        format!("{version:?}: {} {command:?}\n  {}\n", page.api_version, lines(&[problems, notes].concat()))
    };
    let both = with("2022-01-01", "2023-08-01");
    let title = "# Fill a Tank\n";
    let untitled = both.replacen(title, "@", 1).replacen(title, "", 1).replace('@', title);
    let title_above = untitled.replacen(title, "", 1).replacen("## API", &format!("{title}## API"), 1);
    insta::assert_snapshot!(
        [
            read(&both, None),
            read(&both, Some("2023-08-01")),
            read(&with("2022-01-01", "default"), None),
            read(&untitled, Some("2023-08-01")),
            read(&title_above, Some("2023-08-01")),
            read(&both, Some("1999-01-01")),
        ]
        .concat()
    );
}

#[test]
fn invalid_utf_8_is_reported_with_its_line() {
    let read = ingest(b"# Fill\n\ncaf\xE9\n", None);
    assert_eq!(lines(&read.problems), "3: the page is not UTF-8 from here on, so none of it was read");
}

#[test]
fn lists_that_are_nested_too_deep_are_reported_and_not_read() {
    let mut page = "# Deep\n\n## Body Parameters:\n\n#### deep:\n- Value:\n".to_owned();
    for depth in 1..400 {
        let indent = "  ".repeat(depth * 2 - 1);
        page.extend([&indent, "- **a**:\n", &indent, "  - Value:\n"]);
    }
    assert!(lines(&ingest(page.as_bytes(), None).problems).contains("a list nested too deeply"));
    // A recursive parser would overflow the stack.
    for opened in ["> ", "- ", "**a ", "[", "<b>", "```\n", "* * "] {
        ingest(opened.repeat(20_000).as_bytes(), None);
    }
}
