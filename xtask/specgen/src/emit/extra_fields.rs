//! Limitation: the additional properties of an object can be generated only as a plain map. `Debug` prints its keys and
//! values, which may be secrets. So the map from `lower/additional_properties.rs` becomes an `Extra`, which prints only
//! the number of its fields, and serde flattens it into the object.

use syn::Type;
use syn::visit_mut::{VisitMut, visit_field_mut, visit_type_mut};

use super::{Unexpected, arguments, text};
use crate::lower::EXTRA;
use crate::settings::MODULE;

pub(super) fn apply(code: &mut syn::File) -> Result<bool, Unexpected> {
    let extra = format!("{MODULE}::{EXTRA}");
    let map = format!("::std::collections::HashMap<::std::string::String,{extra}>");
    let mut fields = Fields { extra, map, found: false, elsewhere: false };
    fields.visit_file_mut(code);
    if fields.elsewhere { Err(Unexpected("the map of additional properties")) } else { Ok(fields.found) }
}

struct Fields {
    extra: String,
    map: String,
    found: bool,
    elsewhere: bool,
}

impl VisitMut for Fields {
    fn visit_field_mut(&mut self, field: &mut syn::Field) {
        if text(&field.ty) == self.map {
            // A flattened field is optional automatically, so its other serde attributes are removed.
            field.attrs.retain(|attribute| !attribute.path().is_ident("serde"));
            field.attrs.push(syn::parse_quote!(#[serde(flatten)]));
        }
        visit_field_mut(self, field);
    }

    /// Replaces the types of fields of structs and variants, and of the fields and parameters of builders.
    fn visit_type_mut(&mut self, kind: &mut Type) {
        let shown = text(kind);
        if shown == self.map
            && let Some(extra) = arguments(kind).and_then(|mut arguments| arguments.pop())
        {
            *kind = extra;
            self.found = true;
        } else {
            self.elsewhere |= shown == self.extra;
            visit_type_mut(self, kind);
        }
    }
}
