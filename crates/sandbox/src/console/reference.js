// The API reference: RapiDoc with the spec of this server, in the colours of the console, with a key filled in so that
// "Try" works at once.

import "./rapidoc.js";

/** Any key is accepted, unless the sandbox was started with one of its own; then it has to be entered. */
const KEY = "any-key";

const settings = {
  "spec-url": "/openapi.json",
  "server-url": location.origin,
  "render-style": "read",
  "show-header": "false",
  "show-info": "true",
  "allow-server-selection": "false",
  "allow-spec-url-load": "false",
  "allow-spec-file-load": "false",
  "allow-spec-file-download": "false",
  "load-fonts": "false",
  "regular-font": "system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif",
  "mono-font": "ui-monospace, Menlo, Consolas, 'Liberation Mono', monospace",
  "font-size": "large",
  "schema-style": "table",
  "default-schema-tab": "schema",
  "schema-description-expanded": "true",
  "response-area-height": "360px",
  "show-method-in-nav-bar": "as-colored-text",
  "nav-item-spacing": "relaxed",
  "sort-tags": "false",
};

const dark = matchMedia("(prefers-color-scheme: dark)");

/** RapiDoc mixes colours of its own from these, and needs them as values. */
function colours() {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name).trim();
  return {
    theme: dark.matches ? "dark" : "light",
    "bg-color": colour("--surface"),
    "text-color": colour("--text"),
    "primary-color": colour("--accent"),
    "nav-bg-color": colour("--page"),
    "nav-text-color": colour("--text"),
    "nav-hover-bg-color": colour("--raised"),
    "nav-accent-color": colour("--accent"),
  };
}

function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
}

const reference = document.createElement("rapi-doc");
set(reference, { ...settings, ...colours() });
dark.addEventListener("change", () => set(reference, colours()));
reference.addEventListener("spec-loaded", () => reference.setHttpUserNameAndPassword("basicAuth", KEY, ""));
document.getElementById("main").append(reference);
