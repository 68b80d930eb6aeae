//! Serves the console at `/_sandbox/` and the API reference. Their files are part of the program.

use axum::Router;
use axum::http::StatusCode;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;

/// The security policy of the console: it loads only from this server, and runs only scripts from files.
const STRICT: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The security policy of the API reference. `RapiDoc` writes styles into its markup and shows images from memory, so
/// the policy allows both. Scripts are limited as in [`STRICT`].
const REFERENCE: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The path and the content of each file.
static FILES: [(&str, &[u8]); 20] = [
    ("/_sandbox/", include_bytes!("console/index.html")),
    ("/_sandbox/reference", include_bytes!("console/reference.html")),
    ("/_sandbox/console/icon.svg", include_bytes!("console/icon.svg")),
    ("/_sandbox/console/theme.css", include_bytes!("console/theme.css")),
    ("/_sandbox/console/console.css", include_bytes!("console/console.css")),
    ("/_sandbox/console/reference.css", include_bytes!("console/reference.css")),
    ("/_sandbox/console/accounts.js", include_bytes!("console/accounts.js")),
    ("/_sandbox/console/control.js", include_bytes!("console/control.js")),
    ("/_sandbox/console/copy.js", include_bytes!("console/copy.js")),
    ("/_sandbox/console/detail.js", include_bytes!("console/detail.js")),
    ("/_sandbox/console/dom.js", include_bytes!("console/dom.js")),
    ("/_sandbox/console/faults.js", include_bytes!("console/faults.js")),
    ("/_sandbox/console/main.js", include_bytes!("console/main.js")),
    ("/_sandbox/console/reference.js", include_bytes!("console/reference.js")),
    ("/_sandbox/console/request.js", include_bytes!("console/request.js")),
    ("/_sandbox/console/requests.js", include_bytes!("console/requests.js")),
    ("/_sandbox/console/rust.js", include_bytes!("console/rust.js")),
    ("/_sandbox/console/spec.js", include_bytes!("console/spec.js")),
    ("/_sandbox/console/rapidoc.js", include_bytes!("console/vendor/rapidoc-9.3.8.js.gz")),
    // The first line of `rapidoc.js` refers to its licenses by this name.
    ("/_sandbox/console/rapidoc-min.js.LICENSE.txt", include_bytes!("console/vendor/rapidoc-9.3.8.LICENSE.txt")),
];

fn response(path: &str, bytes: &'static [u8]) -> Response {
    let media_type = match path.rsplit_once('.').map(|(_, extension)| extension) {
        None => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some(_) => "text/plain; charset=utf-8",
    };
    let headers = [
        (CONTENT_TYPE, media_type),
        (CONTENT_SECURITY_POLICY, if path.ends_with("/reference") { REFERENCE } else { STRICT }),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        // The browser must not keep these files: another version of the program can listen on the same port.
        (CACHE_CONTROL, "no-store"),
    ];
    // A gzip file begins with these two bytes. Every browser supports gzip.
    let encoding = bytes.starts_with(&[0x1F, 0x8B]).then_some([(CONTENT_ENCODING, "gzip")]);
    (headers, encoding, bytes).into_response()
}

/// Makes the routes of the console, which use no state.
pub(crate) fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    let redirect = async || (StatusCode::PERMANENT_REDIRECT, [(LOCATION, "/_sandbox/")]);
    FILES.iter().fold(Router::new().route("/_sandbox", get(redirect)), |router, (path, bytes)| {
        router.route(path, get(async || response(path, bytes)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The maximum total size of the console and the reference, in bytes.
    const MOST: usize = 1_500_000;

    #[test]
    fn console_and_reference_add_at_most_1500_kb_to_a_program() {
        let size: usize = FILES.iter().map(|(_, bytes)| bytes.len()).sum();
        assert!(size <= MOST, "{size} bytes");
        assert!(size > 200_000, "{size} bytes are too few: is a file missing or empty?");
    }

    #[test]
    fn every_file_of_the_folder_is_served() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/console");
        let mut files = 0;
        for folder in [folder.clone(), folder.join("vendor")] {
            files +=
                std::fs::read_dir(folder).unwrap().filter(|entry| entry.as_ref().unwrap().path().is_file()).count();
        }
        assert_eq!(files, FILES.len());
    }

    #[test]
    fn page_may_load_from_its_own_server_only() {
        for (path, bytes) in &FILES {
            let response = response(path, bytes);
            let policy = response.headers()[CONTENT_SECURITY_POLICY].to_str().unwrap();
            assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{policy}");
            assert!(policy.contains("connect-src 'self';") && !policy.contains("http"), "{policy}");
        }
    }
}
