//! The workspace as cargo sees it, and the programs that the tasks run. A program that is missing, or that failed, is told
//! with the command that installs it, or that was run.

use std::ffi::OsStr;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

/// The workspace.
#[derive(Clone, Debug, Deserialize)]
pub struct Workspace {
    /// Its root.
    #[serde(rename = "workspace_root")]
    pub root: PathBuf,
    /// Where cargo builds.
    #[serde(rename = "target_directory")]
    pub target: PathBuf,
    /// Its packages, published or not.
    pub packages: Vec<Package>,
}

/// A package of the workspace.
#[derive(Clone, Debug, Deserialize)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The oldest Rust that it promises to build with.
    pub rust_version: Option<String>,
    /// The address of the project, empty as long as it has none.
    pub repository: Option<String>,
    /// The registries that it may go to; none at all if it is not published.
    publish: Option<Vec<String>>,
    /// Its `Cargo.toml`.
    manifest_path: PathBuf,
}

impl Package {
    /// Whether it goes to crates.io.
    pub fn is_published(&self) -> bool {
        self.publish.is_none()
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        self.manifest_path.parent().unwrap_or(Path::new(""))
    }
}

impl Workspace {
    /// The workspace whose root is `root`.
    ///
    /// # Errors
    /// cargo cannot read it.
    pub fn load(root: &Path) -> Result<Self, String> {
        let mut command = cargo(Path::new("."));
        command
            .args(["metadata", "--no-deps", "--format-version", "1", "--manifest-path"])
            .arg(root.join("Cargo.toml"));
        let json = output(&mut command)?;
        serde_json::from_str(&json)
            .map_err(|error| format!("error: cargo describes the workspace unexpectedly: {error}"))
    }

    /// The packages that go to crates.io.
    pub fn published(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| package.is_published())
    }
}

/// cargo, in a folder.
///
/// The one that runs this program, so that a toolchain that was asked for stays the same.
pub fn cargo(folder: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
    command.current_dir(folder);
    command
}

/// cargo of a toolchain, in a folder.
pub fn cargo_of(toolchain: &str, folder: &Path) -> Command {
    let mut command = Command::new("rustup");
    command.args(["run", toolchain, "cargo"]).current_dir(folder);
    // Those of the toolchain that runs this program.
    for variable in ["CARGO", "RUSTC", "RUSTDOC", "RUSTUP_TOOLCHAIN"] {
        command.env_remove(variable);
    }
    command
}

/// Runs a program that speaks for itself.
///
/// # Errors
/// It cannot be run, or it failed.
pub fn run(command: &mut Command) -> Result<(), String> {
    let status = command.status().map_err(|error| cannot_run(command, &error))?;
    if status.success() { Ok(()) } else { Err(format!("error: this failed ({status}): {}", shown(command))) }
}

/// Runs a program for what it prints.
///
/// # Errors
/// It cannot be run, or it failed; what it had to say of that is part of the error.
pub fn output(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|error| cannot_run(command, &error))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{}\nerror: this failed ({}): {}", said.trim_end(), output.status, shown(command)));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("error: this printed no text: {}", shown(command)))
}

/// Asks for a subcommand of cargo that is not part of it.
///
/// # Errors
/// It is not installed.
pub fn installed(folder: &Path, subcommand: &str) -> Result<(), String> {
    let known = output(cargo(folder).arg("--list"))?;
    if known.lines().any(|line| line.split_whitespace().next() == Some(subcommand)) {
        return Ok(());
    }
    Err(format!("error: cargo-{subcommand} is missing; install it with `cargo install --locked cargo-{subcommand}`"))
}

fn cannot_run(command: &Command, error: &std::io::Error) -> String {
    let program = command.get_program().display();
    if error.kind() == ErrorKind::NotFound {
        format!("error: `{program}` is not installed, or is not in the path")
    } else {
        format!("error: `{program}` cannot be run: {error}")
    }
}

/// A command as a person would type it.
fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_stem().unwrap_or_default();
    let words = std::iter::once(program).chain(command.get_args());
    words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}
