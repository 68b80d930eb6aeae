"""A test in Python that sees and controls the sandbox. It needs the standard library only.

    juspay-accounts sandbox --port 8080 &
    SANDBOX_URL=http://127.0.0.1:8080 python3 test_sandbox.py
"""

import base64
import http.client
import json
import os
import threading
import unittest
import urllib.error
import urllib.parse
import urllib.request

URL = os.environ.get("SANDBOX_URL", "http://127.0.0.1:8080")
CUSTOMER = "cst_python"
KEY = "Basic " + base64.b64encode(b"any-key:").decode()


# The code under test.


def call(method, path, form=None):
    body = urllib.parse.urlencode(form).encode() if form else None
    headers = {"authorization": KEY, "x-routing-id": CUSTOMER}
    request = urllib.request.Request(f"{URL}/customers/{CUSTOMER}/{path}", body, headers, method=method)
    with urllib.request.urlopen(request, timeout=60) as response:
        return json.load(response)


def validate(vpa):
    """The status of a UPI address. A validation costs money, so a lost response is not a reason to send it again."""
    details = json.dumps({"upi": [{"vpa": vpa}]})
    try:
        accounts = call("POST", "accounts", {"command": "validate", "bank_code": "JP_UPI", "account_details": details})
    except (urllib.error.URLError, http.client.HTTPException, ConnectionError):
        accounts = call("GET", "customer-accounts/list")
    found = [account for account in accounts if account["account_details"].get("vpa") == vpa]
    return found[0] if found else None


def wait(account):
    """The account once its validation has ended."""
    while account["validation_status"] in ("CREATED", "PENDING"):
        account = call("GET", f"customer-accounts/{account['customer_account_id']}")
    return account


# The sandbox's control API: {URL}/_sandbox/openapi.yaml


def control(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    headers = {"content-type": "application/json"}
    request = urllib.request.Request(f"{URL}/_sandbox/{path}", data, headers, method=method)
    with urllib.request.urlopen(request, timeout=90) as response:
        text = response.read()
        return json.loads(text) if text else None


class WithSandbox(unittest.TestCase):
    def setUp(self):
        control("POST", "reset")

    def test_a_lost_response_is_looked_up_and_not_paid_twice(self):
        lost = {"kind": "close", "moment": "after", "operation": "createAndValidateCustomerAccount", "next": 1}
        control("PUT", "faults", {"faults": [lost]})
        self.assertEqual(validate("someone@upi")["validation_status"], "ACTIVE")
        requests = control("GET", f"requests?customer_id={CUSTOMER}")["requests"]
        self.assertEqual([request["method"] for request in requests], ["POST", "GET"])
        self.assertEqual((requests[0]["fault"].split(",")[0], requests[0]["changed_accounts"]), ("close@after", True))
        self.assertEqual(control("GET", "accounts")["accounts"][0]["validations"], 1)

    def test_waiting_ends_when_the_validation_does(self):
        control("PUT", "outcomes", {"outcomes": [{"statuses": ["PENDING", "PENDING", "PENDING", "FAILURE"]}]})
        self.assertEqual(wait(validate("someone@upi"))["validation_status"], "FAILURE")

    def test_a_status_is_changed_while_somebody_waits(self):
        control("PUT", "outcomes", {"outcomes": [{"statuses": ["PENDING"]}]})
        account = validate("someone@upi")
        seen = control("GET", "requests")["last"]
        ended = []
        waiting = threading.Thread(target=lambda: ended.append(wait(account)))
        waiting.start()
        # Waits for the next request, so that nothing has to sleep.
        control("GET", f"requests?after={seen}&operation=getCustomerAccount&wait_ms=60000")
        control("PATCH", f"accounts/{account['customer_account_id']}", {"status": "ACTIVE"})
        waiting.join(60)
        self.assertEqual(ended[0]["validation_status"], "ACTIVE")

    def test_a_timeout_ends_when_the_clock_is_advanced(self):
        control("PUT", "outcomes", {"outcomes": [{"times_out": True, "next": 1}]})
        found = []
        validating = threading.Thread(target=lambda: found.append(validate("someone@upi")))
        validating.start()
        while not control("GET", "accounts")["accounts"]:
            pass
        # Whatever the sandbox was started with: the wait is over.
        control("POST", "clock", {"advance_ms": 24 * 60 * 60 * 1000})
        validating.join(60)
        self.assertEqual(found[0]["validation_status"], "ACTIVE")
        statuses = [request["response"]["status"] for request in control("GET", "requests")["requests"]]
        self.assertEqual(statuses, [504, 200])


if __name__ == "__main__":
    unittest.main()
