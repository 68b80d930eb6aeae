//! Sections by heading. The heading of the page and its chapters (levels 1 and 2) have the same rank, because the
//! vendor also writes a chapter above the title. Deeper headings are nested.

use super::markdown::{Block, Content};
use super::remarks::Ingested;

/// A heading with its content.
#[derive(Debug)]
pub(super) struct Section {
    pub(super) line: usize,
    pub(super) level: usize,
    /// The heading, without the colon at its end.
    pub(super) title: String,
    pub(super) blocks: Vec<Block>,
    pub(super) sections: Vec<Section>,
}

impl Section {
    pub(super) fn no_headings(&self, read: &mut Ingested) {
        for inner in &self.sections {
            read.problem(inner.line, format!("the heading `{}` is not known within `{}`", inner.title, self.title));
        }
    }

    pub(super) fn only(&self, names: &[&str], read: &mut Ingested) {
        for Block { line, content } in self.blocks.iter().filter(|block| !names.contains(&block.content.name())) {
            read.problem(*line, format!("{} is not known in the section `{}`", content.name(), self.title));
        }
    }
}

#[derive(Debug)]
pub(super) struct Outline {
    pub(super) head: Vec<Block>,
    pub(super) sections: Vec<Section>,
}

pub(super) fn outline(blocks: Vec<Block>) -> Outline {
    let mut outline = Outline { head: Vec::new(), sections: Vec::new() };
    // The open section and the sections around it, the innermost last.
    let mut open: Vec<Section> = Vec::new();
    for block in blocks {
        match block.content {
            Content::Heading(level, text) => {
                close(&mut open, level, &mut outline.sections);
                let title = text.plain().trim_end_matches([':', ' ']).to_owned();
                open.push(Section { line: block.line, level, title, blocks: Vec::new(), sections: Vec::new() });
            }
            _ => open.last_mut().map_or(&mut outline.head, |section| &mut section.blocks).push(block),
        }
    }
    close(&mut open, 0, &mut outline.sections);
    outline
}

fn close(open: &mut Vec<Section>, level: usize, done: &mut Vec<Section>) {
    while let Some(section) = open.pop_if(|section| section.level >= level || level <= 2) {
        open.last_mut().map_or(&mut *done, |around| &mut around.sections).push(section);
    }
}
