import createClient from "openapi-fetch";
import type { components, paths } from "./generated";
import { show } from "./show";

const client = createClient<paths>({
  baseUrl: process.env.SANDBOX_URL,
  headers: {
    authorization: `Basic ${btoa("any-key:")}`, // help: authenticate the request, and name its media type
    "content-type": "application/x-www-form-urlencoded",
  },
});
const of = { path: { customer_id: "cst_zqqmw0v4exbhvv2l" }, header: { "x-routing-id": "customer_1122" } };
const account_details = {
  bank_account: [{ ifsc: "YESB0000262", account: "026291800001191" }],
  upi: [{ vpa: "9164326296@upi" }],
};
const validated = await client.POST("/customers/{customer_id}/accounts", {
  params: of,
  body: {
    bank_code: "JP_HDFC",
    account_details: JSON.stringify(account_details) as unknown as typeof account_details, // help: write account_details as JSON
    command: "validate",
  },
});
const listed = await client.GET("/customers/{customer_id}/customer-accounts/list", { params: of });
show("validated", validated.data!);
show("listed", listed.data as components["schemas"]["CustomerAccount"][]); // help: say what the list holds
