"""Schemathesis ignores `encoding`, and writes an object in a form as fields of the form. So it is shown a string that holds JSON."""

import json

import schemathesis
from hypothesis import strategies as st


def values(schemas, schema):
    """Values of a schema of the request, as far as the spec uses the language of schemas there."""
    schema = schemas[schema["$ref"].rsplit("/", 1)[-1]] if "$ref" in schema else schema
    if schema["type"] == "string":
        lengths = range(schema.get("minLength", 0), schema.get("maxLength", 1000) + 1)
        return st.from_regex(schema["pattern"], fullmatch=True).filter(lambda text: len(text) in lengths)
    if schema["type"] == "array":
        # The same account twice is refused, whatever its name.
        required = schemas[schema["items"]["$ref"].rsplit("/", 1)[-1]]["required"]
        account = lambda item: tuple(item[name] for name in required)
        return st.lists(values(schemas, schema["items"]), min_size=schema["minItems"], max_size=3, unique_by=account)
    fields = {name: values(schemas, of) for name, of in schema["properties"].items()}
    required = {name: fields.pop(name) for name in schema.get("required", [])}
    return st.fixed_dictionaries(required, optional=fields).filter(lambda fields: len(fields) >= schema.get("minProperties", 0))


@schemathesis.hook
def before_load_schema(context, raw_schema):
    schemas = raw_schema["components"]["schemas"]
    schemathesis.openapi.format("account-details", values(schemas, schemas["AccountDetails"]).map(json.dumps))
    schemas["CreateAndValidateForm"]["properties"]["account_details"] = {"type": "string", "format": "account-details"}
    body = raw_schema["paths"]["/customers/{customer_id}/accounts"]["post"]["requestBody"]
    for example in body["content"]["application/x-www-form-urlencoded"]["examples"].values():
        example["value"]["account_details"] = json.dumps(example["value"]["account_details"])
