//! The console at `/_sandbox/` and the API reference: static files in the program.

use axum::Router;
use axum::body::Body;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue, Response, StatusCode};
use axum::routing::get;

/// The console loads only from this server, and runs only scripts from files.
const STRICT: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// `RapiDoc` writes styles into its markup, and shows downloads from memory. For scripts, the rules are those of
/// [`STRICT`].
const REFERENCE: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const HTML: &str = "text/html; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";
const IMAGE: &str = "image/svg+xml";
const TEXT: &str = "text/plain; charset=utf-8";

struct File {
    path: &'static str,
    media_type: &'static str,
    bytes: &'static [u8],
    policy: &'static str,
}

impl File {
    const fn with_policy(mut self, policy: &'static str) -> Self {
        self.policy = policy;
        self
    }

    fn response(&self) -> Response<Body> {
        let mut response = Response::new(Body::from(self.bytes));
        let mut set = |name: HeaderName, value| response.headers_mut().insert(name, HeaderValue::from_static(value));
        set(CONTENT_TYPE, self.media_type);
        set(CONTENT_SECURITY_POLICY, self.policy);
        set(X_CONTENT_TYPE_OPTIONS, "nosniff");
        set(REFERRER_POLICY, "no-referrer");
        // Another version of the program can listen on the same port.
        set(CACHE_CONTROL, "no-store");
        // Every browser supports gzip. These two bytes start a gzip file.
        if self.bytes.starts_with(&[0x1F, 0x8B]) {
            set(CONTENT_ENCODING, "gzip");
        }
        response
    }
}

macro_rules! file {
    ($path:literal, $media_type:ident, $file:literal) => {
        File {
            path: concat!("/_sandbox/", $path),
            media_type: $media_type,
            bytes: include_bytes!(concat!("console/", $file)),
            policy: STRICT,
        }
    };
}

static FILES: [File; 20] = [
    file!("", HTML, "index.html"),
    file!("reference", HTML, "reference.html").with_policy(REFERENCE),
    file!("console/icon.svg", IMAGE, "icon.svg"),
    file!("console/theme.css", STYLE, "theme.css"),
    file!("console/console.css", STYLE, "console.css"),
    file!("console/reference.css", STYLE, "reference.css"),
    file!("console/accounts.js", SCRIPT, "accounts.js"),
    file!("console/control.js", SCRIPT, "control.js"),
    file!("console/copy.js", SCRIPT, "copy.js"),
    file!("console/detail.js", SCRIPT, "detail.js"),
    file!("console/dom.js", SCRIPT, "dom.js"),
    file!("console/faults.js", SCRIPT, "faults.js"),
    file!("console/main.js", SCRIPT, "main.js"),
    file!("console/reference.js", SCRIPT, "reference.js"),
    file!("console/request.js", SCRIPT, "request.js"),
    file!("console/requests.js", SCRIPT, "requests.js"),
    file!("console/rust.js", SCRIPT, "rust.js"),
    file!("console/spec.js", SCRIPT, "spec.js"),
    file!("console/rapidoc.js", SCRIPT, "vendor/rapidoc-9.3.8.js.gz"),
    // The first line of the script refers to its licences by this name.
    file!("console/rapidoc-min.js.LICENSE.txt", TEXT, "vendor/rapidoc-9.3.8.LICENSE.txt"),
];

/// The routes of the console, for any state type.
pub(crate) fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    let redirect = async || (StatusCode::PERMANENT_REDIRECT, [(LOCATION, "/_sandbox/")]);
    FILES.iter().fold(Router::new().route("/_sandbox", get(redirect)), |router, file| {
        router.route(file.path, get(async || file.response()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The limit for all files of the console and the reference.
    const MOST: usize = 1_500_000;

    #[test]
    fn console_and_reference_add_at_most_1500_kb_to_a_program() {
        let size: usize = FILES.iter().map(|file| file.bytes.len()).sum();
        assert!(size <= MOST, "{size} bytes");
        assert!(size > 200_000, "{size} bytes are not the whole");
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
        for file in &FILES {
            let response = file.response();
            let policy = response.headers()[CONTENT_SECURITY_POLICY].to_str().unwrap();
            assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{policy}");
            assert!(policy.contains("connect-src 'self';") && !policy.contains("http"), "{policy}");
        }
    }
}
