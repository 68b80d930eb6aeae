//! The project's Markdown, as far as a reader can copy or follow it: blocks of code, code in sentences, and links.

use std::fs;
use std::path::Path;

use comrak::nodes::NodeValue;
use comrak::{Arena, Options, parse_document};

use crate::root;

/// Folders that are generated or downloaded.
const BUILT: [&str; 3] = [".git", "target", "tests/browser/node_modules"];

/// Pages that are input of tests, not documentation.
const INPUTS: &str = "xtask/docfacts/tests/";

/// A Markdown file.
#[derive(Debug)]
pub struct File {
    /// The path from the root, with `/`.
    pub name: String,
    /// The blocks of code.
    pub blocks: Vec<Excerpt>,
    /// The code in sentences.
    pub spans: Vec<Excerpt>,
    /// The targets of the links.
    pub links: Vec<Excerpt>,
}

/// A part of a file.
#[derive(Debug)]
pub struct Excerpt {
    /// The file and the line.
    pub place: String,
    /// The info string of a block: its language and everything after it. Empty for other parts.
    pub language: String,
    /// The text of the part.
    pub text: String,
}

/// All files, ordered by name.
///
/// # Panics
/// A file cannot be read.
pub fn files() -> Vec<File> {
    let names = paths().into_iter().filter(|name| is_markdown(name) && !name.starts_with(INPUTS));
    names.map(|name| parse(&name, &fs::read_to_string(root().join(&name)).expect("a Markdown file is text"))).collect()
}

fn is_markdown(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "md")
}

/// The files and folders of the workspace, as paths from the root with `/`, ordered by name. Build output is left out.
///
/// # Panics
/// A folder cannot be listed.
pub fn paths() -> Vec<String> {
    let mut paths = Vec::new();
    collect(&root(), "", &mut paths);
    paths.sort();
    paths
}

fn collect(folder: &Path, prefix: &str, paths: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("a folder of the workspace can be listed") {
        let path = entry.expect("an entry of a folder can be read").path();
        let name = format!("{prefix}{}", path.file_name().unwrap_or_default().display());
        if path.is_dir() {
            if BUILT.contains(&name.as_str()) {
                continue;
            }
            collect(&path, &format!("{name}/"), paths);
        }
        paths.push(name);
    }
}

/// Parses the text of a file.
pub fn parse(name: &str, text: &str) -> File {
    let mut options = Options::default();
    options.extension.table = true;
    let arena = Arena::new();
    let mut file = File { name: name.to_owned(), blocks: Vec::new(), spans: Vec::new(), links: Vec::new() };
    for node in parse_document(&arena, text, &options).descendants() {
        let node = node.data();
        let excerpt = |language: &str, text: &str| Excerpt {
            place: format!("{name}:{}", node.sourcepos.start.line),
            language: language.to_owned(),
            text: text.to_owned(),
        };
        match &node.value {
            NodeValue::CodeBlock(block) => file.blocks.push(excerpt(&block.info, &block.literal)),
            NodeValue::Code(code) => file.spans.push(excerpt("", &code.literal)),
            NodeValue::Link(link) | NodeValue::Image(link) => file.links.push(excerpt("", &link.url)),
            _ => {}
        }
    }
    file
}
