//! Limitation: `anyOf` becomes a struct of flattened members, which works for objects only. For single values, `anyOf`
//! means the same as `oneOf`, except if a value matches several members. So this pass replaces it with `oneOf`, which
//! becomes an enum. If a value matches several members, the enum reads it as the first of them.

use openapi_doc::schemas;

use super::Lowered;
use crate::kind::all_single;

pub(super) fn apply(lowered: &mut Lowered) {
    for at in schemas(&lowered.document) {
        let members = at.join("anyOf");
        let count = lowered.document.pointer(members.as_str()).and_then(|list| list.as_array()).map(Vec::len);
        if count.is_some_and(|count| all_single(&lowered.document, &members, count))
            && let Some(schema) = lowered.schema_mut(&at)
            && let Some(members) = schema.remove("anyOf")
        {
            schema.insert("oneOf".to_owned(), members);
        }
    }
}
