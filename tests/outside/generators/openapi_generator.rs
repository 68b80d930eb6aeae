use openapi::apis::configuration::Configuration;
use openapi::apis::customer_accounts_api::{
    CreateAndValidateCustomerAccountParams, ListCustomerAccountsParams, create_and_validate_customer_account,
    list_customer_accounts,
};
use openapi::models::{AccountDetails, BankAccount, Command, CustomerAccount, UpiAccount};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let configuration = Configuration {
        base_path: std::env::var("SANDBOX_URL").unwrap(),
        basic_auth: Some(("any-key".to_owned(), Some(String::new()))),
        ..Configuration::default()
    };
    let details = AccountDetails {
        bank_account: Some(vec![BankAccount::new("YESB0000262".to_owned(), "026291800001191".to_owned())]),
        upi: Some(vec![UpiAccount::new("9164326296@upi".to_owned())]),
    };
    let create = CreateAndValidateCustomerAccountParams {
        customer_id: "cst_zqqmw0v4exbhvv2l".to_owned(),
        x_routing_id: "customer_1122".to_owned(),
        bank_code: "JP_HDFC".to_owned(),
        account_details: details,
        command: Command::Validate,
        x_merchantid: None,
        version: None,
        customer_id2: None,
        gateway_id: None,
        gateway_reference_id: None,
        preferred_ifsc_validation_gateway: None,
        validation_amount: None,
    };
    let list = ListCustomerAccountsParams {
        customer_id: "cst_zqqmw0v4exbhvv2l".to_owned(),
        x_routing_id: "customer_1122".to_owned(),
        x_merchantid: None,
        version: None,
    };
    let validated = create_and_validate_customer_account(&configuration, create).await.unwrap();
    let listed = list_customer_accounts(&configuration, list).await.unwrap();
    let listed: Vec<CustomerAccount> = serde_json::from_value(listed).unwrap(); // help: a list of any type
    show("validated", validated);
    show("listed", listed);
}

fn show(what: &str, accounts: Vec<CustomerAccount>) {
    for account in accounts {
        let of = account.account_details.flatten().unwrap();
        let bank_account = || format!("{} {}", of.ifsc.flatten().unwrap(), of.account.flatten().unwrap());
        let payee = of.vpa.flatten().unwrap_or_else(bank_account);
        let (status, amount) = (account.validation_status.flatten(), account.validation_amount.flatten());
        println!("{what} {payee}: {}, {}", status.unwrap(), amount.unwrap());
    }
}
