use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use anyhow::{Context as _, Result};
use openapi_doc::{FORM, Operation, examples_at, object, operations, resolve, target};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// The parameter that names an account. Its value comes from an earlier response.
pub(crate) const ACCOUNT_ID: &str = "customer_account_id";
const CUSTOMER_ID: &str = "customer_id";
const ROUTING_ID: &str = "x-routing-id";

/// The field of a form that lists accounts.
const ACCOUNTS: &str = "account_details";

/// A stage of a validation, in the words of the test data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// The account is valid.
    Valid,
    /// The account is not valid.
    Invalid,
    /// The validation fails.
    Error,
    /// The validation has not ended.
    Pending,
    /// No response arrives in time.
    #[serde(rename = "times out")]
    TimesOut,
}

/// One account of the vendor's test data.
#[derive(Clone, Debug, Deserialize)]
pub struct TestAccount {
    /// The fields that a request has for this account: `account` and `ifsc`, or `vpa`.
    #[serde(flatten)]
    pub fields: Map<String, Value>,
    /// The stages of its validation.
    pub outcomes: Vec<Outcome>,
}

impl TestAccount {
    /// Reads a list of accounts.
    ///
    /// # Errors
    /// The file cannot be read, or is not a list of accounts.
    pub fn load(file: &Path) -> Result<Vec<Self>> {
        let text = fs_err::read_to_string(file)?;
        serde_yaml::from_str(&text).with_context(|| file.display().to_string())
    }
}

/// A request to send once.
#[derive(Clone, Debug)]
pub struct Call<'a> {
    /// The operation to call.
    pub operation: Operation<'a>,
    /// The name of the example, or the number of the account in the test data. It contains no value.
    pub name: String,
    /// Whether the key is sent.
    pub is_signed: bool,
    /// The stages that the test data promises, in order.
    pub outcomes: Vec<Outcome>,
    pub(crate) path: BTreeMap<String, String>,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) form: Option<Map<String, Value>>,
}

/// What to send.
#[derive(Clone, Debug)]
pub struct Plan<'a> {
    /// The requests, in this order.
    pub calls: Vec<Call<'a>>,
    /// Reads all accounts of the customer, to follow pending validations.
    pub(crate) list: Option<Call<'a>>,
    /// The calls that delete accounts; they come last.
    pub(crate) deletions: Vec<Call<'a>>,
}

/// What a plan costs at most where money is real.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// The number of requests.
    pub requests: usize,
    /// The number of bank accounts that are validated.
    pub penny_drops: usize,
    /// What the penny drops pay, in paise.
    pub paise: u64,
    /// The number of UPI addresses that are validated. The vendor does not document whether that costs money.
    pub upi_validations: usize,
}

impl<'a> Plan<'a> {
    /// The plan for the examples of a spec and the test data, for one customer; without one, for the customer of the
    /// examples. Accounts with a validation that times out are included only if `with_timeouts` is set.
    pub fn new(document: &'a Value, test_data: &[TestAccount], customer: Option<&str>, with_timeouts: bool) -> Self {
        let mut calls: Vec<_> =
            operations(document).iter().flat_map(|operation| examples(document, operation)).collect();
        if let Some(customer) = customer {
            for call in &mut calls {
                call.is_for(customer);
            }
        }
        // Calls that create accounts come before calls that need one.
        calls.sort_by_key(|call| call.path.contains_key(ACCOUNT_ID));
        let (deletions, mut calls): (Vec<_>, Vec<_>) =
            calls.into_iter().partition(|call| call.has("command", "delete"));
        if let Some(sample) = calls.iter().find(|call| call.validates() && call.payees().len() == 1).cloned() {
            let own = test_data.iter().enumerate();
            let own = own.filter(|(_, one)| with_timeouts || !one.outcomes.contains(&Outcome::TimesOut));
            calls.extend(own.map(|(index, account)| sample.for_account(index + 1, account)));
            let created = sample.without_validation();
            calls.splice(0..0, [Call { name: "without a key".to_owned(), is_signed: false, ..sample }, created]);
        }
        let list = |call: &&Call<'_>| call.operation.method == "get" && !call.path.contains_key(ACCOUNT_ID);
        Self { list: calls.iter().find(list).cloned(), calls, deletions }
    }

    /// The cost of the plan.
    pub fn cost(&self) -> Cost {
        let requests = self.calls.len() + self.deletions.len();
        let mut cost = Cost { requests, ..Cost::default() };
        for call in self.calls.iter().filter(|call| call.validates()) {
            let payees = call.payees();
            let banks = payees.iter().filter(|payee| payee.get("vpa").is_none()).count();
            cost.upi_validations += payees.len() - banks;
            // The account that is validated again may be a bank account.
            let drops = if payees.is_empty() { 1 } else { banks };
            cost.penny_drops += drops;
            cost.paise += call.paise().saturating_mul(drops as u64);
        }
        cost
    }
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { requests, penny_drops, paise, upi_validations } = self;
        let (rupees, paise) = (paise / 100, paise % 100);
        write!(f, "{requests} requests with at most {penny_drops} penny drops ({rupees}.{paise:02} rupees in all)")?;
        write!(f, " and {upi_validations} validations of UPI addresses")
    }
}

impl Call<'_> {
    fn has(&self, field: &str, value: &str) -> bool {
        self.form.as_ref().is_some_and(|form| form.get(field).is_some_and(|own| own == value))
    }

    /// Whether money can move: the form neither creates without a validation nor deletes.
    fn validates(&self) -> bool {
        let command = self.form.as_ref().map(|form| form.get("command").and_then(Value::as_str));
        command.is_some_and(|command| !matches!(command, Some("create" | "delete")))
    }

    /// The payees of the request: bank accounts first.
    pub(crate) fn payees(&self) -> Vec<&Value> {
        let mut lists: Vec<_> = object(self.form.as_ref().and_then(|form| form.get(ACCOUNTS))).collect();
        lists.sort_by_key(|(kind, _)| *kind);
        lists.into_iter().filter_map(|(_, list)| list.as_array()).flatten().collect()
    }

    /// What one penny drop of this call pays.
    fn paise(&self) -> u64 {
        let amount = self.form.as_ref().and_then(|form| form.get("validation_amount")?.as_str()).unwrap_or("1");
        let (rupees, paise) = amount.split_once('.').unwrap_or((amount, ""));
        let number = |digits: &str| digits.parse::<u64>().unwrap_or_default();
        number(rupees) * 100 + number(&format!("{paise:0<2}"))
    }

    fn is_for(&mut self, customer: &str) {
        let form = self.form.iter_mut().filter_map(|form| form.get_mut(CUSTOMER_ID));
        form.for_each(|value| *value = customer.into());
        let named = [(&mut self.path, CUSTOMER_ID), (&mut self.headers, ROUTING_ID)];
        for (values, name) in named {
            values.entry(name.to_owned()).and_modify(|value| customer.clone_into(value));
        }
    }

    fn for_account(&self, number: usize, account: &TestAccount) -> Self {
        let mut call = self.clone();
        let list = if account.fields.contains_key("vpa") { "upi" } else { "bank_account" };
        let form = call.form.get_or_insert_default();
        form.insert(ACCOUNTS.to_owned(), json!({ list: [account.fields] }));
        call.name = format!("account {number} of the test data");
        call.outcomes.clone_from(&account.outcomes);
        call
    }

    /// The operation *Create Customer Account*, which has the same route but no sample.
    fn without_validation(&self) -> Self {
        let mut call = Self { name: "without a validation".to_owned(), ..self.clone() };
        let form = call.form.get_or_insert_default();
        form.retain(|name, _| name != "validation_amount" && name != "preferred_ifsc_validation_gateway");
        form.insert("command".to_owned(), "create".into());
        call
    }

    /// The path with its parameters filled in.
    pub(crate) fn target(&self) -> String {
        let encoded =
            |value: &str| percent_encoding::utf8_percent_encode(value, percent_encoding::NON_ALPHANUMERIC).to_string();
        let fill =
            |path: String, (name, value): (&String, &String)| path.replace(&format!("{{{name}}}"), &encoded(value));
        self.path.iter().fold(self.operation.path.to_owned(), fill)
    }

    /// The form as it is sent: text unchanged, other values as JSON.
    pub(crate) fn body(&self) -> Option<String> {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let pairs = self.form.as_ref()?.iter().map(|(name, value)| (name, text(value)));
        Some(form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish())
    }
}

/// One call for each example of a form, or a single call if the operation has no form.
fn examples<'a>(document: &Value, operation: &Operation<'a>) -> Vec<Call<'a>> {
    let mut call = Call {
        operation: operation.clone(),
        name: "example".to_owned(),
        is_signed: true,
        outcomes: Vec::new(),
        path: BTreeMap::new(),
        headers: BTreeMap::new(),
        form: None,
    };
    for parameter in operation.parameters().filter_map(|(_, parameter)| resolve(document, parameter)) {
        let text = |key: &str| parameter.get(key).and_then(Value::as_str).map(str::to_owned);
        let schema =
            parameter.get("schema").and_then(|schema| resolve(document, schema)).and_then(|one| one.get("example"));
        let example = text("example").or_else(|| schema?.as_str().map(str::to_owned));
        let is_required = parameter.get("required") == Some(&true.into());
        if let (Some(name), Some(example), true) = (text("name"), example, is_required) {
            let values = if text("in").as_deref() == Some("path") { &mut call.path } else { &mut call.headers };
            values.insert(name, example);
        }
    }
    let content = target(document, operation.pointer.join("requestBody")).at(&["content", FORM]);
    let Some(form) = document.pointer(content.as_str()) else { return vec![call] };
    let named = examples_at(form, &content).into_iter().filter_map(|at| {
        let example = resolve(document, document.pointer(at.as_str())?)?;
        let name = at.split_last()?.1;
        Some(Call { name, form: Some(example.get("value")?.as_object()?.clone()), ..call.clone() })
    });
    named.collect()
}
