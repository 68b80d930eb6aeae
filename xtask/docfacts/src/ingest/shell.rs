//! A command as its author meant it, and as a POSIX shell reads it.
//!
//! The two readings differ at line ends. An author ends each line with a backslash, and means "the next argument is on
//! the next line". A shell removes the backslash and the line break without leaving a space. If the backslash is
//! missing or followed by a space, the line break ends the command.

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) line: usize,
    pub(super) text: String,
}

/// The words that the author meant, however the lines end. The error is the line of a quotation mark that is not
/// closed.
pub(super) fn meant(text: &str) -> Result<Vec<Word>, usize> {
    // Spaces after a backslash are invisible, so the author did not mean them.
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
        // A word that has quotation marks inside is not found in the text. It gets the line of the previous word.
        let first = word.lines().next().unwrap_or_default();
        from += text[from..].find(first).map_or(0, |at| at + first.len());
        Word { line: text[..from].matches('\n').count(), text: word }
    };
    Ok(words.into_iter().map(place).collect())
}

/// The commands that a shell runs. The line of each word is unknown, so it is 0.
pub(super) fn pasted(text: &str) -> Vec<Vec<Word>> {
    let mut commands: Vec<Vec<String>> = Vec::new();
    let mut command = String::new();
    for line in text.lines() {
        command.push_str(line);
        if let Some(words) = shlex::split(&command) {
            commands.push(words);
            command.clear();
        } else if let Some(start) = command.strip_suffix('\\')
            && shlex::split(start).is_some()
        {
            // The shell joins this line with the next one, without a space.
            command.pop();
        } else {
            command.push('\n');
        }
    }
    commands.extend(shlex::split(&command));
    let words = |words: Vec<String>| words.into_iter().map(|text| Word { line: 0, text }).collect();
    commands.into_iter().filter(|words| !words.is_empty()).map(words).collect()
}

/// What a shell does in addition to splitting words.
pub(super) fn side_effects(text: &str) -> Vec<String> {
    let (mut found, mut quote) = (Vec::new(), None);
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        let mut effect = String::new();
        match (letter, quote) {
            ('\\', None | Some('"')) => drop(letters.next()),
            ('\'' | '"', None) => quote = Some(letter),
            (_, Some(open)) if letter == open => quote = None,
            (';' | '|' | '&', None) => effect = format!("an unquoted `{letter}` ends the command"),
            ('<' | '>' | '(' | ')', None) => effect = format!("an unquoted `{letter}` is an operator of the shell"),
            ('*' | '?' | '[', None) => effect = format!("an unquoted `{letter}` matches file names"),
            ('$' | '`', None | Some('"')) => effect = format!("`{letter}` is replaced by the shell"),
            _ => {}
        }
        if !effect.is_empty() && !found.contains(&effect) {
            found.push(effect);
        }
    }
    found
}
