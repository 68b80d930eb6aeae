//! Limitation: a form is encoded into a buffer that begins with nothing and is moved each time that it grows. Forms are
//! encoded by `support/form.rs` instead, in room that is enough for most.

use syn::visit_mut::{VisitMut, visit_expr_mut};
use syn::{Expr, ExprMethodCall, ExprTry};

/// Returns whether there is such a form.
pub(super) fn apply(code: &mut syn::File) -> bool {
    let mut forms = Forms { mended: false };
    forms.visit_file_mut(code);
    forms.mended
}

struct Forms {
    mended: bool,
}

impl VisitMut for Forms {
    /// `.form_urlencoded(&body)?`
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        visit_expr_mut(self, expression);
        if let Expr::Try(ExprTry { expr, .. }) = expression
            && let Expr::MethodCall(ExprMethodCall { receiver, method, args, .. }) = &**expr
            && method == "form_urlencoded"
        {
            *expression = syn::parse_quote! {
                #receiver
                    .header(
                        ::reqwest::header::CONTENT_TYPE,
                        ::reqwest::header::HeaderValue::from_static("application/x-www-form-urlencoded"),
                    )
                    .body(
                        crate::generated::form::encode(#args)
                            .map_err(|_| Error::InvalidRequest("failed to serialize body".to_string()))?,
                    )
            };
            self.mended = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_encoded_by_the_code_beside() {
        let mut code = syn::parse_quote! {
            async fn send(self) -> Result<(), Error<()>> {
                let request = client.post(url).form_urlencoded(&body)?.headers(header_map).build()?;
                let other = client.post(url).json(&body).build()?;
                Ok(())
            }
        };
        assert!(apply(&mut code));
        insta::assert_snapshot!(prettyplease::unparse(&code), @r#"
        async fn send(self) -> Result<(), Error<()>> {
            let request = client
                .post(url)
                .header(
                    ::reqwest::header::CONTENT_TYPE,
                    ::reqwest::header::HeaderValue::from_static(
                        "application/x-www-form-urlencoded",
                    ),
                )
                .body(
                    crate::generated::form::encode(&body)
                        .map_err(|_| Error::InvalidRequest(
                            "failed to serialize body".to_string(),
                        ))?,
                )
                .headers(header_map)
                .build()?;
            let other = client.post(url).json(&body).build()?;
            Ok(())
        }
        "#);
        assert!(!apply(&mut syn::parse_quote! { fn send() { request.json(&body)?; } }));
    }
}
