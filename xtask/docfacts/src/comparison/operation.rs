//! Compares the operation as a whole: its page, method, servers, authorization and links.

use heck::ToLowerCamelCase;
use openapi_doc::{Operation, Pointer, items, object, operations, target};
use serde_json::Value;

use super::{Judge, Judged, absent, agrees, same};
use crate::page::is_mandatory;
use crate::tree::Node;

impl<'a> Judge<'a> {
    pub(super) fn chapter(self, node: &Node) -> Judged<'a> {
        let at = &self.operation.pointer;
        match node.key() {
            "title" | "metadata_title" => self.external_docs(node, "description"),
            "source" => self.external_docs(node, "url"),
            "method" => self.method(node),
            "endpoints" => self.endpoints(),
            "authorization" => self.authorization(),
            "headers" => self.parameters("header"),
            "path_parameters" => self.parameters("path"),
            "query_parameters" => self.parameters("query"),
            "body_parameters" => self.body(),
            "responses" => same(&at.join("responses")).with(move |response| self.response(response)),
            "samples" => same(at).with(move |_| same(at).with(move |sample| self.sample(sample))),
            "see_also" => same(at).with(move |link| self.link(link)),
            // The version of the API, and any part of a page that this function does not know yet.
            _ => absent(at, "the spec has no place for it"),
        }
    }

    pub(super) fn method(self, node: &Node) -> Judged<'a> {
        let Operation { method, pointer, .. } = self.operation;
        let holds = method.eq_ignore_ascii_case(node.said());
        agrees(pointer, holds, format!("the method of the operation is {method}"))
    }

    fn external_docs(self, node: &Node, key: &str) -> Judged<'a> {
        let at = self.operation.pointer.at(&["externalDocs", key]);
        let said = self.get(&at).and_then(Value::as_str);
        let (at, how) = match said {
            Some(said) => (&at, format!("`externalDocs` has `{said}`")),
            None => (&self.operation.pointer, format!("the operation has no `externalDocs` with a `{key}`")),
        };
        agrees(at, said == Some(node.said()), how)
    }

    fn endpoints(self) -> Judged<'a> {
        let at = Pointer::default().join("servers");
        same(&at).with(move |node| {
            let found = items(self.spec.get("servers"), at.clone()).find(|(_, server)| {
                let url = server.get("url").and_then(Value::as_str).unwrap_or_default();
                node.said().strip_prefix(url) == Some(self.operation.path)
            });
            let how = "it is not a server's URL followed by the operation's path";
            found.map_or_else(|| absent(&at, how), |(at, _)| same(&at.join("url")))
        })
    }

    fn authorization(self) -> Judged<'a> {
        let security = self.operation.value.get("security").or_else(|| self.spec.get("security"));
        let alternatives: Vec<_> = security.and_then(Value::as_array).into_iter().flatten().collect();
        let name = alternatives.first().and_then(|first| object(Some(*first)).next()).map(|(name, _)| name);
        let schemes = Pointer::default().at(&["components", "securitySchemes"]);
        let at = name.map_or(schemes.clone(), |name| target(self.spec, schemes.join(name)));
        let scheme = self.get(&at).unwrap_or(&Value::Null);
        let part = move |key: &str| scheme.get(key).and_then(Value::as_str).unwrap_or_default().to_ascii_lowercase();
        let always = !alternatives.is_empty() && alternatives.iter().all(|one| object(Some(*one)).next().is_some());
        let described = move |at: &Pointer, text: &str| {
            let lacks = "the description of the security scheme does not mention it";
            agrees(at, part("description").contains(&text.to_ascii_lowercase()), lacks)
        };
        same(&at.clone()).with(move |node| match node.key() {
            "scheme" => {
                let said = node.said().to_ascii_lowercase();
                let known = ["basic", "bearer", "digest"].iter().find(|word| said.contains(**word));
                let fits = part("type") == "http" && known.is_some_and(|known| part("scheme") == *known);
                agrees(&at, fits, format!("the security scheme is `{} {}`", part("type"), part("scheme")))
            }
            "required" => {
                let need = if always { "requires" } else { "does not require" };
                agrees(&at, always == is_mandatory(node.said()), format!("the operation {need} authentication"))
            }
            "tags" => {
                let at = at.clone();
                same(&at.clone()).with(move |tag| described(&at, tag.key()))
            }
            _ => described(&at, node.said()),
        })
    }

    fn link(self, node: &Node) -> Judged<'a> {
        let named = node.key().to_lower_camel_case();
        let described = operations(self.spec).into_iter().find(|operation| {
            let url = operation.value.get("externalDocs").and_then(|docs| docs.get("url")?.as_str());
            url == Some(node.said()) || operation.id() == named
        });
        let how = "the spec does not describe the operation of that page";
        described.map_or_else(|| absent(&self.operation.pointer, how), |operation| same(&operation.pointer))
    }
}
