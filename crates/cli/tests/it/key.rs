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

/// Runs a call with this key file, and returns the messages without the name of the file.
fn refused(path: &Path) -> String {
    let server = Server::answering("200 OK", "", OK);
    let found = Run::of(call(&server.url).arg("--api-key-file").arg(path));
    assert_eq!((found.exit, found.stdout.as_str(), server.others()), (2, "", 0), "{}", found.stderr);
    assert!(!found.stderr.contains(&KEY[..8]), "{}", found.stderr);
    found.stderr.replace(path.to_str().unwrap(), "FILE")
}

#[test]
fn a_file_of_its_owner_alone_is_read_and_the_end_of_its_line_is_not_part_of_the_key() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("key");
    for (content, mode) in [(KEY.to_owned(), 0o600), (format!("{KEY}\n"), 0o400), (format!("{KEY}\r\n"), 0o700)] {
        write(&path, content, mode);
        let server = Server::answering("200 OK", "", OK);
        // The file was named explicitly; the variable merely exists.
        let found = Run::of(call(&server.url).env("JUSPAY_API_KEY", "another").arg("--api-key-file").arg(&path));
        assert!(server.request().contains(&format!("authorization: {SIGNATURE}\r\n")), "{}", found.stderr);
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_is_open_to_others_is_refused_and_it_is_told_how_to_mend_it() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("key");
    for mode in [0o640, 0o604, 0o644, 0o660, 0o666, 0o620, 0o602, 0o440] {
        write(&path, KEY, mode);
        assert_eq!(
            refused(&path),
            format!(
                "error: a problem in the input; nothing was sent\n  --api-key-file: FILE is open to others than its \
                 owner (mode {mode:04o}); close it with: chmod 600 FILE\n"
            )
        );
    }
}

#[test]
fn a_file_that_holds_no_key_is_refused() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("key");
    for (content, reason) in [
        (&b""[..], "FILE: the API key cannot be used: it is empty"),
        (b"\n", "FILE: the API key cannot be used: it is empty"),
        (b"1D6A81F3D24F4F:\n", "FILE: the API key cannot be used: it holds a colon"),
        (b"1D6A81F3D24F4F two\n", "FILE: the API key cannot be used: it holds a space"),
        (b"1D6A81F3D24F4F\nmore\n", "FILE: the API key cannot be used: it holds a space, a line break"),
        (b"\xff\xfe", "FILE holds something other than text"),
        (&[b'A'; 4097], "FILE is larger than 4096 bytes"),
    ] {
        write(&path, content, 0o600);
        let told = refused(&path);
        assert!(told.contains(&format!("  --api-key-file: {reason}")), "{told}");
    }
    fs::remove_file(&path).unwrap();
    assert!(refused(&path).contains("  --api-key-file: FILE cannot be read: No such file"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::create_dir(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
        assert!(refused(&path).contains("  --api-key-file: FILE cannot be read: Is a directory"));
    }
}

#[test]
fn the_variable_is_read_and_a_server_on_this_machine_needs_none() {
    let server = Server::answering("200 OK", "", OK);
    Run::of(call(&server.url).env("JUSPAY_API_KEY", KEY));
    assert!(server.request().contains(&format!("authorization: {SIGNATURE}\r\n")));
    Run::of(&mut call(&server.url));
    // `no-key-needed-here:`
    assert!(server.request().contains("authorization: Basic bm8ta2V5LW5lZWRlZC1oZXJlOg==\r\n"));
    for (value, reason) in [("", "it is set but empty"), ("two words", "it holds a space")] {
        let found = Run::of(call(&server.url).env("JUSPAY_API_KEY", value));
        assert_eq!((found.exit, server.others()), (2, 0));
        assert!(found.stderr.contains("\n  JUSPAY_API_KEY: ") && found.stderr.contains(reason), "{}", found.stderr);
    }
}

#[test]
fn a_key_goes_only_where_it_was_told_to_and_nothing_else_goes_without() {
    let told = |args: &[&str], key: Option<&str>| {
        let found = Run::of(program(CALL).args(args).envs(key.map(|key| ("JUSPAY_API_KEY", key))));
        assert_eq!((found.exit, found.stdout.as_str()), (2, ""), "{args:?}: {}", found.stderr);
        found.stderr
    };
    assert!(told(&[], Some(KEY)).contains("\n  --env: there is an API key, and nothing says where it belongs"));
    for args in [&["--env", "production"][..], &["--env", "sandbox"], &["--base-url", "https://127.0.0.1"]] {
        assert!(told(args, None).contains("\n  JUSPAY_API_KEY: there is no API key: set JUSPAY_API_KEY"), "{args:?}");
    }
    // The embedded sandbox ignores keys.
    for key in [None, Some(""), Some(KEY)] {
        let found = Run::of(program(CALL).args(["--env", "embedded"]).envs(key.map(|key| ("JUSPAY_API_KEY", key))));
        assert_eq!(found.exit, 0, "{}", found.stderr);
        assert_eq!(found.stderr, "note: sending 2 accounts to the embedded sandbox\n");
    }
}
