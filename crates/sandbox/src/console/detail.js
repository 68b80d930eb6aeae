// One request: what arrived, what was answered and why, with what the spec says about each field.

import { parse } from "./control.js";
import { asCurl } from "./copy.js";
import { copyButton, h, prose, time } from "./dom.js";
import { outcome, refusal } from "./request.js";
import { asRust, hasRust } from "./rust.js";
import { rows } from "./spec.js";

export function detail(request, state, close) {
  const { spec } = state;
  const operation = spec.operation(request.method, request.path);
  return h(
    "article",
    { className: "detail", "aria-labelledby": "detail-title" },
    h(
      "header",
      {},
      h(
        "div",
        {},
        h("h2", { id: "detail-title", tabIndex: -1 }, operation?.summary ?? "No operation of the spec"),
        h("p", { className: "line" }, `${request.method} ${request.path}`),
        h("p", { className: "line" }, time(request.time), ` · ${request.duration_ms} ms · ${request.request_id}`),
      ),
      h(
        "div",
        { className: "actions" },
        operation && copyButton("Copy as curl", () => asCurl(request, spec, state.origin)),
        hasRust(operation?.id) && copyButton("Copy as Rust", () => asRust(request, spec, state.origin)),
        h("button", { type: "button", id: "close", "aria-label": "Close the request", onclick: close }, "Close"),
      ),
    ),
    responsePart(request, operation, spec),
    requestPart(request, operation, spec),
  );
}

function responsePart(request, operation, spec) {
  const { response, acted_on: actedOn } = request;
  const { text, kind } = outcome(request);
  const described = response && operation?.response(response.status);
  const body = response && parse(response.body);
  return h(
    "section",
    {},
    h("h3", {}, "Response", h("span", { className: `tag ${kind}` }, text), actedOn && h("span", { className: "tag" }, "acted on")),
    reason(request, spec),
    described?.description && h("p", { className: "hint" }, prose(described.description)),
    body && typeof body === "object"
      ? fields(rows(spec, described?.schema, body))
      : response && h("pre", { className: "text", tabIndex: 0 }, response.body ?? `${response.body_bytes} bytes, too many to show`),
    response && headers(response.headers),
  );
}

/** Why there is no success: a sentence, and each field that is wrong with what the spec says about it. */
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
      h("p", { className: "refusal" }, `Not in the spec: ${request.unknown_fields.join(", ")}. With --strict, the sandbox refuses such fields.`),
    fields([...path, ...named.map(({ name, value }) => parameter(name.toLowerCase(), value)), ...form], request.problems),
    headers(request.headers),
  );
}

/** Fields with their values and meanings; what is wrong with one is next to it. */
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
