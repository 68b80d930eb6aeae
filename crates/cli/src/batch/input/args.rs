//! The flags that say how to read a file.

use super::profile::Profile;
use crate::failure::Failure;

/// How to read a file.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Reading the file")]
pub(crate) struct ReadingArgs {
    /// Make the repairs that lose nothing, such as removing spaces around a value
    #[arg(long)]
    clean: bool,
}

impl ReadingArgs {
    /// The flags as a profile.
    #[allow(clippy::unnecessary_wraps)]
    pub(crate) fn profile(&self) -> Result<Profile, Failure> {
        Ok(Profile { clean: self.clean, ..Profile::default() })
    }
}
