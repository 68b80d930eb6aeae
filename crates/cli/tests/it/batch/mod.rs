//! `juspay-accounts batch`, run as a program against a sandbox in this process. Signals are sent to it, and its memory is read
//! from /proc.

mod columns;
mod escaping;
mod follow;
mod inputs;
mod kill;
mod limits;
mod money;
mod payees;
mod reconcile;
mod results;
mod resume;
mod rows;
mod simulation;
mod support;
mod workbooks;
