# What the scripts share. `run` has set ROOT, SPEC, PROGRAM, SANDBOX_URL and WORK, the folder of one tool, in which they run.
set -euo pipefail

# One jar for four languages.
OPENAPI_GENERATOR=7.26.0

# Ends a script without its tool.
skip() { echo "$*" && exit 77; }

needs() {
    for program; do
        command -v "$program" >/dev/null || skip "$program is not installed"
    done
}

# Installs packages from npm into node_modules, and puts their programs on the path.
npm_install() {
    needs npm node
    echo '{ "private": true, "type": "module" }' >package.json
    npm install --no-save --no-audit --no-fund --loglevel=error "$@" || skip "npm cannot install $*"
    PATH=$PWD/node_modules/.bin:$PATH
}

# Installs packages from PyPI into a virtual environment, and puts its programs on the path.
pip_install() {
    needs python3
    python3 -m venv python || skip "python3 cannot make a virtual environment"
    python/bin/pip install --quiet --disable-pip-version-check "$@" || skip "pip cannot install $*"
    PATH=$PWD/python/bin:$PATH
}

# Generates a client into the folder `generated`.
openapi_generator() {
    needs java
    pip_install "openapi-generator-cli==$OPENAPI_GENERATOR"
    JAR=$(echo python/lib/python3*/site-packages/openapi_generator_cli/openapi-generator.jar)
    rm -rf generated
    java -Xmx1g -Dlog.level=warn -jar "$JAR" generate --input-spec "$SPEC" --output generated --generator-name "$@"
}

# For the table of spec/README.md: the generator, the language, and the file that uses the client.
about() { printf '%s\n' "$@" >about; }

typescript=(typescript@5.9.3 tsx@4.23.15 @types/node@20.19.25)

# Checks the types of a program and runs it.
run_typescript() {
    command -v tsc >/dev/null && command -v tsx >/dev/null || npm_install "${typescript[@]}"
    cp "$ROOT/tests/outside/generators/"{show.ts,"$1"} .
    tsc --noEmit --strict --skipLibCheck --target es2022 --module esnext --moduleResolution bundler \
        --lib es2022,dom,dom.iterable --types node "$1"
    tsx "$1"
}
