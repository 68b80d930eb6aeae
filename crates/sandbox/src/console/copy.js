// A request as a command. The command reads the key from JUSPAY_API_KEY and never contains it.
//
// The sandbox shows masked values. A copy has the spec's examples instead, and a note about that.

import { parse } from "./control.js";

const NOTE = "The console masks account data, so this has the spec's examples instead.";

/** Whether the server has masked a value. */
const isMasked = (text) => typeof text === "string" && text.includes("***");

/** The values of a copy, with examples for masked values; `note` is set if there were any. */
export function sample(request, spec) {
  const operation = spec.operation(request);
  let note;
  const clear = (value, schema) => {
    if (!isMasked(value)) return value;
    note = NOTE;
    return spec.example(schema) ?? value;
  };
  const deep = (value, schema) => {
    if (value === null || typeof value !== "object") return clear(value, schema);
    if (Array.isArray(value)) return value.map((item, index) => deep(item, spec.member(schema, index)));
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, deep(item, spec.member(schema, key))]));
  };
  const parameter = (name) => operation.parameters.find((parameter) => parameter.name.toLowerCase() === name)?.schema;
  const values = Object.fromEntries(Object.entries(operation.values).map(([name, value]) => [name, clear(value, parameter(name))]));
  const header = request.headers.find(({ name }) => name.toLowerCase() === "x-routing-id");
  const form = request.form.map(({ name, value, schema }) => {
    const own = schema ? spec.at(schema) : undefined;
    const nested = parse(value);
    return { name, value: nested && typeof nested === "object" ? JSON.stringify(deep(nested, own)) : clear(value, own) };
  });
  return {
    id: operation.id,
    values,
    path: operation.template.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(values[name])),
    routing: header && clear(header.value, parameter("x-routing-id")),
    form,
    note,
  };
}

/** A word for a POSIX shell. */
function quoted(text) {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

export function asCurl(request, spec, origin) {
  const { path, routing, form, note } = sample(request, spec);
  const words = [`curl -u "$JUSPAY_API_KEY:"`];
  if (request.method !== "GET") words.push(request.method === "HEAD" ? "--head" : `-X ${request.method}`);
  if (routing !== undefined) words.push(`-H ${quoted(`x-routing-id: ${routing}`)}`);
  for (const { name, value } of form) words.push(`--data-urlencode ${quoted(`${name}=${value}`)}`);
  words.push(quoted(origin + path));
  return `${note ? `# ${note}\n` : ""}${words.join(" \\\n  ")}`;
}
