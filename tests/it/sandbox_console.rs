//! The pages of the sandbox, as a browser loads them. `tests/browser/` uses them.

use std::collections::BTreeSet;

use contract_tests::{root, spec};
use juspay_accounts_sandbox::Sandbox;
use regex::Regex;
use reqwest::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, LOCATION};
use reqwest::redirect::Policy;

/// The files that a page or a module refers to.
fn named(text: &str) -> impl Iterator<Item = String> {
    let name = Regex::new(r#"(?:href|src)="(console/[^"]+)"|(?:from|import) "\./([^"]+)""#).unwrap();
    let names = name.captures_iter(text).map(|captures| match captures.get(1) {
        Some(path) => path.as_str().to_owned(),
        None => format!("console/{}", &captures[2]),
    });
    names.collect::<Vec<_>>().into_iter()
}

#[tokio::test]
async fn every_file_that_a_page_needs_is_served_with_its_type() {
    let sandbox = Sandbox::start().await.unwrap();
    let http = reqwest::Client::new();
    let mut found = BTreeSet::from(["", "reference"].map(str::to_owned));
    let mut open: Vec<_> = found.iter().cloned().collect();
    while let Some(path) = open.pop() {
        let url = format!("{}/_sandbox/{path}", sandbox.url());
        let response = http.get(&url).send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        let header = |name| response.headers()[name].to_str().unwrap().to_owned();
        let expected = match path.rsplit_once('.').map(|(_, extension)| extension) {
            None => "text/html",
            Some("css") => "text/css",
            Some("js") => "text/javascript",
            Some("svg") => "image/svg+xml",
            Some(_) => panic!("{path}: a type that no browser test has seen"),
        };
        assert!(header(CONTENT_TYPE).starts_with(expected), "{path}: {}", header(CONTENT_TYPE));
        assert!(header(CONTENT_SECURITY_POLICY).starts_with("default-src 'none'; script-src 'self';"), "{path}");
        // Another version of the program can listen on the same port.
        assert_eq!(header(CACHE_CONTROL), "no-store", "{path}");
        let text = response.text().await.unwrap();
        open.extend(named(&text).filter(|name| found.insert(name.clone())));
    }
    assert!(found.contains("console/rapidoc.js") && found.len() > 15, "{found:?}");
    assert_eq!(sandbox.requests(), 0);
}

#[tokio::test]
async fn console_is_found_without_its_last_slash_and_not_by_another_name() {
    let sandbox = Sandbox::start().await.unwrap();
    let http = reqwest::Client::builder().redirect(Policy::none()).build().unwrap();
    let response = http.get(format!("{}/_sandbox", sandbox.url())).send().await.unwrap();
    assert_eq!((response.status().as_u16(), &response.headers()[LOCATION]), (308, &"/_sandbox/".parse().unwrap()));
    let page = format!("{}/_sandbox/", sandbox.url());
    let head = http.head(&page).send().await.unwrap();
    assert_eq!(head.status(), 200);
    // A web page with a host name that resolves to this machine.
    let rebound = http.get(&page).header(HOST, "rebound.example").send().await.unwrap();
    assert_eq!(rebound.status(), 421);
}

/// A request that is copied as Rust has all of its parameters.
#[test]
fn each_parameter_of_the_request_has_a_setter_in_the_copy() {
    let code = std::fs::read_to_string(root().join("crates/sandbox/src/console/rust.js")).unwrap();
    let setters = code.split("const SETTERS = {").nth(1).unwrap().split("};").next().unwrap();
    let spec = spec::load();
    let parameters = spec::component(&spec, "CreateAndValidateForm")["properties"].as_object().unwrap();
    // The builder takes these, or they choose the method.
    let others = ["account_details", "bank_code", "command", "customer_id"];
    let missing: Vec<_> = parameters
        .keys()
        .filter(|name| !others.contains(&name.as_str()) && !setters.contains(&format!("\n  {name}: ")))
        .collect();
    assert!(missing.is_empty(), "SETTERS in crates/sandbox/src/console/rust.js lacks {missing:?}");
}
