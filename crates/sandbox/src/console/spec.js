// Operations and fields in the spec, which is `/openapi.json` of this server.

export class Spec {
  #document;

  constructor(document) {
    this.#document = document;
  }

  static async load() {
    const response = await fetch("/openapi.json");
    if (!response.ok) throw new Error(`/openapi.json: ${response.status}`);
    return new Spec(await response.json());
  }

  /** The operation for a method and a path: its id, summary, parameters and schemas. */
  operation(method, path) {
    const parts = path.split("?")[0].split("/");
    let best;
    for (const [template, item] of Object.entries(this.#document.paths)) {
      const operation = item[method.toLowerCase()];
      const names = template.split("/");
      if (!operation || names.length !== parts.length) continue;
      const fixed = names.filter((name) => !name.startsWith("{"));
      const fits = names.every((name, index) => name.startsWith("{") || name === parts[index]);
      // `…/list` is a separate operation, but would also match as an id.
      if (fits && (!best || fixed.length > best.fixed)) best = { fixed: fixed.length, template, names, item, operation };
    }
    if (!best) return undefined;
    const values = {};
    best.names.forEach((name, index) => {
      if (name.startsWith("{")) values[name.slice(1, -1)] = decode(parts[index]);
    });
    const parameters = [...(best.item.parameters ?? []), ...(best.operation.parameters ?? [])];
    return {
      id: best.operation.operationId,
      summary: best.operation.summary,
      template: best.template,
      values,
      parameters: parameters.map((parameter) => this.resolve(parameter)),
      response: (status) => this.#response(best.operation, status),
    };
  }

  /** All operations as `{ id, summary }`, in the order of the document. */
  operations() {
    const methods = Object.values(this.#document.paths).flatMap((item) => Object.values(item));
    return methods.filter((operation) => operation?.operationId).map(({ operationId, summary }) => ({ id: operationId, summary }));
  }

  /** What an operation does, by its id. */
  summary(id) {
    return this.operations().find((operation) => operation.id === id)?.summary;
  }

  /** The schema at a JSON pointer. */
  at(pointer) {
    return { $ref: `#${pointer}` };
  }

  #response(operation, status) {
    const { responses } = operation;
    const response = this.resolve(responses[status] ?? responses[`${Math.trunc(status / 100)}XX`] ?? responses.default);
    return { description: response?.description, schema: response?.content?.["application/json"]?.schema };
  }

  /** The target of a `$ref`. */
  resolve(node) {
    for (let hops = 0; node?.$ref && hops < 20; hops++) {
      const keys = node.$ref.replace(/^#\//, "").split("/");
      node = keys.reduce((at, key) => at?.[key.replaceAll("~1", "/").replaceAll("~0", "~")], this.#document);
    }
    return node;
  }

  /** A schema and its parts. */
  #parts(schema) {
    const resolved = this.resolve(schema);
    if (!resolved) return [];
    const composed = ["allOf", "anyOf", "oneOf", "x-oneOf"].flatMap((key) => resolved[key] ?? []);
    return [resolved, ...composed.flatMap((part) => this.#parts(part))];
  }

  /** The schema of a key of an object, or of an entry of an array. */
  member(schema, key) {
    for (const part of this.#parts(schema)) {
      const found = typeof key === "number" ? part.items : part.properties?.[key];
      if (found) return found;
    }
    return undefined;
  }

  /** The description of a schema, or of the schema that it refers to. */
  description(schema) {
    return schema?.description ?? this.#parts(schema).find((part) => part.description)?.description;
  }

  /** The example of a schema, if it has one. */
  example(schema) {
    return this.#parts(schema).find((part) => part.example !== undefined)?.example;
  }
}

/** A decoded part of a path; unchanged if it is malformed. */
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * A JSON value as rows, one for each field: its depth, its name, its text (none if it has rows itself), its path as
 * in a refusal (`account_details.upi[0].vpa`), and its description in the spec.
 */
export function rows(spec, schema, value, path = "", depth = 0) {
  const entries = Array.isArray(value) ? value.map((item, index) => [index, item]) : Object.entries(value);
  return entries.flatMap(([key, item]) => {
    const own = spec.member(schema, key);
    const at = typeof key === "number" ? `${path}[${key}]` : path ? `${path}.${key}` : key;
    const nested = item !== null && typeof item === "object";
    const row = {
      depth,
      name: typeof key === "number" ? `[${key}]` : key,
      path: at,
      text: nested ? undefined : String(item),
      known: Boolean(own) || typeof key === "number",
      description: typeof key === "number" ? undefined : spec.description(own),
    };
    return nested ? [row, ...rows(spec, own, item, at, depth + 1)] : [row];
  });
}
