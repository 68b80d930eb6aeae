//! The texts that people write and read: their words, the length of files and lines, and the lines of the help.
//! Each failure names the place and what to write instead.

mod words;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use clap::{Command, CommandFactory as _};
use contract_tests::commands::Arguments;
use contract_tests::{markdown, root};
use juspay_accounts_cli::Cli;
use regex::Regex;
use words::{ADVICE, ALLOWED, Advice};

/// The maximum number of lines in a file of code.
const LINES: usize = 400;

/// The maximum number of characters that say what a flag or command is for.
const HELP: usize = 79;

/// The columns of the narrowest terminal.
const TERMINAL: usize = 80;

/// Kinds of files that people write, and the maximum number of columns in a line.
const KINDS: [(&str, usize); 15] = [
    ("rs", 120),
    ("md", 150),
    ("", 160),
    ("css", 160),
    ("html", usize::MAX),
    ("java", 160),
    ("js", 160),
    ("mjs", 160),
    ("py", 160),
    ("sh", 160),
    ("toml", 160),
    ("ts", 160),
    // Paragraphs, which the program wraps.
    ("txt", usize::MAX),
    ("yaml", 160),
    ("yml", 160),
];

/// Files without an ending that people write.
const SCRIPTS: [&str; 6] =
    [".ci/run", ".github/pack", ".github/prose-sample", ".github/public-api", "Containerfile", "tests/outside/run"];

/// Parts of the paths of texts that are generated, are the vendor's or other people's, or name unwanted words.
const NOT_OURS: [&str; 11] = [
    "/generated/",
    "/vendor/",
    "BENCHMARKS.md",
    "crates/cli/tests/payees/",
    "public-api.txt",
    "spec/documented/",
    "tests/it/tidy.rs",
    "tests/it/tidy/words.rs",
    "tests/outside/generators/expected.txt",
    "xtask/docfacts/tests/pages/",
    "xtask/specgen/schemas/",
];

/// A file that people write.
struct File {
    path: String,
    kind: &'static str,
    columns: usize,
    text: String,
}

fn files() -> Vec<File> {
    let mut files = Vec::new();
    for path in markdown::paths() {
        let extension = Path::new(&path).extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        let Some((kind, columns)) = KINDS.into_iter().find(|(kind, _)| *kind == extension) else { continue };
        let is_ours = !NOT_OURS.iter().any(|part| path.contains(part));
        if !is_ours || kind.is_empty() && !SCRIPTS.contains(&path.as_str()) {
            continue;
        }
        let text = fs::read_to_string(root().join(&path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        files.push(File { path, kind, columns, text });
    }
    files
}

/// Fails with all problems, one per line.
fn assert_none(problems: &[String]) {
    assert!(problems.is_empty(), "{} problems:\n{}", problems.len(), problems.join("\n"));
}

/// The words of a file in one line, in lower case, and where in it each line begins. Names in code become words.
fn prose(text: &str) -> (String, Vec<usize>) {
    let (mut prose, mut starts) = (String::new(), Vec::new());
    for line in text.lines() {
        starts.push(prose.len());
        let mut before = ' ';
        // Without the marks of comments, a phrase in two lines is still a phrase.
        for character in line.trim_start_matches([' ', '/', '!', '#', '*', '>', '-']).chars() {
            if character.is_uppercase() && before.is_lowercase() || character == '_' {
                prose.push(' ');
            }
            prose.extend(character.to_lowercase().filter(|character| *character != '_'));
            before = character;
        }
        prose.push(' ');
    }
    (prose, starts)
}

/// The unwanted words of a file: the line, the word, and its advice.
fn unwanted(text: &str) -> Vec<(usize, String, &'static Advice)> {
    // One expression finds all phrases. Where a fine phrase begins with an unwanted word, the longer one is found.
    static PHRASES: LazyLock<Regex> = LazyLock::new(|| {
        let mut phrases: Vec<_> = ADVICE.iter().flat_map(|advice| advice.except.iter().chain(advice.words)).collect();
        phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.len()));
        Regex::new(&format!(r"\b(?:{})\b", phrases.into_iter().copied().collect::<Vec<_>>().join("|"))).unwrap()
    });
    let (prose, starts) = prose(text);
    let found = PHRASES.find_iter(&prose).filter_map(|found| {
        let advice = ADVICE.iter().find(|advice| advice.words.contains(&found.as_str()))?;
        Some((starts.partition_point(|start| *start <= found.start()), found.as_str().to_owned(), advice))
    });
    found.collect()
}

#[test]
fn unwanted_words_are_not_used() {
    let mut problems = Vec::new();
    let mut used = BTreeSet::new();
    for File { path, text, .. } in files() {
        for (line, word, advice) in unwanted(&text) {
            match ALLOWED.iter().position(|(start, allowed, _)| path.starts_with(start) && *allowed == word) {
                Some(exception) => _ = used.insert(exception),
                None => problems.push(format!("{path}:{line}: not *{word}*, but: {}", advice.instead)),
            }
        }
    }
    for (index, (path, word, _)) in ALLOWED.iter().enumerate() {
        if !used.contains(&index) {
            problems.push(format!("tests/it/tidy/words.rs: {path} no longer has *{word}*; remove the exception"));
        }
    }
    assert_none(&problems);
}

/// The generator works for any spec.
#[test]
fn generator_does_not_mention_this_api() {
    let words = Regex::new("juspay|ifsc|vpa|customer|penny|merchant").unwrap();
    let found = files().into_iter().filter(|file| file.path.starts_with("xtask/specgen/"));
    let found =
        found.filter_map(|file| Some(format!("{}: {}", file.path, words.find(&file.text.to_lowercase())?.as_str())));
    assert_none(&found.collect::<Vec<_>>());
}

#[test]
fn files_of_code_are_short() {
    let is_code = |kind: &str| ["", "css", "html", "js", "mjs", "py", "rs", "sh", "ts"].contains(&kind);
    let long = files().into_iter().filter(|file| is_code(file.kind) && file.text.lines().count() > LINES);
    let problem = |file: File| {
        let lines = file.text.lines().count();
        format!("{}:{LINES}: {lines} lines; move a subject into a file of its own", file.path)
    };
    assert_none(&long.map(problem).collect::<Vec<_>>());
}

/// The text, with each string literal of Rust emptied. A message may be a long line: if it were broken, a search for it
/// would fail.
fn without_strings(text: &str) -> String {
    static STRING: LazyLock<Regex> = LazyLock::new(|| {
        // A comment or a character is matched so that a quotation mark in it begins no string.
        Regex::new(r###"(?s)//[^\n]*|'(?:\\.|[^'\\\n])'|r##".*?"##|r#".*?"#|r"[^"]*"|"(?:\\.|[^"\\])*""###).unwrap()
    });
    let replaced = STRING.replace_all(text, |found: &regex::Captures| {
        if found[0].starts_with(['/', '\'']) {
            found[0].to_owned()
        } else {
            "\n".repeat(found[0].matches('\n').count())
        }
    });
    replaced.into_owned()
}

/// The lines of a file that should fit, each with its number.
fn measured(file: &File) -> Vec<(usize, String)> {
    let text = if file.kind == "rs" { without_strings(&file.text) } else { file.text.clone() };
    let mut is_output = false;
    let mut lines = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let is_fence = file.kind == "md" && line.trim_start().starts_with("```");
        is_output ^= is_fence;
        // Rows of tables, output of programs and addresses have no place to break.
        let is_whole = is_output || file.kind == "md" && line.starts_with('|') || line.contains("https://");
        if !is_whole {
            lines.push((number, line.to_owned()));
        }
    }
    lines
}

#[test]
fn lines_fit_the_window() {
    let mut problems = Vec::new();
    for file in files() {
        for (number, line) in measured(&file) {
            let (columns, most) = (line.chars().count(), file.columns);
            if columns > most {
                problems
                    .push(format!("{}:{number}: {columns} columns; break the line before column {most}", file.path));
            }
        }
    }
    assert_none(&problems);
}

#[test]
fn heading_of_a_comment_is_a_line_of_its_own() {
    let heading = Regex::new(r"^\s*//[/!] #+ (Errors|Examples?|Panics|Safety) \w").unwrap();
    let mut problems = Vec::new();
    for File { path, text, .. } in files().into_iter().filter(|file| file.kind == "rs") {
        let found = (1..).zip(text.lines()).filter(|(_, line)| heading.is_match(line));
        problems.extend(found.map(|(line, _)| format!("{path}:{line}: begin a new line after the heading")));
    }
    assert_none(&problems);
}

/// Calls a function for a command and each command below it, with its name as a user types it.
fn walk(command: &Command, name: &str, visit: &mut dyn FnMut(&Command, &str)) {
    visit(command, name);
    for below in command.get_subcommands() {
        walk(below, &format!("{name} {}", below.get_name()), visit);
    }
}

fn programs() -> [(Command, &'static str); 2] {
    [(Cli::command(), "juspay-accounts"), (Arguments::command(), "cargo xtask")]
}

#[test]
fn help_of_a_flag_or_command_is_one_short_line() {
    let mut problems = Vec::new();
    for (program, name) in programs() {
        walk(&program, name, &mut |command, name| {
            let own = command.get_about().map(|about| (String::new(), about.to_string()));
            let flags = command.get_arguments();
            let flags = flags.filter_map(|flag| Some((format!(" --{}", flag.get_id()), flag.get_help()?.to_string())));
            for (flag, help) in own.into_iter().chain(flags) {
                let length = help.chars().count();
                if length > HELP {
                    problems.push(format!("{name}{flag}: {length} characters, at most {HELP} fit; say less: {help}"));
                }
            }
        });
    }
    assert_none(&problems);
}

#[test]
fn help_fits_a_terminal_of_80_columns() {
    let mut problems = Vec::new();
    for (program, name) in programs() {
        let mut program = program.term_width(TERMINAL);
        program.build();
        walk(&program, name, &mut |command, name| {
            let mut command = command.clone();
            for (number, line) in (1..).zip(command.render_long_help().to_string().lines()) {
                let length = line.chars().count();
                if length > TERMINAL {
                    problems.push(format!("{name} --help, line {number}: {length} characters; break it: {line}"));
                }
            }
        });
    }
    assert_none(&problems);
}

#[test]
fn unwanted_words_are_found_in_prose_and_in_names() {
    let found = |text: &str| {
        let found = unwanted(text).into_iter().map(|(line, word, _)| format!("{line}: {word}; "));
        found.collect::<String>()
    };
    for (text, expected) in [
        ("/// The answer.", "1: answer; "),
        ("fn a() {}\nlet call_answer = CallAnswers::new();", "2: answer; 2: answers; "),
        ("/// This is what became\n/// of it.", "1: became of; "),
        ("# It is no file, and there is no other; it is no longer here.", "1: is no; "),
        ("It stands for a name. It stands there.", "1: stands; "),
        ("A foretelling of unanswered mending-machines", "1: mending; "),
        ("Retold, mendacious, a response.", ""),
    ] {
        assert_eq!(found(text), expected, "{text}");
    }
}

#[test]
fn strings_do_not_count_for_the_width() {
    let long = "x".repeat(200);
    for (text, columns) in [
        (format!("let a = \"{long}\\\"{long}\";"), 10),
        (format!("let a = r#\"{long}\"{long}\n{long}\"#;"), 9),
        (format!("let a = '\"'; // {long} \""), 200 + 18),
    ] {
        let without = without_strings(&text);
        assert_eq!(without.lines().count(), text.lines().count());
        assert!(without.lines().map(str::len).max().unwrap().abs_diff(columns) <= 2, "{without}");
    }
}
