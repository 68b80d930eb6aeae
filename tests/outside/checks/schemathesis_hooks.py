"""Schemathesis writes an object in a form with `str`; the spec says that it is JSON."""

import json

import schemathesis


@schemathesis.hook
def before_call(context, case, kwargs):
    if isinstance(case.body, dict) and isinstance(case.body.get("account_details"), (dict, list)):
        case.body["account_details"] = json.dumps(case.body["account_details"])
