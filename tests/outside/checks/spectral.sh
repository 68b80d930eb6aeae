# Spectral's rules for OpenAPI report nothing, not even a hint.
. "$ROOT/tests/outside/lib.sh"
npm_install @stoplight/spectral-cli@6.16.3
echo 'extends: ["spectral:oas"]' >ruleset.yaml
spectral lint --ruleset ruleset.yaml --fail-severity hint "$SPEC"
