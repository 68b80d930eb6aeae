//! The answer to a validation.

use crate::generated::types::CustomerAccount;

/// The customer accounts of an answer.
///
/// Their order is not promised to be that of the request: tell them apart by account number and IFSC, or by VPA.
#[derive(Clone, Debug)]
pub struct Accounts {
    list: Vec<CustomerAccount>,
    request_id: Option<String>,
}

impl Accounts {
    pub(crate) fn new(list: Vec<CustomerAccount>, request_id: Option<String>) -> Self {
        Self { list, request_id }
    }

    /// All accounts, as they were received.
    pub fn as_slice(&self) -> &[CustomerAccount] {
        &self.list
    }

    /// The accounts one by one.
    pub fn iter(&self) -> std::slice::Iter<'_, CustomerAccount> {
        self.list.iter()
    }

    /// The id by which the vendor finds this call, if the answer had one.
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// The accounts by themselves.
    pub fn into_vec(self) -> Vec<CustomerAccount> {
        self.list
    }
}

impl<'a> IntoIterator for &'a Accounts {
    type Item = &'a CustomerAccount;
    type IntoIter = std::slice::Iter<'a, CustomerAccount>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl IntoIterator for Accounts {
    type Item = CustomerAccount;
    type IntoIter = std::vec::IntoIter<CustomerAccount>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}
