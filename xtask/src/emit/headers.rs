//! Limitation: headers are gathered in a map of their own, from which they are moved to those of the request; and each
//! request is given an `api-version`, which no description has asked for. They are put where they belong at once, and that
//! one is left out.

use quote::ToTokens;
use syn::visit_mut::{VisitMut, visit_block_mut, visit_expr_method_call_mut, visit_expr_mut};
use syn::{Block, Expr, ExprMethodCall, ExprPath, Stmt};

use crate::emit::unexpected;
use crate::problem::Problem;

/// The map, as the generator calls it.
const MAP: &str = "header_map";

/// The function that has the value of the header that is left out.
const VERSION: &str = "api_version";

pub(super) fn apply(code: &mut syn::File) -> Result<(), Problem> {
    Operations.visit_file_mut(code);
    let mut left = Left(false);
    left.visit_file_mut(code);
    if left.0 { Err(unexpected("the headers of a request")) } else { Ok(()) }
}

struct Operations;

impl VisitMut for Operations {
    fn visit_block_mut(&mut self, block: &mut Block) {
        visit_block_mut(self, block);
        let Some(end) = block.stmts.iter().position(|statement| mentions(statement, &format!("headers({MAP})"))) else {
            return;
        };
        let mut request = block.stmts.split_off(end);
        let (headers, others): (Vec<_>, Vec<_>) = block.stmts.drain(..).partition(|statement| mentions(statement, MAP));
        block.stmts = others;
        let rest = request.split_off(1);
        Request.visit_stmt_mut(&mut request[0]);
        block.stmts.append(&mut request);
        block.stmts.extend(headers.into_iter().filter(|statement| !is_left_out(statement)).map(|mut statement| {
            Header.visit_stmt_mut(&mut statement);
            statement
        }));
        block.stmts.extend(rest);
    }
}

/// The map itself, and what nobody asked for.
fn is_left_out(statement: &Stmt) -> bool {
    matches!(statement, Stmt::Local(_)) || mentions(statement, &format!("::{VERSION}()"))
}

/// `….headers(header_map).build()?`
struct Request;

impl VisitMut for Request {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        visit_expr_mut(self, expression);
        if let Expr::MethodCall(call) = expression
            && call.method == "headers"
        {
            *expression = (*call.receiver).clone();
        }
    }
}

/// `header_map.append(name, value)`
struct Header;

impl VisitMut for Header {
    fn visit_expr_method_call_mut(&mut self, call: &mut ExprMethodCall) {
        visit_expr_method_call_mut(self, call);
        if call.method == "append" && mentions(&call.receiver, MAP) {
            *call.receiver = syn::parse_quote!(request.headers_mut());
            call.method = syn::parse_quote!(insert);
        }
    }
}

/// Whether something of it was not understood.
struct Left(bool);

impl VisitMut for Left {
    fn visit_expr_path_mut(&mut self, path: &mut ExprPath) {
        // A parameter can be called as the function is, which always has a type before it.
        let is_call = path.path.segments.len() > 1;
        let last = path.path.segments.last();
        self.0 |= last.is_some_and(|last| last.ident == MAP || is_call && last.ident == VERSION);
    }
}

fn mentions(tokens: &impl ToTokens, what: &str) -> bool {
    tokens.to_token_stream().to_string().replace(' ', "").contains(what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_put_into_the_request_without_one_that_nobody_asked_for() {
        let mut code = syn::parse_quote! {
            async fn send(self) -> Result<(), Error<()>> {
                let url = format!("{}/tanks", client.baseurl);
                let mut header_map = ::reqwest::header::HeaderMap::with_capacity(3usize);
                header_map.append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(super::Client::api_version()),
                );
                header_map.append("x-pump", pump.to_string().try_into()?);
                header_map.append("x-api-version", x_api_version.to_string().try_into()?);
                if let Some(value) = shift {
                    header_map.append("x-shift", value.to_string().try_into()?);
                }
                #[allow(unused_mut)]
                let mut request = client.client.post(url).json(&body).headers(header_map).build()?;
                client.pre(&mut request, &info).await?;
                Ok(())
            }
        };
        apply(&mut code).unwrap();
        insta::assert_snapshot!(prettyplease::unparse(&code), @r#"
        async fn send(self) -> Result<(), Error<()>> {
            let url = format!("{}/tanks", client.baseurl);
            #[allow(unused_mut)]
            let mut request = client.client.post(url).json(&body).build()?;
            request.headers_mut().insert("x-pump", pump.to_string().try_into()?);
            request.headers_mut().insert("x-api-version", x_api_version.to_string().try_into()?);
            if let Some(value) = shift {
                request.headers_mut().insert("x-shift", value.to_string().try_into()?);
            }
            client.pre(&mut request, &info).await?;
            Ok(())
        }
        "#);
    }

    #[test]
    fn another_generator_is_noticed() {
        assert!(apply(&mut syn::parse_quote! { fn send() { request.headers_mut().extend(header_map); } }).is_err());
        assert!(apply(&mut syn::parse_quote! { fn send() { request.header(Client::api_version()); } }).is_err());
    }
}
