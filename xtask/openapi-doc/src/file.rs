use std::io::ErrorKind;
use std::path::Path;

use anyhow::Result;

/// Whether to write the files that a tool owns, or only compare them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Write nothing; report how the files differ.
    Check,
    /// Write the files that differ.
    Write,
}

/// Compares a file with the content that it should have, and with [`Mode::Write`] updates it. Returns the difference: a
/// unified diff, or one line if the content is not text; empty if there was none.
///
/// In the difference, a missing file counts as empty, and `\r\n` as `\n`, because Git may check out text with such line
/// endings. Missing folders above a written file are created.
pub fn ensure(path: &Path, content: impl AsRef<[u8]>, mode: Mode) -> Result<String> {
    let new = content.as_ref();
    let old = match fs_err::read(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        read => Some(read?),
    };
    let difference = match (std::str::from_utf8(old.as_deref().unwrap_or_default()), std::str::from_utf8(new)) {
        _ if old.as_deref() == Some(new) => String::new(),
        _ if old.is_none() && new.is_empty() => {
            format!("{}: the file is missing; expected an empty one\n", path.display())
        }
        (Ok(old), Ok(new)) => unified_diff(path, &old.replace("\r\n", "\n"), new),
        _ => {
            let length = old.as_ref().map_or(0, Vec::len);
            format!("{}: the content differs ({length} bytes in the file, {} expected)\n", path.display(), new.len())
        }
    };
    if mode == Mode::Write && !difference.is_empty() {
        if let Some(folder) = path.parent() {
            fs_err::create_dir_all(folder)?;
        }
        fs_err::write(path, new)?;
    }
    Ok(difference)
}

/// Returns the unified diff of a file's content and the content that it should have; empty if they are the same. Lines
/// longer than 200 characters are cut, because a JSON file can be a single line.
pub fn unified_diff(path: &Path, old: &str, new: &str) -> String {
    let diff = similar::TextDiff::from_lines(old, new);
    let diff = diff.unified_diff().context_radius(2).header(&path.display().to_string(), "expected").to_string();
    diff.lines().map(|line| shortened(line, 200) + "\n").collect()
}

/// Returns a text, or its beginning and an ellipsis if it is longer than this number of characters.
pub fn shortened(text: &str, most: usize) -> String {
    text.char_indices().nth(most).map_or_else(|| text.to_owned(), |(end, _)| format!("{}…", &text[..end]))
}
