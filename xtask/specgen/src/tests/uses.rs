//! Uses the code that is generated from `petrol.yaml`, as a program would.

use std::io::{Read, Write};
use std::net::TcpListener;

use petrol::generated::extra::Extra;
use petrol::generated::json::Json;
use petrol::generated::open_enums::{FillingState, Fuel, LanguageParameter, ListFillingsSortBy};
use petrol::generated::types::{
    CardNumber, Filling, Money, OrderBodyExtras, OrderBodyExtrasItem, Payment, PaymentKind, Service, StartFillingBody,
    StartFillingBodyNote, Station, StationType,
};
use petrol::generated::{Client, Error};
use serde_json::{Map, Value, json};

const FILLING: &str = r#"{"id": "f1", "litres": 1.5, "remark": "full"}"#;

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

/// Runs `call` with a client of a server that responds once with a status, a media type and a body. Returns the result
/// of `call`, and the request that the server received.
fn served<T>(response: [&'static str; 3], call: impl AsyncFnOnce(Client) -> T) -> (T, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let client = Client::new_with_client(&format!("http://{}", listener.local_addr().unwrap()), reqwest::Client::new());
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = Vec::new();
        while !is_whole(&request) {
            let mut part = [0; 1024];
            let length = stream.read(&mut part).unwrap();
            assert!(length > 0, "the request is cut off");
            request.extend_from_slice(&part[..length]);
        }
        let [status, media, body] = response;
        let length = if body.is_empty() { String::new() } else { format!("content-length: {}\r\n", body.len()) };
        let head = format!("HTTP/1.1 {status}\r\ncontent-type: {media}\r\nconnection: close\r\n{length}");
        write!(stream, "{head}\r\n{body}").unwrap();
        String::from_utf8(request).unwrap()
    });
    (run(call(client)), server.join().unwrap())
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    body.len() >= length.map_or(0, |length| length.parse().unwrap())
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
    let (filling, request) = served(["201 Created", "application/json", FILLING], async |client| {
        client.start_filling().station_id("north").body(form()).send().await.unwrap().into_inner()
    });
    assert_eq!(filling.id, "f1");
    assert!(request.starts_with("POST /stations/north/fillings HTTP/1.1\r\n"), "{request}");
    assert!(request.contains("content-type: application/x-www-form-urlencoded\r\n"), "{request}");
    let expected = [
        "card=4111111111111111",
        r#"extras=[{"count":2,"name":"screen & wipers"},{"name":"tyres"}]"#,
        "fuel=super-95",
        "note=no receipt",
        r#"payment={"amount":20.5,"kind":"card"}"#,
        "pump=3",
    ];
    assert_eq!(fields(request.split_once("\r\n\r\n").unwrap().1), expected);

    let read: StartFillingBody = serde_json::from_value(serde_json::to_value(form()).unwrap()).unwrap();
    assert_eq!(read.extras.unwrap()[1].name, "tyres");
    for wrong in [r#""{""#, "{}"] {
        assert!(serde_json::from_str::<Json<Payment>>(wrong).is_err());
    }
}

#[test]
fn parameters_are_sent_in_path_query_and_header() {
    let (fillings, request) = served(["200 OK", "application/json", "[]"], async |client| {
        let call = client.list_fillings().station_id("north/2 b").since("2024-02-30T25:00:00Z").sort_by("2nd-time");
        let call = call.fuel(vec![Fuel::Diesel, Fuel::from("hydrogen")]).limit(std::num::NonZeroU32::new(7).unwrap());
        let call = call.x_request_id("not-a-uuid").api_version("abc").language(LanguageParameter::Self_);
        call.send().await.unwrap().into_inner()
    });
    assert!(fillings.is_empty());
    let (line, headers) = request.split_once("\r\n").unwrap();
    let (path, query) = line.trim_start_matches("GET ").trim_end_matches(" HTTP/1.1").split_once('?').unwrap();
    assert_eq!(path, "/stations/north%2F2%20b/fillings");
    let expected = ["fuel=diesel", "fuel=hydrogen", "limit=7", "since=2024-02-30T25:00:00Z", "sort-by=2nd-time"];
    assert_eq!(fields(query), expected);
    for header in ["x-request-id: not-a-uuid\r\n", "api-version: abc\r\n", "language: self\r\n"] {
        assert!(headers.contains(header), "{headers}");
    }
}

#[test]
fn missing_required_values_are_reported_before_sending() {
    let client = unreachable();
    let error = run(client.list_fillings().station_id("north").x_request_id("r").send()).unwrap_err();
    assert!(matches!(error, Error::InvalidRequest(reason) if reason.contains("limit")));
    let error = run(client.start_filling().station_id("north").body_map(|form| form.pump(3)).send()).unwrap_err();
    assert!(matches!(error, Error::InvalidRequest(reason) if reason.contains("card")));
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

    let (_, request) = served(["201 Created", "application/json", FILLING], async |client| {
        let body = StartFillingBody { extra: more(json!("red")), ..form() };
        client.start_filling().station_id("north").body(body).send().await.unwrap()
    });
    assert!(fields(request.split_once("\r\n\r\n").unwrap().1).contains(&"colour=red".to_owned()), "{request}");

    // A form cannot express an array. The client reports that before it sends anything.
    let body = StartFillingBody { extra: more(json!(["red"])), ..form() };
    let error = run(unreachable().start_filling().station_id("north").body(body).send()).unwrap_err();
    assert!(matches!(error, Error::InvalidRequest(_)), "{error}");
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
    let response = ["200 OK", "application/json", r#"{"name": "North", "type": "unmanned", "new": 1}"#];
    let (station, request) = served(response, async |client| -> Station {
        let call = client.replace_station().station_id("north");
        call.body_map(|body| body.name("North").type_(StationType::Manned)).send().await.unwrap().into_inner()
    });
    assert_eq!(station.type_, StationType::Unmanned);
    assert!(request.starts_with("PUT /stations/north HTTP/1.1\r\n"), "{request}");
    assert!(request.ends_with(r#"{"name":"North","type":"manned"}"#), "{request}");

    let (status, request) = served(["204 No Content", "text/plain", ""], async |client| {
        client.close_station().station_id("north").send().await.unwrap().status()
    });
    assert_eq!(status, 204);
    assert!(request.starts_with("DELETE /stations/north HTTP/1.1\r\n"));
}

#[test]
fn error_response_keeps_its_status_and_body() {
    for response in [
        ["401 Unauthorized", "application/json", r#"{"code": "no_card"}"#],
        ["404 Not Found", "application/json", r#""no such station""#],
        ["302 Found", "text/html", "<p>elsewhere"],
        ["503 Service Unavailable", "text/html", "<h1>Back soon"],
    ] {
        let (error, _) = served(response, async |client| {
            let call = client.list_fillings().station_id("north").limit(std::num::NonZeroU32::MIN).x_request_id("r");
            let Error::UnexpectedResponse(refusal) = call.send().await.unwrap_err() else { panic!("{response:?}") };
            (refusal.status().as_str().to_owned(), refusal.text().await.unwrap())
        });
        assert_eq!((error.0.as_str(), error.1.as_str()), (&response[0][..3], response[2]));
    }
}
