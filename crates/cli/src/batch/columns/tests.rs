use super::*;

fn read(names: &str) -> Result<Header, Vec<String>> {
    Header::read(&names.split(',').collect::<Vec<_>>())
}

#[test]
fn columns_stand_in_any_order_and_case() {
    let header = read("VPA, Bank_Code ,customer_ID").unwrap();
    assert_eq!(header.values(), 3);
    assert!(header.has(Column::Vpa) && !header.has(Column::Ifsc));
    assert_eq!(header.column(1), Some(Column::BankCode));
    for (column, name) in Column::ALL {
        assert_eq!((Column::of_name(name), column.name()), (Some(column), name));
    }
}

#[test]
fn what_is_wrong_with_a_header_is_said_at_once() {
    for (names, expected) in [
        ("customer_id,bank_code,vpa,vpa", &["columns 3 and 4 are both `vpa`"][..]),
        ("customer_id,bank_code,vpa,IFSC code,", &["column 4, `IFSC code`, is not known", "column 5, without a name"]),
        ("vpa", &["no column customer_id and bank_code, which"]),
        ("customer_id,bank_code", &["no column ifsc and account for bank accounts, or else vpa"]),
        ("customer_id,bank_code,ifsc", &["no column account for bank accounts, or else vpa"]),
        ("customer_id,bank_code,account,vpa", &["no column ifsc for bank accounts; accepted: customer_id,"]),
        ("", &["no header"]),
        ("customer_id;bank_code;vpa", &["(values are separated by commas)"]),
    ] {
        let problems = read(names).unwrap_err();
        assert_eq!(problems.len(), expected.len(), "{problems:?}");
        for (problem, expected) in problems.iter().zip(expected) {
            assert!(problem.contains(expected), "{problem}");
        }
        assert!(
            problems
                .last()
                .unwrap()
                .ends_with(&format!("; accepted: {}", Column::ALL.map(|(_, name)| name).join(", "))),
            "{problems:?}"
        );
    }
}

#[test]
fn a_row_of_accounts_in_place_of_a_header_is_not_quoted() {
    let problems = read("cst_1,JP_HDFC,YESB0000262,026291800001191,Ramesh Kumar").unwrap_err().concat();
    assert!(!problems.contains("0262918") && !problems.contains("Ramesh"), "{problems}");
    let problems = read("customer_id,bank_code,vpa\rcst_1,JP_HDFC,9164326296@upi\r").unwrap_err();
    assert_eq!(problems, ["its lines end in CR alone; accepted: LF or CRLF"]);
}
