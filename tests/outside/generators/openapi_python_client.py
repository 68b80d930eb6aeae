import json
import os
from base64 import b64encode

from juspay_customer_accounts_client import AuthenticatedClient
from juspay_customer_accounts_client.api.customer_accounts import create_and_validate_customer_account, list_customer_accounts
from juspay_customer_accounts_client.models import AccountDetails, BankAccount, Command, CreateAndValidateForm, CustomerAccount, UpiAccount

client = AuthenticatedClient(base_url=os.environ["SANDBOX_URL"], token=b64encode(b"any-key:").decode(), prefix="Basic")  # help: authenticate the request
details = AccountDetails(
    bank_account=[BankAccount(ifsc="YESB0000262", account="026291800001191")],
    upi=[UpiAccount(vpa="9164326296@upi")],
)
AccountDetails.to_dict = lambda self, to_dict=AccountDetails.to_dict: json.dumps(to_dict(self))  # help: write account_details as JSON
form = CreateAndValidateForm(bank_code="JP_HDFC", account_details=details, command=Command.VALIDATE)
of = {"customer_id": "cst_zqqmw0v4exbhvv2l", "x_routing_id": "customer_1122"}
validated = create_and_validate_customer_account.sync(client=client, body=form, **of)
listed = [CustomerAccount.from_dict(account) for account in list_customer_accounts.sync(client=client, **of)]  # help: say what the list holds


def show(what, accounts):
    for account in accounts:
        of = account.account_details
        payee = of.vpa or f"{of.ifsc} {of.account}"
        print(f"{what} {payee}: {account.validation_status}, {account.validation_amount}")


show("validated", validated)
show("listed", listed)
