//! `kill -9` at any moment: no row is sent twice, no row is lost, and every unknown row is reported.

use std::time::Duration;

use super::support::{Place, rows, signal, start, until};

const ROWS: u64 = 800;
const KILLS: usize = 20;

#[tokio::test(flavor = "multi_thread")]
async fn twenty_kills_leave_every_row_sent_exactly_once_or_reported_as_unknown() {
    // Some calls are processed at once and the response is late; for others it is the other way round.
    let place = Place::new(&["latency=20ms@after:0.5", "latency=20ms"]).await;
    place.input(rows(ROWS));
    let log = place.path("out.log");
    let args = |resume: bool| if resume { &["--resume", "--concurrency", "8"][..] } else { &["--concurrency", "8"] };
    let mut random = fastrand::Rng::with_seed(u64::from(std::process::id()));
    let mut moments = Vec::new();
    while moments.len() < KILLS {
        let before = place.logged("send");
        // Before the log exists, nothing was sent and there is nothing to resume.
        let mut child = start(&mut place.command(args(log.exists())));
        // Kill some runs while they start, and read and repair the log, and the others while they send rows.
        let rows = if random.u8(..4) == 0 { 0 } else { random.usize(1..25) };
        let mut is_running = || child.try_wait().unwrap().is_none();
        until(|| place.logged("send") >= before + rows || !is_running()).await;
        tokio::time::sleep(Duration::from_micros(random.u64(..30_000))).await;
        assert!(is_running(), "the run ended before it was killed, after {} kills", moments.len());
        signal(&child, "KILL");
        child.wait().unwrap();
        moments.push((place.logged("send"), place.logged("end")));
    }
    let ran = place.run(args(true));
    assert!(matches!(ran.exit, Some(0 | 4)), "{}", ran.stderr);

    let outcomes = place.outcomes();
    let validations = place.validations();
    assert_eq!(
        outcomes.keys().copied().collect::<Vec<_>>(),
        (2..ROWS + 2).collect::<Vec<_>>(),
        "each row has an outcome"
    );
    let mut unknown = 0;
    for (line, record) in &outcomes {
        let seen = validations.get(&format!("cst_{line}")).copied().unwrap_or_default();
        match record["outcome"].as_str().unwrap() {
            "active" => assert_eq!(seen, 1, "{record}"),
            "unknown" => {
                assert!(seen <= 1, "{seen} times: {record}");
                unknown += 1;
            }
            _ => panic!("{record}"),
        }
    }
    assert_eq!(ran.exit, Some(if unknown > 0 { 4 } else { 0 }));
    assert!(unknown <= KILLS * 8, "at most the calls in flight");
    eprintln!("{ROWS} rows, {KILLS} kills, {unknown} rows unknown; sent and done by each kill: {moments:?}");
    assert!(moments.iter().any(|(sent, done)| sent > done), "no kill came between a request and its response");

    // Only the unknown rows are sent again, if the user wants that.
    let ran = place.run(&["--resume", "--resend-unknown"]);
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    let again: u32 = place.validations().values().sum();
    let before: u32 = validations.values().sum();
    assert_eq!((again - before) as usize, unknown);
    assert_eq!(place.tally()["active"] as u64, ROWS);
}
