//! Responses and errors for tests without a server.
//!
//! ```
//! use juspay_accounts::{CustomerAccount, Delivery, ErrorKind, test_util};
//!
//! let accounts = test_util::response(vec![CustomerAccount::default()]);
//! assert_eq!(accounts.len(), 1);
//! assert_eq!(test_util::error(ErrorKind::Timeout).delivery(), Delivery::Unknown);
//!
//! let refused = test_util::failure(403, br#"{"error_info":{"code":"BAD_ORIGIN"}}"#);
//! assert!(refused.to_string().contains("allow-list"));
//! ```

use std::time::SystemTime;

use reqwest::StatusCode;

use crate::error::Error;
use crate::error::kind::{Delivery, ErrorKind};
use crate::response::Response;
use crate::transport::attempt::{Attempt, CallLog};

/// Makes a response with this value, received in one attempt.
pub fn response<T>(value: T) -> Response<T> {
    Response { value, complete: None, log: CallLog { attempts: 1, ..CallLog::default() } }
}

/// Makes an error of this kind, for a call that can move money. The call made one attempt, which started now, or none
/// if the kind is `InvalidRequest` or `Stopped`.
pub fn error(kind: ErrorKind) -> Error {
    Error::of_call(kind, &mut log(Attempt::default(), kind), &[])
}

/// Makes the error of a call that can move money and got a response with this status and body.
///
/// # Panics
/// The status is not between 100 and 999, or is a success.
pub fn failure(status: u16, body: &[u8]) -> Error {
    let mut last = Attempt { status: StatusCode::from_u16(status).ok(), ..Attempt::default() };
    if let Some(known) = last.status {
        last.failed(known, body);
    }
    assert!(last.kind.is_some(), "{status} is not the status of a failure");
    let kind = last.kind.unwrap_or(ErrorKind::Server);
    Error::of_call(kind, &mut log(last, kind), body)
}

fn log(last: Attempt, kind: ErrorKind) -> CallLog {
    let was_tried = kind.delivery() != Delivery::NotSent || kind == ErrorKind::NotConnected;
    let sent_at = was_tried.then(SystemTime::now);
    CallLog { attempts: u32::from(was_tried), sent_at, last, has_payees: true, ..CallLog::default() }
}
