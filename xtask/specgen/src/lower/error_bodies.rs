//! Limitation: progenitor allows one error type per operation, uses `default` for successes too, orders `4XX` before
//! `401`, and decodes an error body as JSON before anything else, so the status is lost if a gateway returns an HTML
//! page. So this pass removes error responses: the generated function then returns every response that is not a success
//! unchanged, and the code around it reads the status, headers and body.

use openapi_doc::{Pointer, operations};

use super::Lowered;

pub(super) fn apply(lowered: &mut Lowered) {
    let pointers: Vec<Pointer> =
        operations(&lowered.document).iter().map(|operation| operation.pointer.join("responses")).collect();
    for at in pointers {
        let Some(responses) = lowered.schema_mut(&at) else { continue };
        let success = |status: &String| status.starts_with('2') || status == "101";
        if responses.keys().any(success) {
            responses.retain(|status, _| success(status));
        } else {
            // In this case, `default` is the only information about a success.
            responses.retain(|status, _| status == "default");
        }
    }
}
