. "$ROOT/tests/outside/lib.sh"
about "openapi-generator $OPENAPI_GENERATOR" Python openapi_generator.py
openapi_generator python
pip_install ./generated
python/bin/python "$ROOT/tests/outside/generators/openapi_generator.py"
