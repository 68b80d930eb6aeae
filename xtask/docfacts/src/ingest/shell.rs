//! A command as its author meant it, and as a POSIX shell reads it.
//!
//! The two differ in one thing: an author ends each line with a backslash and means "the next argument is on the next
//! line". A shell removes the backslash and the line break and leaves nothing, not even a space; where the backslash is
//! missing, or followed by a space, it ends the command.

/// A word, and its line in the text, from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) line: usize,
    pub(super) text: String,
}

/// The words that the author meant, whatever the ends of lines look like.
///
/// # Errors
/// The line of a quotation mark that is not closed.
pub(super) fn meant(text: &str) -> Result<Vec<Word>, usize> {
    // Spaces after a backslash cannot be seen, so they were not meant.
    let joined = |line: &str| match line.trim_end_matches([' ', '\t']).strip_suffix('\\') {
        Some(start) => format!("{start} "),
        None => line.to_owned(),
    };
    let lines: Vec<_> = text.lines().map(joined).collect();
    let text = lines.join("\n");
    let Some(words) = shlex::split(&text) else {
        let complete = |count: &usize| shlex::split(&lines[..*count].join("\n")).is_some();
        return Err((0..lines.len()).rev().find(complete).unwrap_or_default());
    };
    let mut from = 0;
    let place = |word: String| {
        // A word with quotation marks inside cannot be found; it is not before the word before it.
        let first = word.lines().next().unwrap_or_default();
        from += text[from..].find(first).map_or(0, |at| at + first.len());
        Word { line: text[..from].matches('\n').count(), text: word }
    };
    Ok(words.into_iter().map(place).collect())
}

/// The commands that a shell runs, as words.
pub(super) fn pasted(text: &str) -> Vec<Vec<String>> {
    let mut commands = Vec::new();
    let mut command = String::new();
    for line in text.lines() {
        command.push_str(line);
        if let Some(words) = shlex::split(&command) {
            commands.extend(Some(words).filter(|words| !words.is_empty()));
            command.clear();
        } else if let Some(start) = command.strip_suffix('\\')
            && shlex::split(start).is_some()
        {
            // Joined with the next line, without as much as a space.
            command.pop();
        } else {
            // A quotation is open.
            command.push('\n');
        }
    }
    commands.extend(shlex::split(&command).filter(|words| !words.is_empty()));
    commands
}

/// What a shell does besides splitting words.
pub(super) fn side_effects(text: &str) -> Vec<String> {
    let (mut found, mut quote) = (Vec::new(), None);
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        let effect = match (letter, quote) {
            ('\\', None | Some('"')) => {
                letters.next();
                continue;
            }
            ('\'' | '"', None) => {
                quote = Some(letter);
                continue;
            }
            (_, Some(open)) if letter == open => {
                quote = None;
                continue;
            }
            (';' | '|' | '&', None) => format!("an unquoted `{letter}` ends the command"),
            ('<' | '>' | '(' | ')', None) => format!("an unquoted `{letter}` is an operator of the shell"),
            ('*' | '?' | '[', None) => format!("an unquoted `{letter}` stands for names of files"),
            ('$' | '`', None | Some('"')) => format!("`{letter}` is replaced by the shell"),
            _ => continue,
        };
        if !found.contains(&effect) {
            found.push(effect);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meant(text: &str) -> Vec<String> {
        super::meant(text).unwrap().into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn a_missing_space_joins_two_words_for_the_shell_alone() {
        let text = "curl 'a'\\\n--data 'b' \\\n--data c";
        assert_eq!(pasted(text), [["curl", "a--data", "b", "--data", "c"]]);
        assert_eq!(meant(text), ["curl", "a", "--data", "b", "--data", "c"]);
        let lines: Vec<_> = super::meant(text).unwrap().iter().map(|word| word.line).collect();
        assert_eq!(lines, [0, 0, 1, 1, 2, 2]);
    }

    #[test]
    fn a_missing_backslash_ends_the_command_for_the_shell_alone() {
        for text in ["curl a\n-d b", "curl a \\ \n-d b", "curl a\n\n-d b \\"] {
            assert_eq!(pasted(text).len(), 2, "{text}");
            assert_eq!(meant(text), ["curl", "a", "-d", "b"], "{text}");
        }
        assert_eq!(pasted("curl 'a\nb' \\\n c \"d\\\ne\" \\"), [["curl", "a\nb", "c", "de"]]);
    }

    #[test]
    fn an_open_quotation_mark_has_a_line() {
        assert_eq!(super::meant("curl \\\n'a' \\\n \"b \\\nc"), Err(2));
    }

    #[test]
    fn side_effects_of_unquoted_characters_are_listed_once() {
        let found = [
            "an unquoted `?` stands for names of files",
            "an unquoted `&` ends the command",
            "`$` is replaced by the shell",
            "an unquoted `>` is an operator of the shell",
        ];
        assert_eq!(side_effects("curl x?a=1&b=$C \"$D?\" '$E' > f?"), found);
        assert_eq!(side_effects("curl '$E\"' '&' \\$ \\& \"\\$\""), [""; 0]);
    }
}
