import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.openapitools.client.ApiClient;
import org.openapitools.client.api.CustomerAccountsApi;
import org.openapitools.client.model.*;

public class Use {
    public static void main(String[] arguments) throws Exception {
        var client = new ApiClient();
        client.updateBaseUri(System.getenv("SANDBOX_URL"));
        var key = Base64.getEncoder().encodeToString("any-key:".getBytes());
        client.setRequestInterceptor(request -> request.header("Authorization", "Basic " + key)); // help: authenticate the request
        var api = new CustomerAccountsApi(client);

        var details = new AccountDetails() {
            public String toString() { return client.getObjectMapper().valueToTree(this).toString(); } // help: write account_details as JSON
        };
        details.addBankAccountItem(new BankAccount().ifsc("YESB0000262").account("026291800001191"));
        details.addUpiItem(new UpiAccount().vpa("9164326296@upi"));
        var validated = api.createAndValidateCustomerAccount(
            CustomerAccountsApi.APICreateAndValidateCustomerAccountRequest.newBuilder()
                .customerId("cst_zqqmw0v4exbhvv2l").xRoutingId("customer_1122").bankCode("JP_HDFC")
                .accountDetails(details).command(Command.VALIDATE).build());
        print("validated", validated);

        var listed = api.listCustomerAccounts(
            CustomerAccountsApi.APIListCustomerAccountsRequest.newBuilder()
                .customerId("cst_zqqmw0v4exbhvv2l").xRoutingId("customer_1122").build());
        print("listed", Arrays.asList(client.getObjectMapper().convertValue(listed, CustomerAccount[].class))); // help: say what the list holds
    }

    static void print(String what, List<CustomerAccount> accounts) {
        accounts.stream().map(account -> {
            var details = account.getAccountDetails();
            var payee = details.getVpa() != null ? details.getVpa() : details.getIfsc() + " " + details.getAccount();
            return what + " " + payee + ": " + account.getValidationStatus() + ", " + account.getValidationAmount();
        }).forEach(System.out::println);
    }
}
