import { AccountDetailsToJSON, Command, Configuration, CustomerAccountFromJSON, CustomerAccountToJSON, CustomerAccountsApi } from "./generated";
import { show } from "./show";

const api = new CustomerAccountsApi(new Configuration({ basePath: process.env.SANDBOX_URL, username: "any-key", password: "" }));
const of = { customerId: "cst_zqqmw0v4exbhvv2l", xRoutingId: "customer_1122" };
const accountDetails = {
  bankAccount: [{ ifsc: "YESB0000262", account: "026291800001191" }],
  upi: [{ vpa: "9164326296@upi" }],
};
const validated = await api.createAndValidateCustomerAccount(
  { ...of, bankCode: "JP_HDFC", accountDetails, command: Command.Validate },
  async ({ init }) => {
    const details = JSON.stringify(AccountDetailsToJSON(accountDetails)); // help: write account_details as JSON
    (init.body as URLSearchParams).set("account_details", details);
    return init;
  },
);
const listed = (await api.listCustomerAccounts(of)).map(CustomerAccountFromJSON); // help: say what the list holds
show("validated", validated.map(CustomerAccountToJSON));
show("listed", listed.map(CustomerAccountToJSON));
