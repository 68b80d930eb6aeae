use super::problem::missing;
use super::*;

fn fields(body: &str) -> Vec<String> {
    let form = form(body.as_bytes()).unwrap();
    let problems = request("cst_1", Ok(Some("cst_1")), &form).unwrap_err();
    problems.into_iter().map(|problem| problem.field).collect()
}

fn with_details(details: &str) -> Vec<String> {
    fields(&format!("bank_code=b&command=validate&account_details={details}"))
}

#[test]
fn a_form_is_read_strictly() {
    assert_eq!(
        form(b"a=1+2&&b&c=%C3%A9=&=x").unwrap(),
        [("a", "1 2"), ("b", ""), ("c", "é="), ("", "x")].map(|(k, v)| (k.to_owned(), v.to_owned()))
    );
    assert!(form(b"a=%FF").is_err());
    assert!(form(b"\xff=a").is_err());
}

#[test]
fn all_problems_are_told_at_once() {
    assert_eq!(fields(""), ["bank_code", "command", "account_details"]);
    assert_eq!(
        fields("bank_code=b&bank_code=b&command=x&account_details={}&customer_id=.."),
        ["bank_code", "command", "customer_id", "account_details"]
    );
    assert_eq!(
        fields(
            "bank_code=&command=validate&gateway_id=&gateway_reference_id=a b&preferred_ifsc_validation_gateway=&validation_amount=0&account_details={\"upi\":[{\"vpa\":\"a\"},{\"vpa\":1},{}]}"
        ),
        [
            "account_details.upi[1].vpa",
            "account_details.upi[2].vpa",
            "bank_code",
            "gateway_id",
            "gateway_reference_id",
            "preferred_ifsc_validation_gateway",
            "validation_amount",
            "account_details.upi[0].vpa"
        ]
    );
    let form = form(b"bank_code=b&command=validate&account_details={\"upi\":[{\"vpa\":\"a@upi\"}]}").unwrap();
    assert!(request("cst_1", Ok(Some("r")), &form).is_ok());
    assert_eq!(request("cst_1", Ok(None), &form).unwrap_err(), [missing("x-routing-id")]);
    assert_eq!(request("..", Ok(Some("r")), &form).unwrap_err()[0].field, "customer_id");
}

#[test]
fn account_details_have_to_be_as_described() {
    for (details, expected) in [
        ("", vec!["account_details"]),
        ("[]", vec!["account_details"]),
        (r#"{"upi":[{"vpa":"a@upi"}],"upi":[{"vpa":"b@upi"}]}"#, vec!["account_details"]),
        (r#"{"upi":[{"vpa":"a@upi","vpa":"b@upi"}]}"#, vec!["account_details"]),
        ("null", vec!["account_details"]),
        ("{}", vec!["account_details"]),
        (r#"{"upi":[]}"#, vec!["account_details.upi"]),
        (r#"{"upi":{}}"#, vec!["account_details.upi"]),
        (r#"{"upi":null}"#, vec!["account_details.upi"]),
        (r#"{"upi":[1]}"#, vec!["account_details.upi[0]"]),
        (r#"{"upi":[{"vpa":"a@upi","x":1}]}"#, vec!["account_details.upi[0]"]),
        (r#"{"Upi":[{"vpa":"a@upi"}]}"#, vec!["account_details"]),
        (r#"{"bank_account":[],"upi":[{"vpa":"a@upi"}]}"#, vec!["account_details.bank_account"]),
        (
            r#"{"bank_account":[{"ifsc":"YESB0000262"},{"ifsc":"x","account":"12345","name":""}]}"#,
            vec![
                "account_details.bank_account[0].account",
                "account_details.bank_account[1].ifsc",
                "account_details.bank_account[1].name",
            ],
        ),
    ] {
        assert_eq!(with_details(details), expected, "{details}");
    }
}
