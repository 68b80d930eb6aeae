// A running sandbox, the program as its client, and a page that shows it.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { after } from "node:test";
import { openBrowser, program, run } from "./support.mjs";

/** Starts `juspay-accounts sandbox`. `stop` ends it. */
export async function startSandbox(args = []) {
  const child = spawn(program, ["sandbox", ...args], { stdio: ["ignore", "pipe", "ignore"] });
  const ended = new Promise((resolve) => child.on("close", resolve));
  const url = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once("line", resolve);
    child.on("error", reject).on("close", (code) => reject(new Error(`the sandbox ended with ${code}`)));
  });
  const stop = async () => {
    child.kill();
    await ended;
  };
  return { url, port: new URL(url).port, stop };
}

/** What the program sends with, to this sandbox. */
export function client(url, args) {
  return run([...args, "--base-url", url], { env: { ...process.env, JUSPAY_API_KEY: "browser-test-key" } });
}

/** A call that validates one UPI address. */
export function validate(url, vpa, ...more) {
  return client(url, ["validate", "--customer-id", "cst_browser", "--bank-code", "JP_HDFC", "--upi", vpa, ...more]);
}

/** The JSON of the control API. */
export async function control(url, path) {
  const response = await fetch(`${url}/_sandbox/${path}`);
  assert.equal(response.status, 200);
  return response.json();
}

/** The browser of all tests of a file. Each test has windows of its own. */
let browser;
after(() => browser?.close());

/**
 * A sandbox and a browser, until the end of the test. Then everything that the pages asked for, and every error that they
 * reported, is checked: they may ask nobody but their own server.
 */
export async function start(test, args = []) {
  const sandbox = await startSandbox(args);
  const asked = [];
  const errors = [];
  const forgiven = [];
  const contexts = [];
  test.after(async () => {
    await Promise.all(contexts.map((context) => context.close()));
    await sandbox.stop();
    const others = asked.filter((url) => !/^(?:blob|data):/.test(url) && new URL(url).origin !== sandbox.url);
    assert.deepEqual(others, [], "requests to other hosts");
    assert.deepEqual(errors.filter((text) => !forgiven.some((pattern) => pattern.test(text))), [], "errors on a page");
  });
  browser ??= await openBrowser();
  /** Opens an address of the sandbox, in a window of its own. */
  const open = async (path, options = {}) => {
    const permissions = ["clipboard-read", "clipboard-write"];
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, permissions, ...options });
    contexts.push(context);
    const page = await context.newPage();
    page.on("request", (request) => asked.push(request.url()));
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    await page.goto(`${sandbox.url}/_sandbox/${path}`);
    return page;
  };
  /** Expects errors that the test is about. */
  const forgive = (pattern) => forgiven.push(pattern);
  return { ...sandbox, open, forgive };
}
