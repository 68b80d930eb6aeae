import os

from openapi_client import AccountDetails, ApiClient, BankAccount, Command, Configuration, CustomerAccount, UpiAccount
from openapi_client.api.customer_accounts_api import CustomerAccountsApi

client = ApiClient(Configuration(host=os.environ["SANDBOX_URL"], username="any-key", password=""))
ApiClient.PRIMITIVE_TYPES += (AccountDetails,)  # help: write account_details with str
AccountDetails.__str__ = AccountDetails.to_json  # help: and let that be JSON
api = CustomerAccountsApi(client)
details = AccountDetails(
    bank_account=[BankAccount(ifsc="YESB0000262", account="026291800001191")],
    upi=[UpiAccount(vpa="9164326296@upi")],
)
validated = api.create_and_validate_customer_account(
    customer_id="cst_zqqmw0v4exbhvv2l",
    x_routing_id="customer_1122",
    bank_code="JP_HDFC",
    account_details=details,
    command=Command.VALIDATE,
)
listed = api.list_customer_accounts(customer_id="cst_zqqmw0v4exbhvv2l", x_routing_id="customer_1122")
listed = [CustomerAccount.from_dict(account) for account in listed]  # help: say what the list holds


def show(what, accounts):
    for account in accounts:
        of = account.account_details
        payee = of.vpa or f"{of.ifsc} {of.account}"
        print(f"{what} {payee}: {account.validation_status}, {account.validation_amount}")


show("validated", validated)
show("listed", listed)
