# Redoc, Swagger UI and Scalar show a command that works when it is pasted.
. "$ROOT/tests/outside/lib.sh"
needs curl
npm_install redoc@2.5.4 swagger-ui-dist@5.35.0 @scalar/api-reference@1.46.4 yaml@2.8.1 playwright-core@1.64.1
cp "$ROOT/tests/browser/support.mjs" "$ROOT/tests/outside/checks/renderers.mjs" .
node renderers.mjs
