//! Limitation: the address of each call is put together as text, and parsed. `support/address.rs` parses the part that is
//! the same for all of them once, when the client is made.

use syn::punctuated::Punctuated;
use syn::visit_mut::{VisitMut, visit_expr_mut};
use syn::{Expr, ExprField, ExprLit, FieldValue, Item, Lit, Member, Token};

use crate::emit::unexpected;
use crate::problem::Problem;

/// The field of the client that has the base.
const BASE: &str = "baseurl";

pub(super) fn apply(code: &mut syn::File) -> Result<(), Problem> {
    let mut client = Client::default();
    let mut calls = Calls { others: 0 };
    for item in &mut code.items {
        match item {
            Item::Struct(_) => client.visit_item_mut(item),
            Item::Impl(block) if block.trait_.is_none() => client.visit_item_mut(item),
            _ => calls.visit_item_mut(item),
        }
    }
    if [client.fields, client.values, calls.others] == [1, 1, 0] {
        Ok(())
    } else {
        Err(unexpected("the address of a call"))
    }
}

/// The client: how many fields for the base there are, and how many values for them.
#[derive(Default)]
struct Client {
    fields: usize,
    values: usize,
}

impl VisitMut for Client {
    /// `baseurl: String`
    fn visit_field_mut(&mut self, field: &mut syn::Field) {
        if field.ident.as_ref().is_some_and(|name| name == BASE) {
            field.ty = syn::parse_quote!(crate::generated::address::Base);
            self.fields += 1;
        }
    }

    /// `baseurl: baseurl.to_string()`
    fn visit_field_value_mut(&mut self, field: &mut FieldValue) {
        if is_base(&field.member) {
            field.expr = syn::parse_quote!(crate::generated::address::Base::new(baseurl));
            self.values += 1;
        }
    }
}

/// The calls: how many addresses were not understood.
struct Calls {
    others: usize,
}

impl VisitMut for Calls {
    /// `format!("{}/…", client.baseurl, …)`
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        visit_expr_mut(self, expression);
        if let Expr::Macro(format) = expression
            && let Ok(mut arguments) = format.mac.parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated)
            && arguments.iter().any(is_base_of_client)
        {
            if let Some(Expr::Lit(ExprLit { lit: Lit::Str(text), .. })) = arguments.first()
                && text.value().starts_with("{}/")
                && is_base_of_client(&arguments[1])
            {
                let base = arguments[1].clone();
                arguments[1] = syn::parse_quote!(#base.path());
                *expression = syn::parse_quote! {
                    #base.with_path(&format!(#arguments)).map_err(Error::InvalidRequest)?
                };
            } else {
                self.others += 1;
            }
        }
    }
}

fn is_base_of_client(expression: &Expr) -> bool {
    matches!(expression, Expr::Field(ExprField { member, .. }) if is_base(member))
}

fn is_base(member: &Member) -> bool {
    matches!(member, Member::Named(name) if name == BASE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_base_is_parsed_with_the_client_and_not_with_each_call() {
        let mut code = syn::parse_quote! {
            pub struct Client { pub(crate) baseurl: String, pub(crate) client: reqwest::Client }
            impl Client {
                pub fn new_with_client(baseurl: &str, client: reqwest::Client) -> Self {
                    Self { baseurl: baseurl.to_string(), client }
                }
            }
            mod types {
                pub struct Station { pub baseurl: String }
            }
            async fn send(self) -> Result<(), Error<()>> {
                let url = format!("{}/tanks", client.baseurl,);
                let _url = format!("{}/tanks/{}/fill", _client.baseurl, encode_path(&url.to_string()),);
                let text = format!("{}", baseurl);
                Ok(())
            }
        };
        apply(&mut code).unwrap();
        insta::assert_snapshot!(prettyplease::unparse(&code), @r#"
        pub struct Client {
            pub(crate) baseurl: crate::generated::address::Base,
            pub(crate) client: reqwest::Client,
        }
        impl Client {
            pub fn new_with_client(baseurl: &str, client: reqwest::Client) -> Self {
                Self {
                    baseurl: crate::generated::address::Base::new(baseurl),
                    client,
                }
            }
        }
        mod types {
            pub struct Station {
                pub baseurl: String,
            }
        }
        async fn send(self) -> Result<(), Error<()>> {
            let url = client
                .baseurl
                .with_path(&format!("{}/tanks", client.baseurl.path(),))
                .map_err(Error::InvalidRequest)?;
            let _url = _client
                .baseurl
                .with_path(
                    &format!(
                        "{}/tanks/{}/fill", _client.baseurl.path(), encode_path(& url
                        .to_string()),
                    ),
                )
                .map_err(Error::InvalidRequest)?;
            let text = format!("{}", baseurl);
            Ok(())
        }
        "#);
    }

    #[test]
    fn another_generator_is_noticed() {
        let client: syn::ItemStruct = syn::parse_quote! { struct Client { baseurl: String } };
        let new: syn::ItemImpl =
            syn::parse_quote! { impl Client { fn new() { Self { baseurl: baseurl.to_string() } } } };
        let call: syn::ItemFn = syn::parse_quote! { fn send() { let url = format!("{}/tanks", client.baseurl); } };
        let other: syn::ItemFn = syn::parse_quote! { fn send() { let url = format!("{}{}", client.baseurl, PATH); } };
        assert!(apply(&mut syn::parse_quote! { #client #new #call }).is_ok());
        assert!(apply(&mut syn::parse_quote! { #client #new }).is_ok(), "there can be no operation");
        assert!(apply(&mut syn::parse_quote! { #client #new #call #other }).is_err());
        assert!(apply(&mut syn::parse_quote! { #client #call }).is_err());
        assert!(apply(&mut syn::parse_quote! { #new #call }).is_err());
    }
}
