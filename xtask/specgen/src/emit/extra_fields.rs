//! Limitation: the additional properties of an object can be generated only as a plain map. `Debug` prints its keys and
//! values, which may be secrets. So the map from `lower/additional_properties.rs` becomes an `Extra`, which prints only
//! the number of its fields, and serde flattens it into the object.

use quote::ToTokens;
use syn::visit_mut::{VisitMut, visit_field_mut, visit_type_mut};
use syn::{GenericArgument, PathArguments, Type};

use super::Unexpected;
use crate::lower::EXTRA;
use crate::settings::MODULE;

pub(super) fn apply(code: &mut syn::File) -> Result<bool, Unexpected> {
    let mut fields = Fields { extra: format!("{MODULE}::{EXTRA}"), found: false, elsewhere: false };
    fields.visit_file_mut(code);
    if fields.elsewhere { Err(Unexpected("the map of additional properties")) } else { Ok(fields.found) }
}

struct Fields {
    extra: String,
    found: bool,
    elsewhere: bool,
}

impl VisitMut for Fields {
    fn visit_field_mut(&mut self, field: &mut syn::Field) {
        if self.value_of_map(&field.ty).is_some() {
            // A flattened field is optional automatically, so its other serde attributes are removed.
            field.attrs.retain(|attribute| !attribute.path().is_ident("serde"));
            field.attrs.push(syn::parse_quote!(#[serde(flatten)]));
        }
        visit_field_mut(self, field);
    }

    /// Replaces the types of fields of structs and variants, and of the fields and parameters of builders.
    fn visit_type_mut(&mut self, kind: &mut Type) {
        if let Some(value) = self.value_of_map(kind) {
            *kind = value;
            self.found = true;
        } else {
            self.elsewhere |= text(kind) == self.extra;
            visit_type_mut(self, kind);
        }
    }
}

impl Fields {
    /// `Extra`, if the type is a `HashMap<String, Extra>`.
    fn value_of_map(&self, kind: &Type) -> Option<Type> {
        let Type::Path(path) = kind else { return None };
        let last = path.path.segments.last().filter(|last| last.ident == "HashMap")?;
        let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
        match arguments.args.last()? {
            GenericArgument::Type(value) if text(value) == self.extra => Some(value.clone()),
            _ => None,
        }
    }
}

fn text(kind: &Type) -> String {
    kind.to_token_stream().to_string().replace(' ', "")
}
