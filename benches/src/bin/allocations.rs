//! Counts the allocations of calls, and prints how many there are for each. A program of its own, since whatever counts
//! allocations also slows them down: nothing else is to be timed with it.
#![allow(clippy::expect_used)]

use benches::call::{COUNTED, Calls, FIRST, Kind};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let kind: Kind = arguments.next().expect("a kind").parse().expect("a kind");
    let url = arguments.next().expect("an address");
    let mut calls = Calls::new(kind, &url);
    calls.make(FIRST);
    let requests = calls.requests(COUNTED);
    // Of this thread alone, which is all of the client.
    let counted = allocation_counter::measure(|| {
        calls.send(requests);
    });
    #[allow(clippy::cast_precision_loss, reason = "some thousands")]
    let each = counted.count_total as f64 / f64::from(COUNTED);
    println!("{each}");
}
