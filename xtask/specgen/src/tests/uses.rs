//! Uses the code that is generated from `petrol.yaml`, as a program would.

use httpmock::MockServer;
use petrol::generated::extra::Extra;
use petrol::generated::json::Json;
use petrol::generated::open_enums::{FillingState, Fuel, LanguageParameter, ListFillingsSortBy};
use petrol::generated::types::{
    CardNumber, Filling, Money, OrderBodyExtras, OrderBodyExtrasItem, Payment, PaymentKind, Refusal, Service,
    StartFillingBody, StartFillingBodyNote, Station, StationType,
};
use petrol::generated::{Client, Error, builder};
use reqwest::{Request, Url};
use serde_json::{Map, Value, json};

const FILLING: &str = r#"{"id": "f1", "litres": 1.5, "remark": "full"}"#;

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

/// Runs `call` with a client of a server that responds to one method and path: with a status, a media type and a body.
fn served<T>(line: &str, response: (u16, &str, &str), call: impl AsyncFnOnce(Client) -> T) -> T {
    let server = MockServer::start();
    let (method, path) = line.split_once(' ').unwrap();
    server.mock(|when, then| {
        when.method(method).path(path);
        then.status(response.0).header("content-type", response.1).body(response.2);
    });
    run(call(Client::new_with_client(&server.base_url(), reqwest::Client::new())))
}

fn base() -> Url {
    "https://petrol.example/v1/".parse().unwrap()
}

fn body(request: &Request) -> &str {
    std::str::from_utf8(request.body().unwrap().as_bytes().unwrap()).unwrap()
}

fn unreachable() -> Client {
    Client::new_with_client("http://127.0.0.1:1", reqwest::Client::new())
}

fn form() -> StartFillingBody {
    let extra = |name: &str, count| OrderBodyExtrasItem { name: name.to_owned(), count };
    StartFillingBody {
        pump: 3,
        card: CardNumber("4111111111111111".to_owned()),
        payment: Json(Payment { kind: PaymentKind::Card, amount: Money::Number(20.5) }),
        extras: Some(Json(OrderBodyExtras(vec![extra("screen & wipers", Some(2)), extra("tyres", None)]))),
        note: Some("no receipt".parse().unwrap()),
        fuel: Some(Fuel::Super95),
        extra: Extra::default(),
    }
}

/// The fields of a form or a query, sorted by name.
fn fields(text: &str) -> Vec<String> {
    let fields: Vec<(String, String)> = serde_urlencoded::from_str(text).unwrap();
    let mut fields: Vec<_> = fields.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    fields.sort();
    fields
}

#[test]
fn form_is_sent_with_json_in_two_of_its_fields() {
    let client = unreachable();
    let request = builder::StartFilling::request(&client, &base(), &"north".to_owned(), &form()).unwrap();
    assert_eq!(request.method(), "POST");
    assert_eq!(request.url().as_str(), "https://petrol.example/v1/stations/north/fillings");
    assert_eq!(request.headers()["content-type"], "application/x-www-form-urlencoded");
    let expected = [
        "card=4111111111111111",
        r#"extras=[{"count":2,"name":"screen & wipers"},{"name":"tyres"}]"#,
        "fuel=super-95",
        "note=no receipt",
        r#"payment={"amount":20.5,"kind":"card"}"#,
        "pump=3",
    ];
    assert_eq!(fields(body(&request)), expected);
    let filling = served("POST /stations/north/fillings", (201, "application/json", FILLING), async |client| {
        client.start_filling().station_id("north").body(form()).send().await.unwrap().into_inner()
    });
    assert_eq!(filling.id, "f1");

    let read: StartFillingBody = serde_json::from_value(serde_json::to_value(form()).unwrap()).unwrap();
    assert_eq!(read.extras.unwrap()[1].name, "tyres");
    for wrong in [r#""{""#, "{}"] {
        assert!(serde_json::from_str::<Json<Payment>>(wrong).is_err());
    }
}

#[test]
fn parameters_are_sent_in_path_query_and_header() {
    let client = unreachable();
    let request = builder::ListFillings::request(
        &client,
        &base(),
        &"north/2 b".to_owned(),
        &Some(vec![Fuel::Diesel, Fuel::from("hydrogen")]),
        &std::num::NonZeroU32::new(7).unwrap(),
        &Some("2024-02-30T25:00:00Z".to_owned()),
        &Some(ListFillingsSortBy::from("2nd-time")),
        &Some("abc".to_owned()),
        &"not-a-uuid".to_owned(),
        &Some(LanguageParameter::Self_),
    );
    let request = request.unwrap();
    assert_eq!((request.method().as_str(), request.url().path()), ("GET", "/v1/stations/north%2F2%20b/fillings"));
    let expected = ["fuel=diesel", "fuel=hydrogen", "limit=7", "since=2024-02-30T25:00:00Z", "sort-by=2nd-time"];
    assert_eq!(fields(request.url().query().unwrap()), expected);
    for (name, value) in [("x-request-id", "not-a-uuid"), ("api-version", "abc"), ("language", "self")] {
        assert_eq!(request.headers()[name], value);
    }
}

#[test]
fn missing_required_values_are_reported_before_sending() {
    let client = unreachable();
    let error = run(client.list_fillings().station_id("north").x_request_id("r").send()).unwrap_err();
    assert!(matches!(error, Error::InvalidRequest(reason) if reason.contains("limit")));
    let error = run(client.start_filling().station_id("north").body_map(|form| form.pump(3)).send()).unwrap_err();
    assert!(matches!(error, Error::InvalidRequest(reason) if reason.contains("card")));
    let refusal = |json| serde_json::from_value::<Refusal>(json).map(|refusal| refusal.reason);
    assert_eq!(refusal(json!({"reason": 7})).unwrap().as_deref(), Some("7"));
    assert!(refusal(json!({"reason": null})).unwrap().is_none() && refusal(json!({})).is_err());
    assert!("x".repeat(20).parse::<StartFillingBodyNote>().is_ok());
    assert!("x".repeat(21).parse::<StartFillingBodyNote>().is_err());
}

/// For each filling of `readings.yaml`: the value that is read and its JSON, or the error.
#[test]
fn responses_are_read_and_serialized_again() {
    let read = |(name, json): (String, String)| match serde_json::from_str::<Filling>(&json) {
        Ok(filling) => format!("{name}:\n  {filling:?}\n  {}\n", serde_json::to_string(&filling).unwrap()),
        Err(error) => format!("{name}:\n  {error}\n"),
    };
    let readings: std::collections::BTreeMap<_, _> = serde_yaml::from_str(include_str!("readings.yaml")).unwrap();
    insta::assert_snapshot!(readings.into_iter().map(read).collect::<Vec<_>>().join("\n"));
}

#[test]
fn extra_fields_can_be_built_and_sent() {
    let more = |value: Value| Extra(Map::from_iter([("colour".to_owned(), value)]));
    let built = StartFillingBody::builder().pump(3).card(CardNumber("4111".to_owned())).payment(form().payment);
    assert!(StartFillingBody::try_from(built.clone()).unwrap().extra.0.is_empty());
    let built = built.extra(more(json!([1])));
    assert!(!format!("{built:?}").contains("colour"), "an unknown field may be a secret");
    let built = StartFillingBody::try_from(built).unwrap();
    assert_eq!(serde_json::to_value(built).unwrap()["colour"], json!([1]));

    let client = unreachable();
    let request = |value| {
        let body = StartFillingBody { extra: more(value), ..form() };
        builder::StartFilling::request(&client, &base(), &"north".to_owned(), &body).map_err(|error| error.to_string())
    };
    assert!(fields(body(&request(json!("red")).unwrap())).contains(&"colour=red".to_owned()));
    // A form cannot express an array. The client reports that before it sends anything.
    assert!(request(json!(["red"])).unwrap_err().starts_with("Invalid Request: "));
}

#[test]
fn open_enums_keep_unlisted_values_and_closed_enums_refuse_them() {
    assert_eq!(FillingState::LISTED, ["other", "2nd", "in-use"]);
    for value in ["other", "2nd", "in-use", "towed", ""] {
        let state: FillingState = serde_json::from_value(value.into()).unwrap();
        assert_eq!(state.as_str(), value);
        assert_eq!(serde_json::to_value(&state).unwrap(), value);
        assert_eq!(matches!(state, FillingState::Unlisted(_)), !FillingState::LISTED.contains(&value));
    }
    assert_eq!(ListFillingsSortBy::from("2nd-time"), ListFillingsSortBy::V2ndTime);
    assert_eq!(Fuel::from("in_use"), Fuel::InUse);
    assert_eq!("manned".parse::<StationType>().unwrap(), StationType::Manned);
    assert!("haunted".parse::<StationType>().is_err());
    assert_eq!("self".parse::<Service>().unwrap(), Service::Self_);
}

#[test]
fn json_body_is_sent_and_empty_response_is_a_success() {
    let client = unreachable();
    let station = Station::try_from(Station::builder().name("North").type_(StationType::Manned)).unwrap();
    let request = builder::ReplaceStation::request(&client, &base(), &"north".to_owned(), &station).unwrap();
    assert_eq!(body(&request), r#"{"name":"North","type":"manned"}"#);
    let response = (200, "application/json", r#"{"name": "North", "type": "unmanned", "new": 1}"#);
    let station = served("PUT /stations/north", response, async |client| -> Station {
        let call = client.replace_station().station_id("north");
        call.body_map(|body| body.name("North").type_(StationType::Manned)).send().await.unwrap().into_inner()
    });
    assert_eq!(station.type_, StationType::Unmanned);
    let [c, r, u, b] = ["c", "r", "u", "b"].map(|value| Some(value.to_owned()));
    let request = builder::CloseStation::request(&client, &base(), &"north".to_owned(), &c, &r, &u, &b).unwrap();
    assert_eq!(request.url().as_str(), "https://petrol.example/v1/stations/north?client=c&result=r&url=u");
    assert_eq!(request.headers()["base"], "b");
    let status = served("DELETE /stations/north", (204, "text/plain", ""), async |client| {
        client.close_station().station_id("north").send().await.unwrap().status()
    });
    assert_eq!(status, 204);
}

#[test]
fn error_response_keeps_its_status_and_body() {
    for response in [
        (401, "application/json", r#"{"code": "no_card"}"#),
        (404, "application/json", r#""no such station""#),
        (302, "text/html", "<p>elsewhere"),
        (503, "text/html", "<h1>Back soon"),
    ] {
        let received = served("GET /stations/north/fillings", response, async |client| {
            let call = client.list_fillings().station_id("north").limit(std::num::NonZeroU32::MIN).x_request_id("r");
            let Error::UnexpectedResponse(refusal) = call.send().await.unwrap_err() else { panic!("{response:?}") };
            (refusal.status().as_u16(), refusal.text().await.unwrap())
        });
        assert_eq!((received.0, received.1.as_str()), (response.0, response.2));
    }
}
