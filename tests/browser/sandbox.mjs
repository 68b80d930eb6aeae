// A running sandbox, the program as its client, and a page that shows it.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { openBrowser, program, run } from "./support.mjs";

/** Starts `juspay-accounts sandbox`, and stops it with the test. */
export async function startSandbox(test, args = []) {
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
  test.after(stop);
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

/**
 * A browser, whose pages may ask nobody but their own server. With the test it is closed, and everything that its pages
 * asked for, and every error that they reported, is checked.
 */
export async function openPages(test) {
  const browser = await openBrowser();
  const asked = [];
  const errors = [];
  test.after(async () => {
    await browser.close();
    const foreign = asked.filter(({ origin, url }) => !/^(?:blob|data):/.test(url) && new URL(url).origin !== origin);
    assert.deepEqual(foreign, [], "requests to other hosts");
    assert.deepEqual(errors, [], "errors on a page");
    assert.ok(asked.length > 0, "no page was opened");
  });
  return {
    asked,
    /** Errors of the network that the test is about. */
    forgive: (pattern) => errors.splice(0, errors.length, ...errors.filter((text) => !pattern.test(text))),
    async open(url, options = {}) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, permissions: ["clipboard-read", "clipboard-write"], ...options });
      const page = await context.newPage();
      const { origin } = new URL(url);
      page.on("request", (request) => asked.push({ origin, url: request.url() }));
      page.on("pageerror", (error) => errors.push(error.message));
      page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
      await page.goto(url);
      return page;
    },
  };
}
