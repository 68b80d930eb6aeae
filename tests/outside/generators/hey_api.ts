import { createAndValidateCustomerAccount, listCustomerAccounts, type CustomerAccount } from "./generated";
import { client } from "./generated/client.gen";
import { show } from "./show";

client.setConfig({ baseUrl: process.env.SANDBOX_URL, auth: "any-key:", throwOnError: true });
const of = { path: { customer_id: "cst_zqqmw0v4exbhvv2l" }, headers: { "x-routing-id": "customer_1122" } };
const account_details = {
  bank_account: [{ ifsc: "YESB0000262", account: "026291800001191" }],
  upi: [{ vpa: "9164326296@upi" }],
};
const validated = await createAndValidateCustomerAccount({
  ...of,
  body: { bank_code: "JP_HDFC", account_details, command: "validate" },
});
const listed = await listCustomerAccounts(of);
show("validated", validated.data!);
show("listed", listed.data as CustomerAccount[]); // help: say what the list holds
