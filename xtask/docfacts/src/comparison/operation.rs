//! Compares the operation as a whole: its page, servers, authorization and links.

use heck::ToLowerCamelCase;
use openapi_doc::{Pointer, items, object, operations, target};
use serde_json::Value;

use super::{Verdict, Walk, check};
use crate::page::is_mandatory;
use crate::tree::Node;

impl Walk<'_> {
    pub(super) fn chapter(&mut self, node: &Node) {
        match node.key() {
            "title" | "metadata_title" => self.external_docs(node, "description"),
            "source" => self.external_docs(node, "url"),
            "method" => self.method(node),
            "endpoints" => self.endpoints(node),
            "authorization" => self.authorization(node),
            "headers" => self.parameters(node, "header"),
            "path_parameters" => self.parameters(node, "path"),
            "query_parameters" => self.parameters(node, "query"),
            "body_parameters" => self.body(node),
            "responses" => {
                self.push(node, &self.operation.pointer.join("responses"), Verdict::Same);
                node.children.iter().for_each(|response| self.response(response));
            }
            "samples" => {
                self.push(node, &self.operation.pointer, Verdict::Same);
                for list in &node.children {
                    self.push(list, &self.operation.pointer, Verdict::Same);
                    list.children.iter().for_each(|sample| self.sample(sample));
                }
            }
            "see_also" => self.links(node),
            // The version of the API, and any part of a page that this function does not know yet.
            _ => self.absent(node, &self.operation.pointer, "the spec has no place for it"),
        }
    }

    fn external_docs(&mut self, node: &Node, key: &str) {
        let at = self.operation.pointer.at(&["externalDocs", key]);
        let said = self.get(&at).and_then(Value::as_str);
        let verdict = check(said == Some(node.said()), || match said {
            Some(said) => format!("`externalDocs` has `{said}`"),
            None => format!("the operation has no `externalDocs` with a `{key}`"),
        });
        self.push(node, said.map_or(&self.operation.pointer, |_| &at), verdict);
    }

    fn endpoints(&mut self, node: &Node) {
        let at = Pointer::default().join("servers");
        self.push(node, &at, Verdict::Same);
        for child in &node.children {
            let found = items(self.spec.get("servers"), at.clone()).find(|(_, server)| {
                let url = server.get("url").and_then(Value::as_str).unwrap_or_default();
                child.said().strip_prefix(url) == Some(self.operation.path)
            });
            let verdict = check(found.is_some(), || "no server has this address with the path of the operation".into());
            self.push(child, &found.map_or(at.clone(), |(at, _)| at.join("url")), verdict);
        }
    }

    fn authorization(&mut self, node: &Node) {
        let security = self.operation.value.get("security").or_else(|| self.spec.get("security"));
        let alternatives: Vec<_> = security.and_then(Value::as_array).into_iter().flatten().collect();
        let name = alternatives.first().and_then(|first| object(Some(*first)).next()).map(|(name, _)| name);
        let schemes = Pointer::default().at(&["components", "securitySchemes"]);
        let at = name.map_or(schemes.clone(), |name| target(self.spec, schemes.join(name)));
        let scheme = self.get(&at).unwrap_or(&Value::Null);
        let part = |key: &str| scheme.get(key).and_then(Value::as_str).unwrap_or_default().to_ascii_lowercase();
        let always = !alternatives.is_empty() && alternatives.iter().all(|one| object(Some(*one)).next().is_some());
        let lacks = "the description of the security scheme does not mention it";
        let described =
            |text: &str| check(part("description").contains(&text.to_ascii_lowercase()), || lacks.to_owned());
        self.push(node, &at, Verdict::Same);
        for child in &node.children {
            let verdict = match child.key() {
                "scheme" => {
                    let said = child.said().to_ascii_lowercase();
                    let known = ["basic", "bearer", "digest"].iter().find(|word| said.contains(**word));
                    check(part("type") == "http" && known.is_some_and(|known| part("scheme") == *known), || {
                        format!("the security scheme is `{} {}`", part("type"), part("scheme"))
                    })
                }
                "required" => {
                    let need = if always { "requires" } else { "does not require" };
                    check(always == is_mandatory(child.said()), || format!("the operation {need} authentication"))
                }
                "tags" => Verdict::Same,
                _ => described(child.said()),
            };
            self.push(child, &at, verdict);
            for tag in &child.children {
                self.push(tag, &at, described(tag.key()));
            }
        }
    }

    fn links(&mut self, node: &Node) {
        self.push(node, &self.operation.pointer, Verdict::Same);
        for link in &node.children {
            let named = link.key().to_lower_camel_case();
            let described = operations(self.spec).into_iter().find(|operation| {
                let url = operation.value.get("externalDocs").and_then(|docs| docs.get("url")?.as_str());
                url == Some(link.said()) || operation.id() == named
            });
            let verdict = check(described.is_some(), || "the spec does not describe the operation of that page".into());
            self.push(link, &described.map_or(self.operation.pointer.clone(), |operation| operation.pointer), verdict);
        }
    }
}
