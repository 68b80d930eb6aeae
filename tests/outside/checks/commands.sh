# Each command of the spec does what it says when it is pasted into a shell.
. "$ROOT/tests/outside/lib.sh"
needs curl
npm_install yaml@2.8.1
cat >commands.mjs <<'END'
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { parse } from "yaml";

const text = readFileSync(process.env.SPEC, "utf8").replaceAll("http://127.0.0.1:8080", process.env.SANDBOX_URL);
let count = 0;
for (const [path, item] of Object.entries(parse(text).paths)) {
  for (const { "x-codeSamples": samples = [] } of Object.values(item)) {
    for (const { label, source } of samples) {
      const paste = source.trimEnd() + " -s -o response.json -w '%{http_code}'";
      const status = execFileSync("bash", ["-c", paste], { encoding: "utf8" });
      console.log(`${path} ${label}: ${status}`);
      if (status !== "200") throw new Error(`${status}: ${readFileSync("response.json")}`);
      count += 1;
    }
  }
}
if (count < 5) throw new Error(`only ${count} commands were found`);
END
node commands.mjs
