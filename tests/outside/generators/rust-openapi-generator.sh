. "$ROOT/tests/outside/lib.sh"
about "openapi-generator $OPENAPI_GENERATOR" "Rust (\`reqwest\`)" openapi_generator.rs
needs cargo
openapi_generator rust --library reqwest
echo 'pub use crate::models;' >>generated/src/models/mod.rs # help: add the module in which the form expects its types
cat >>generated/src/models/account_details.rs <<'END' # help: write account_details as JSON
impl std::fmt::Display for AccountDetails {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str(&serde_json::to_string(self).unwrap())
    }
}
END
mkdir -p use/src
cp "$ROOT/tests/outside/generators/openapi_generator.rs" use/src/main.rs
cat >use/Cargo.toml <<'END'
[package]
name = "use-it"
edition = "2024"

[workspace]

[dependencies]
openapi = { path = "../generated", default-features = false }
serde_json = "1"
tokio = { version = "1", features = ["macros", "rt"] }
END
CARGO_TARGET_DIR=cargo cargo run --quiet --manifest-path use/Cargo.toml
