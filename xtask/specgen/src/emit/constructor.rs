//! Limitation: the generated `Client::new` builds an HTTP client and panics if that fails, for example without TLS
//! roots. This pass removes `new`. The generated `new_with_client` remains: its caller builds the HTTP client, and can
//! return the error.

use super::Unexpected;

pub(super) fn remove(code: &mut syn::File) -> Result<(), Unexpected> {
    let mut removed = 0;
    for item in &mut code.items {
        if let syn::Item::Impl(block) = item
            && block.trait_.is_none()
        {
            let before = block.items.len();
            block.items.retain(|item| !matches!(item, syn::ImplItem::Fn(function) if function.sig.ident == "new"));
            removed += before - block.items.len();
        }
    }
    if removed == 1 { Ok(()) } else { Err(Unexpected("`Client::new`")) }
}
