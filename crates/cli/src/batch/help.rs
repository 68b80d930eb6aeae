//! What `batch --help` says beyond the flags.

/// Columns, output, journal and exit codes. Paragraphs are one line each, which clap wraps.
pub(crate) const MORE: &str = "\
Examples:
  juspay-accounts batch payees.csv --check-only
  juspay-accounts batch payees.csv --out outcomes.ndjson --env sandbox --rate 5
  juspay-accounts batch payees.csv --out outcomes.ndjson --env sandbox --rate 5 --resume --reconcile

Input:
  CSV in UTF-8, separated by commas, with lines that end in LF or CRLF and no line break within a value. The first row is \
the header; columns stand in any order and case. Every other row is one account:

    customer_id           whose account it is; in every row
    bank_code             the vendor's code for the bank, such as JP_HDFC; in every row
    ifsc, account         a bank account: its branch and its number
    name                  the holder's name, in a row with a bank account
    vpa                   a UPI address, in a row without a bank account
    gateway_id            provider that validates
    gateway_reference_id  arrangement with that provider
    preferred_gateway     gateway that should validate
    amount                rupees that a penny drop pays; without it, the vendor pays 1
    routing_id            header x-routing-id, if it is not the customer's id
    reference             up to 255 characters of your own: not sent, and back in the output

  An account that comes twice for a customer is a problem, since it would be paid for twice. A branch that is not in the \
list within this program is none, since the list can be out of date: a warning names the first of such rows.

Output:
  A line for each row, in the order of the answers, with all of these keys:

    line                  line of the row in the input
    attempt               how often it was sent; of several lines of a row, the last counts
    reference             that of the input
    account               the account, masked
    outcome               active, failed, pending: what the bank says; --follow reads what
                          became of pending
                          other: there was an answer, with another status
                          refused: the server refused it; nothing was paid
                          not_sent: there was no connection; nothing was paid
                          unknown: it may have been paid for; --reconcile finds out
                          skipped: it is invalid (--skip-invalid)
    status                validation_status of the answer
    customer_account_id   that of the answer
    request_id            by which the vendor finds the call
    error                 kind of the failure, such as timeout or rejected
    again                 whether --resume sends it again
    reason                what was wrong, as a sentence

  Account numbers, UPI addresses, names and the key are neither in it nor in the journal.

  On standard output is how many rows have which outcome. With --output json: {\"rows\", \"outcomes\", \"left\", \"output\"}, \
where \"left\" are the rows that were not reached; with --check-only {\"rows\", \"problems\", \"unlisted\"}, the last of them \
rows whose branch is not in the list.

Journal:
  A row is sent when it is on disk that it will be, and done when its outcome is on disk. So after any end of the program, \
by kill -9 or a full disk too, it is known of each row whether it may have been sent.

  --resume sends what was not sent, and what was refused for the key, the address or the rate (errors unauthorized, \
forbidden, not_found, redirected, rate_limited). A row that was about to be sent and has no outcome is written down as \
unknown, and is not sent again. The input, the server and the output have to be those of the first run.

  --resume --reconcile also reads the accounts of the customers of rows that are unknown. If the row's account is there and was \
validated since the row was first sent, its status is the outcome. If it is not there, the list is whole, and the row was sent so long \
ago that no server is still at it (--settle), then nothing was paid, and the row is sent again. Otherwise it stays unknown, with \
the reason. The clocks of the server and of this machine may be half a minute apart.

  --resume --follow reads the accounts of rows that are pending, each once. What has ended by then is written down with the same \
attempt; run it again for the others. It pays nothing.

  Ctrl-C waits for the calls under way; a second one does not. A run ends by itself when the key is refused, and when 10 \
calls in a row fail for another reason than what is in them, those that send and those that read each by themselves.

Memory:
  The file is read twice and never held. To find an account that comes twice, 16 bytes of each row are kept, for a large file \
in a temporary file. --resume keeps a few bytes of each row, and the ids of those that are unknown, with --follow also of those that are pending. Standard input is first \
copied to a temporary file. Only this program can open such a file, and it does not outlive it.

Exit codes, of which the first that fits is taken:
  2  wrong usage, a problem in the file, or nothing to resume; nothing was sent
  4  it is not known what became of some rows
  3  the server does not accept the key
  5  some rows were not sent
  3  the server refused some rows
  1  some rows are not active, or were skipped; with --check-only, the file has a problem
  0  all rows are active; with --check-only, the file has no problem";

#[cfg(test)]
mod tests {
    use super::MORE;
    use crate::batch::columns::Column;
    use crate::batch::outcome::Outcome;

    #[test]
    fn every_column_and_outcome_is_told() {
        let words: Vec<_> = MORE.split(|letter: char| !letter.is_alphanumeric() && letter != '_').collect();
        for column in Column::ALL {
            assert!(words.contains(&column.name()), "{}", column.name());
        }
        for outcome in Outcome::ALL {
            let name = serde_json::to_value(outcome).unwrap();
            assert!(words.contains(&name.as_str().unwrap()), "{name}");
        }
    }
}
