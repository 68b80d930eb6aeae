//! A vendor that keeps its accounts, and does many things late, twice or wrongly, as vendors do. It counts every
//! payment.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use fastrand::Rng;
use serde_json::{Value, json};

/// How late the vendor may process a call after its response, or after its connection is closed.
pub(super) const LATEST: Duration = Duration::from_millis(LATEST_MILLIS);

const LATEST_MILLIS: u64 = 250;

/// A customer, and an account number or a UPI address.
pub(super) type Payee = (String, String);

#[derive(Clone, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "habits have nothing in common")]
struct Habits {
    /// How many validations in a hundred fail. Half as many reads fail.
    faults: u32,
    /// The error of the vendor's clock, in seconds.
    clock: i64,
    masks: bool,
    renames: bool,
    duplicates: bool,
    truncates: bool,
    /// How late a new account appears in lists.
    lists_late: Duration,
}

struct Account {
    payee: Payee,
    id: String,
    ifsc: Option<String>,
    status: &'static str,
    validated: SystemTime,
    listed: Instant,
    reads: u32,
}

struct State {
    random: Rng,
    habits: Habits,
    accounts: Vec<Account>,
    payments: HashMap<Payee, u32>,
    is_healthy: bool,
    calls: u32,
}

/// The vendor. It serves until the tests end.
#[derive(Clone)]
pub(super) struct Vendor {
    pub(super) url: String,
    state: Arc<Mutex<State>>,
}

impl Vendor {
    pub(super) fn start(random: &mut Rng) -> Self {
        let sometimes = |random: &mut Rng| random.u8(..4) == 0;
        let habits = Habits {
            faults: random.u32(..60),
            clock: if sometimes(random) { [-3600, 3600][random.usize(..2)] } else { 0 },
            masks: sometimes(random),
            renames: sometimes(random),
            duplicates: sometimes(random),
            truncates: sometimes(random),
            lists_late: Duration::from_millis(random.u64(..150)),
        };
        let (accounts, payments) = (Vec::new(), HashMap::new());
        let state = State { random: random.fork(), habits, accounts, payments, is_healthy: false, calls: 0 };
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let vendor = Self { url, state: Arc::new(Mutex::new(state)) };
        let serving = vendor.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (vendor, stream) = (serving.clone(), stream.unwrap());
                // The vendor ignores that a client is gone.
                thread::spawn(move || drop(vendor.serve(stream)));
            }
        });
        vendor
    }

    /// Stops all faults. The other habits stay.
    pub(super) fn heal(&self) {
        self.state.lock().unwrap().is_healthy = true;
    }

    pub(super) fn describe(&self) -> String {
        let state = self.state.lock().unwrap();
        format!("{:?}, {} calls", state.habits, state.calls)
    }

    pub(super) fn payments(&self) -> HashMap<Payee, u32> {
        self.state.lock().unwrap().payments.clone()
    }

    pub(super) fn status(&self, payee: &Payee) -> Option<&'static str> {
        let state = self.state.lock().unwrap();
        state.accounts.iter().find(|account| account.payee == *payee).map(|account| account.status)
    }

    fn serve(&self, mut stream: TcpStream) -> std::io::Result<()> {
        let Some((line, body)) = request(&mut stream)? else { return Ok(()) };
        let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
        let customer = path.split('/').nth(2).unwrap_or_default().to_owned();
        if line.starts_with("GET") {
            return self.read(&customer, path.split('/').nth(4).filter(|last| *last != "list"), stream);
        }
        let payees = payees(&customer, &body);
        let (fault, delay, wait) = {
            let mut state = self.state.lock().unwrap();
            state.calls += 1;
            let faults = if state.is_healthy { 0 } else { state.habits.faults };
            let fault = if state.random.u32(..100) < faults { state.random.u32(1..14) } else { 0 };
            let delay = Duration::from_millis(state.random.u64(..LATEST_MILLIS));
            (fault, delay, Duration::from_millis(state.random.u64(..8)))
        };
        thread::sleep(wait);
        match fault {
            0 => self.respond(stream, "200 OK", &self.process(&payees)),
            // Responds with an error, and processes nothing.
            1 => self.respond(stream, "400 Bad Request", &json!({ "error_code": "invalid", "status": "error" })),
            2 => self.respond(stream, "429 Too Many Requests\r\nretry-after: 0", &json!({})),
            3 => self.respond(stream, "503 Service Unavailable", &json!({})),
            // The response says that another request for the same payee is being processed. This one is not processed,
            // or is processed after all.
            4 => self.respond(stream, "409 Conflict", &json!({ "error_code": "DUPLICATE_REQUEST" })),
            5 => {
                self.respond(stream, "409 Conflict", &json!({ "error_code": "DUPLICATE_REQUEST" }))?;
                thread::sleep(delay);
                self.process(&payees);
                Ok(())
            }
            // Closes the connection at once, and processes the request now, later, or never.
            6 => Ok(()),
            7 => {
                self.process(&payees);
                Ok(())
            }
            8 => {
                drop(stream);
                thread::sleep(delay);
                self.process(&payees);
                Ok(())
            }
            9 => {
                self.process(&payees);
                self.respond(stream, "500 Internal Server Error", &json!({}))
            }
            10 => {
                self.respond(stream, "504 Gateway Timeout", &json!("<html>"))?;
                thread::sleep(delay);
                self.process(&payees);
                Ok(())
            }
            11 => {
                let body = self.process(&payees).to_string();
                write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{}", body.len(), &body[..body.len() / 2])
            }
            12 => self.respond(stream, "200 OK", &json!([{ "validation_status": "ACTIVE" }])),
            _ => {
                self.process(&payees);
                self.respond(stream, "200 OK", &json!([]))
            }
        }
    }

    /// Validates and pays, and returns the accounts.
    fn process(&self, payees: &[(Payee, Option<String>)]) -> Value {
        let mut state = self.state.lock().unwrap();
        let mut response = Vec::new();
        for (payee, ifsc) in payees {
            *state.payments.entry(payee.clone()).or_default() += 1;
            let clock = state.habits.clock;
            let validated = shifted(SystemTime::now(), clock);
            let listed = Instant::now() + state.habits.lists_late;
            let status =
                ["ACTIVE", "ACTIVE", "FAILURE", "PENDING"][payee.1.bytes().map(usize::from).sum::<usize>() % 4];
            let id = format!("acc_{}", state.accounts.len());
            let (payee, ifsc) = (payee.clone(), ifsc.clone());
            state.accounts.push(Account { payee, id, ifsc, status, validated, listed, reads: 0 });
            response.push(shown(&state.accounts[state.accounts.len() - 1], false, false));
        }
        Value::Array(response)
    }

    fn read(&self, customer: &str, id: Option<&str>, stream: TcpStream) -> std::io::Result<()> {
        let (fails, body) = {
            let mut state = self.state.lock().unwrap();
            let fails = !state.is_healthy && state.random.u32(..100) < state.habits.faults / 2;
            let Habits { masks, renames, duplicates, truncates, .. } = state.habits.clone();
            let now = Instant::now();
            if let Some(id) = id {
                let account = state.accounts.iter_mut().find(|account| account.id == id);
                let account = account.map(|account| {
                    account.reads += 1;
                    if account.status == "PENDING" && account.reads > 1 {
                        account.status = "ACTIVE";
                    }
                    shown(account, masks, renames)
                });
                (fails, account.unwrap_or_default())
            } else {
                let own = state.accounts.iter().filter(|account| account.payee.0 == customer && account.listed <= now);
                let mut list: Vec<_> = own.map(|account| shown(account, masks, renames)).collect();
                if duplicates {
                    list.extend(list.clone());
                }
                let total = list.len();
                let body = if truncates && total > 0 {
                    list.truncate(total / 2);
                    json!({ "list": list, "count": total / 2, "total": total, "offset": 0 })
                } else {
                    Value::Array(list)
                };
                (fails, body)
            }
        };
        if fails {
            self.respond(stream, "503 Service Unavailable", &json!({}))
        } else {
            self.respond(stream, "200 OK", &body)
        }
    }

    fn respond(&self, mut stream: TcpStream, status: &str, body: &Value) -> std::io::Result<()> {
        let (body, clock) = (body.to_string(), self.state.lock().unwrap().habits.clock);
        let date = httpdate::fmt_http_date(shifted(SystemTime::now(), clock));
        let head =
            format!("HTTP/1.1 {status}\r\ndate: {date}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
        stream.write_all(format!("{head}{body}").as_bytes())
    }
}

fn shifted(time: SystemTime, seconds: i64) -> SystemTime {
    let by = Duration::from_secs(seconds.unsigned_abs());
    if seconds < 0 { time - by } else { time + by }
}

fn shown(account: &Account, masks: bool, renames: bool) -> Value {
    let (customer, number) = &account.payee;
    let details = match &account.ifsc {
        Some(ifsc) => {
            let number = if masks { format!("XXXXXXXX{}", &number[number.len() - 4..]) } else { number.clone() };
            let ifsc = if renames { "HDFC0000999" } else { ifsc };
            json!({ "ifsc": ifsc, "account": number })
        }
        None => json!({ "vpa": number }),
    };
    let date = rfc3339(account.validated);
    json!({
        "customer_account_id": account.id, "customer_id": customer, "validation_status": account.status,
        "last_validated": date, "date_created": date, "account_details": details,
    })
}

fn rfc3339(time: SystemTime) -> String {
    humantime::format_rfc3339_millis(time).to_string()
}

/// The payees of a form, each with its IFSC.
fn payees(customer: &str, body: &str) -> Vec<(Payee, Option<String>)> {
    let form: HashMap<_, _> = form_urlencoded::parse(body.as_bytes()).into_owned().collect();
    let details: Value = serde_json::from_str(&form["account_details"]).unwrap();
    let text = |value: &Value, key: &str| value[key].as_str().unwrap().to_owned();
    let list = |key: &str| details[key].as_array().cloned().unwrap_or_default();
    let bank = list("bank_account")
        .into_iter()
        .map(|account| ((customer.to_owned(), text(&account, "account")), Some(text(&account, "ifsc"))));
    bank.chain(list("upi").into_iter().map(|upi| ((customer.to_owned(), text(&upi, "vpa")), None))).collect()
}

/// The first line and the body of a request; `None` if the client closed the connection.
fn request(stream: &mut TcpStream) -> std::io::Result<Option<(String, String)>> {
    let (mut bytes, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        let count = stream.read(&mut buffer)?;
        if count == 0 {
            return Ok(None);
        }
        bytes.extend_from_slice(&buffer[..count]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length =
            head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
        if body.len() >= length.unwrap_or(0_usize) {
            return Ok(Some((head.lines().next().unwrap_or_default().to_owned(), body.to_owned())));
        }
    }
}
