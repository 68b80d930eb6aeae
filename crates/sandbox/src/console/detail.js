// One request: what arrived, the response and the reason for it, with the spec's description of each field.

import { parse } from "./control.js";
import { asCurl } from "./copy.js";
import { copyButton, h, prose, time } from "./dom.js";
import { outcome, refusal } from "./request.js";
import { asRust, hasRust } from "./rust.js";
import { rows } from "./spec.js";

export function detail(request, state, close) {
  const { spec } = state;
  const operation = spec.operation(request);
  return h(
    "article",
    { className: "detail", "aria-labelledby": "detail-title" },
    h(
      "header",
      {},
      h(
        "div",
        {},
        h("h2", { id: "detail-title", tabIndex: -1 }, operation?.summary ?? "Not an operation in the spec"),
        h("p", { className: "line" }, `${request.method} ${request.path}`),
        h("p", { className: "line" }, time(request.time), ` · ${duration(request.duration_ms)} · ${request.request_id}`),
      ),
      h(
        "div",
        { className: "actions" },
        operation && copyButton("Copy as curl", () => asCurl(request, spec, state.origin)),
        hasRust(operation?.id) && copyButton("Copy as Rust", () => asRust(request, spec, state.origin)),
        h("button", { type: "button", id: "close", "aria-label": "Close the request", title: "Close (Escape)", onclick: close }, "✕"),
      ),
    ),
    outcomePart(request, spec),
    requestPart(request, operation, spec),
    responsePart(request, operation, spec),
  );
}

/** The outcome of the request and, if it is not a success, the reason. */
function outcomePart(request, spec) {
  const { text, kind } = outcome(request);
  const tags = [
    h("span", { className: `tag ${kind}` }, text),
    request.fault && h("span", { className: "tag fault" }, request.fault),
    request.changed_accounts && h("span", { className: "tag" }, "accounts changed"),
  ];
  return h("section", {}, h("h3", {}, "Outcome", tags.filter(Boolean)), reason(request, spec));
}

/** Milliseconds below a second, and seconds above. */
function duration(ms) {
  return ms < 1000 ? `${Number(ms.toPrecision(2))} ms` : `${(ms / 1000).toFixed(1)} s`;
}

function responsePart(request, operation, spec) {
  const { response } = request;
  if (!response) return undefined;
  const described = operation?.response(response.status);
  const body = parse(response.body);
  return h(
    "section",
    {},
    h("h3", {}, "Response"),
    described?.description && h("p", { className: "hint" }, prose(described.description)),
    body && typeof body === "object"
      ? fields(rows(spec, described?.schema, body))
      : response.body !== "" && h("pre", { className: "text", tabIndex: 0 }, response.body ?? `${response.body_bytes} bytes, too large to show`),
    headers(response.headers),
  );
}

/** Why the request failed: a sentence, and each wrong field with the spec's description. */
function reason(request, spec) {
  const found = refusal(request);
  if (!found) return undefined;
  const entry = ({ field, reason: why, schema }) => {
    const description = schema && spec.description(spec.at(schema));
    return h("li", {}, h("code", {}, field), `: ${why}. `, prose(description));
  };
  return h("div", { className: "refusal" }, h("p", {}, found.text), found.problems.length > 0 && h("ul", {}, found.problems.map(entry)));
}

function requestPart(request, operation, spec) {
  const described = new Map((operation?.parameters ?? []).map((parameter) => [parameter.name.toLowerCase(), parameter]));
  const parameter = (name, text) => ({ depth: 0, name, path: name, text, known: true, description: spec.description(described.get(name)) });
  const path = Object.entries(operation?.values ?? {}).map(([name, value]) => parameter(name, value));
  const named = request.headers.filter(({ name }) => described.has(name.toLowerCase()));
  const form = request.form.flatMap(({ name, value, schema }) => {
    const own = schema ? spec.at(schema) : undefined;
    const nested = parse(value);
    const row = { depth: 0, name, path: name, text: value, known: Boolean(own), description: spec.description(own) };
    if (!own || nested === null || typeof nested !== "object") return [row];
    return [{ ...row, text: undefined }, ...rows(spec, own, nested, name, 1)];
  });
  return h(
    "section",
    {},
    h("h3", {}, "Request"),
    request.unknown_fields.length > 0 &&
      h("p", { className: "notice" },
        "Not in the spec: ", h("code", {}, request.unknown_fields.join(", ")),
        ". With ", h("code", {}, "--strict"), ", the sandbox refuses such fields."),
    fields([...path, ...named.map(({ name, value }) => parameter(name.toLowerCase(), value)), ...form], request.problems),
    headers(request.headers),
  );
}

/** Fields with their values, meanings and problems. */
function fields(list, problems = []) {
  const field = ({ depth, name, path, text, known, description }) => {
    const wrong = problems.filter((problem) => problem.field === path);
    return h(
      "div",
      {},
      h("dt", { "data-depth": Math.min(depth, 4) }, name),
      h("dd", { className: "value" }, text ?? ""),
      h(
        "dd",
        { className: "meaning" },
        wrong.map((problem) => h("strong", { className: "wrong" }, `${problem.reason}. `)),
        known ? prose(description) : h("span", { className: "tag warn" }, "not in the spec"),
      ),
    );
  };
  return list.length > 0 && h("dl", { className: "fields" }, list.map(field));
}

function headers(list) {
  const lines = list.map(({ name, value }) => h("div", {}, h("dt", {}, name), h("dd", { className: "value" }, value)));
  return h("details", {}, h("summary", {}, `${list.length} headers`), h("dl", { className: "fields pairs" }, lines));
}
