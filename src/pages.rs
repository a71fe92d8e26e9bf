//! What a page needs beyond what mdBook gives it: the whole file behind each listing, and a
//! description of its own.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use mdbook_driver::book::Chapter;
use mdbook_markdown::pulldown_cmark::{Event, Tag, TagEnd};
use mdbook_markdown::{MarkdownOptions, new_cmark_parser};

use crate::book::Book;
use crate::error::Error;
use crate::fences::Fence;

/// The folder of the site that holds the files which the book shows parts of.
const SOURCES: &str = "source";

/// What a search engine shows of a description.
const DESCRIPTION_LENGTH: usize = 160;

/// A page of the site and what it is about.
pub struct Description {
    /// The page, relative to the site.
    page: PathBuf,
    text: String,
}

/// The files that captions name, relative to the repository.
pub fn listed_files(book: &Book) -> BTreeSet<PathBuf> {
    let captions = book.fences.iter().filter_map(|f| f.caption.as_ref());
    captions.map(PathBuf::from).collect()
}

/// Makes each caption a link to the file in the site.
pub fn link_captions(book: &mut Book) {
    let fences = &book.fences;
    book.manuscript.book.for_each_chapter_mut(|chapter| {
        let Some(path) = chapter.path.clone() else {
            return;
        };
        let here = fences.iter().filter(|fence| fence.chapter == path);
        let captioned: Vec<&Fence> = here.filter(|fence| fence.caption.is_some()).collect();
        if !captioned.is_empty() {
            chapter.content = linked(&chapter.content, &path, &captioned);
        }
    });
}

/// The caption of a block stands two lines above it.
fn linked(content: &str, chapter: &Path, captioned: &[&Fence]) -> String {
    let up = "../".repeat(chapter.components().count().saturating_sub(1));
    let mut lines: Vec<String> = content.lines().map(str::to_owned).collect();
    for fence in captioned {
        let Some(file) = &fence.caption else { continue };
        let target = as_text(Path::new(file));
        let link = format!("<a href=\"{up}{}\">{file}</a>", target.display());
        lines[fence.line - 3] = format!("<p class=\"listing\">{link}</p>");
    }
    lines.join("\n") + "\n"
}

/// Copies the files into the site, so that their links work without a network.
pub fn write_sources(
    repository: &Path,
    site: &Path,
    files: &BTreeSet<PathBuf>,
) -> Result<(), Error> {
    for file in files {
        let target = site.join(as_text(file));
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder).map_err(at(folder))?;
        }
        fs::copy(repository.join(file), &target).map_err(at(file))?;
    }
    Ok(())
}

/// Every server sends `.txt` as text that a browser shows; `.rs` it would save.
fn as_text(file: &Path) -> PathBuf {
    Path::new(SOURCES).join(file).with_added_extension("txt")
}

/// The description of every page: the first paragraph of its chapter.
pub fn descriptions(book: &Book) -> Vec<Description> {
    let chapters = book.manuscript.book.chapters();
    let mut descriptions: Vec<Description> = chapters.filter_map(description).collect();
    // mdBook shows the first chapter as the site's first page too.
    if let Some(first) = descriptions.first() {
        let (page, text) = (PathBuf::from("index.html"), first.text.clone());
        descriptions.push(Description { page, text });
    }
    descriptions
}

fn description(chapter: &Chapter) -> Option<Description> {
    Some(Description {
        page: chapter.path.as_ref()?.with_extension("html"),
        text: shortened(&first_paragraph(&chapter.content)?),
    })
}

/// The text of the first paragraph; HTML is none.
fn first_paragraph(markdown: &str) -> Option<String> {
    let mut text = None::<String>;
    for event in new_cmark_parser(markdown, &MarkdownOptions::default()) {
        match (event, &mut text) {
            (Event::Start(Tag::Paragraph), None) => text = Some(String::new()),
            (Event::End(TagEnd::Paragraph), Some(written)) if !written.is_empty() => break,
            (Event::End(TagEnd::Paragraph), _) => text = None,
            (Event::Text(piece) | Event::Code(piece), Some(written)) => written.push_str(&piece),
            (Event::SoftBreak | Event::HardBreak, Some(written)) => written.push(' '),
            _ => {}
        }
    }
    text
}

/// As many whole sentences as there is room for, or whole words of a long first one.
fn shortened(text: &str) -> String {
    let room = text
        .char_indices()
        .nth(DESCRIPTION_LENGTH)
        .map_or(text.len(), |(end, _)| end);
    if room == text.len() {
        return text.to_owned();
    }
    let start = &text[..room];
    if let Some(end) = start.rfind(". ") {
        return start[..=end].to_owned();
    }
    let words = start.rsplit_once(' ').map_or(start, |(words, _)| words);
    format!("{words} …")
}

/// Puts the descriptions in the place of the book's, which mdBook gives to all pages.
pub fn describe(site: &Path, descriptions: &[Description]) -> Result<(), Error> {
    const BEGIN: &str = "<meta name=\"description\" content=\"";
    for Description { page, text } in descriptions {
        let path = site.join(page);
        let html = fs::read_to_string(&path).map_err(at(&path))?;
        let Some((before, rest)) = html.split_once(BEGIN) else {
            continue;
        };
        let Some((_, after)) = rest.split_once('"') else {
            continue;
        };
        let described = format!("{before}{BEGIN}{}\"{after}", in_an_attribute(text));
        fs::write(&path, described).map_err(at(&path))?;
    }
    Ok(())
}

/// Puts a link to the download at the end of the first page, which has two addresses.
pub fn offer(site: &Path, first: Option<&Path>, download: &str) -> Result<(), Error> {
    const END: &str = "</main>";
    let first = first.map(|chapter| chapter.with_extension("html"));
    for page in [PathBuf::from("index.html")].into_iter().chain(first) {
        let path = site.join(&page);
        let html = fs::read_to_string(&path).map_err(at(&path))?;
        let up = "../".repeat(page.components().count() - 1);
        let offer = format!(
            "<p>To read without a network: \
             <a href=\"{up}{download}\" download>this guide as an EPUB</a>.</p>\n{END}"
        );
        fs::write(&path, html.replacen(END, &offer, 1)).map_err(at(&path))?;
    }
    Ok(())
}

fn in_an_attribute(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('"', "&quot;")
        .replace('<', "&lt;")
}

fn at(path: &Path) -> impl FnOnce(std::io::Error) -> Error {
    |source| Error::File {
        path: path.to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::{first_paragraph, in_an_attribute, shortened};

    #[test]
    fn a_page_is_described_by_its_first_paragraph() {
        let markdown = "# Title\n\n<p class=\"checked\">Checked.</p>\n\n\
                        ![](x.svg)\n\nA *turn*\nsaves `once`.\n\nMore.\n";
        let text = first_paragraph(markdown).unwrap();
        assert_eq!(text, "A turn saves once.");
        assert_eq!(first_paragraph("# Title\n"), None);
    }

    #[test]
    fn a_long_description_ends_with_a_sentence_or_a_word() {
        let sentences = format!("First. {}", "é".repeat(200));
        assert_eq!(shortened(&sentences), "First.");
        let words = "word ".repeat(40);
        let short = shortened(&words);
        assert!(short.ends_with("word …") && short.chars().count() <= 162);
        assert_eq!(shortened("Short"), "Short");
    }

    #[test]
    fn a_description_cannot_leave_its_attribute() {
        assert_eq!(in_an_attribute("\"<&"), "&quot;&lt;&amp;");
    }
}
