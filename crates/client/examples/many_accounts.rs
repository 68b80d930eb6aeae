//! Several accounts in one call, each found in the answer by what was sent: the order of the answer is not promised.
//!
//! `cargo run --example many_accounts`

use juspay_accounts::validation::{AccountNumber, Ifsc, Vpa};
use juspay_accounts::{AccountsRequest, ApiKey, BaseUrl, Client};
use juspay_accounts_sandbox::Sandbox;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::start().await?;
    let client = Client::new(sandbox.url().parse::<BaseUrl>()?, ApiKey::new("any-key")?)?;

    // Checked once, here; what has these types is well formed from now on.
    let ifsc: Ifsc = "YESB0000262".parse()?;
    let numbers = ["026291800001191", "026291800001190"].map(str::parse::<AccountNumber>);
    let vpa: Vpa = "pending@upi".parse()?;

    let mut builder = AccountsRequest::builder("cst_zqqmw0v4exbhvv2l", "JP_HDFC").upi(vpa.clone());
    for number in numbers.iter().flatten() {
        builder = builder.bank_account(ifsc.clone(), number.clone());
    }
    let accounts = client.validate(builder.build()?).await?;

    for number in numbers.iter().flatten() {
        // A number prints as its last four digits.
        let found = accounts.find_bank_account(&ifsc, number).next();
        println!("{number}: {:?}", found.and_then(|account| account.validation_status.as_ref()));
    }
    let found = accounts.find_upi(&vpa).next();
    println!("{vpa}: {:?}", found.and_then(|account| account.validation_status.as_ref()));
    assert!(!accounts.all_active() && accounts.any_pending());
    Ok(())
}
