//! Counts the allocations of calls, and prints the number per call. This is a separate program, because counting
//! allocations slows them down, and nothing else may be timed with it.
#![allow(clippy::expect_used)]

use benches::call::{COUNTED, Calls, FIRST, Kind};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let kind: Kind = arguments.next().expect("a kind").parse().expect("a kind");
    let url = arguments.next().expect("an address");
    let mut calls = Calls::new(kind, &url);
    calls.make(FIRST);
    let requests = calls.requests(COUNTED);
    // Counts only this thread, which runs the whole client.
    let counted = allocation_counter::measure(|| {
        calls.send(requests);
    });
    #[allow(clippy::cast_precision_loss, reason = "some thousands")]
    let each = counted.count_total as f64 / f64::from(COUNTED);
    println!("{each}");
}
