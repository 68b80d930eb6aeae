//! Limitation: the headers of an answer are copied, although nobody else needs them. Answers are read by
//! `support/answer.rs` instead, which takes them.

use syn::ExprPath;
use syn::visit_mut::VisitMut;

/// Returns whether there is an answer to read.
pub(super) fn apply(code: &mut syn::File) -> bool {
    let mut answers = Answers { mended: false };
    answers.visit_file_mut(code);
    answers.mended
}

struct Answers {
    mended: bool,
}

impl VisitMut for Answers {
    fn visit_expr_path_mut(&mut self, path: &mut ExprPath) {
        let mut names = path.path.segments.iter().map(|segment| segment.ident.to_string());
        if names.next().as_deref() == Some("ResponseValue") && names.next().as_deref() == Some("from_response") {
            *path = syn::parse_quote!(crate::generated::answer::read);
            self.mended = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_by_the_code_beside() {
        let mut code = syn::parse_quote! {
            fn end() {
                match status {
                    200u16 => ResponseValue::from_response(response).await,
                    204u16 => Ok(ResponseValue::empty(response)),
                }
            }
        };
        assert!(apply(&mut code));
        insta::assert_snapshot!(prettyplease::unparse(&code), @"
        fn end() {
            match status {
                200u16 => crate::generated::answer::read(response).await,
                204u16 => Ok(ResponseValue::empty(response)),
            }
        }
        ");
        assert!(!apply(&mut syn::parse_quote! { fn end() { ResponseValue::empty(response); } }));
    }
}
