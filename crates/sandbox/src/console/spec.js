// Operations and fields in the spec, which is `/openapi.json` of this server.

export class Spec {
  #document;

  constructor(document) {
    this.#document = document;
    /** All operations in the order of the document: their ids, summaries, parameters and schemas. */
    this.operations = Object.entries(document.paths).flatMap(([template, item]) => this.#ofPath(template, item));
  }

  static async load() {
    const response = await fetch("/openapi.json");
    if (!response.ok) throw new Error(`/openapi.json: ${response.status}`);
    return new Spec(await response.json());
  }

  /** The operations of a path. */
  #ofPath(template, item) {
    return Object.values(item).filter((operation) => operation?.operationId).map((operation) => ({
      id: operation.operationId,
      summary: operation.summary,
      template,
      parameters: [...(item.parameters ?? []), ...(operation.parameters ?? [])].map((parameter) => this.resolve(parameter)),
      response: (status) => this.#response(operation, status),
    }));
  }

  /** The operation of a request, with the values in its path. */
  operation({ operation: id, path }) {
    const operation = this.operations.find((own) => own.id === id);
    if (!operation) return undefined;
    const parts = path.split("/");
    const names = operation.template.split("/").map((name, index) => [name, decode(parts[index])]);
    const values = names.filter(([name]) => name.startsWith("{")).map(([name, value]) => [name.slice(1, -1), value]);
    return { ...operation, values: Object.fromEntries(values) };
  }

  /** What an operation does, by its id. */
  summary(id) {
    return this.operations.find((operation) => operation.id === id)?.summary;
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
