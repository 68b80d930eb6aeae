// The console of the sandbox: what a person sees and does there.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";
import { skip } from "./support.mjs";
import { client, control, start, startSandbox, validate } from "./sandbox.mjs";

const options = { skip, timeout: 120_000 };

/** What a command prints; `undefined` where there is no curl to run it. */
async function shell(command) {
  const run = promisify(execFile);
  try {
    await run("curl", ["--version"]);
  } catch {
    return undefined;
  }
  const { stdout } = await run("sh", ["-c", command], { env: { ...process.env, JUSPAY_API_KEY: "browser-test-key" } });
  return stdout;
}

test("request_of_the_program_appears_and_is_explained_without_secrets", options, async (t) => {
  const { url, open } = await start(t);
  const page = await open("");
  await page.getByText("No requests yet").waitFor();

  const args = ["validate", "--customer-id", "cst_browser", "--bank-code", "JP_HDFC"];
  const sent = await client(url, [...args, "--bank-account", "YESB0000262:026291800001191:Ramesh Kumar", "--upi", "success@upi"]);
  assert.equal(sent.code, 0, sent.stderr);
  const row = page.locator("#requests .list a");
  await row.waitFor();
  assert.match(await row.innerText(), /Create and validate customer accounts\s+cst_browser\s+200 · 2 ACTIVE/);

  await row.click();
  const detail = page.locator(".detail");
  await detail.getByRole("heading", { name: "Create and validate customer accounts" }).waitFor();
  // The spec's words for a field of the request and for one of the response.
  await detail.getByText("Indian Financial System Code of a branch.").first().waitFor();
  await detail.getByText("When the account was created").first().waitFor();
  for (const details of await detail.locator("details").all()) await details.locator("summary").click();
  const shown = await page.locator("body").innerText();
  assert.match(shown, /\*\*\*\*1191/);
  for (const secret of ["026291800001191", "success@", "Ramesh", "browser-test-key"]) assert.ok(!shown.includes(secret), secret);
});

test("command_of_the_empty_console_works", options, async (t) => {
  const { open } = await start(t);
  const page = await open("");
  const command = await page.locator(".command pre").innerText();
  const response = await shell(command);
  if (response === undefined) return t.skip("curl is not installed");
  assert.equal(JSON.parse(response)[0].validation_status, "ACTIVE");
  await page.locator("#requests .list a").waitFor();
});

test("refusal_names_the_field_its_reason_and_the_rule", options, async (t) => {
  const { url, open } = await start(t, ["--fault", "close@after,next=1"]);
  const page = await open("");
  const details = JSON.stringify({ bank_account: [{ ifsc: "YESBO000262", account: "026291800001191" }] });
  const refused = await fetch(`${url}/customers/cst_1/accounts`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa("key:")}`, "x-routing-id": "cst_1" },
    body: new URLSearchParams({ command: "validate", bank_code: "JP_HDFC", account_details: details }),
  });
  assert.equal(refused.status, 400);
  await page.locator("#requests .list a").click();
  const refusal = page.locator(".detail .refusal").first();
  assert.match(await refusal.innerText(), /account_details\.bank_account\[0\]\.ifsc: .*Four capital letters, the digit 0/s);
  // A request that is refused uses up the fault, which happens after a request was processed.
  await (await open("#faults")).getByText("is used up: it hit 0 of 1 requests").waitFor();
});

test("copies_run_and_have_no_key", options, async (t) => {
  const { url, open } = await start(t);
  const page = await open("");
  await validate(url, "someone@upi", "--gateway-id", "800");
  await page.locator("#requests .list a").click();
  const copy = async (name) => {
    const button = await page.getByRole("button", { name }).elementHandle();
    await button.click();
    await page.waitForFunction((own) => own.textContent === "Copied", button);
    const text = await page.evaluate(() => navigator.clipboard.readText());
    assert.ok(!text.includes("browser-test-key") && !text.includes("***"), text);
    return text;
  };
  const curl = await copy("Copy as curl");
  assert.match(curl, /^# The console masks account data.*\ncurl -u "\$JUSPAY_API_KEY:"/);
  assert.match(curl, /--data-urlencode gateway_id=800/);
  const response = await shell(curl);
  if (response !== undefined) assert.equal(JSON.parse(response)[0].validation_status, "ACTIVE");
  const rust = await copy("Copy as Rust");
  assert.match(rust, /AccountsRequest::builder\("cst_browser", "JP_HDFC"\)\n +\.upi\("[^*]+"\)\n +\.gateway_id\("800"\)/);
  assert.match(rust, /ApiKey::new\(std::env::var\("JUSPAY_API_KEY"\)\?\)\?/);
});

test("fault_that_is_switched_on_hits_the_next_request", options, async (t) => {
  const { url, open } = await start(t);
  const page = await open("#faults");
  const card = page.locator('[data-kind="status"]');
  const onOff = page.getByRole("switch", { name: "Error response" });
  await card.getByText(/^Settings/).click();
  await card.getByLabel("Status code").fill("502");
  await card.getByLabel("Requests").selectOption("next");
  await card.getByLabel("How many").fill("1");
  await onOff.click();
  await page.locator('[data-kind="status"].on').waitFor();
  assert.equal(await onOff.getAttribute("aria-checked"), "true");
  const { faults } = await control(url, "faults");
  assert.deepEqual(faults.map(({ rule }) => [rule.kind, rule.value, rule.next]), [["status", 502, 1]]);

  const failed = await validate(url, "success@upi");
  assert.notEqual(failed.code, 0);
  assert.match(failed.stderr, /502/);
  await page.getByText("it hit 1 of 1 requests").waitFor();
  assert.equal((await validate(url, "success@upi")).code, 0);

  await page.getByRole("link", { name: "Requests" }).click();
  const rows = page.locator("#requests .list a");
  await rows.nth(1).waitFor();
  assert.match(await rows.nth(1).innerText(), /502.*status=502/s);
  assert.match(await rows.nth(0).innerText(), /200 · ACTIVE/);

  await page.getByRole("link", { name: "Faults" }).click();
  await page.getByRole("button", { name: "Switch all off" }).click();
  await page.locator('[data-kind="status"]:not(.on)').waitFor();
  assert.deepEqual((await control(url, "faults")).faults, []);
});

test("fault_that_the_server_refuses_is_explained_and_the_old_one_stays", options, async (t) => {
  const { url, open, forgive } = await start(t, ["--fault", "latency=1ms"]);
  const page = await open("#faults");
  const card = page.locator('[data-kind="latency"].on');
  await card.getByText(/^Settings/).click();
  await card.getByLabel("Milliseconds").fill("-5");
  await card.getByLabel("Milliseconds").blur();
  await page.getByRole("alert").waitFor();
  assert.equal((await control(url, "faults")).faults[0].rule.value, 1);
  // The browser reports the refusal too.
  forgive(/status of 400/);
});

test("probability_is_shown_as_it_was_set", options, async (t) => {
  const { open } = await start(t, ["--fault", "latency=1ms:0.07"]);
  const page = await open("#faults");
  await page.locator('[data-kind="latency"].on').getByText(/, 7 %$/).waitFor();
});

test("address_that_no_link_has_leads_back_to_the_list", options, async (t) => {
  const { url, open } = await start(t);
  await validate(url, "success@upi");
  const page = await open("#requests/%");
  await page.getByRole("button", { name: "Back to the list" }).waitFor();
});

test("status_that_is_changed_ends_the_wait_of_a_client", options, async (t) => {
  const { url, open } = await start(t);
  const page = await open("#accounts");
  await page.getByText("No accounts yet").waitFor();
  // The vendor's account that is pending for ever.
  const account = ["--bank-account", "CITI0000001:02014457596969"];
  const waiting = client(url, ["validate", "--customer-id", "cst_browser", "--bank-code", "JP_CITI", ...account, "--wait", "1m"]);
  const status = page.getByRole("combobox", { name: /Status of \*+6969 at CITI0000001/ });
  await status.waitFor();
  assert.equal(await status.inputValue(), "PENDING");
  await status.selectOption("ACTIVE");
  const ended = await waiting;
  assert.equal(ended.code, 0, ended.stderr);
  assert.match(ended.stdout, /ACTIVE/);
  assert.equal((await control(url, "accounts")).accounts[0].status, "ACTIVE");

  await page.getByRole("button", { name: /^Forget/ }).click();
  await page.getByText("No accounts yet").waitFor();
  assert.deepEqual((await control(url, "accounts")).accounts, []);
});

test("try_it_of_the_reference_sends_a_request_that_works", options, async (t) => {
  const { url, open } = await start(t);
  const page = await open("reference");
  // The first operation of the spec.
  await page.getByRole("button", { name: "Try", exact: false }).first().click();
  await page.getByText("Response Status: OK:200").waitFor();
  const { requests } = await control(url, "requests");
  assert.deepEqual(requests.map(({ operation, response }) => [operation, response.status]), [["createAndValidateCustomerAccount", 200]]);
  await page.getByRole("link", { name: "Requests" }).click();
  await page.locator("#requests .list a").waitFor();
});

test("console_says_that_the_server_is_gone_and_comes_back_with_it", options, async (t) => {
  const first = await start(t);
  const page = await first.open("");
  await page.getByText("Live", { exact: true }).waitFor();
  await first.stop();
  await page.getByText(/does not respond\. Trying again/).waitFor();
  const second = await startSandbox(["--port", first.port]);
  t.after(second.stop);
  assert.equal(second.url, first.url);
  await page.getByText("Live", { exact: true }).waitFor();
  await validate(second.url, "success@upi");
  await page.locator("#requests .list a").waitFor();
  first.forgive(/ERR_/);
});

test("requests_are_filtered_and_cleared", options, async (t) => {
  const { url, open } = await start(t);
  await validate(url, "success@upi");
  await validate(url, "invalid@upi");
  const page = await open("");
  const rows = page.locator("#requests .list a");
  await rows.nth(1).waitFor();
  await page.getByLabel("Filter requests").fill("failure");
  await rows.nth(1).waitFor({ state: "detached" });
  assert.match(await rows.innerText(), /FAILURE/);
  await page.getByLabel("Filter requests").fill("nothing like it");
  await page.getByText("None of 2 requests matches the filter.").waitFor();
  await page.getByRole("button", { name: "Clear" }).click();
  await page.getByText("No requests yet").waitFor();
  assert.deepEqual((await control(url, "requests")).requests, []);
});
