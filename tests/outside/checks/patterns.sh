# JavaScript takes every pattern, also in the mode `v`, in which browsers read the pattern of an input.
. "$ROOT/tests/outside/lib.sh"
npm_install yaml@2.8.1
cat >patterns.mjs <<'END'
import { readFileSync } from "node:fs";
import { parse } from "yaml";

let count = 0;
(function walk(value) {
  if (typeof value?.pattern === "string") {
    count += 1;
    const texts = ["u", "v"].map((mode) => new RegExp(value.pattern, mode).test(value.example ?? ""));
    if (value.example !== undefined && texts.includes(false)) throw new Error(`${value.pattern} refuses its example`);
  }
  if (value && typeof value === "object") Object.values(value).forEach(walk);
})(parse(readFileSync(process.env.SPEC, "utf8")));
if (count < 10) throw new Error(`only ${count} patterns were found`);
END
node patterns.mjs
