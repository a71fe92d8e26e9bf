//! A chapter, parsed once for all that is asked of it.

use std::ops::Range;
use std::path::{Path, PathBuf};

use mdbook_markdown::pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Tag, TagEnd};
use mdbook_markdown::{MarkdownOptions, new_cmark_parser};

use crate::{Fence, captions};

/// A chapter as its author wrote it.
#[derive(Clone, Debug)]
pub struct Chapter {
    /// The chapter's file, relative to [`CHAPTERS`](crate::CHAPTERS).
    pub path: PathBuf,
    /// The whole file.
    pub markdown: String,
    /// What Markdown makes of the file, each event with its place in bytes.
    pub events: Vec<(Event<'static>, Range<usize>)>,
    /// The fenced blocks, in their order.
    pub fences: Vec<Fence>,
}

impl Chapter {
    /// Parses a chapter; its blocks show what is written until the [`Book`](crate::Book) expands them.
    pub fn parse(path: &Path, markdown: &str) -> Chapter {
        let events: Vec<_> = new_cmark_parser(markdown, &MarkdownOptions::default())
            .into_offset_iter()
            .map(|(event, range)| (event.into_static(), range))
            .collect();
        Chapter {
            path: path.to_owned(),
            fences: fences(path, markdown, &events),
            markdown: markdown.to_owned(),
            events,
        }
    }

    /// The lines outside of fenced blocks, counted from 1.
    pub fn unfenced_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.markdown.lines()).filter(|(line, _)| {
            let mut fences = self.fences.iter();
            !fences.any(|fence| (fence.line..=fence.last_line).contains(line))
        })
    }

    /// The line on which an event begins, counted from 1.
    pub fn line(&self, event: &Range<usize>) -> usize {
        self.markdown[..event.start].matches('\n').count() + 1
    }

    /// The text of the first paragraph, without its markup; HTML is none.
    pub fn first_paragraph(&self) -> Option<String> {
        let mut text = None::<String>;
        for (event, _) in &self.events {
            match (event, &mut text) {
                (Event::Start(Tag::Paragraph), None) => text = Some(String::new()),
                (Event::End(TagEnd::Paragraph), Some(written)) if !written.is_empty() => break,
                (Event::End(TagEnd::Paragraph), _) => text = None,
                (Event::Text(piece) | Event::Code(piece), Some(written)) => written.push_str(piece),
                (Event::SoftBreak | Event::HardBreak, Some(written)) => written.push(' '),
                _ => {}
            }
        }
        text
    }
}

fn fences(chapter: &Path, markdown: &str, events: &[(Event<'_>, Range<usize>)]) -> Vec<Fence> {
    let lines: Vec<&str> = markdown.lines().collect();
    let mut fences = Vec::new();
    let mut heading = "";
    for (event, range) in events {
        match event {
            Event::Start(Tag::Heading { level, .. }) if *level <= HeadingLevel::H2 => {
                heading = markdown[range.clone()].trim_matches(['#', '\n', ' ']);
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                let above = markdown[..range.start].matches('\n').count();
                let last_line = above + markdown[range.clone()].trim_end().lines().count();
                let written = lines[above + 1..last_line.max(above + 2) - 1].join("\n");
                fences.push(Fence {
                    chapter: chapter.to_owned(),
                    heading: heading.to_owned(),
                    caption: captions::above(&lines[..above]).map(str::to_owned),
                    line: above + 1,
                    last_line,
                    info: info.trim().to_owned(),
                    shown: written.clone(),
                    written,
                });
            }
            _ => {}
        }
    }
    fences
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::Chapter;

    fn first_paragraph(markdown: &str) -> Option<String> {
        Chapter::parse(Path::new("chapter.md"), markdown).first_paragraph()
    }

    #[test]
    fn the_first_paragraph_is_text_and_no_title_picture_or_html() {
        let markdown = "# Title\n\n<p class=\"checked\">Checked.</p>\n\n\
                        ![](x.svg)\n\nA *turn*\nsaves `once`.\n\nMore.\n";
        assert_eq!(first_paragraph(markdown).unwrap(), "A turn saves once.");
        assert_eq!(first_paragraph("# Title\n"), None);
    }
}
