//! The contract tests, as one program: what they share is linked once, and those that wait do so beside others.

mod calls;
mod documented;
mod faults;
mod following;
mod freshness;
mod fuzzed;
mod markdown;
mod money;
mod packaging;
mod parity;
mod properties;
mod samples;
mod sandbox;
mod secrecy;
mod spec;
mod traces;
mod workflows;
