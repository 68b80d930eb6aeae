// A test in Node.js that sees and controls the sandbox. It needs no package.
//
//     juspay-accounts sandbox --port 8080 &
//     SANDBOX_URL=http://127.0.0.1:8080 node --test sandbox.test.mjs

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

const URL = process.env.SANDBOX_URL ?? "http://127.0.0.1:8080";
const CUSTOMER = "cst_node";

// The code under test.

async function call(method, path, form) {
  const response = await fetch(`${URL}/customers/${CUSTOMER}/${path}`, {
    method,
    headers: { authorization: `Basic ${btoa("any-key:")}`, "x-routing-id": CUSTOMER },
    body: form && new URLSearchParams(form),
  });
  if (!response.ok) throw new Error(`status ${response.status}`);
  return response.json();
}

/** The account of a UPI address. A validation costs money, so a lost response is not a reason to send it again. */
async function validate(vpa) {
  const account_details = JSON.stringify({ upi: [{ vpa }] });
  const form = { command: "validate", bank_code: "JP_UPI", account_details };
  const accounts = await call("POST", "accounts", form).catch(() => call("GET", "customer-accounts/list"));
  return accounts.find((account) => account.account_details.vpa === vpa);
}

/** The account once its validation has ended. */
async function wait(account) {
  while (["CREATED", "PENDING"].includes(account.validation_status)) {
    account = await call("GET", `customer-accounts/${account.customer_account_id}`);
  }
  return account;
}

// The sandbox's control API: URL/_sandbox/openapi.yaml

async function control(method, path, body) {
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${URL}/_sandbox/${path}`, { method, headers, body: body && JSON.stringify(body) });
  assert.ok(response.ok, `${method} ${path}: ${response.status}`);
  return response.status === 204 ? undefined : response.json();
}

beforeEach(() => control("POST", "reset"));

test("a lost response is looked up and not paid twice", async () => {
  const lost = { kind: "close", moment: "after", operation: "createAndValidateCustomerAccount", next: 1 };
  await control("PUT", "faults", { faults: [lost] });
  assert.equal((await validate("someone@upi")).validation_status, "ACTIVE");
  const { requests } = await control("GET", `requests?customer_id=${CUSTOMER}`);
  assert.deepEqual(requests.map((request) => request.method), ["POST", "GET"]);
  assert.ok(requests[0].changed_accounts && requests[0].fault.startsWith("close@after"));
  assert.equal((await control("GET", "accounts")).accounts[0].validations, 1);
});

test("waiting ends when the validation does", async () => {
  await control("PUT", "outcomes", { outcomes: [{ statuses: ["PENDING", "PENDING", "PENDING", "FAILURE"] }] });
  assert.equal((await wait(await validate("someone@upi"))).validation_status, "FAILURE");
});

test("a status is changed while somebody waits", async () => {
  await control("PUT", "outcomes", { outcomes: [{ statuses: ["PENDING"] }] });
  const account = await validate("someone@upi");
  const { last } = await control("GET", "requests");
  const ended = wait(account);
  // Waits for the next request, so that nothing has to sleep.
  await control("GET", `requests?after=${last}&operation=getCustomerAccount&wait_ms=60000`);
  await control("PATCH", `accounts/${account.customer_account_id}`, { status: "ACTIVE" });
  assert.equal((await ended).validation_status, "ACTIVE");
});

test("a timeout ends when the clock is advanced", async () => {
  await control("PUT", "outcomes", { outcomes: [{ times_out: true, next: 1 }] });
  const found = validate("someone@upi");
  while ((await control("GET", "accounts")).accounts.length === 0);
  // Whatever the sandbox was started with: the wait is over.
  await control("POST", "clock", { advance_ms: 24 * 60 * 60 * 1000 });
  assert.equal((await found).validation_status, "ACTIVE");
  const { requests } = await control("GET", "requests");
  assert.deepEqual(requests.map((request) => request.response.status), [504, 200]);
});
