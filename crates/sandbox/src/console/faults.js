// Faults as switches, one for each kind. The server lists the kinds and their settings.

import { failure, h, prose, replace } from "./dom.js";
import { control } from "./control.js";

const TITLES = {
  status: "Error response",
  html: "HTML error page",
  "rate-limit": "Rate limit",
  latency: "Slow response",
  hang: "No response",
  close: "Connection closed",
  reset: "Connection reset",
  truncate: "Response cut off",
  timeout: "Gateway timeout",
};

const UNITS = { status: "Status code", seconds: "Seconds", milliseconds: "Milliseconds" };

/** The operations that ask the gateway, which can time out. */
const VALIDATIONS = ["createAndValidateCustomerAccount", "validateCustomerAccount"];

/** The choices for each kind, and which settings are open, kept while the page is open. */
const chosen = new Map();
const opened = new Set();

export function render(section, state) {
  // A number that is being typed is not replaced.
  const { activeElement } = document;
  if (section.contains(activeElement) && activeElement.dataset.typing) return;
  const key = JSON.stringify([state.kinds, state.faults, state.problem, state.spec !== undefined, [...chosen]]);
  if (section.dataset.shown === key) return;
  section.dataset.shown = key;
  replace(
    section,
    h(
      "div",
      { className: "bar" },
      h("h2", { id: "faults-title" }, "Faults"),
      state.faults.length > 0 && h("button", { type: "button", id: "clear-faults", onclick: () => state.act(control.clearFaults) }, "Switch all off"),
    ),
    h("p", { className: "hint" },
      "Switch a fault on, and your program's next requests fail in that way. ",
      "If several faults match a request, only the first happens; latencies add up."),
    failure(state),
    h("ul", { className: "faults" }, state.kinds.map((kind) => card(kind, state))),
  );
}

function card(kind, state) {
  const name = kind.kind;
  const set = state.faults.filter((fault) => fault.rule.kind === name);
  const on = set.length > 0;
  const title = `fault-${name}`;
  return h(
    "li",
    { className: on ? "on" : "", "data-kind": name },
    h(
      "div",
      { className: "head" },
      h("h3", { id: title }, TITLES[name] ?? name),
      h("button", {
        type: "button",
        className: "switch",
        role: "switch",
        "aria-checked": String(on),
        "aria-labelledby": title,
        "data-key": `switch-${name}`,
        onclick: () => state.act(() => (on ? remove(set) : control.addFault(rule(kind)))),
      }),
    ),
    h("p", {}, prose(sentence(kind.description))),
    set.map((fault) => h("p", { className: "set" }, h("code", {}, fault.text), ` ${hits(fault)}`)),
    settings(kind, set, state),
  );
}

/** How often a fault hit a request. It does not hit a request that is refused first, but the request counts. */
function hits({ rule: { nth, next }, requests, played }) {
  const last = (nth ?? 1) - 1 + (next ?? (nth === undefined ? Infinity : 1));
  if (requests >= last) return `is used up: it hit ${played} of ${requests} requests.`;
  return requests === 0 ? "waits for the first request." : `has hit ${played} of ${requests} requests.`;
}

const sentence = (text) => `${text[0].toUpperCase()}${text.slice(1).replace(/\.$/, "")}.`;

async function remove(faults) {
  for (const fault of faults) await control.removeFault(fault.id);
}

/** The choices for a kind: from the page, else from the fault that is set, else the defaults. */
function choice(kind, rule) {
  const set = rule && {
    value: rule.value,
    moment: rule.moment,
    operation: rule.operation,
    which: rule.next !== undefined ? "next" : rule.nth !== undefined ? "nth" : "every",
    count: rule.next ?? rule.nth,
    percent: rule.probability === undefined ? undefined : Number((rule.probability * 100).toPrecision(12)),
  };
  const usual = { value: kind.value?.example, moment: kind.moments[0], operation: "", which: "every", count: 1, percent: 100 };
  const given = Object.entries({ ...set, ...chosen.get(kind.kind) }).filter(([, value]) => value !== undefined);
  return { ...usual, ...Object.fromEntries(given) };
}

/** The fault for the control API. Defaults are left out. */
function rule(kind) {
  const { value, moment, operation, which, count, percent } = choice(kind);
  return {
    kind: kind.kind,
    ...(kind.value && { value: Number(value) }),
    ...(kind.moments.length > 1 && { moment }),
    ...(operation && { operation }),
    ...(which !== "every" && { [which]: Number(count) }),
    ...(Number(percent) !== 100 && { probability: Number(percent) / 100 }),
  };
}

/** The settings of a kind. If the fault is on, a change applies at once. */
function settings(kind, set, state) {
  const name = kind.kind;
  const now = choice(kind, set[0]?.rule);
  const apply = async () => {
    if (set.length === 0) return;
    // Adds the new fault first: if it is refused, the old one stays.
    await control.addFault(rule(kind));
    await remove(set);
  };
  const field = (key, label, input) => {
    input.dataset.key = `${key}-${name}`;
    input.addEventListener("input", () => {
      input.dataset.typing = "yes";
      chosen.set(name, { ...choice(kind, set[0]?.rule), [key]: input.value });
    });
    input.addEventListener("change", () => {
      for (const other of inputs.querySelectorAll("[data-typing]")) delete other.dataset.typing;
      state.act(apply);
    });
    return h("label", {}, label, input);
  };
  const select = (key, label, options) => {
    const entries = options.map(([value, text]) => h("option", { value, selected: value === now[key] }, text));
    return field(key, label, h("select", {}, entries));
  };
  const number = (key, label, minimum, maximum, step = 1) =>
    field(key, label, h("input", { type: "number", min: minimum, max: maximum, step, value: String(now[key]) }));
  const listed = (state.spec?.operations ?? []).filter(({ id }) => name !== "timeout" || VALIDATIONS.includes(id));
  const operations = listed.map(({ id, summary }) => [id, summary]);
  const inputs = h(
    "div",
    { className: "settings", role: "group", "aria-labelledby": `fault-${name}` },
    kind.value && number("value", UNITS[kind.value.unit] ?? "Value", kind.value.minimum, kind.value.maximum),
    kind.moments.length > 1 && select("moment", "When", [["before", "Before it is processed"], ["after", "After it was processed"]]),
    select("operation", "Operation", [["", name === "timeout" ? "All validations" : "All operations"], ...operations]),
    select("which", "Requests", [["every", "Every request"], ["next", "Only the next …"], ["nth", "Only number …"]]),
    now.which !== "every" && number("count", now.which === "next" ? "How many" : "Number", 1, 1_000_000),
    number("percent", "Probability in %", 0, 100, "any"),
  );

  const details = h("details", { open: opened.has(name) }, h("summary", { "data-key": `settings-${name}` }, `Settings: ${inWords(kind, now, state)}`), inputs);
  details.addEventListener("toggle", () => (details.open ? opened.add(name) : opened.delete(name)));
  return details;
}

/** The settings in a few words, such as `503, before it is processed, every request`. */
function inWords(kind, { value, moment, operation, which, count, percent }, state) {
  const unit = { seconds: " s", milliseconds: " ms" }[kind.value?.unit] ?? "";
  const requests = { every: "every request", next: count === 1 || count === "1" ? "the next request" : `the next ${count} requests`, nth: `request ${count}` };
  return [
    kind.value && `${value}${unit}`,
    kind.moments.length > 1 && (moment === "after" ? "after it was processed" : "before it is processed"),
    requests[which],
    operation && state.spec?.summary(operation),
    Number(percent) !== 100 && `${percent} %`,
  ]
    .filter(Boolean)
    .join(", ");
}
