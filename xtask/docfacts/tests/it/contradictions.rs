//! Tests contradictions of a page. The changes that cause them are data, in `pages/contradictory.yaml`.

use docfacts::contradictions::contradictions;

use crate::fuel;

#[test]
fn contradictions_are_found_at_their_facts() {
    // The page gets a time, so that an edit can write the same time differently.
    let page = fuel::text("fill-a-tank").replace("- Value: filling", "- Value: 2024-01-01T00:00:00Z");
    let all = |page: &str| -> Vec<String> {
        let at = |at: &[docfacts::FactPath]| at.iter().map(ToString::to_string).collect::<Vec<_>>().join(" and ");
        contradictions(&fuel::facts(page)).iter().map(|one| format!("{}: {}", at(&one.at), one.message)).collect()
    };
    let usual = all(&page);
    let mut found = vec![format!("the page as it is:\n  {}\n", usual.join("\n  "))];
    for edit in fuel::data::<Vec<fuel::Edit>>("contradictory.yaml") {
        let more: Vec<_> = all(&edit.of(&page)).into_iter().filter(|one| !usual.contains(one)).collect();
        found.push(format!("{}:\n  {}\n", edit.name, more.join("\n  ")));
    }
    insta::assert_snapshot!(found.join("\n"));
}

#[test]
fn contradictions_include_mandatory_fields_missing_from_a_json_body() {
    let mut page = fuel::facts(&fuel::text("fill-a-tank"));
    let mut unsent = |body: &str| {
        for sample in &mut page.samples.requests {
            sample.form.clear();
            sample.body = Some(body.to_owned());
        }
        let found = contradictions(&page).into_iter().flat_map(|one| one.at).map(|at| at.to_string());
        found.filter(|at| at.starts_with("body_parameters.") && at.ends_with(".required")).collect::<Vec<_>>()
    };
    assert_eq!(unsent(r#"{"tank_code":"T1","order":{"fuel":[]},"command":"fill"}"#), [""; 0]);
    assert_eq!(unsent(r#"{"tank_code":"T1","order":{"fuel":[]}}"#), ["body_parameters.command.required"]);
    assert_eq!(unsent("<command>fill</command>"), [""; 0]);
}

/// A field can be named like a part of a field. Its contradiction must still be at a fact, or nobody could
/// decide it.
#[test]
fn contradictions_are_at_facts_even_if_a_field_is_named_value() {
    let page = fuel::text("fill-a-tank")
        .replace("- **litres**:", "- **value**:")
        .replace("\"litres\":\"", "\"value\":\"")
        .replace("        - Value: 0500\n        - Tags: String", "        - Value: 0500\n        - Tags: Number");
    let facts = fuel::facts(&page);
    let found: Vec<_> = contradictions(&facts).into_iter().flat_map(|one| one.at).collect();
    let expected = "body_parameters.order.fields.fuel.fields.value.type";
    assert!(found.iter().any(|at| at.to_string() == expected), "{found:#?}");
    let tree = facts.tree();
    let known: Vec<_> = tree.all().into_iter().map(|node| &node.path).collect();
    for at in found {
        assert!(known.contains(&&at), "{at}");
    }
}
