//! Tests the functions on a document with `tests/document.yaml`, and how files are read and written.

use std::fmt::{Display, Write as _};
use std::path::Path;

use super::*;

fn parsed(file: &str, text: &str) -> Result<Value, String> {
    let parsed = Document::parse(Path::new(file), text.as_bytes());
    parsed.map(|document| document.value).map_err(|problems| problems.to_string())
}

fn listing(title: &str, found: impl IntoIterator<Item = impl Display>) -> String {
    let lines: Vec<_> = found.into_iter().map(|found| format!("\n  {found}")).collect();
    format!("{title}:{}\n", lines.concat())
}

#[test]
fn functions_find_schemas_and_references_by_structure() {
    let document = parsed("document.yaml", include_str!("tests/document.yaml")).unwrap();
    let mut all = listing("schemas", schemas(&document));
    let mut references = Vec::new();
    keyword_objects(&document, |at, kind, map| {
        references.extend(map.get("$ref").map(|reference| format!("{at} -> {reference}, a reference to {kind}")));
    });
    all += &listing("references", references);
    for from in ["/paths/~1a~1{b}/get", "/components/schemas/C", "/nowhere"] {
        all += &listing(&format!("reach from {from}"), reach(&document, [Pointer::from_written(from)]));
    }
    for name in ["Cycle", "List"] {
        let schema = Pointer::component(name);
        let members = members(&document, &schema, &COMPOSITIONS, |_| true);
        all += &listing(&format!("members of {name}"), members.into_iter().map(|(at, _)| at));
        writeln!(all, "types of {name}: {:?}", types(&document, &schema)).unwrap();
    }
    for name in ["id", "Name", "other"] {
        writeln!(all, "{name} of List: {:?}", property(&document, &Pointer::component("List"), name)).unwrap();
    }
    for name in ["Closed", "Open", "Item"] {
        writeln!(all, "listed by {name}: {:?}", listed(&document, &Pointer::component(name))).unwrap();
    }
    insta::assert_snapshot!(all);
    assert_eq!(resolve(&document, &document["components"]["schemas"]["C"]), None);
}

#[test]
fn json_is_read_as_json() {
    let json = r#"{"title": "\ud83d\ude00 \/", "tab":	1}"#;
    let value = parsed("spec.json", json).unwrap();
    assert_eq!(value, serde_json::json!({ "title": "\u{1F600} /", "tab": 1 }));
    assert!(parsed("spec.yaml", json).is_err(), "the YAML parser does not read a surrogate pair");
    let message = |text| parsed("spec.JSON", text).unwrap_err();
    assert_eq!(message("{\n  \"a\": 1,\n}"), "error: spec.JSON:3:1: is not valid JSON: trailing comma");
    assert!(message("{\"a\": 1, \"b\": {\"c\": 1, \"c\": 2}}").contains("duplicate entry"), "a key occurs twice");
    assert!(message(&"[".repeat(1000)).contains("recursion limit exceeded"));
}

#[test]
fn pointer_escapes_keys_in_its_text_only() {
    let pointer = Pointer::default().at(&["paths", "/a~1/{b}"]).join(0);
    assert_eq!(pointer.as_str(), "/paths/~1a~01~1{b}/0");
    assert_eq!(pointer.keys(), ["paths", "/a~1/{b}", "0"]);
    let (parent, key) = pointer.split_last().unwrap();
    assert_eq!((parent.split_last().unwrap().1.as_str(), key.as_str()), ("/a~1/{b}", "0"));
    assert_eq!(Pointer::default().split_last(), None);
    let tank = Pointer::component("Tank");
    assert!(tank.join("type").is_below(&tank) && tank.is_below(&Pointer::default()));
    assert!(!tank.is_below(&tank) && !Pointer::component("Tanks").is_below(&tank));
}

#[test]
fn file_is_compared_and_only_written_on_request() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new").join("a");
    let difference = ensure(&path, "a\nb\n", Mode::Check).unwrap();
    assert!(difference.ends_with("+++ expected\n@@ -0,0 +1,2 @@\n+a\n+b\n"), "{difference}");
    assert!(!path.exists());
    assert_eq!(ensure(&path, "a\nb\n", Mode::Write).unwrap(), difference);
    assert_eq!(std::fs::read(&path).unwrap(), b"a\nb\n");
    std::fs::write(&path, "a\r\nb\r\n").unwrap();
    assert_eq!(ensure(&path, "a\nb\n", Mode::Check).unwrap(), "");
    let difference = ensure(&path, "é".repeat(500), Mode::Check).unwrap();
    assert!(difference.contains(&format!("\n+{}…\n", "é".repeat(199))), "{difference}");
    // A file with nothing in it is not a missing file.
    let empty = folder.path().join("empty");
    let difference = ensure(&empty, "", Mode::Check).unwrap();
    assert!(difference.ends_with("empty: the file is missing; expected an empty one\n"), "{difference}");
    assert_eq!(ensure(&empty, "", Mode::Write).unwrap(), difference);
    assert_eq!((std::fs::read(&empty).unwrap(), ensure(&empty, "", Mode::Check).unwrap()), (vec![], String::new()));
    // Bytes that are not text are compared as bytes.
    std::fs::write(&path, b"\xFF\r\n").unwrap();
    assert_eq!(ensure(&path, b"\xFF\r\n", Mode::Check).unwrap(), "");
    let difference = ensure(&path, b"\xFF\n", Mode::Write).unwrap();
    assert!(difference.ends_with("a: the content differs (3 bytes in the file, 2 expected)\n"), "{difference}");
    assert_eq!(std::fs::read(&path).unwrap(), b"\xFF\n");
}

#[test]
fn extensions_are_replaced_in_schemas_only() {
    let spec = r#"{"components": {"schemas": {
        "Any": {"x-oneOf": [{"type": "number"}, {"type": "string"}], "example": {"x-oneOf": []}},
        "Word": {"type": "string", "nullable": true, "description": "A word.", "x-extensible-enum": ["A", "B"]},
        "Short": {"x-extensible-enum": ["A"]}
    }}}"#;
    let read = parsed("spec.json", spec).unwrap();
    let expected = serde_json::json!({
        "Any": { "oneOf": [{ "type": "number" }, { "type": "string" }], "example": { "x-oneOf": [] } },
        "Word": {
            "description": "A word.",
            "anyOf": [{ "type": "string", "enum": ["A", "B"] }, { "type": "string", "nullable": true }],
        },
        "Short": { "anyOf": [{ "type": "string", "enum": ["A"] }, { "type": "string" }] },
    });
    assert_eq!(read["components"]["schemas"], expected);
}
