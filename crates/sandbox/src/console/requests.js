// The requests that arrived, the latest first, and beside them the selected one.

import { command, failure, h, replace, time } from "./dom.js";
import { control } from "./control.js";
import { detail } from "./detail.js";
import { matches, outcome } from "./request.js";

let filter = "";

export function render(section, state, selected) {
  const shown = state.requests.filter((request) => matches(request, filter));
  const request = state.requests.find((request) => String(request.seq) === selected);
  const open = selected !== undefined;
  if (!section.firstChild) section.append(...frame(state, section));
  section.querySelector("#clear").hidden = state.requests.length === 0;
  section.querySelector("#filter").hidden = state.requests.length === 0;
  replace(section.querySelector("#problem"), failure(state));
  const split = section.querySelector("#split");
  split.className = open ? "split open" : "split";
  replace(
    split.firstChild,
    state.requests.length === 0
      ? empty(state)
      : shown.length === 0
        ? h("p", { className: "hint" }, `None of ${state.requests.length} requests matches the filter.`)
        : h("ol", { className: "list" }, shown.map((request) => row(request, selected, state))),
  );
  const side = split.lastChild;
  side.hidden = !open;
  if (side.dataset.seq !== selected || (request && !side.dataset.found)) {
    side.dataset.seq = selected ?? "";
    side.dataset.found = request ? "yes" : "";
    replace(side, open && (request ? detail(request, state, close) : gone()));
    // The keyboard focus moves to the request that was opened.
    if (section.contains(document.activeElement)) side.querySelector("h2")?.focus({ preventScroll: side.offsetTop < 400 });
  }
}

/** The part that stays when requests arrive, so that typing is not interrupted. */
function frame(state, section) {
  const input = h("input", { id: "filter", type: "search", placeholder: "Filter (press /)", "aria-label": "Filter requests", value: filter });
  input.addEventListener("input", () => {
    filter = input.value;
    state.render();
  });
  const clear = async () => {
    await control.clearRequests();
    state.requests = [];
    if (location.hash.startsWith("#requests/")) close();
  };
  return [
    h(
      "div",
      { className: "bar" },
      h("h2", { id: "requests-title" }, "Requests"),
      input,
      h("button", { type: "button", id: "clear", onclick: () => state.act(clear) }, "Clear"),
    ),
    h("div", { id: "problem" }),
    h("div", { id: "split" }, h("div", { className: "list-side" }), h("div", { className: "detail-side" })),
  ];
}

function row(request, selected, state) {
  const { text, kind } = outcome(request);
  const operation = state.spec?.summary(request.operation) ?? `${request.method} ${request.path}`;
  return h(
    "li",
    {},
    h(
      "a",
      {
        href: `#requests/${request.seq}`,
        "data-key": `request-${request.seq}`,
        "data-seq": request.seq,
        "aria-current": String(request.seq) === selected ? "true" : undefined,
      },
      time(request.time),
      h("span", { className: "operation" }, operation),
      h("span", { className: "customer" }, request.customer_id ?? ""),
      h(
        "span",
        { className: "outcome" },
        h("span", { className: `tag ${kind}` }, text),
        request.fault && h("span", { className: "tag fault", title: request.fault },
          h("span", { className: "visually-hidden" }, "fault "), request.fault.split(",")[0]),
      ),
    ),
  );
}

function empty(state) {
  return h(
    "div",
    { className: "empty" },
    h("h3", {}, "No requests yet"),
    h("p", {}, "Requests appear here as they arrive. Point your program at this address with any key, or paste this into a shell:"),
    command(example(state.origin)),
    h("p", {}, "Or use ", h("a", { href: "reference" }, "“Try” in the API reference"), "."),
  );
}

/** A call that works unchanged. */
export function example(origin) {
  return [
    `curl -u any-key: -H 'x-routing-id: cst_1' \\`,
    `  -d command=validate -d bank_code=JP_HDFC \\`,
    `  --data-urlencode 'account_details={"upi":[{"vpa":"success@upi"}]}' \\`,
    `  ${origin}/customers/cst_1/accounts`,
  ].join("\n");
}

function gone() {
  return h(
    "div",
    { className: "empty" },
    h("h3", {}, "This request is no longer listed"),
    h("p", {}, "It was cleared, or newer requests replaced it."),
    h("button", { type: "button", onclick: close }, "Back to the list"),
  );
}

/** Goes back to the list, with the focus on the request that was open. */
export function close() {
  const seq = location.hash.split("/")[1];
  location.hash = "#requests";
  const focus = () => document.querySelector(`[data-seq="${CSS.escape(seq)}"]`)?.focus();
  addEventListener("hashchange", () => requestAnimationFrame(() => requestAnimationFrame(focus)), { once: true });
}

/** The arrow keys move between requests when one has the focus. */
export function move(event) {
  const links = [...document.querySelectorAll("#requests .list a")];
  const at = links.indexOf(document.activeElement);
  if (at < 0) return;
  event.preventDefault();
  links[at + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
}
