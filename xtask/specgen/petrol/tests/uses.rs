//! The code that is generated from `petrol.yaml`, used as a program would use it.
#![allow(clippy::panic, clippy::unwrap_used, clippy::float_cmp)]

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread::JoinHandle;

use petrol::generated::extra::Extra;
use petrol::generated::json::Json;
use petrol::generated::open_enums::{FillingState, Fuel, Grade, LanguageParameter, ListFillingsSortBy, X3rdParty};
use petrol::generated::types::{
    CardNumber, Discount, Filling, FillingReceiptTotal, Money, OrderBodyExtras, OrderBodyExtrasItem, Payment,
    PaymentKind, Service, StartFillingBody, StartFillingBodyNote, Station, StationType,
};
use petrol::generated::{Client, Error};
use serde_json::{Map, Value, json};

const FILLING: &str = r#"{"id": "f1", "litres": 1.5, "remark": "full"}"#;

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

/// A server for one request, which it returns. The answer is a status, a media type and a body.
fn serve(status: &'static str, media: &'static str, body: &'static str) -> (Client, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = Vec::new();
        while !is_whole(&request) {
            let mut part = [0; 1024];
            let length = stream.read(&mut part).unwrap();
            assert!(length > 0, "the request is cut off");
            request.extend_from_slice(&part[..length]);
        }
        let head = format!("HTTP/1.1 {status}\r\ncontent-type: {media}\r\nconnection: close");
        let length =
            if status.starts_with("204") { String::new() } else { format!("content-length: {}\r\n", body.len()) };
        write!(stream, "{head}\r\n{length}\r\n{body}").unwrap();
        String::from_utf8(request).unwrap()
    });
    (Client::new_with_client(&address, reqwest::Client::new()), server)
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    body.len() >= length.map_or(0, |length| length.parse().unwrap())
}

fn form() -> StartFillingBody {
    StartFillingBody {
        pump: 3,
        card: CardNumber("4111111111111111".to_owned()),
        payment: Json(Payment { kind: PaymentKind::Card, amount: Money::Number(20.5) }),
        extras: Some(Json(OrderBodyExtras(vec![
            OrderBodyExtrasItem { name: "screen & wipers".to_owned(), count: Some(2) },
            OrderBodyExtrasItem { name: "tyres".to_owned(), count: None },
        ]))),
        note: Some("no receipt".parse().unwrap()),
        fuel: Some(Fuel::Super95),
        extra: Extra::default(),
    }
}

fn fields(text: &str) -> Vec<(String, String)> {
    serde_urlencoded::from_str(text).unwrap()
}

#[test]
fn a_form_is_sent_with_json_in_two_of_its_fields() {
    let (client, server) = serve("201 Created", "application/json", FILLING);
    let filling = run(client.start_filling().station_id("north").body(form()).send()).unwrap().into_inner();
    assert_eq!(filling.id, "f1");
    let request = server.join().unwrap();
    assert!(request.starts_with("POST /stations/north/fillings HTTP/1.1\r\n"), "{request}");
    assert!(request.contains("content-type: application/x-www-form-urlencoded\r\n"), "{request}");
    let mut sent = fields(request.split_once("\r\n\r\n").unwrap().1);
    sent.sort();
    let expected = [
        ("card", "4111111111111111"),
        ("extras", r#"[{"count":2,"name":"screen & wipers"},{"name":"tyres"}]"#),
        ("fuel", "super-95"),
        ("note", "no receipt"),
        ("payment", r#"{"amount":20.5,"kind":"card"}"#),
        ("pump", "3"),
    ];
    assert_eq!(sent, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
}

#[test]
fn a_field_of_json_is_read_back_and_bad_json_is_refused() {
    let json = serde_json::to_string(&form()).unwrap();
    let read: StartFillingBody = serde_json::from_str(&json).unwrap();
    assert_eq!(read.extras.unwrap()[1].name, "tyres");
    assert!(serde_json::from_str::<Json<Payment>>(r#""{""#).is_err());
    assert!(serde_json::from_str::<Json<Payment>>("{}").is_err());
}

#[test]
fn parameters_are_sent_in_path_query_and_header() {
    let (client, server) = serve("200 OK", "application/json", "[]");
    let call = client
        .list_fillings()
        .station_id("north/2 b")
        .since("2024-02-30T25:00:00Z")
        .sort_by("2nd-time")
        .fuel(vec![Fuel::Diesel, Fuel::from("hydrogen")])
        .limit(std::num::NonZeroU32::new(7).unwrap())
        .x_request_id("not-a-uuid")
        .x_trace("abc")
        .language(LanguageParameter::Self_);
    assert!(run(call.send()).unwrap().into_inner().is_empty());
    let request = server.join().unwrap();
    let (line, headers) = request.split_once("\r\n").unwrap();
    let (path, query) = line.trim_start_matches("GET ").trim_end_matches(" HTTP/1.1").split_once('?').unwrap();
    assert_eq!(path, "/stations/north%2F2%20b/fillings");
    let mut sent = fields(query);
    sent.sort();
    let expected = [
        ("fuel", "diesel"),
        ("fuel", "hydrogen"),
        ("limit", "7"),
        ("since", "2024-02-30T25:00:00Z"),
        ("sort-by", "2nd-time"),
    ];
    assert_eq!(sent, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert!(headers.contains("x-request-id: not-a-uuid\r\n"), "{headers}");
    assert!(headers.contains("x-trace: abc\r\n"), "{headers}");
    assert!(headers.contains("language: self\r\n"), "{headers}");
}

#[test]
fn what_is_required_and_missing_is_noticed_before_anything_is_sent() {
    let client = Client::new_with_client("http://127.0.0.1:1", reqwest::Client::new());
    let error = run(client.list_fillings().station_id("north").x_request_id("r").send()).unwrap_err();
    assert!(matches!(error, Error::InvalidRequest(reason) if reason.contains("limit")));
    let error = run(client.start_filling().station_id("north").body_map(|form| form.pump(3)).send()).unwrap_err();
    assert!(matches!(error, Error::InvalidRequest(reason) if reason.contains("card")));
    assert!("x".repeat(20).parse::<StartFillingBodyNote>().is_ok());
    assert!("x".repeat(21).parse::<StartFillingBodyNote>().is_err());
}

#[test]
fn an_answer_with_nulls_is_read() {
    let filling: Filling = serde_json::from_str(
        r#"{"id": "f1", "litres": null, "remark": null, "earlier_litres": [1, null], "earlier_remark": null,
            "fuel": null, "grade": null, "grades": ["good", null], "service": null, "price": null, "state": null,
            "started": null}"#,
    )
    .unwrap();
    assert!(filling.litres.is_none() && filling.remark.is_none() && filling.earlier_remark.is_none());
    assert!(filling.earlier_litres[0].is_some() && filling.earlier_litres[1].is_none());
    assert_eq!(filling.grades, [Some(Grade::Good), None]);
    assert!(filling.grade.is_none() && filling.service.is_none() && filling.state.is_none());
}

#[test]
fn an_answer_without_what_is_optional_is_read() {
    let filling: Filling = serde_json::from_str(FILLING).unwrap();
    assert_eq!(*filling.litres.unwrap(), 1.5);
    assert!(filling.earlier_litres.is_empty() && filling.grades.is_empty());
}

#[test]
fn required_values_that_can_be_null_must_still_be_there() {
    assert!(serde_json::from_str::<Filling>(r#"{"id": "f1", "remark": null}"#).is_err());
}

#[test]
fn an_answer_with_numbers_and_truth_values_for_text_is_read() {
    let filling: Filling = serde_json::from_str(
        r#"{"id": 17, "litres": 1, "remark": 5, "earlier_remark": true, "started": 1700000000, "fuel": 98,
            "price": 20.5, "state": 3, "paid-by": "insurer"}"#,
    )
    .unwrap();
    assert_eq!(filling.id, "17");
    assert_eq!(filling.started.unwrap(), "1700000000");
    assert_eq!(**filling.remark.as_ref().unwrap(), "5");
    assert_eq!(**filling.earlier_remark.as_ref().unwrap(), "true");
    assert_eq!(filling.fuel.unwrap().as_str(), "98");
    assert_eq!(filling.state.unwrap(), FillingState::Unlisted("3".to_owned()));
    assert!(matches!(filling.price, Some(Money::Number(20.5))));
    assert_eq!(filling.paid_by, Some(X3rdParty::Insurer));
    let filling: Filling = serde_json::from_str(&FILLING.replace("1.5", r#"2, "price": "20.50""#)).unwrap();
    assert!(matches!(filling.price, Some(Money::String(text)) if text == "20.50"));
}

#[test]
fn any_of_several_single_values_is_read() {
    let total = |json: Value| {
        let filling = json!({ "id": "f1", "litres": 1, "remark": "", "receipt": { "total": json } });
        serde_json::from_value::<Filling>(filling).unwrap().receipt.unwrap().total.unwrap()
    };
    assert!(matches!(total(json!(20.5)), FillingReceiptTotal::Number(20.5)));
    assert!(matches!(total(json!("20.50")), FillingReceiptTotal::String(text) if text == "20.50"));
}

#[test]
fn kinds_that_are_told_apart_by_types_alone_stay_apart() {
    for contact in [json!({ "id": 7 }), json!({ "id": "7" })] {
        let filling = json!({ "id": "f1", "litres": 1.0, "remark": "", "contact": contact });
        let read: Filling = serde_json::from_value(filling.clone()).unwrap();
        assert_eq!(serde_json::to_value(read).unwrap(), filling);
    }
}

/// The fields of a filling, with others before, between and after those that are known.
const NEWER: &str = r#"{"\"quoted\"\n\u00e9": "a\tb", "id": "f1", "": null, "litres": 1.5, "pump": {"no": 3, "parts": [{}, [true, "x"]]},
    "remark": "full", "most": 18446744073709551615, "least": -9223372036854775808, "huge": 123456789012345678901234567890,
    "extra": {"extra": 1}, "card": "4111111111111111"}"#;

#[test]
fn fields_that_the_description_does_not_name_are_kept_as_they_came_and_written_back() {
    let received: Value = serde_json::from_str(NEWER).unwrap();
    for filling in [serde_json::from_str::<Filling>(NEWER), serde_json::from_reader(NEWER.as_bytes())] {
        let filling = filling.unwrap();
        assert_eq!((filling.id.as_str(), filling.litres.as_deref()), ("f1", Some(&1.5)));
        let mut rest = received.as_object().unwrap().clone();
        rest.retain(|name, _| !["id", "litres", "remark"].contains(&name.as_str()));
        assert_eq!((filling.extra.as_map(), filling.extra.len(), filling.extra.is_empty()), (&rest, 8, false));
        assert_eq!(filling.extra.get("pump"), Some(&json!({ "no": 3, "parts": [{}, [true, "x"]] })));
        assert_eq!((filling.extra.get(""), filling.extra.get("id")), (Some(&Value::Null), None));
        assert!(filling.extra.iter().eq(rest.iter().map(|(name, value)| (name.as_str(), value))));
        assert_eq!(serde_json::to_value(&filling).unwrap(), received);
        assert_eq!(filling.extra.into_map(), rest);
    }
}

#[test]
fn where_all_fields_are_known_nothing_is_kept() {
    let known = [FILLING, r#"{"id": "f1", "litres": null, "remark": null, "state": null, "discount": null}"#];
    for filling in known.map(|json| serde_json::from_str::<Filling>(json).unwrap()) {
        assert_eq!(filling.extra, Extra::default());
        assert!(filling.extra.is_empty());
    }
}

#[test]
fn a_field_that_comes_twice_is_refused_if_it_is_known() {
    for again in ["id", r"\u0069d"] {
        let twice = format!(r#"{{"id": "f1", "litres": 1, "remark": "", "{again}": "f2"}}"#);
        let error = serde_json::from_str::<Filling>(&twice).unwrap_err().to_string();
        assert!(error.starts_with("duplicate field `id`"), "{error}");
    }
    let twice = FILLING.replace('{', r#"{"pump": 1, "pump": 2, "#);
    assert_eq!(serde_json::from_str::<Filling>(&twice).unwrap().extra.get("pump"), Some(&json!(2)));
}

#[test]
fn what_is_required_is_missed_beside_fields_that_are_kept() {
    let error = serde_json::from_str::<Filling>(r#"{"id": "f1", "pump": 3, "litres": 1}"#).unwrap_err().to_string();
    assert!(error.starts_with("missing field `remark`"), "{error}");
}

#[test]
fn fields_that_are_kept_are_counted_and_not_printed() {
    let mut filling: Filling = serde_json::from_str(NEWER).unwrap();
    let printed = format!("{filling:?}");
    assert!(printed.contains("extra: Extra(8 fields)"), "{printed}");
    for secret in ["4111", "card", "pump", "quoted"] {
        assert!(!printed.contains(secret), "{printed}");
    }
    assert!(!format!("{:?}", StartFillingBody::builder().extra(filling.extra.clone())).contains("4111"));
    filling.extra = Extra::from(Map::from_iter([("pump".to_owned(), json!(3))]));
    assert!(format!("{filling:#?}").contains("extra: Extra(1 field)"));
}

#[test]
fn nesting_without_an_end_is_an_error_and_no_overflow() {
    let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    let filling =
        |levels| serde_json::from_str::<Filling>(&FILLING.replace('{', &format!(r#"{{"deep": {}, "#, deep(levels))));
    assert!(filling(100).unwrap().extra.get("deep").is_some());
    for levels in [150, 1_000_000] {
        let error = filling(levels).unwrap_err().to_string();
        assert!(error.starts_with("recursion limit exceeded"), "{error}");
    }
}

#[test]
fn one_of_several_kinds_of_an_object_keeps_what_it_does_not_name() {
    let json = FILLING.replace('{', r#"{"discount": {"kind": "voucher", "until": [2030], "code": "x"}, "#);
    let filling: Filling = serde_json::from_str(&json).unwrap();
    assert_eq!(serde_json::to_value(&filling).unwrap(), serde_json::from_str::<Value>(&json).unwrap());
    let Some(Discount::Voucher { code, extra }) = filling.discount else { panic!("{:?}", filling.discount) };
    assert_eq!((code.as_deref(), extra.get("until")), (Some("x"), Some(&json!([2030]))));
    let json = json.replace(r#""code": "x""#, r#""code": 7"#);
    let filling: Filling = serde_json::from_str(&json).unwrap();
    let Some(Discount::Voucher { code, .. }) = filling.discount else { panic!("{:?}", filling.discount) };
    assert_eq!(code.as_deref(), Some("7"), "an answer is not lost to a number");
}

#[test]
fn fields_that_the_description_does_not_name_can_be_built_and_sent() {
    let more = |value: Value| Map::from_iter([("colour".to_owned(), value)]);
    let built = StartFillingBody::builder().pump(3).card(CardNumber("4111".to_owned())).payment(form().payment);
    assert!(StartFillingBody::try_from(built.clone()).unwrap().extra.is_empty());
    let built = StartFillingBody::try_from(built.extra(more(json!([1])))).unwrap();
    assert_eq!(serde_json::to_value(built).unwrap()["colour"], json!([1]));

    let (client, server) = serve("201 Created", "application/json", FILLING);
    let body = StartFillingBody { extra: more(json!("red")).into(), ..form() };
    run(client.start_filling().station_id("north").body(body).send()).unwrap();
    let request = server.join().unwrap();
    let sent = fields(request.split_once("\r\n\r\n").unwrap().1);
    assert!(sent.contains(&("colour".to_owned(), "red".to_owned())), "{request}");

    // A form has no way to write it: that is said before anything is sent.
    let client = Client::new_with_client("http://127.0.0.1:1", reqwest::Client::new());
    let body = StartFillingBody { extra: more(json!(["red"])).into(), ..form() };
    let error = run(client.start_filling().station_id("north").body(body).send()).unwrap_err();
    assert!(matches!(error, Error::InvalidRequest(_)), "{error}");
}

#[test]
fn open_enums_know_listed_values_and_keep_all_others() {
    assert_eq!(FillingState::LISTED, ["other", "2nd", "in-use"]);
    for value in ["other", "2nd", "in-use", "towed", ""] {
        let state: FillingState = serde_json::from_value(value.into()).unwrap();
        assert_eq!(state.as_str(), value);
        assert_eq!(serde_json::to_value(&state).unwrap(), value);
        assert_eq!(matches!(state, FillingState::Unlisted(_)), !FillingState::LISTED.contains(&value));
    }
    assert_eq!("2nd-time".parse(), Ok(ListFillingsSortBy::V2ndTime));
    assert_eq!(Fuel::from("in_use"), Fuel::InUse);
}

#[test]
fn closed_enums_of_a_request_hold_listed_values_alone() {
    assert_eq!("manned".parse::<StationType>().unwrap(), StationType::Manned);
    assert!("haunted".parse::<StationType>().is_err());
    assert_eq!("self".parse::<Service>().unwrap(), Service::Self_);
}

#[test]
fn a_body_of_json_is_sent_and_answered() {
    let (client, server) = serve("200 OK", "application/json", r#"{"name": "North", "type": "unmanned", "new": 1}"#);
    let call =
        client.replace_station().station_id("north").body_map(|body| body.name("North").type_(StationType::Manned));
    let station: Station = run(call.send()).unwrap().into_inner();
    assert_eq!(station.type_, StationType::Unmanned);
    let request = server.join().unwrap();
    assert!(request.starts_with("PUT /stations/north HTTP/1.1\r\n"), "{request}");
    assert!(request.ends_with(r#"{"name":"North","type":"manned"}"#), "{request}");
}

#[test]
fn an_answer_without_a_body_is_a_success() {
    let (client, server) = serve("204 No Content", "text/plain", "");
    assert_eq!(run(client.close_station().station_id("north").send()).unwrap().status(), 204);
    assert!(server.join().unwrap().starts_with("DELETE /stations/north HTTP/1.1\r\n"));
}

#[test]
fn every_answer_that_is_no_success_keeps_its_status_and_its_body() {
    for (status, media, body) in [
        ("401 Unauthorized", "application/json", r#"{"code": "no_card"}"#),
        ("404 Not Found", "application/json", r#""no such station""#),
        ("302 Found", "text/html", "<p>elsewhere"),
        ("503 Service Unavailable", "text/html", "<h1>Back soon"),
    ] {
        let (client, server) = serve(status, media, body);
        let call = client.list_fillings().station_id("north").limit(std::num::NonZeroU32::MIN).x_request_id("r");
        let Error::UnexpectedResponse(answer) = run(call.send()).unwrap_err() else { panic!("{status}") };
        server.join().unwrap();
        assert_eq!(answer.status().as_str(), &status[..3]);
    }
    let (client, server) = serve("502 Bad Gateway", "text/html", "<h1>Gone");
    let answer = run(async {
        match client.close_station().station_id("north").send().await.unwrap_err() {
            Error::UnexpectedResponse(answer) => answer.text().await.unwrap(),
            error => panic!("{error}"),
        }
    });
    server.join().unwrap();
    assert_eq!(answer, "<h1>Gone");
}
