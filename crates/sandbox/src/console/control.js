// The part of the control API that the console uses. `control.yaml` specifies all of it.

/** How long the server waits for the next request before it returns an empty list, in milliseconds. */
const WAIT = 10_000;

async function call(method, path, body) {
  const response = await fetch(`/_sandbox/${path}`, {
    method,
    cache: "no-store",
    headers: body === undefined ? {} : { "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  const content = parse(text);
  // The server sends a message; a proxy may not.
  if (!response.ok) throw new Error(content?.message ?? `${method} ${path}: the server responded with ${response.status}`);
  return content;
}

/** The value of a JSON string, or `undefined` for any other string. */
export function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const id = encodeURIComponent;

export const control = {
  /** The latest requests, and the number to wait from. */
  requests: (limit) => call("GET", `requests?limit=${limit}`),
  /** The requests after that number as soon as one arrives, or an empty list after a while. */
  next: (last, limit) => call("GET", `requests?after=${last}&limit=${limit}&wait_ms=${WAIT}`),
  clearRequests: () => call("DELETE", "requests"),
  /** The latest accounts. */
  accounts: async (limit) => (await call("GET", `accounts?limit=${limit}`)).accounts,
  setStatus: (account, status) => call("PATCH", `accounts/${id(account)}`, { status }),
  deleteAccount: (account) => call("DELETE", `accounts/${id(account)}`),
  faultKinds: async () => (await call("GET", "fault-kinds")).kinds,
  faults: async () => (await call("GET", "faults")).faults,
  addFault: (rule) => call("POST", "faults", rule),
  removeFault: (fault) => call("DELETE", `faults/${id(fault)}`),
  clearFaults: () => call("DELETE", "faults"),
  reset: () => call("POST", "reset"),
};
