// The control API, as far as the console uses it. All of it is described in `control.yaml`.

/** How long the server waits for the next request before it answers with none, in milliseconds. */
const WAIT = 10_000;

async function call(method, path, body) {
  const response = await fetch(`/_sandbox/${path}`, {
    method,
    cache: "no-store",
    headers: body === undefined ? {} : { "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  const answer = parse(text);
  // The server says what is wrong; a proxy in between may not.
  if (!response.ok) throw new Error(answer?.message ?? `${method} ${path}: the server answered ${response.status}`);
  return answer;
}

/** A JSON text, or `undefined` for any other. */
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
  /** The requests after that number, as soon as there are any; none after a while. */
  next: (last, limit) => call("GET", `requests?after=${last}&limit=${limit}&wait_ms=${WAIT}`),
  clearRequests: () => call("DELETE", "requests"),
  accounts: async () => (await call("GET", "accounts")).accounts,
  setStatus: (account, status) => call("PATCH", `accounts/${id(account)}`, { status }),
  deleteAccount: (account) => call("DELETE", `accounts/${id(account)}`),
  faultKinds: async () => (await call("GET", "fault-kinds")).kinds,
  faults: async () => (await call("GET", "faults")).faults,
  addFault: (rule) => call("POST", "faults", rule),
  removeFault: (fault) => call("DELETE", `faults/${id(fault)}`),
  clearFaults: () => call("DELETE", "faults"),
  reset: () => call("POST", "reset"),
};
