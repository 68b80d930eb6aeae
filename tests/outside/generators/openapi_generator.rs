use openapi::apis::configuration::Configuration;
use openapi::apis::customer_accounts_api::{create_and_validate_customer_account, list_customer_accounts};
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
    let (customer_id, routing_id) = ("cst_zqqmw0v4exbhvv2l", "customer_1122");
    let validated = create_and_validate_customer_account(
        &configuration, customer_id, routing_id, "JP_HDFC", details, Command::Validate, None, None, None, None, None, None, None,
    )
    .await
    .unwrap();
    let listed = list_customer_accounts(&configuration, customer_id, routing_id, None, None).await.unwrap();
    let listed: Vec<CustomerAccount> = serde_json::from_value(listed).unwrap(); // help: say what the list holds
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
