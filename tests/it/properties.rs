//! Properties of every request and every response, not only of the samples.

use contract_tests::json;
use contract_tests::spec::{component, load, resolve};
use contract_tests::texts::inside;
use contract_tests::wire::Recorder;
use juspay_accounts::generated::types::CreateAndValidateForm;
use juspay_accounts::validation::{
    AccountNumber, Amount, BankAccount, BankCode, CustomerId, Ifsc, Name, RoutingId, Vpa,
};
use juspay_accounts::{AccountsRequest, CustomerAccount};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::string::string_regex;
use serde_json::{Map, Value, json};

/// Generates values from the pattern of a schema, parsed by the hand-written type.
fn value<T: std::str::FromStr<Err: std::fmt::Debug> + std::fmt::Debug>(
    schema: &str,
) -> impl Strategy<Value = T> + use<T> {
    let spec = load();
    let pattern = component(&spec, schema)["pattern"].as_str().unwrap().to_owned();
    inside(&pattern).prop_map(|text| text.parse().unwrap())
}

fn bank_account() -> impl Strategy<Value = BankAccount> {
    let parts = (value::<Ifsc>("Ifsc"), value::<AccountNumber>("AccountNumber"), option::of(value::<Name>("Name")));
    parts.prop_map(|(ifsc, account, name)| BankAccount { ifsc, account, name })
}

fn request() -> impl Strategy<Value = AccountsRequest> {
    let accounts = prop_oneof![
        (vec(bank_account(), 1..4), vec(value::<Vpa>("Vpa"), 0..3)),
        (vec(bank_account(), 0..3), vec(value::<Vpa>("Vpa"), 1..4)),
    ];
    let optional = (
        option::of(value::<RoutingId>("RoutingId")),
        option::of(value::<Amount>("Amount")),
        option::of(string_regex("[!-~]{1,128}").unwrap()),
    );
    let head = (value::<CustomerId>("CustomerId"), value::<BankCode>("BankCode"));
    (head, accounts, optional).prop_map(|((customer, bank), (banks, upi), (routing, amount, other))| {
        let mut builder = AccountsRequest::builder(customer, bank);
        for BankAccount { ifsc, account, name } in banks {
            builder = match name {
                Some(name) => builder.named_bank_account(ifsc, account, name),
                None => builder.bank_account(ifsc, account),
            };
        }
        for vpa in upi {
            builder = builder.upi(vpa);
        }
        if let Some(routing) = routing {
            builder = builder.routing_id(routing);
        }
        if let Some(amount) = amount {
            builder = builder.validation_amount(amount);
        }
        if let Some(text) = other {
            let text = text.as_str();
            builder = builder.gateway_id(text).gateway_reference_id(text).preferred_gateway(text);
        }
        builder.build().unwrap()
    })
}

#[test]
fn any_request_arrives_as_it_was_built() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let server = runtime.block_on(Recorder::start("200 OK", "[]"));
    let client = runtime.block_on(async { server.client() });
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) };
    proptest!(config, |(request in request())| {
        runtime.block_on(client.validate(&request)).unwrap();
        let received = runtime.block_on(server.request());

        let escaped = received.target.strip_prefix("/customers/").and_then(|rest| rest.strip_suffix("/accounts")).unwrap();
        let segment = percent_encoding::percent_decode_str(escaped).decode_utf8().unwrap();
        prop_assert_eq!(segment, request.parts().customer_id.as_str());
        prop_assert_eq!(received.header("x-routing-id"), [request.parts().routing_id.as_str()]);

        let bank = |account: &BankAccount| {
            let mut json = json!({ "ifsc": account.ifsc.as_str(), "account": account.account.as_str() });
            if let Some(name) = &account.name {
                json["name"] = name.as_str().into();
            }
            json
        };
        let mut details = Map::new();
        if request.bank_accounts().next().is_some() {
            details.insert("bank_account".to_owned(), request.bank_accounts().map(bank).collect());
        }
        if request.upi().next().is_some() {
            details.insert("upi".to_owned(), request.upi().map(|vpa| json!({ "vpa": vpa.as_str() })).collect());
        }
        let sent: Value = serde_json::from_str(&received.field("account_details")).unwrap();
        prop_assert_eq!(sent, Value::Object(details));

        let mut expected = vec![
            ("bank_code", request.parts().bank_code.as_str().to_owned()),
            ("command", "validate".to_owned()),
            ("customer_id", request.parts().customer_id.as_str().to_owned()),
        ];
        expected.extend(request.parts().options.gateway_id.as_ref().map(|id| ("gateway_id", id.as_str().to_owned())));
        expected.extend(request.parts().options.gateway_reference_id.as_ref().map(|id| ("gateway_reference_id", id.as_str().to_owned())));
        expected.extend(request.parts().options.preferred_gateway.as_ref().map(|name| ("preferred_ifsc_validation_gateway", name.as_str().to_owned())));
        expected.extend(request.parts().options.validation_amount.map(|amount| ("validation_amount", amount.to_string())));
        for (name, value) in &expected {
            prop_assert_eq!(&received.field(name), value);
        }
        // The generated types also read what they wrote.
        let read: CreateAndValidateForm = serde_urlencoded::from_bytes(&received.body).unwrap();
        let again = serde_urlencoded::to_string(&read).unwrap();
        prop_assert_eq!(again.as_bytes(), received.body.as_slice());

        let fields: usize = received.form().values().sum();
        prop_assert_eq!(fields, expected.len() + 1, "no other field");
    });
}

fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        proptest::num::f64::NORMAL.prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            btree_map(any::<String>(), inner, 0..4).prop_map(|map| map.into_iter().collect()),
        ]
    })
}

/// A value as a server may send it in place of a string: any string, a timestamp with 0 to 9 fractional digits, a value
/// that the spec does not list yet, or a value of another type.
fn text() -> impl Strategy<Value = Value> {
    prop_oneof![
        2 => any::<String>().prop_map(Value::from),
        2 => "2025-02-24T13:19:43(\\.[0-9]{1,9})?Z".prop_map(Value::from),
        2 => "[A-Z_]{1,12}".prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<u64>().prop_map(Value::from),
        1 => proptest::num::f64::NORMAL.prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => vec(anything(), 0..3).prop_map(Value::from),
        1 => btree_map(any::<String>(), anything(), 0..3).prop_map(|map| map.into_iter().collect()),
    ]
}

/// An object of the schema. Each property may be missing or null, and properties outside of the schema may be added.
fn object(spec: &Value, schema: &Value) -> BoxedStrategy<Value> {
    let mut all: BoxedStrategy<Map<String, Value>> =
        btree_map("[a-z]{1,3}_new", anything(), 0..3).prop_map(|map| map.into_iter().collect()).boxed();
    for (name, property) in schema["properties"].as_object().unwrap() {
        let property = resolve(spec, property);
        let present = match property["type"].as_str() {
            Some("object") => object(spec, property),
            Some("array") => vec(object(spec, resolve(spec, &property["items"])), 0..3).prop_map(Value::from).boxed(),
            _ => text().boxed(),
        };
        let value = prop_oneof![1 => Just(None), 1 => Just(Some(Value::Null)), 4 => present.prop_map(Some)];
        let name = name.clone();
        all = (all, value)
            .prop_map(move |(mut map, value)| {
                map.extend(value.map(|value| (name.clone(), value)));
                map
            })
            .boxed();
    }
    all.prop_map(Value::Object).boxed()
}

/// What remains of an object after reading and writing it: the known fields, with nulls left out and values as strings,
/// and the other fields that the spec says to keep, unchanged.
fn kept(spec: &Value, schema: &Value, value: &Value) -> Value {
    match (schema["type"].as_str(), value) {
        (Some("object"), Value::Object(map)) => {
            let known = schema["properties"].as_object().unwrap();
            let keep = |(name, value): (&String, &Value)| match known.get(name) {
                Some(_) if value.is_null() => None,
                Some(property) => Some((name.clone(), kept(spec, resolve(spec, property), value))),
                None => (schema["additionalProperties"] == true).then(|| (name.clone(), value.clone())),
            };
            map.iter().filter_map(keep).collect()
        }
        (Some("array"), Value::Array(items)) => {
            items.iter().map(|item| kept(spec, resolve(spec, &schema["items"]), item)).collect()
        }
        // The amount stays a number or a string.
        (None, Value::Number(_)) if schema["oneOf"].is_array() => value.clone(),
        (_, Value::Number(_) | Value::Bool(_)) => value.to_string().into(),
        (_, Value::Array(_)) => "[…]".into(),
        (_, Value::Object(_)) => "{…}".into(),
        _ => value.clone(),
    }
}

fn reads_any<T: serde::de::DeserializeOwned + serde::Serialize>(schema: &str) {
    let spec = load();
    let schema = component(&spec, schema);
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1000) };
    proptest!(config, |(response in object(&spec, schema))| {
        let bytes = serde_json::to_vec(&response).unwrap();
        let read: T = serde_json::from_slice(&bytes).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let written = serde_json::to_value(&read).unwrap();
        let expected = kept(&spec, schema, &serde_json::from_slice(&bytes).unwrap());
        prop_assert!(same_text(&written, &expected), "{written}\n{expected}");
    });
}

/// Whether two values are equal. A number with an exponent or a fraction that became a string may be written
/// differently (`1e30`, `1000…`).
fn same_text(one: &Value, other: &Value) -> bool {
    json::same_by(one, other, &|one, other| match (one, other) {
        (Value::String(one), Value::String(other)) if other.contains(['.', 'e', 'E']) => {
            one == other || one.parse::<f64>().is_ok_and(|one| other.parse() == Ok(one))
        }
        _ => json::same(one, other),
    })
}

#[test]
fn any_account_is_read_whatever_is_missing_null_new_or_of_another_type() {
    reads_any::<CustomerAccount>("CustomerAccount");
}

#[test]
fn any_error_envelope_is_read_whatever_is_missing_null_new_or_of_another_type() {
    reads_any::<juspay_accounts::generated::types::ErrorEnvelope>("ErrorEnvelope");
}
