use super::*;
use crate::refusal::Problem;

/// The problems of a request; none if it is valid.
fn problems(customer: &str, routing_id: Option<&str>, form: &[u8]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let form = parse_form(form).unwrap();
    let request = request(customer, Ok(routing_id), &form, &mut problems);
    assert!(request.is_some() || !problems.is_empty());
    problems
}

fn fields(body: &str) -> Vec<String> {
    problems("cst_1", Some("cst_1"), body.as_bytes()).into_iter().map(|problem| problem.field).collect()
}

fn with_details(details: &str) -> Vec<String> {
    fields(&format!("bank_code=b&command=validate&account_details={details}"))
}

#[test]
fn form_is_parsed_strictly() {
    assert_eq!(
        parse_form(b"a=1+2&&b&c=%C3%A9=&=x").unwrap(),
        [("a", "1 2"), ("b", ""), ("c", "é="), ("", "x")].map(|(k, v)| (k.to_owned(), v.to_owned()))
    );
    assert!(parse_form(b"a=%FF").is_err());
    assert!(parse_form(b"\xff=a").is_err());
}

#[test]
fn all_problems_are_reported_together() {
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
    let form = b"bank_code=b&command=validate&account_details={\"upi\":[{\"vpa\":\"a@upi\"}]}";
    assert_eq!(problems("cst_1", Some("r"), form), []);
    assert_eq!(problems("cst_1", None, form), [Problem::missing("x-routing-id")]);
    assert_eq!(problems("..", Some("r"), form)[0].field, "customer_id");
}

#[test]
fn account_details_with_another_shape_are_refused() {
    for (details, expected) in [
        ("", vec!["account_details"]),
        ("[]", vec!["account_details"]),
        (r#"{"upi":[{"vpa":"a@upi"}],"upi":[{"vpa":"b@upi"}]}"#, vec!["account_details"]),
        (r#"{"upi":[{"vpa":"a@upi","vpa":"b@upi"}]}"#, vec!["account_details.upi[0]"]),
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
