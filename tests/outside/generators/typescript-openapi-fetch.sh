. "$ROOT/tests/outside/lib.sh"
version=7.13.0
about "openapi-typescript $version, openapi-fetch" TypeScript openapi_fetch.ts
npm_install "openapi-typescript@$version" openapi-fetch@0.17.0 "${typescript[@]}"
openapi-typescript "$SPEC" --output generated.ts
run_typescript openapi_fetch.ts
