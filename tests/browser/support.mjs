// What the tests share: the program, a server of it, and a browser. Without a browser they are skipped, and say so.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

/** The program under test: `JUSPAY_ACCOUNTS`, or what `cargo build` made. */
export const program =
  process.env.JUSPAY_ACCOUNTS ?? fileURLToPath(new URL("../../target/debug/juspay-accounts", import.meta.url));

const places = [
  process.env.CHROMIUM,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
].filter(Boolean);

const executablePath = places.find((place) => existsSync(place));

/** For `test(name, { skip }, …)`: false, or why there is nothing to test with. */
export const skip = executablePath ? false : `no browser: install chromium, or set CHROMIUM (checked ${places.join(", ")})`;

/** Opens a browser that speaks to nobody of its own accord. */
export function openBrowser() {
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** Runs the program to its end. */
export async function run(args, options = {}) {
  const child = spawn(program, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  const out = { stdout: "", stderr: "" };
  child.stdout.on("data", (text) => (out.stdout += text));
  child.stderr.on("data", (text) => (out.stderr += text));
  const code = await new Promise((resolve, reject) => child.on("error", reject).on("close", resolve));
  return { ...out, code };
}
