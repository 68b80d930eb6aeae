//! Tests the generators of values for the sandbox tests: they try both sides of every bound, also of keywords that the
//! spec does not use yet.

use std::collections::BTreeSet;

use contract_tests::schema::constraints;
use contract_tests::{texts, values};
use probe::Judge;
use serde_json::json;

#[test]
fn values_on_both_sides_of_each_bound_are_generated() {
    let patterns = [json!({ "pattern": "^[a-z]{2,5}$" }), json!({ "minLength": 2, "maxLength": 5 })];
    for schema in patterns {
        let lengths: BTreeSet<_> = texts::bounds(&schema, "abc").iter().map(String::len).collect();
        assert_eq!(lengths, BTreeSet::from([1, 2, 5, 6]), "{schema}");
    }
    let parts = texts::bounds(&json!({ "pattern": "^a{1,3}@b{2}$" }), "aa@bb");
    for text in ["@bb", "a@bb", "aaa@bb", "aaaa@bb", "aa@b", "aa@bbb"] {
        assert!(parts.contains(text), "{text}: {parts:?}");
    }
}

#[test]
fn the_same_texts_are_made_in_every_run() {
    let schema = json!({ "pattern": "^[!-~]{1,8}$" });
    assert_eq!(texts::near(&schema, "abc"), texts::near(&schema, "abc"));
}

#[test]
fn every_keyword_is_broken_and_kept() {
    let spec = json!({ "components": { "schemas": { "Text": { "type": "string", "minLength": 2, "maxLength": 3 } } } });
    let schema = json!({
        "type": "object",
        "required": ["list", "kind"],
        "minProperties": 3,
        "maxProperties": 6,
        "properties": {
            "list": {
                "type": "array", "minItems": 2, "maxItems": 3, "uniqueItems": true,
                "items": { "$ref": "#/components/schemas/Text" },
            },
            "kind": { "type": "string", "enum": ["one", "two"] },
            "count": { "type": "integer", "minimum": 1, "maximum": 5, "exclusiveMaximum": true },
            "share": { "type": "number", "multipleOf": 0.5 },
            "text": { "allOf": [{ "$ref": "#/components/schemas/Text" }, { "pattern": "^[a-c]+$" }] },
            "either": { "anyOf": [{ "type": "boolean" }, { "type": "string", "pattern": "^x{2}$" }] },
        },
        "additionalProperties": false,
    });
    let example = json!({ "list": ["ab", "abc"], "either": "xx" });
    let base = values::whole(&spec, &schema, &[&example]);
    let judge = Judge::new(&spec, &schema).unwrap();
    assert!(judge.accepts(&base), "{base}");
    let near = values::near(&spec, &schema, &base);
    let broken = near.iter().flat_map(|value| judge.broken(value)).collect();
    let all = constraints(&spec, &schema);
    assert!(all.is_subset(&broken), "{:?}", all.difference(&broken).collect::<Vec<_>>());
    for kept in [json!({ "count": 1 }), json!({ "count": 4 }), json!({ "kind": "two" }), json!({ "either": true })] {
        let (key, value) = kept.as_object().unwrap().iter().next().unwrap();
        assert!(near.iter().any(|near| near[key] == *value && judge.accepts(near)), "{kept}");
    }
}
