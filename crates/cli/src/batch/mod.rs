//! `batch`: checks a whole file of payees, then sends them.
//!
//! ```text
//! input ─▶ check (every row; nothing is sent) ─▶ plan ─▶ steps ─▶ dispatch ─▶ execute ─▶ log ─▶ results
//!                                   log ─▶ state per payee ─┘
//! ```
//!
//! The log ([`crate::log`]) is the only durable file. A payee is identified by its customer and account, not by its
//! row, so a file can be corrected, extended or sorted between runs. The results are made from the input and the log,
//! and written again at the end of each run.

mod args;
mod checked;
mod dispatch;
mod execute;
mod plan;
mod prepare;
mod problems;
mod report;
mod results;
mod run;
mod settle;
mod steps;

pub(crate) use args::{Args, ResultsArgs};
pub(crate) use results::command as results;
pub(crate) use run::{check_only, run};
