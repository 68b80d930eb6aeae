//! `--dry-run`: prints the request as it would be sent.

use juspay_accounts::{Client, Error, RequestPreview};

use crate::connect::Target;
use crate::console::{Console, Format, json_line};
use crate::exit::Exit;
use crate::failure::Failure;

pub(crate) fn run(
    preview: impl FnOnce(&Client) -> Result<RequestPreview, Error>,
    target: &Target,
    unmasked: bool,
    console: Console,
) -> Result<Exit, Failure> {
    let preview = target.preview(preview)?;
    let preview = if unmasked { preview.unmasked() } else { preview };
    console
        .print(|out| match console.format {
            Format::Table => writeln!(out, "{preview}"),
            Format::Json => json_line(out, &preview),
        })
        .map_err(|error| Failure::caused(Exit::Usage, "the request cannot be printed", &error))?;
    console.note(format_args!("not sent, as this is a dry run; it would be sent to {}", target.describe()));
    if let Some(missing) = target.missing() {
        console.warn(format_args!("{}: {}", missing.at, missing.problem));
    }
    Ok(Exit::Active)
}
