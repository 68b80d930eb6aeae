//! Decides which hosts a request may be for, and which web pages may send requests.
//!
//! A web page can make its own host name resolve to this machine (DNS rebinding). The browser then treats the sandbox
//! as part of that page, but still sends the page's host name in `Host`. So a request must be for an IP address, for
//! `localhost` or a name that ends in `.localhost`, or for an allowed name.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::http::header::{HOST, ORIGIN, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, Version};
use tower_http::cors::{AllowHeaders, AllowMethods, AllowOrigin, CorsLayer};

use crate::shared::Shared;

/// Returns why the host of a request is not allowed; `None` if it is allowed.
pub(crate) fn wrong_host(shared: &Shared, request: &Parts) -> Option<&'static str> {
    let mut hosts = request.headers.get_all(HOST).iter();
    let host = match (request.uri.authority(), hosts.next(), hosts.next()) {
        (_, _, Some(_)) => return Some("the header occurs more than once"),
        (Some(authority), ..) => authority.as_str(),
        (None, Some(host), None) => host.to_str().unwrap_or_default(),
        // Only old programs omit the header; every browser sends it.
        (None, None, None) if request.version < Version::HTTP_11 => return None,
        (None, None, None) => return Some("the header is missing"),
    };
    let name = name(host);
    let is_allowed = is_local(name) || shared.settings.hosts.iter().any(|host| host.eq_ignore_ascii_case(name));
    (!is_allowed)
        .then_some("this host is not allowed: use localhost or an IP address, or start the sandbox with --allow-host")
}

/// Returns a host without its port.
fn name(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

/// Whether this is a name that only this machine can have, or an IP address.
fn is_local(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let address = lower.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(&lower);
    lower == "localhost" || lower.ends_with(".localhost") || address.parse::<IpAddr>().is_ok()
}

/// Whether a request comes from one of the sandbox's own web pages, or from an allowed page.
pub(crate) fn is_own_origin(shared: &Shared, origin: &HeaderValue, request: &Parts) -> bool {
    let own = request.headers.get(HOST).and_then(|host| Some(format!("http://{}", host.to_str().ok()?)));
    let mut allowed = own.iter().chain(&shared.settings.origins);
    origin.to_str().is_ok_and(|origin| allowed.any(|allowed| allowed.eq_ignore_ascii_case(origin)))
}

/// Lets the sandbox's own web pages and allowed pages read responses.
pub(crate) fn cors(shared: Arc<Shared>) -> CorsLayer {
    CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(move |origin, request| is_own_origin(&shared, origin, request)))
        .allow_methods(AllowMethods::mirror_request())
        .allow_headers(AllowHeaders::mirror_request())
        .allow_private_network(true)
        .expose_headers([HeaderName::from_static("x-request-id"), RETRY_AFTER, WWW_AUTHENTICATE])
        .max_age(Duration::from_mins(10))
        .vary([ORIGIN, HOST])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_localhost_are_local_and_other_names_are_not() {
        for (host, local) in [
            ("localhost:8080", true),
            ("LOCALHOST", true),
            ("a.localhost:1", true),
            ("127.0.0.1:8080", true),
            ("[::1]:8080", true),
            ("[::1]", true),
            ("192.168.1.7", true),
            ("example.com", false),
            ("127.0.0.1.example.com:80", false),
            ("localhost.example.com", false),
            ("notlocalhost", false),
            ("", false),
            (":80", false),
            ("127.0.0.1:x", false),
        ] {
            assert_eq!(is_local(name(host)), local, "{host}");
        }
    }
}
