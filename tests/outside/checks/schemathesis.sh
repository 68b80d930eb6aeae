# Schemathesis finds no response that the spec does not describe.
. "$ROOT/tests/outside/lib.sh"
pip_install schemathesis==4.32.5
export PYTHONPATH=$ROOT/tests/outside/checks SCHEMATHESIS_HOOKS=schemathesis_hooks
schemathesis run "$SPEC" --url "$SANDBOX_URL" --auth any-key: --seed 1 --max-examples "${MAX_EXAMPLES:-25}" --no-color
