//! The contract tests, as one program: what they share is linked once, and those that wait do so beside others.

mod calls;
mod documented;
mod faults;
mod following;
mod fuzzed;
mod generators;
mod markdown;
mod money;
mod packaging;
mod parity;
mod properties;
mod samples;
mod sandbox;
mod sandbox_console;
mod sandbox_control;
mod sandbox_examples;
mod sandbox_hostile;
mod sandbox_http;
mod sandbox_server;
mod sandbox_state;
mod sandbox_test_data;
mod secrecy;
mod spec;
mod traces;
mod workflows;
