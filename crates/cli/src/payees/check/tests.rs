use super::super::findings::LISTED;
use super::*;
use crate::input::Profile;

fn checked(text: &str) -> Result<Checked, Unreadable> {
    let input = Input::from_bytes(text.as_bytes(), &Profile::default())?;
    let checked = check(&input, Some(&Salt::random()), false)?;
    // Without a log, payees are compared by other hashes, and the findings are the same.
    let alone = check(&input, None, false)?;
    assert_eq!((alone.rows, alone.invalid, alone.money), (checked.rows, checked.invalid, checked.money));
    assert_eq!((&alone.near, alone.problems.first()), (&checked.near, checked.problems.first()));
    assert_eq!((alone.problems.total, alone.advice.total), (checked.problems.total, checked.advice.total));
    let paid = checked.payees.iter().filter(|row| row.paise > 0);
    assert_eq!(checked.money, paid.fold((0, 0), |(drops, sum), row| (drops + 1, sum + u64::from(row.paise))));
    Ok(checked)
}

fn listed(text: &str) -> Vec<String> {
    let problems = match checked(text) {
        Ok(checked) => checked.problems.first(),
        Err(Unreadable::Problems(problems)) => problems,
        Err(error) => panic!("{error:?}"),
    };
    problems.into_iter().map(|problem| format!("{}: {}", problem.at, problem.problem)).collect()
}

#[test]
fn rows_problems_and_penny_drops_are_counted() {
    let text = "customer_id,bank_code,vpa,ifsc,account,validation_amount\nc,b,a@upi,,,\n,,a@upi,,,\nc,b\n\nc,b,b@upi,,,\n\
                c,b,,HDFC0000001,123456789,\nc,b,,HDFC0000001,123456780,2.50\n";
    let checked = checked(text).unwrap();
    assert_eq!((checked.rows, checked.invalid, checked.problems.total), (6, 2, 3));
    let mut rows: Vec<_> = checked.payees.iter().map(|row| (row.line, row.paise)).collect();
    rows.sort_unstable();
    assert_eq!(rows, [(2, 0), (6, 0), (7, 100), (8, 250)]);
}

#[test]
fn a_repeated_payee_is_listed_at_its_later_row() {
    let head = "customer_id,bank_code,ifsc,account,vpa";
    let listed = listed(&format!(
        "{head}\nc,b,YESB0000262,0012345,\nc,b,,,a@upi\nd,b,,,a@upi\nc,x,,,A@UPI\nc,b,YESB0000262,12345,\n\
         c,b,yesb0,,\nc,b,YESB0000262,0012345,\nC,b,YESB0000262,0012345,\nc,b,,,a@upi\n"
    ));
    let expected = [
        "row 5: the row repeats the account and customer of row 3; leave one of the two out",
        "row 7, column C (\"ifsc\"): character 1 is the lower-case letter y",
        "row 7, column D (\"account\"): it is empty",
        "row 8: the row repeats the account and customer of row 2",
        "row 10: the row repeats the account and customer of row 3",
    ];
    assert_eq!(listed.len(), expected.len(), "{listed:#?}");
    for (listed, expected) in listed.iter().zip(expected) {
        assert!(listed.starts_with(expected), "{listed}");
    }
}

#[test]
fn only_the_first_problems_are_listed_and_all_are_counted() {
    let text = format!("customer_id,bank_code,vpa\n{}{}", "c,b,@\n".repeat(150), "c,b,a@upi\n".repeat(1000));
    let found = checked(&text).unwrap();
    assert_eq!((found.problems.total, found.invalid), (1149, 1149));
    let listed = found.problems.first();
    assert_eq!((listed.len(), listed[9].at.as_str()), (LISTED, "row 11, column C (\"vpa\")"));
    // Repeated rows are found in the order of their hashes, and listed in the order of the file.
    let text = format!("customer_id,bank_code,vpa\n{}", "c,b,a@upi\nd,b,b@upi\n".repeat(500));
    let listed = checked(&text).unwrap().problems.first();
    assert!(listed.iter().map(|problem| problem.at.clone()).eq((4..14).map(|line| format!("row {line}"))));
}

#[test]
fn payees_that_resemble_one_in_an_earlier_row_get_advice() {
    let text = "customer_id,bank_code,ifsc,account,vpa\nc,b,YESB0000262,026291800001,\nc,b,,,a@upi\nd,b,,,a@upi\n\
                c,b,YESB0000262,26291800001,\nc,b,HDFC0000053,026291800001,\nd,b,YESB0000262,026291800001,\n\
                e,b,YESB0000262,987650001299,\n";
    let checked = checked(text).unwrap();
    let found: Vec<_> = (1..=8).filter_map(|line| Some((line, checked.likeness(line)?))).collect();
    let expected = [(5, Likeness::LeadingZeros), (6, Likeness::OtherIfsc), (7, Likeness::OtherCustomer)];
    assert_eq!(found, expected.map(|(line, likeness)| (line, Unusual::Like(likeness, 2))));
    assert_eq!((checked.advice.total, checked.invalid), (3, 0));
}

#[test]
fn one_ifsc_in_all_of_many_rows_gets_advice() {
    let rows = |count| (0..count).map(|row| format!("c,b,YESB0000262,98765000{row:04}\n")).collect::<Vec<_>>().concat();
    let advice = |rows: String| checked(&format!("customer_id,bank_code,ifsc,account\n{rows}")).unwrap().advice.total;
    assert_eq!([advice(rows(4)), advice(rows(5)), advice(rows(5) + "c,b,HDFC0000053,987650009999\n")], [0, 1, 0]);
}
