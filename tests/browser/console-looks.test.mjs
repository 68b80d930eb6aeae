// The console on a narrow page, in the dark, by keyboard alone; and what it is made of.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { skip } from "./support.mjs";
import { client, control, start, validate } from "./sandbox.mjs";

const options = { skip, timeout: 120_000 };

/** A sandbox with something of everything to see. */
async function full(t) {
  const sandbox = await start(t, ["--fault", "latency=1ms", "--fault", "status=503,on=getCustomerAccount"]);
  await client(sandbox.url, [
    ...["validate", "--customer-id", "cst_browser", "--bank-code", "JP_HDFC", "--upi", "success@upi", "--upi", "pending@upi"],
    ...["--bank-account", "SBIN0008752:000100289877623", "--bank-account", "YESB0000262:026291800001191:Ramesh Kumar"],
  ]);
  await client(sandbox.url, ["get", "--customer-id", "cst_browser", "--account-id", "banh_jhDBzmQanmKTLoZj"]);
  // Refused, with a field that is not in the spec.
  await fetch(`${sandbox.url}/customers/cst_1/accounts`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa("key:")}`, "x-routing-id": "cst_1" },
    body: new URLSearchParams({ command: "validate", bank_code: "JP_HDFC", account_details: "{}", extra: "1" }),
  });
  const { requests } = await control(sandbox.url, "requests");
  const views = ["#requests", ...requests.map(({ seq }) => `#requests/${seq}`), "#accounts", "#faults"];
  return { ...sandbox, requests, views };
}

/** Opens a view, and waits until it is shown. */
async function show(page, url, view) {
  await page.goto(`${url}/_sandbox/${view}`);
  const shown = { "#requests": ".list a", "#accounts": "table.accounts", "#faults": ".faults li" }[view] ?? "#detail-title";
  await page.locator(shown).first().waitFor();
}

test("nothing_is_wider_than_360_pixels", options, async (t) => {
  const { url, open, views } = await full(t);
  const page = await open("", { viewport: { width: 360, height: 740 } });
  for (const view of views) {
    await show(page, url, view);
    if (view === "#faults") await page.locator("summary:visible").first().click();
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360, view);
    assert.deepEqual(await page.evaluate(sticksOut), [], view);
  }
  for (const view of ["reference", "reference?spec=control"]) {
    await page.goto(`${url}/_sandbox/${view}`);
    await page.getByRole("button", { name: "Try" }).first().waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360, view);
    assert.deepEqual(await page.evaluate(sticksOut), [], view);
  }
});

/** The elements that are cut off at the right, but for those that scroll alone. */
function sticksOut() {
  const found = [];
  const walk = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) walk(element.shadowRoot);
      const { right, width, height } = element.getBoundingClientRect();
      if (width <= 1 || height <= 1 || right <= innerWidth + 1) continue;
      if (!scrolls(element.parentElement)) found.push(`${element.tagName}.${element.className}`);
    }
  };
  const scrolls = (element) => element && (["auto", "scroll"].includes(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
  walk(document);
  return found;
}

for (const colorScheme of ["light", "dark"]) {
  test(`text_has_contrast_when_it_is_${colorScheme}`, options, async (t) => {
    const { url, open, views } = await full(t);
    const page = await open("", { colorScheme });
    for (const view of [...views, "reference", "reference?spec=control"]) {
      if (view.startsWith("reference")) {
        await page.goto(`${url}/_sandbox/${view}`);
        await page.getByRole("button", { name: "Try" }).first().waitFor();
      } else {
        await show(page, url, view);
        for (const summary of await page.locator("summary:visible").all()) await summary.click();
      }
      const { faint, texts, dark } = await page.evaluate(contrasts);
      assert.ok(texts > 20, `${view}: only ${texts} texts`);
      assert.equal(dark, colorScheme === "dark", view);
      assert.deepEqual(faint, [], view);
    }
  });
}

/** The texts with a contrast to their background below 4.5, the least that WCAG AA accepts. */
function contrasts() {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const luminance = ([r, g, b]) => {
    const linear = [r, g, b].map((value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  const parent = (element) => element.assignedSlot ?? element.parentElement ?? element.getRootNode().host;
  const behind = (element) => {
    for (let at = element; at; at = parent(at)) {
      const colour = rgba(getComputedStyle(at).backgroundColor);
      if (colour[3] > 250) return colour;
    }
    return [255, 255, 255];
  };
  const opacity = (element) => {
    let product = 1;
    for (let at = element; at; at = parent(at)) product *= Number(getComputedStyle(at).opacity);
    return product;
  };
  const faint = [];
  let texts = 0;
  const walk = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) walk(element.shadowRoot);
      const text = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.textContent.trim()).join("");
      if (!text || ["STYLE", "SCRIPT", "NOSCRIPT"].includes(element.tagName) || !element.checkVisibility({ visibilityProperty: true })) continue;
      texts += 1;
      const [ground, share] = [behind(element), opacity(element)];
      const colour = rgba(getComputedStyle(element).color).map((value, index) => share * value + (1 - share) * ground[index]);
      const [one, other] = [luminance(colour), luminance(ground)];
      const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
      if (ratio < 4.5) faint.push(`${ratio.toFixed(1)} ${element.tagName}.${element.className} “${text.slice(0, 40)}”`);
    }
  };
  walk(document);
  return { faint, texts, dark: luminance(behind(document.querySelector("main"))) < 0.2 };
}

test("everything_can_be_done_by_keyboard", options, async (t) => {
  const { url, open } = await start(t);
  await validate(url, "pending@upi");
  await validate(url, "success@upi");
  const page = await open("");
  await page.locator(".list a").nth(1).waitFor();
  /** Presses Tab until something that matches has the focus, and it can be seen. */
  const tabTo = async (selector) => {
    for (let presses = 0; presses < 60; presses++) {
      await page.keyboard.press("Tab");
      const outline = await page.evaluate((own) => document.activeElement.matches(own) && getComputedStyle(document.activeElement).outlineStyle, selector);
      if (outline) return assert.notEqual(outline, "none", `${selector}: the focus cannot be seen`);
    }
    assert.fail(`Tab does not reach ${selector}`);
  };
  const focused = (selector) => page.waitForFunction((own) => document.activeElement?.matches(own), selector);

  // To the filter, and from it to the latest request; down to the one before; in and out.
  await page.keyboard.press("/");
  await focused("#filter");
  await page.keyboard.type("active");
  await page.locator(".list a").nth(1).waitFor({ state: "detached" });
  for (let count = 0; count < "active".length; count++) await page.keyboard.press("Backspace");
  await page.locator(".list a").nth(1).waitFor();
  await tabTo(".list li:first-child a");
  await page.keyboard.press("ArrowDown");
  await focused(".list li:nth-child(2) a");
  await page.keyboard.press("Enter");
  await focused("#detail-title");
  await page.keyboard.press("Escape");
  await focused(".list li:nth-child(2) a");

  await page.goto(`${url}/_sandbox/`);
  await tabTo("#skip");
  await page.keyboard.press("Enter");
  await focused("#main");
  await page.goto(`${url}/_sandbox/`);
  await tabTo('[data-view="accounts"]');
  await page.keyboard.press("Enter");
  await tabTo("select");
  // The latest account is the first. A menu goes to a status by its first letter.
  await page.keyboard.press("F");
  await page.locator("select.bad").waitFor();
  await focused("select.bad");
  const { accounts } = await control(url, "accounts");
  assert.deepEqual(accounts.map(({ status }) => status), ["PENDING", "FAILURE"]);
  await page.goto(`${url}/_sandbox/#faults`);
  await page.locator(".faults li").first().waitFor();
  await tabTo('[data-key="switch-close"]');
  await page.keyboard.press("Space");
  await page.locator('[data-kind="close"].on').waitFor();
  await focused('[data-key="switch-close"]');
  await page.keyboard.press("Space");
  await page.locator('[data-kind="close"]:not(.on)').waitFor();
});

test("everything_that_can_be_used_has_a_name", options, async (t) => {
  const { url, open, views } = await full(t);
  const page = await open("");
  for (const view of views) {
    await show(page, url, view);
    const tree = await page.locator("body").ariaSnapshot();
    const nameless = tree.split("\n").filter((line) => /- (?:button|link|switch|combobox|searchbox|spinbutton|textbox)(?: \[.*\])?:?$/.test(line));
    assert.deepEqual(nameless, [], view);
  }
});

test("reference_is_the_file_of_its_npm_package", () => {
  const folder = new URL("../../crates/sandbox/src/console/vendor/", import.meta.url);
  const script = gunzipSync(readFileSync(new URL("rapidoc-9.3.8.js.gz", folder)));
  const [, stated] = /SHA-256 of the uncompressed file: ([0-9a-f]{64})/.exec(readFileSync(new URL("rapidoc-9.3.8.LICENSE.txt", folder), "utf8"));
  assert.equal(createHash("sha256").update(script).digest("hex"), stated);
});
