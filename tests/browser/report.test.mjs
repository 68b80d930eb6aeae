// The report of a batch, as an approver sees it: on a screen of any width, in the dark, and on paper.

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { openBrowser, run, skip } from "./support.mjs";

/** What the vendor does with the account of each customer. The last two stop the run, so that the row after them is not sent. */
const outcomes = {
  cst_active: { status: "ACTIVE" },
  cst_name: { status: "ACTIVE", name: "SURESH PATEL" },
  cst_short: { status: "ACTIVE", name: "R Kumar" },
  cst_failed: { status: "FAILURE" },
  cst_pending: { status: "PENDING" },
  cst_other: { status: "CHECKED_BY_HAND" },
  cst_refused: { http: 400 },
  cst_lost: { http: 0 },
  cst_key: { http: 401 },
};

/** Rows that try to be more than text: in columns that the program sends, and in one that it returns. */
const HOSTILE = `"</td><script>document.title = 'owned'</script><img src=http://127.0.0.1:9/x>"`;

const ROWS = [
  "customer_id,bank_code,ifsc,account,name,vpa,reference",
  "cst_active,JP_HDFC,YESB0000262,026291800001191,Ramesh Kumar,,EMP-0001",
  "cst_name,JP_HDFC,HDFC0000053,50100241763012,Ramesh Kumar,,EMP-0002",
  "cst_short,JP_HDFC,SBIN0000300,30012345678,Ramesh Kumar,,EMP-0003",
  "cst_failed,JP_HDFC,ICIC0000011,001101512345,Asha Rao,,EMP-0004",
  "cst_pending,JP_HDFC,,,,asha.rao@okhdfcbank,EMP-0005",
  "cst_other,JP_HDFC,YESB0000262,026291800001193,,,EMP-0006",
  "cst_refused,JP_HDFC,YESB0000262,026291800001194,,,EMP-0007",
  `cst_lost,JP_HDFC,YESB0000262,026291800001195,,,${HOSTILE}`,
  "cst_invalid,JP_HDFC,YESBO000262,026291800001196,,,EMP-0009",
  "cst_key,JP_HDFC,HDFC0000053,50100241763013,,,EMP-0010",
  "cst_late,JP_HDFC,,,,mohan@oksbi,a-reference-without-a-place-to-break-that-is-as-long-as-some-systems-make-them",
];

/** A server in place of the vendor. */
function vendor() {
  return createServer((request, response) => {
    let body = "";
    request.on("data", (piece) => (body += piece));
    request.on("end", () => {
      const customer = decodeURIComponent(request.url.split("/")[2]);
      const { status, name, http } = outcomes[customer] ?? { status: "ACTIVE" };
      if (http === 0) return request.socket.destroy();
      response.setHeader("content-type", "application/json");
      if (http) {
        response.statusCode = http;
        return response.end(JSON.stringify({ status: "ERROR", error_code: "INVALID_INPUT" }));
      }
      const sent = JSON.parse(new URLSearchParams(body).get("account_details"));
      const details = (sent.bank_account ?? sent.upi)[0];
      const account_details = { ...details, ...(details.name && { name: name ?? details.name }) };
      response.end(
        JSON.stringify([
          { customer_account_id: `banh_${customer}`, customer_id: customer, account_details, validation_status: status },
        ]),
      );
    });
  });
}

let directory, server, browser, masked, unmasked;

before(async () => {
  if (skip) return;
  directory = await mkdtemp(join(tmpdir(), "report-"));
  server = vendor();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const input = join(directory, "payees <b>March.csv");
  const out = join(directory, "results.csv");
  masked = join(directory, "report.html");
  unmasked = join(directory, "unmasked.html");
  await writeFile(input, ROWS.join("\n") + "\n");
  const url = `http://127.0.0.1:${server.address().port}`;
  const flags = ["--skip-invalid", "--concurrency", "1", "--base-url", url, "--report", masked];
  const { JUSPAY_API_KEY, ...env } = process.env;
  const ran = await run(["batch", input, "--out", out, ...flags], { env });
  assert.equal(ran.code, 4, ran.stderr);
  const again = await run(["results", join(directory, "results.log"), "--report", unmasked, "--unmasked"], { env });
  assert.equal(again.code, 4, again.stderr);
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  server?.close();
  if (directory) await rm(directory, { recursive: true });
});

/** Opens a report. `requests` collects everything that the page asks for beside itself. */
async function open(file, options = {}) {
  const page = await browser.newPage(options);
  const url = pathToFileURL(file).href;
  const requests = [];
  page.on("request", (request) => request.url() !== url && requests.push(request.url()));
  await page.goto(url, { waitUntil: "networkidle" });
  return { page, requests };
}

test("the report has the structure of a document", { skip }, async () => {
  const { page } = await open(masked);
  assert.equal(await page.title(), "Payee check: payees <b>March.csv");
  assert.equal(await page.locator("html").getAttribute("lang"), "en-IN");
  for (const landmark of ["banner", "main", "contentinfo"]) assert.equal(await page.getByRole(landmark).count(), 1, landmark);
  assert.deepEqual(await page.locator("h1").allTextContents(), ["payees <b>March.csv"]);
  const levels = await page.locator("h1, h2, h3, h4, h5, h6").evaluateAll((all) => all.map((heading) => Number(heading.tagName[1])));
  levels.reduce((last, level) => {
    assert.ok(level <= last + 1, `a heading of level ${level} follows one of level ${last}`);
    return level;
  });
  // Everything that names something names something that is there, once.
  const ids = await page.locator("[id]").evaluateAll((all) => all.map((element) => element.id));
  assert.equal(new Set(ids).size, ids.length);
  const named = await page.locator("[aria-labelledby]").evaluateAll((all) => all.map((one) => one.getAttribute("aria-labelledby")));
  for (const name of named) assert.ok(ids.includes(name), name);
  // Each table has a header for each column, and a header in each row.
  const tables = await page.getByRole("table").evaluateAll((all) =>
    all.map((table) => [
      table.tHead.rows[0].cells.length,
      ...[...table.tBodies[0].rows].map((row) => (row.cells[0].tagName === "TH" ? row.cells.length : "no header")),
    ]),
  );
  assert.ok(tables.length >= 8, `${tables.length}`);
  for (const widths of tables) assert.equal(new Set(widths).size, 1, `${widths}`);
  await page.close();
});

test("every row that is not active is listed once, with what to do about it", { skip }, async () => {
  const { page } = await open(masked);
  const groups = await page.locator(".group").evaluateAll((all) =>
    all.map((group) => [
      group.querySelector("h3").textContent,
      group.querySelector(".todo").textContent.trim().replace(/\s+/g, " "),
      [...group.querySelectorAll("tbody tr")].map((row) => row.cells[0].textContent).join(),
    ]),
  );
  assert.deepEqual(
    groups.map(([title, , rows]) => [title, rows]),
    [
      ["Outcome unknown: 1 row", "9"],
      ["Failed: 1 row", "5"],
      ["Another status: 1 row", "7"],
      ["Refused: 2 rows", "8,11"],
      ["Skipped: 1 row", "10"],
      ["Pending: 1 row", "6"],
      ["Not sent: 1 row", "12"],
    ],
  );
  for (const [title, todo] of groups) {
    assert.ok(todo.length > "What to do: ".length + 20, `${title}: ${todo}`);
    // Nothing that may have been paid is to be sent again.
    if (title.startsWith("Outcome unknown")) assert.match(todo, /do not send these again.*--resume --reconcile/);
    else assert.doesNotMatch(todo, /resend|pay-again|--retry/);
  }
  const names = await page.locator("section[aria-labelledby=names] tbody tr").allTextContents();
  assert.equal(names.length, 2);
  assert.match(names[0], /different/);
  assert.match(names[1], /close/);
  const figures = await page.locator(".tiles li").allTextContents();
  assert.deepEqual(figures.slice(0, 4).map((text) => parseInt(text)), [11, 3, 8, 2]);
  await page.close();
});

test("accounts and names are masked, unless the user wants them unmasked", { skip }, async () => {
  const [text, clear] = await Promise.all([masked, unmasked].map((file) => readFile(file, "utf8")));
  for (const secret of ["001101512345", "Asha", "Ramesh", "asha.rao", "026291800001195", "SURESH"]) {
    assert.ok(!text.includes(secret), secret);
  }
  assert.ok(text.includes("****2345") && text.includes("****@okhdfcbank"));
  for (const shown of ["001101512345", "Asha Rao", "asha.rao@okhdfcbank"]) assert.ok(clear.includes(shown), shown);
  for (const file of [masked, unmasked]) assert.equal((await stat(file)).mode & 0o777, 0o600);
});

test("the page asks nobody for anything and runs nothing", { skip }, async () => {
  for (const file of [masked, unmasked]) {
    const { page, requests } = await open(file);
    assert.deepEqual(requests, []);
    assert.equal(await page.locator("script, img, iframe, object, embed, form, base, [onload], [onerror], [onclick]").count(), 0);
    assert.equal(await page.locator("a[href], link[href]:not([href='data:,'])").count(), 0);
    assert.match(await page.title(), /^Payee check/);
    assert.ok((await page.locator("body").textContent()).includes("<script>document.title"), "the cell is shown as text");
    await page.close();
  }
});

test("nothing is wider than the screen", { skip }, async () => {
  for (const width of [360, 768, 1280, 1920]) {
    const { page } = await open(unmasked, { viewport: { width, height: 800 } });
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= width, `at ${width}`);
    const cut = await page.locator("body *").evaluateAll(
      (all, width) =>
        all
          .filter((one) => one.closest("thead") === null && one.getClientRects().length > 0)
          .filter((one) => one.getBoundingClientRect().right > width + 0.5)
          .map((one) => one.outerHTML.slice(0, 80)),
      width,
    );
    assert.deepEqual(cut, [], `at ${width}`);
    await page.close();
  }
});

/** The contrast of each text with what is behind it, and of each bar with the page. Those that are too low are returned. */
function poor() {
  const numbers = (color) => color.match(/[\d.]+/g).map(Number);
  const luminance = ([red, green, blue]) => {
    const linear = [red, green, blue].map((value) => value / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  const contrast = (one, other) => {
    const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  };
  const behind = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const color = numbers(getComputedStyle(one).backgroundColor);
      if (color.length === 3 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  const found = [];
  let checked = 0;
  for (const element of document.querySelectorAll("body, body *")) {
    const style = getComputedStyle(element);
    const hasText = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    const text = contrast(numbers(style.color), behind(element));
    if (hasText && ++checked && text < 4.5) found.push(`${text.toFixed(2)}: ${element.outerHTML.slice(0, 80)}`);
    if (element.matches(".part:not(.open)")) {
      const bar = contrast(numbers(style.backgroundColor), behind(element.parentElement));
      if (++checked && bar < 3) found.push(`${bar.toFixed(2)}: ${element.outerHTML.slice(0, 80)}`);
    }
  }
  return { found, checked };
}

test("text and bars have the contrast of WCAG AA, by day and by night", { skip }, async () => {
  const backgrounds = [];
  for (const colorScheme of ["light", "dark"]) {
    const { page } = await open(masked, { colorScheme });
    const { found, checked } = await page.evaluate(poor);
    assert.deepEqual(found, [], colorScheme);
    assert.ok(checked > 150, `${checked}`);
    backgrounds.push(await page.locator("body").evaluate((body) => getComputedStyle(body).backgroundColor));
    await page.close();
  }
  assert.notEqual(backgrounds[0], backgrounds[1]);
});

test("it prints on A4, light, with all its rows", { skip }, async () => {
  const { page } = await open(unmasked, { colorScheme: "dark" });
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator("body").evaluate((body) => getComputedStyle(body).backgroundColor), "rgb(255, 255, 255)");
  assert.deepEqual((await page.evaluate(poor)).found, []);
  for (const head of await page.locator("thead").all()) {
    assert.equal(await head.evaluate((one) => getComputedStyle(one).display), "table-header-group");
  }
  // What fits between the margins of A4.
  const width = Math.floor(((210 - 24) / 25.4) * 96);
  await page.setViewportSize({ width, height: 1000 });
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= width);
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
  const boxes = new Set([...pdf.matchAll(/\/MediaBox\s*\[([^\]]*)\]/g)].map(([, box]) => box.trim().split(/\s+/).map((n) => Math.round(n)).join()));
  assert.deepEqual([...boxes], ["0,0,595,842"]);
  const pages = pdf.match(/\/Type\s*\/Page\b/g).length;
  assert.ok(pages >= 2 && pages <= 4, `${pages} pages`);
  await page.close();
});
