//! A command as a POSIX shell splits it into words, and as its author meant it.
//!
//! The two ways differ in one thing: an author ends each line with a backslash and means "the next argument is on the
//! next line". A shell takes the backslash and the line's end away and leaves nothing, not even a space; it ends the
//! command where the backslash is missing, and makes a space of one that has a space behind it.
//! Libraries that split words do not tell the end of a line from a space, and so hide what is looked for here.

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    Pasted,
    Meant,
}

/// A word, and where it begins in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) at: usize,
    pub(super) text: String,
}

/// The words of a text, by command.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Split {
    pub(super) commands: Vec<Vec<Word>>,
    /// What a shell does beside splitting words, for the reading [`Reading::Pasted`].
    pub(super) besides: Vec<String>,
    /// A quotation mark that is not closed; all behind it is one word.
    pub(super) open_quote: Option<usize>,
}

pub(super) fn split(text: &str, reading: Reading) -> Split {
    let mut splitter = Splitter {
        letters: text.char_indices().peekable(),
        reading,
        done: Split::default(),
        command: Vec::new(),
        word: None,
    };
    while let Some((at, letter)) = splitter.letters.next() {
        splitter.letter(at, letter, text);
    }
    splitter.end_command();
    splitter.done
}

struct Splitter<'a> {
    letters: std::iter::Peekable<std::str::CharIndices<'a>>,
    reading: Reading,
    done: Split,
    command: Vec<Word>,
    word: Option<Word>,
}

impl Splitter<'_> {
    fn letter(&mut self, at: usize, letter: char, text: &str) {
        let pasted = self.reading == Reading::Pasted;
        match letter {
            '\n' if pasted => self.end_command(),
            ' ' | '\t' | '\n' => self.end_word(),
            '#' if self.word.is_none() => while self.letters.next_if(|(_, letter)| *letter != '\n').is_some() {},
            '\\' => self.backslash(at, text),
            '\'' | '"' => {
                // The word is there, even if nothing stands between the marks.
                self.push(at, "");
                self.until_closed(at, letter);
            }
            ';' | '|' | '&' if pasted => {
                self.note(format!("an unquoted `{letter}` ends the command"));
                self.end_command();
            }
            '<' | '>' | '(' | ')' if pasted => {
                self.note(format!("an unquoted `{letter}` is an operator of the shell"));
                self.end_word();
            }
            '*' | '?' | '[' if pasted => {
                self.note(format!("an unquoted `{letter}` stands for names of files"));
                self.put(at, letter);
            }
            '$' | '`' if pasted => {
                self.note(format!("`{letter}` is replaced by the shell"));
                self.put(at, letter);
            }
            letter => self.put(at, letter),
        }
    }

    fn backslash(&mut self, at: usize, text: &str) {
        if self.reading == Reading::Meant {
            // Spaces behind it cannot be seen, so they were not meant.
            let rest = text.get(at + 1..).unwrap_or_default();
            let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
            if matches!(rest.as_bytes().get(blanks), None | Some(b'\n')) {
                while self.letters.next_if(|(next, _)| *next <= at + blanks).is_some() {}
                self.end_word();
                return;
            }
        }
        match self.letters.next() {
            Some((_, '\n')) => {}
            Some((_, letter)) => self.put(at, letter),
            None => self.put(at, '\\'),
        }
    }

    fn until_closed(&mut self, at: usize, quote: char) {
        while let Some((here, letter)) = self.letters.next() {
            match letter {
                letter if letter == quote => return,
                '\\' if quote == '"' => match self.letters.next_if(|(_, next)| "$`\"\\\n".contains(*next)) {
                    Some((_, '\n')) => {}
                    Some((_, escaped)) => self.put(here, escaped),
                    None => self.put(here, '\\'),
                },
                '$' | '`' if quote == '"' => {
                    if self.reading == Reading::Pasted {
                        self.note(format!("`{letter}` is replaced by the shell"));
                    }
                    self.put(here, letter);
                }
                letter => self.put(here, letter),
            }
        }
        self.done.open_quote.get_or_insert(at);
    }

    fn put(&mut self, at: usize, letter: char) {
        self.push(at, letter.encode_utf8(&mut [0; 4]));
    }

    /// Adds to the word; a word may be empty, as in `''`.
    fn push(&mut self, at: usize, text: &str) {
        self.word.get_or_insert_with(|| Word { at, text: String::new() }).text.push_str(text);
    }

    fn end_word(&mut self) {
        self.command.extend(self.word.take());
    }

    fn end_command(&mut self) {
        self.end_word();
        if !self.command.is_empty() {
            self.done.commands.push(std::mem::take(&mut self.command));
        }
    }

    fn note(&mut self, what: String) {
        if !self.done.besides.contains(&what) {
            self.done.besides.push(what);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(text: &str, reading: Reading) -> Vec<Vec<String>> {
        let commands = split(text, reading).commands;
        commands.into_iter().map(|command| command.into_iter().map(|word| word.text).collect()).collect()
    }

    #[test]
    fn a_missing_space_joins_two_words_for_the_shell_alone() {
        let text = "curl 'a'\\\n--data 'b' \\\n--data c";
        assert_eq!(words(text, Reading::Pasted), [["curl", "a--data", "b", "--data", "c"]]);
        assert_eq!(words(text, Reading::Meant), [["curl", "a", "--data", "b", "--data", "c"]]);
    }

    #[test]
    fn a_missing_backslash_ends_the_command_for_the_shell_alone() {
        for text in ["curl a\n-d b", "curl a \\ \n-d b"] {
            assert_eq!(words(text, Reading::Pasted).len(), 2, "{text}");
            assert_eq!(words(text, Reading::Meant), [["curl", "a", "-d", "b"]], "{text}");
        }
    }

    #[test]
    fn what_else_a_shell_acts_on_is_told() {
        let split = split("curl x?a=1&b=$C \"$D\" '$E' > f", Reading::Pasted);
        assert_eq!(split.commands.len(), 2);
        assert_eq!(
            split.besides,
            [
                "an unquoted `?` stands for names of files",
                "an unquoted `&` ends the command",
                "`$` is replaced by the shell",
                "an unquoted `>` is an operator of the shell",
            ]
        );
        assert_eq!(super::split("curl '$E' '&' \\$ \\&", Reading::Pasted).besides, [""; 0]);
    }

    #[test]
    fn an_open_quotation_mark_is_told_with_its_place() {
        assert_eq!(split("curl 'a \"b", Reading::Pasted).open_quote, Some(5));
        assert_eq!(split("curl 'a' \"b\"", Reading::Pasted).open_quote, None);
    }

    proptest! {
        /// Within one line, words are what a library makes of them.
        #[test]
        fn words_of_one_line_are_those_of_another_implementation(text in "[ab\\\\'\" #\t]{0,20}") {
            let own = split(&text, Reading::Pasted);
            let other = shlex::split(&text);
            // It refuses a backslash at the very end, where a shell keeps it.
            let dangling = text.len() - text.trim_end_matches('\\').len();
            if own.open_quote.is_none() && dangling == 0 {
                let own: Vec<String> = own.commands.into_iter().flatten().map(|word| word.text).collect();
                prop_assert_eq!(Some(own), other);
            }
        }

        #[test]
        fn no_text_panics(text in any::<String>(), shellish in "[a'\"\\\\\n$;& #é]{0,40}") {
            for text in [text, shellish] {
                split(&text, Reading::Pasted);
                split(&text, Reading::Meant);
            }
        }
    }
}
