//! Runs `juspay-accounts batch` as a program against a sandbox in this process. The tests send signals to it, and read
//! its memory from /proc.

mod added_columns;
mod columns;
mod escaping;
mod follow;
mod inputs;
mod kill;
mod limits;
mod money;
mod other_runs;
mod payees;
mod reconcile;
mod results;
mod resume;
mod rows;
mod signals;
mod simulation;
mod support;
mod unless_validated;
mod workbooks;
