use super::*;

#[test]
fn the_list_is_read_and_finds_each_of_its_names() {
    let known = Known::read(include_str!("../headers.toml")).unwrap();
    assert!(known.names.len() > 100);
    for (name, (column, rank)) in &known.names {
        assert_eq!(known.find(name), Some((*column, *rank)), "{name}");
        assert_eq!(known.find(&name.replace(' ', "")), Some((*column, *rank)), "{name}, without spaces");
        assert_eq!(known.find(&name.to_uppercase().replace(' ', "_")), Some((*column, *rank)), "{name}");
    }
}

#[test]
#[allow(clippy::too_many_lines, reason = "a list")]
fn headers_of_banks_and_programs_mean_what_they_say() {
    use Column::{Account, BankCode, ConfirmAccount, CustomerId, Ifsc, Name, Reference, Vpa};
    for (column, headers) in [
        (
            Some(Account),
            &[
                "account",
                "Account Number",
                "A/c No.",
                "A/C NO",
                "Beneficiary Account Number",
                "Bene A/c No",
                "BENE_ACC_NO",
                "bankAccount",
                "accountNumber",
                "Employee A/C Number",
                "Fund Account Number",
                "Account No. *",
                "Beneficiary's Account Number (Mandatory) Typically 9-18 digits",
                "Credit Account No",
                "BeneAccountNo",
                "ACCOUNTNO",
                "Bank A/c No.",
                "Vendor Bank Account Number",
                "Payee A/c",
                "Acc. No",
                "खाता संख्या",
                "Account\nNumber",
                "Account\u{a0}Number",
                "Acc\u{200b}ount No",
                "Beneficiary Account No (16 digits)",
                "SB A/c No.",
                "Saving Bank Account Number",
                "Savings Account No",
                "बैंक खाता संख्या",
                "कर्मचारी का खाता नंबर",
            ][..],
        ),
        (
            Some(ConfirmAccount),
            &[
                "Confirm Account Number",
                "Confirm A/c No.",
                "Re-enter Account Number",
                "Reconfirm Bank Account No",
                "Retype Account Number",
                "Account Number Confirmation",
                "Confirm Beneficiary Account Number",
                "confirmAccountNumber",
                "Bene A/c No (Confirm)",
            ],
        ),
        (
            Some(Ifsc),
            &[
                "ifsc",
                "IFSC Code",
                "IFS Code",
                "Beneficiary IFSC",
                "Fund Account Ifsc",
                "BENE_IFSC",
                "IFSCCode",
                "ifsccode",
                "IFSC Code (Mandatory) 11 digit code of the beneficiary’s bank account. Eg. HDFC0004277",
                "branchCode",
                "Bank IFSC",
                "RTGS/NEFT/IFSC Code",
                "Bene. IFSC Code",
                "IFSC Code No.",
                "बैंक आईएफएससी कोड",
            ],
        ),
        (
            Some(Name),
            &[
                "name",
                "Beneficiary Name",
                "BNF_NAME",
                "payeeName",
                "Employee Name",
                "Fund Account Name",
                "Vendor Name",
                "Name of the Beneficiary",
                "Account Holder's Name",
                "Name (as per bank)",
                "NAME OF EMPLOYEE",
                "Labour Name",
                "लाभार्थी का नाम",
                "खाताधारक का नाम",
                "खाता धारक का नाम",
                "Beneficiary Name (Mandatory) Special characters not supported",
            ],
        ),
        (
            Some(Vpa),
            &[
                "vpa",
                "UPI ID",
                "UPI",
                "Fund Account Vpa",
                "Virtual Payment Address",
                "Payee UPI Id",
                "UPI Address",
                "यूपीआई आईडी",
            ],
        ),
        (
            Some(Reference),
            &[
                "Reference",
                "beneId",
                "Beneficiary Code",
                "Employee Code",
                "Emp ID",
                "Contact Reference Id",
                "Emp. No.",
                "Ref No",
            ],
        ),
        (Some(CustomerId), &["customer_id", "Customer ID", "CUSTOMERID"]),
        (Some(BankCode), &["bank_code", "BANK_CODE"]),
        (Some(Column::Amount), &["validation_amount", "Validation_Amount"]),
        (
            None,
            &[
                "amount",
                "Amount",
                "Net Salary",
                "Payout Amount (in Rupees)",
                "Transaction Amount",
                "Debit Account Number",
                "Debit A/C Number",
                "RazorpayX Account Number",
                "DEBIT_ACC_NO",
                "Bank Name",
                "Branch",
                "Account Type",
                "Bank Code",
                "Account No (Debit)",
                "Remitter A/c",
                "Account confirmed",
                "Account Number Verified",
                "बैंक का नाम",
                "बैंक",
                "From Account",
                "S.No",
                "Sr No",
                "Mobile",
                "Phone Number",
                "Email",
                "PAN",
                "Beneficiary Bank Name",
                "Payment Mode",
                "",
                " ",
                "-",
                "Company Name",
                "Father's Name",
                "Branch Name",
                "Fund Account Id",
                "Fund Account Type",
                "Beneficiary City",
                "Date",
                "Remarks",
            ],
        ),
    ] {
        for header in headers {
            assert_eq!(find(header).map(|(column, _)| column), column, "{header}");
            for other in [header.to_uppercase(), format!("  {} ", header.to_lowercase()), header.replace(' ', "  ")] {
                assert_eq!(find(&other).map(|(column, _)| column), column, "{other}");
            }
        }
    }
}

#[test]
fn a_column_with_an_amount_is_not_one_with_its_currency() {
    for (header, expected) in [("Net Salary", true), ("amountValue", true), ("amountCurrency", false), ("Bank", false)]
    {
        assert_eq!(is_money(header), expected, "{header}");
    }
}
