# Redocly's recommended rules report nothing, not even a warning.
. "$ROOT/tests/outside/lib.sh"
npm_install @redocly/cli@2.77.0
redocly lint --extends=recommended --max-problems=1000 --format=json "$SPEC" >report.json
node -e 'const { problems } = JSON.parse(fs.readFileSync("report.json")); console.log(problems); process.exit(problems.length ? 1 : 0)'
