//! Limitation: the generated matchers compare the body of a form operation as JSON, and put the value of a path
//! parameter into a regular expression unescaped. So they would never match a form, and match some paths by accident.
//! Here, forms are compared with the mock crate's `form::body`, and values in a path are percent-encoded and escaped
//! with its `path::segment`.

use std::collections::BTreeSet;

use heck::ToUpperCamelCase;
use openapi_doc::{FORM, operations, resolve};
use serde_json::Value;
use syn::visit_mut::{VisitMut, visit_expr_mut};

use super::Unexpected;

pub(super) fn fix(code: &mut syn::File, document: &Value) -> Result<(), Unexpected> {
    let forms: BTreeSet<String> = operations(document)
        .iter()
        .filter(|operation| {
            let body = operation.value.get("requestBody").and_then(|body| resolve(document, body));
            body.and_then(|body| body.get("content")).is_some_and(|content| content.get(FORM).is_some())
        })
        .map(|operation| format!("{}When", operation.id().to_upper_camel_case()))
        .collect();
    let paths: usize = operations(document).iter().map(|operation| operation.path.matches('{').count()).sum();
    let mut fixes = Fixes { forms: &forms, fixed_forms: 0, fixed_paths: 0, in_form: false };
    fixes.visit_file_mut(code);
    if fixes.fixed_forms != forms.len() {
        return Err(Unexpected("the matcher of a form body"));
    }
    if fixes.fixed_paths != paths {
        return Err(Unexpected("the matcher of a path parameter"));
    }
    Ok(())
}

struct Fixes<'a> {
    forms: &'a BTreeSet<String>,
    fixed_forms: usize,
    fixed_paths: usize,
    in_form: bool,
}

impl VisitMut for Fixes<'_> {
    fn visit_item_impl_mut(&mut self, block: &mut syn::ItemImpl) {
        self.in_form = self.forms.contains(&super::text(&block.self_ty));
        syn::visit_mut::visit_item_impl_mut(self, block);
        self.in_form = false;
    }

    /// `self.0.json_body_obj(value)` becomes `crate::form::body(self.0, value)`.
    fn visit_expr_mut(&mut self, expression: &mut syn::Expr) {
        if let syn::Expr::MethodCall(call) = expression
            && self.in_form
            && call.method == "json_body_obj"
        {
            let (receiver, value) = (&call.receiver, &call.args);
            *expression = syn::parse_quote!(crate::form::body(#receiver, #value));
            self.fixed_forms += 1;
        }
        visit_expr_mut(self, expression);
    }

    /// `format!("^/a/{}$", value.to_string())` becomes `format!("^/a/{}$", crate::path::segment(&value.to_string()))`.
    fn visit_macro_mut(&mut self, call: &mut syn::Macro) {
        let text = super::text(&call.tokens);
        if call.path.is_ident("format") && text.starts_with("\"^") && text.ends_with(",value.to_string()") {
            let Some(template) = call.tokens.clone().into_iter().next() else { return };
            call.tokens = quote::quote!(#template, crate::path::segment(&value.to_string()));
            self.fixed_paths += 1;
        }
    }
}
