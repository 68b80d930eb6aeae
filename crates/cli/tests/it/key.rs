//! Where the API key comes from.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::support::{CALL, Run, Server, call, program};

const OK: &str = "[]";
const KEY: &str = "1D6A81F3D24F4F";
/// `1D6A81F3D24F4F:` in base64.
const SIGNATURE: &str = "Basic MUQ2QTgxRjNEMjRGNEY6";

fn write(path: &Path, content: impl AsRef<[u8]>, mode: u32) {
    fs::write(path, content).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }
    #[cfg(not(unix))]
    let _ = mode;
}

/// Runs a call with a key file that must be refused. Returns the messages, with `FILE` in place of its name.
fn refused(path: &Path) -> String {
    let server = Server::responding("200 OK", "", OK);
    let found = Run::of(call(&server.url).arg("--api-key-file").arg(path));
    assert_eq!((found.exit, found.stdout.as_str(), server.others()), (2, "", 0), "{}", found.stderr);
    assert!(!found.stderr.contains(&KEY[..8]), "{}", found.stderr);
    found.stderr.replace(path.to_str().unwrap(), "FILE")
}

#[test]
fn a_key_file_that_only_its_owner_can_open_is_read_without_its_line_end() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("key");
    for (content, mode) in [(KEY.to_owned(), 0o600), (format!("{KEY}\n"), 0o400), (format!("{KEY}\r\n"), 0o700)] {
        write(&path, content, mode);
        let server = Server::responding("200 OK", "", OK);
        // The flag takes precedence over the variable.
        let found = Run::of(call(&server.url).env("JUSPAY_API_KEY", "another").arg("--api-key-file").arg(&path));
        assert!(server.request().contains(&format!("authorization: {SIGNATURE}\r\n")), "{}", found.stderr);
    }
}

#[cfg(unix)]
#[test]
fn a_key_file_that_others_can_open_is_refused_with_the_command_that_fixes_it() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("key");
    for mode in [0o640, 0o604, 0o644, 0o660, 0o666, 0o620, 0o602, 0o440] {
        write(&path, KEY, mode);
        assert_eq!(
            refused(&path),
            format!(
                "error: there is a problem in the input; nothing was sent\n  --api-key-file: FILE can be opened by other \
                 users (mode {mode:04o}); fix it with: chmod 600 FILE\n"
            )
        );
    }
}

#[test]
fn a_file_without_a_key_is_refused() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("key");
    for (content, reason) in [
        (&b""[..], "FILE: the API key cannot be used: it is empty"),
        (b"\n", "FILE: the API key cannot be used: it is empty"),
        (b"1D6A81F3D24F4F:\n", "FILE: the API key cannot be used: it contains a colon"),
        (b"1D6A81F3D24F4F two\n", "FILE: the API key cannot be used: it contains a space"),
        (b"1D6A81F3D24F4F\nmore\n", "FILE: the API key cannot be used: it contains a space, a line break"),
        (b"\xff\xfe", "FILE is not a text file"),
        (&[b'A'; 4097], "FILE is larger than 4096 bytes"),
    ] {
        write(&path, content, 0o600);
        let message = refused(&path);
        assert!(message.contains(&format!("  --api-key-file: {reason}")), "{message}");
    }
    fs::remove_file(&path).unwrap();
    assert!(refused(&path).contains("  --api-key-file: FILE cannot be read: "));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::create_dir(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
        assert!(refused(&path).contains("  --api-key-file: FILE cannot be read: Is a directory"));
    }
}

#[test]
fn the_key_is_read_from_the_variable_and_a_local_server_needs_none() {
    let server = Server::responding("200 OK", "", OK);
    Run::of(call(&server.url).env("JUSPAY_API_KEY", KEY));
    assert!(server.request().contains(&format!("authorization: {SIGNATURE}\r\n")));
    Run::of(&mut call(&server.url));
    // `no-key-needed-here:` in base64.
    assert!(server.request().contains("authorization: Basic bm8ta2V5LW5lZWRlZC1oZXJlOg==\r\n"));
    for (value, reason) in [("", "the variable is empty"), ("two words", "it contains a space")] {
        let found = Run::of(call(&server.url).env("JUSPAY_API_KEY", value));
        assert_eq!((found.exit, server.others()), (2, 0));
        assert!(found.stderr.contains("\n  JUSPAY_API_KEY: ") && found.stderr.contains(reason), "{}", found.stderr);
    }
}

#[test]
fn a_key_needs_a_server_and_a_server_needs_a_key() {
    let message = |args: &[&str], key: Option<&str>| {
        let found = Run::of(program(CALL).args(args).envs(key.map(|key| ("JUSPAY_API_KEY", key))));
        assert_eq!((found.exit, found.stdout.as_str()), (2, ""), "{args:?}: {}", found.stderr);
        found.stderr
    };
    assert!(message(&[], Some(KEY)).contains("\n  --env: there is an API key, but no server for it"));
    for args in [&["--env", "production"][..], &["--env", "sandbox"], &["--base-url", "https://127.0.0.1"]] {
        assert!(
            message(args, None).contains("\n  JUSPAY_API_KEY: the API key is missing: set JUSPAY_API_KEY"),
            "{args:?}"
        );
    }
    // The embedded sandbox ignores keys.
    for key in [None, Some(""), Some(KEY)] {
        let found = Run::of(program(CALL).args(["--env", "embedded"]).envs(key.map(|key| ("JUSPAY_API_KEY", key))));
        assert_eq!(found.exit, 0, "{}", found.stderr);
        assert_eq!(found.stderr, "note: sending 2 accounts to the embedded sandbox\n");
    }
}
