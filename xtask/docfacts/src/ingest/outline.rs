//! Sections by heading. The title of the page (level 1) and its chapters (level 2) have the same rank, because a
//! chapter can also be above the title. Deeper headings are nested.

use comrak::nodes::{Node, NodeValue};

use super::markdown::{Text, line, name};
use super::remarks::Ingested;

/// A heading with its content.
#[derive(Debug)]
pub(super) struct Section<'a> {
    pub(super) line: usize,
    pub(super) level: usize,
    /// The heading, without the colon at its end.
    pub(super) title: String,
    pub(super) blocks: Vec<Node<'a>>,
    pub(super) sections: Vec<Section<'a>>,
}

impl Section<'_> {
    pub(super) fn no_headings(&self, read: &mut Ingested) {
        for inner in &self.sections {
            read.problem(inner.line, format!("unknown heading `{}` within `{}`", inner.title, self.title));
        }
    }

    /// Reports all blocks except those with these names.
    pub(super) fn only(&self, names: &[&str], read: &mut Ingested) {
        for block in self.blocks.iter().filter(|block| !names.contains(&name(block))) {
            read.unexpected(block, format_args!("in the section `{}`", self.title));
        }
    }

    /// Reports all headings, and all blocks except those with these names.
    pub(super) fn nothing_but(&self, names: &[&str], read: &mut Ingested) {
        self.only(names, read);
        self.no_headings(read);
    }
}

/// The blocks before the first heading, and the sections.
pub(super) fn outline(page: Node<'_>) -> (Vec<Node<'_>>, Vec<Section<'_>>) {
    let (mut head, mut done) = (Vec::new(), Vec::new());
    // The open section and the sections around it, the innermost last.
    let mut open: Vec<Section<'_>> = Vec::new();
    for block in page.children() {
        if let NodeValue::Heading(heading) = block.data().value {
            close(&mut open, heading.level.into(), &mut done);
            let title = Text::of(block).plain().trim_end_matches([':', ' ']).to_owned();
            let (line, level) = (line(block), heading.level.into());
            open.push(Section { line, level, title, blocks: Vec::new(), sections: Vec::new() });
        } else {
            open.last_mut().map_or(&mut head, |section| &mut section.blocks).push(block);
        }
    }
    close(&mut open, 0, &mut done);
    (head, done)
}

fn close<'a>(open: &mut Vec<Section<'a>>, level: usize, done: &mut Vec<Section<'a>>) {
    while let Some(section) = open.pop_if(|section| section.level >= level || level <= 2) {
        open.last_mut().map_or(&mut *done, |around| &mut around.sections).push(section);
    }
}
