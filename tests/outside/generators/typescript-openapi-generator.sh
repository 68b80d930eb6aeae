. "$ROOT/tests/outside/lib.sh"
about "openapi-generator $OPENAPI_GENERATOR" "TypeScript (\`typescript-fetch\`)" openapi_generator.ts
openapi_generator typescript-fetch
run_typescript openapi_generator.ts
