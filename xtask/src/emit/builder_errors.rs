//! Limitation: a generated builder allocates a message for each value that nobody has set so far, only to drop it when the
//! value is set. The messages become `Cow`s: a constant costs nothing, and only what went wrong is put into words.

use syn::visit_mut::{VisitMut, visit_expr_call_mut, visit_expr_method_call_mut, visit_item_mod_mut, visit_type_mut};
use syn::{Expr, ExprCall, ExprMethodCall, Type};

use crate::emit::unexpected;
use crate::problem::Problem;

/// Fails if there are such messages and nothing that converts them.
pub(super) fn apply(code: &mut syn::File) -> Result<(), Problem> {
    let mut messages = Messages::default();
    messages.visit_file_mut(code);
    if messages.held == 0 || messages.converted { Ok(()) } else { Err(unexpected("the errors of builders")) }
}

#[derive(Default)]
struct Messages {
    held: usize,
    converted: bool,
}

impl VisitMut for Messages {
    /// What a builder holds: a value, or why there is none.
    fn visit_type_mut(&mut self, kind: &mut Type) {
        visit_type_mut(self, kind);
        if let Type::Path(path) = kind
            && let Some(last) = path.path.segments.last_mut()
            && last.ident == "Result"
            && let syn::PathArguments::AngleBracketed(arguments) = &mut last.arguments
            && let Some(syn::GenericArgument::Type(error)) = arguments.args.iter_mut().nth(1)
            && matches!(text(error).as_str(), "String" | "::std::string::String")
        {
            *error = syn::parse_quote!(::std::borrow::Cow<'static, str>);
            self.held += 1;
        }
    }

    /// `Err("…".to_string())`
    fn visit_expr_call_mut(&mut self, call: &mut ExprCall) {
        visit_expr_call_mut(self, call);
        if text(&call.func) == "Err"
            && let Some(argument) = call.args.first_mut()
            && is_text(argument)
        {
            convert(argument);
        }
    }

    /// `map_err(|e| format!("…"))`, and where a message becomes an error of the client.
    fn visit_expr_method_call_mut(&mut self, call: &mut ExprMethodCall) {
        visit_expr_method_call_mut(self, call);
        if call.method != "map_err" {
            return;
        }
        match call.args.first_mut() {
            Some(Expr::Closure(closure)) => {
                let body = match &mut *closure.body {
                    Expr::Block(block) => match block.block.stmts.as_mut_slice() {
                        [syn::Stmt::Expr(body, None)] => body,
                        _ => return,
                    },
                    body => body,
                };
                if is_text(body) {
                    convert(body);
                }
            }
            Some(argument) if text(argument) == "Error::InvalidRequest" => {
                *argument = syn::parse_quote!(|reason| Error::InvalidRequest(reason.into_owned()));
            }
            _ => {}
        }
    }

    /// The error that a builder of a type ends with.
    fn visit_item_mod_mut(&mut self, module: &mut syn::ItemMod) {
        visit_item_mod_mut(self, module);
        if module.ident == "error"
            && let Some((_, items)) = &mut module.content
        {
            items.push(syn::parse_quote! {
                impl From<::std::borrow::Cow<'static, str>> for ConversionError {
                    fn from(value: ::std::borrow::Cow<'static, str>) -> Self {
                        Self(value)
                    }
                }
            });
            self.converted = true;
        }
    }
}

/// Whether an expression is a `String` made on the spot.
fn is_text(expression: &Expr) -> bool {
    match expression {
        Expr::MethodCall(call) => call.method == "to_string" && call.args.is_empty(),
        Expr::Macro(call) => call.mac.path.is_ident("format"),
        _ => false,
    }
}

/// A constant is used as it is; anything else is made, and then taken over.
fn convert(expression: &mut Expr) {
    if let Expr::MethodCall(call) = expression
        && matches!(&*call.receiver, Expr::Lit(_))
    {
        call.method = syn::parse_quote!(into);
    } else {
        *expression = syn::parse_quote!(#expression.into());
    }
}

fn text(tokens: &impl quote::ToTokens) -> String {
    tokens.to_token_stream().to_string().replace(' ', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_a_constant_until_something_goes_wrong() {
        let mut code = syn::parse_quote! {
            pub mod types {
                pub mod error {
                    pub struct ConversionError(::std::borrow::Cow<'static, str>);
                }
                pub mod builder {
                    pub struct Tank {
                        size: ::std::result::Result<u32, ::std::string::String>,
                    }
                    impl ::std::default::Default for Tank {
                        fn default() -> Self {
                            Self { size: Err("no value supplied for size".to_string()) }
                        }
                    }
                    impl Tank {
                        pub fn size<T>(mut self, value: T) -> Self {
                            self.size = value.try_into().map_err(|e| { format!("error for size: {e}") });
                            self
                        }
                    }
                }
            }
            impl Fill {
                async fn send(self) -> Result<(), Error<()>> {
                    let id = id.map_err(Error::InvalidRequest)?;
                    let body = body
                        .and_then(|v| types::Tank::try_from(v).map_err(|e| e.to_string()))
                        .map_err(Error::InvalidRequest)?;
                    other.map_err(|e| Other::custom(e.to_string()))?;
                    Ok(())
                }
            }
        };
        apply(&mut code).unwrap();
        insta::assert_snapshot!(prettyplease::unparse(&code), @r#"
        pub mod types {
            pub mod error {
                pub struct ConversionError(::std::borrow::Cow<'static, str>);
                impl From<::std::borrow::Cow<'static, str>> for ConversionError {
                    fn from(value: ::std::borrow::Cow<'static, str>) -> Self {
                        Self(value)
                    }
                }
            }
            pub mod builder {
                pub struct Tank {
                    size: ::std::result::Result<u32, ::std::borrow::Cow<'static, str>>,
                }
                impl ::std::default::Default for Tank {
                    fn default() -> Self {
                        Self {
                            size: Err("no value supplied for size".into()),
                        }
                    }
                }
                impl Tank {
                    pub fn size<T>(mut self, value: T) -> Self {
                        self.size = value
                            .try_into()
                            .map_err(|e| { format!("error for size: {e}").into() });
                        self
                    }
                }
            }
        }
        impl Fill {
            async fn send(self) -> Result<(), Error<()>> {
                let id = id.map_err(|reason| Error::InvalidRequest(reason.into_owned()))?;
                let body = body
                    .and_then(|v| types::Tank::try_from(v).map_err(|e| e.to_string().into()))
                    .map_err(|reason| Error::InvalidRequest(reason.into_owned()))?;
                other.map_err(|e| Other::custom(e.to_string()))?;
                Ok(())
            }
        }
        "#);
    }

    #[test]
    fn another_generator_is_noticed() {
        let mut code = syn::parse_quote! { pub struct Tank { size: Result<u32, String> } };
        assert!(apply(&mut code).is_err());
        assert!(apply(&mut syn::parse_quote! { pub struct Tank { size: u32 } }).is_ok());
    }
}
