// The console: its state, how the state stays up to date, and how a view is shown.

import { control } from "./control.js";
import { announce, copyButton, h } from "./dom.js";
import { Spec } from "./spec.js";
import * as accounts from "./accounts.js";
import * as faults from "./faults.js";
import * as requests from "./requests.js";

const views = { requests, accounts, faults };
const byId = (id) => document.getElementById(id);

/** Everything that is shown. `requests` has the latest first. */
const state = { origin: location.origin, spec: undefined, kinds: [], requests: [], accounts: [], faults: [], problem: undefined, act, render };

/** The number of requests, and of accounts, that are listed; the control API has older ones. */
const LISTED = 500;

let scheduled = false;

/** Shows the current state with the next frame, once for all changes before it. */
function render() {
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(() => {
    scheduled = false;
    const [name, selected] = location.hash.slice(1).split("/");
    const current = views[name] ? name : "requests";
    for (const [view, module] of Object.entries(views)) {
      const section = byId(view);
      section.hidden = view !== current;
      // Nothing can be shown before the spec is loaded.
      if (view === current && state.spec) module.render(section, state, selected);
    }
    for (const link of document.querySelectorAll("nav [data-view]")) {
      if (link.dataset.view === current) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    const count = (id, number) => (byId(id).textContent = number === LISTED ? `${LISTED}+` : number || "");
    count("request-count", state.requests.length);
    count("account-count", state.accounts.length);
    count("fault-count", state.faults.length);
    document.title = `${document.querySelector(`nav [data-view="${current}"]`).firstChild.textContent.trim()} · Sandbox console`;
  });
}

/** Calls the control API, and shows the result. */
async function act(action) {
  try {
    await action();
    state.problem = undefined;
    await load();
  } catch (error) {
    state.problem = error instanceof TypeError ? `The server at ${location.host} does not respond.` : error.message;
    announce(state.problem);
  }
  render();
}

/** Loads everything that a request can change. */
async function load() {
  [state.accounts, state.faults] = await Promise.all([control.accounts(LISTED), control.faults()]);
}

function connection(text, kind) {
  const element = byId("connection");
  if (element.dataset.state === kind && element.textContent === text) return;
  element.dataset.state = kind;
  element.textContent = text;
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Follows the server while the page is open. If the server is gone, retries until it is back. */
async function follow() {
  for (let failures = 0; ; ) {
    try {
      await once();
      failures = 0;
    } catch (error) {
      failures += 1;
      connection(`The server at ${location.host} does not respond. Trying again…`, "lost");
      if (!(error instanceof TypeError)) console.error(error);
      await pause(Math.min(250 * 2 ** failures, 4000));
    }
  }
}

/** Loads everything, and then one batch of requests after another. */
async function once() {
  const [spec, kinds, listed] = await Promise.all([state.spec ?? Spec.load(), control.faultKinds(), control.requests(LISTED), load()]);
  Object.assign(state, { spec, kinds, requests: listed.requests.reverse() });
  connection("Live", "live");
  render();
  for (let { last } = listed; ; ) {
    const next = await control.next(last, LISTED);
    // Without a request for a while, another program may have cleared the list or set a fault.
    if (next.requests.length === 0) return;
    last = next.last;
    state.requests = [...next.requests.reverse(), ...state.requests].slice(0, LISTED);
    // However many requests arrive, the page loads them only a few times a second.
    await Promise.all([load().then(render), pause(200)]);
  }
}

/** `/` goes to the filter, Escape goes back to the list, and the arrow keys move between requests. */
function shortcut(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.matches("input, select, textarea");
  if (event.key === "Escape") {
    if (location.hash.startsWith("#requests/")) requests.close();
    return;
  }
  if (typing) return;
  if (event.key === "/" && !byId("requests").hidden) {
    event.preventDefault();
    byId("filter")?.focus();
  }
  if (event.key === "ArrowDown" || event.key === "ArrowUp") requests.move(event);
}

byId("address").textContent = state.origin;
byId("copy-address").replaceWith(copyButton("Copy address", state.origin, { className: "quiet" }));
byId("skip").addEventListener("click", (event) => {
  // The fragment names the view, so it cannot be used here.
  event.preventDefault();
  byId("main").focus();
});
addEventListener("hashchange", () => {
  state.problem = undefined;
  render();
});
addEventListener("keydown", shortcut);
connection("Connecting…", "");
render();
follow();
