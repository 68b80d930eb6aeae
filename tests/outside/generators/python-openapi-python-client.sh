. "$ROOT/tests/outside/lib.sh"
version=0.29.1
about "openapi-python-client $version" Python openapi_python_client.py
pip_install "openapi-python-client==$version"
openapi-python-client generate --path "$SPEC" --output-path generated --overwrite
pip_install ./generated
python/bin/python "$ROOT/tests/outside/generators/openapi_python_client.py"
