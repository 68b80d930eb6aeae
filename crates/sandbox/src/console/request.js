// The outcome of a recorded request in a few words, and why it was refused.

import { parse } from "./control.js";

/** The kinds of tags: success, in progress, failure. */
const KINDS = { ACTIVE: "good", CREATED: "warn", PENDING: "warn", FAILURE: "bad" };

export function statusKind(status) {
  return KINDS[status] ?? "";
}

const outcomes = new WeakMap();

/** The outcome as `{ text, kind }`, such as `200 · 2 ACTIVE, 1 PENDING`. A request does not change, so this is computed once. */
export function outcome(request) {
  if (!outcomes.has(request)) outcomes.set(request, read(request));
  return outcomes.get(request);
}

function read(request) {
  const { response, ended_by: endedBy } = request;
  if (!response) return { text: endedBy === "client" ? "client hung up" : "no response", kind: "bad" };
  const { status } = response;
  const body = parse(response.body);
  if (status >= 300) return { text: [status, body?.error_info?.code].filter(Boolean).join(" · "), kind: "bad" };
  if (endedBy === "fault") return { text: `${status} · cut off`, kind: "bad" };
  const statuses = accountsOf(body).map((account) => account?.validation_status ?? "no status");
  const unique = [...new Set(statuses)];
  const counted = unique.map((name) => (statuses.length > 1 ? `${statuses.filter((other) => other === name).length} ${name}` : name));
  const worst = ["bad", "warn", "good"].find((kind) => unique.some((name) => statusKind(name) === kind));
  return { text: `${status} · ${counted.join(", ") || "no accounts"}`, kind: worst ?? "" };
}

/** The accounts in a response: a list, an object with a list, or a single account. */
function accountsOf(body) {
  if (Array.isArray(body)) return body;
  if (Array.isArray(body?.list)) return body.list;
  return body && typeof body === "object" ? [body] : [];
}

/**
 * Why the request failed: a sentence, and the problem of each field. `undefined` if it succeeded.
 */
export function refusal(request) {
  const { response, fault, ended_by: endedBy, changed_accounts: changed, problems } = request;
  const consequence = changed
    ? "The request changed accounts: if it validated any, a real server may have moved money."
    : "The request changed no account.";
  if (fault && (endedBy === "fault" || response?.status >= 300)) {
    return { text: `The fault ${fault} was injected. ${consequence}`, problems };
  }
  if (endedBy === "client") return { text: `The client hung up before the response. ${consequence}`, problems };
  if (!response || response.status < 300) return undefined;
  const info = parse(response.body)?.error_info;
  return { text: info?.developer_message ?? info?.user_message ?? `The response is a ${response.status}.`, problems };
}

/** Whether a request matches a filter: each word is in its operation, customer, path, outcome or fault. */
export function matches(request, text) {
  const { operation, customer_id: customer, method, path, fault, request_id: id } = request;
  const all = [operation, customer, method, path, fault, id, outcome(request).text].join(" ").toLowerCase();
  return text.toLowerCase().split(/\s+/).every((word) => all.includes(word));
}
