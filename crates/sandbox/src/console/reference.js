// The API reference: RapiDoc with the spec of this server, and with a request filled in so that "Try" works at once.

import "./rapidoc.js";
import { h } from "./dom.js";

/** The sandbox accepts any key, unless it was started with one; then the user has to enter it. */
const KEY = "any-key";

/** The spec to show: the vendor's operations, or the control API, which needs no key. */
const CONTROL = new URLSearchParams(location.search).get("spec") === "control";
const SPEC = CONTROL ? "/_sandbox/openapi.json" : "/openapi.json";

const SETTINGS = {
  "render-style": "read",
  "show-header": "false",
  "allow-server-selection": "false",
  "allow-authentication": String(!CONTROL),
  "allow-spec-url-load": "false",
  "allow-spec-file-load": "false",
  "allow-advanced-search": "false",
  "load-fonts": "false",
  "regular-font": "system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif",
  "mono-font": "ui-monospace, Menlo, Consolas, 'Liberation Mono', monospace",
  "font-size": "large",
  "schema-style": "table",
  "default-schema-tab": "example",
  "schema-description-expanded": "true",
  "response-area-height": "320px",
  "nav-item-spacing": "relaxed",
  "sort-tags": "false",
};

/** Styles that RapiDoc has no variable for: readable tabs, and on a narrow page, table columns as lines. */
const STYLES = `
.v-tab-btn { opacity: 1 !important; color: var(--fg); }
@media (max-width: 700px) {
  table, tbody, tr, td {
    display: block !important; width: auto !important; min-width: 0 !important; max-width: 100% !important; text-align: left !important;
    overflow-wrap: anywhere;
  }
  thead { display: none; }
  .param-name, .param-type { text-align: left !important; }
  .row, .tab-buttons, [part~="wrap-request-btn"] { flex-wrap: wrap; }
  [part~="wrap-request-btn"] { gap: 6px; }
  .tab-panel.row { flex-wrap: nowrap; }
  .tab-content { min-width: 0; }
  [style*="min-width:350px"] { min-width: 0 !important; }
  pre, .table, .tree { overflow-x: auto; max-width: 100%; }
  .td { min-width: 0 !important; overflow-wrap: anywhere; }
  .key-type { width: 96px !important; }
  #api-info { display: none; }
}`;

function restyle() {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLES);
  // RapiDoc uses Lit, which gives each element the styles of its class.
  for (const name of ["rapi-doc", "api-request", "api-response", "schema-table", "schema-tree"]) customElements.get(name).elementStyles.push(sheet);
}

/** RapiDoc fills in fields with an example. For a field with fixed values, this is the first value. */
function withExamples(node) {
  if (node === null || typeof node !== "object") return;
  if (Array.isArray(node.enum) && node.type === "string") node.example ??= node.enum[0];
  Object.values(node).forEach(withExamples);
}

async function load(reference) {
  const response = await fetch(SPEC, { cache: "no-cache" });
  if (!response.ok) throw new Error(`${SPEC}: ${response.status}`);
  const spec = await response.json();
  withExamples(spec.components.schemas);
  // The page may call only this server, and shows only the operations.
  spec.servers = [{ url: location.origin }];
  delete spec.info.license;
  delete spec.info.contact;
  await reference.loadSpec(spec);
  if (!CONTROL) reference.setHttpUserNameAndPassword("basicAuth", KEY, "");
}

async function show() {
  const main = document.getElementById("main");
  const reference = document.createElement("rapi-doc");
  for (const [name, value] of Object.entries(SETTINGS)) reference.setAttribute(name, value);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const theme = () => reference.setAttribute("theme", dark.matches ? "dark" : "light");
  dark.addEventListener("change", theme);
  theme();
  main.replaceChildren(reference);
  try {
    await load(reference);
  } catch {
    const again = h("button", { type: "button", onclick: show }, "Try again");
    main.replaceChildren(h("p", { className: "failed", role: "alert" }, `The server at ${location.host} does not respond.`, again));
  }
}

for (const link of document.querySelectorAll(".specs a")) {
  if (link.search === location.search) link.setAttribute("aria-current", "page");
}
restyle();
show();
