. "$ROOT/tests/outside/lib.sh"
version=0.95.0
about "@hey-api/openapi-ts $version" TypeScript hey_api.ts
npm_install "@hey-api/openapi-ts@$version" "${typescript[@]}"
openapi-ts --input "$SPEC" --output generated --client @hey-api/client-fetch
run_typescript hey_api.ts
