//! A link leads to a page that is there, and to a heading that is on it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;
use manuscript::{Chapter, links};
use mdbook_markdown::pulldown_cmark::{Event, Tag};
use regex::Regex;
use skills_that_remember::site;

use crate::files;
use crate::small_book::small_book;

#[test]
fn every_link_of_the_site_leads_somewhere() {
    let folder = tempfile::tempdir().unwrap();
    site::publish(Path::new(env!("CARGO_MANIFEST_DIR")), folder.path()).unwrap();
    let site = Site::read(folder.path());
    assert!(site.links > 300, "only {} links are seen", site.links);
    assert_eq!(site.broken, [] as [String; 0]);
}

#[test]
fn every_link_of_a_readme_leads_to_a_file() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut seen = 0;
    for entry in WalkBuilder::new(repository).build() {
        let path = entry.unwrap().into_path();
        if path.file_name().is_some_and(|name| name == "README.md") {
            let text = fs::read_to_string(&path).unwrap();
            let folder = path.parent().unwrap();
            for link in relative_links(&text) {
                let file = link.split('#').next().unwrap_or_default();
                assert!(folder.join(file).exists(), "{}: {link}", path.display());
                seen += 1;
            }
        }
    }
    assert!(seen > 0, "no README has a link");
}

/// Each test adds one line to a small book and reads what the check says about it.
macro_rules! finds {
    ($($name:ident: $line:expr => $broken:expr;)+) => {$(
        #[test]
        fn $name() {
            assert_eq!(broken_after($line), $broken);
        }
    )+};
}

finds! {
    finds_a_link_to_no_page:
        "[gone](gone.md)" => ["chapter.html: gone.html is no file"];
    finds_a_link_out_of_the_book:
        "[out](../../skill/src/lib.rs)" => ["chapter.html: ../../skill/src/lib.rs is no file"];
    finds_a_link_to_no_heading:
        "[gone](#gone)" => ["chapter.html: #gone is no place on chapter.html"];
    finds_a_link_to_no_heading_of_another_page:
        "[gone](toc.html#gone)" => ["chapter.html: toc.html#gone is no place on toc.html"];
    finds_a_picture_that_is_not_there:
        "![A table](table.svg)" => ["chapter.html: table.svg is no file"];
    finds_a_picture_of_a_figure_that_is_not_there:
        "<img src=\"table.svg\" alt=\"A > B\">" => ["chapter.html: table.svg is no file"];
    finds_a_picture_without_a_text:
        "<img src=\"favicon.png\">" => [
            "chapter.html: favicon.png has no text alternative",
            "chapter.html: favicon.png is no file",
        ];
    lets_a_heading_and_a_page_be:
        "[here](#chapter), [there](chapter.md#chapter), [far](https://example.com/gone)"
            => [] as [&str; 0];
}

/// What the check finds in the small book's chapter after a line is added to it.
fn broken_after(line: &str) -> Vec<String> {
    let repository = small_book();
    let chapter = repository.path().join("book/src/chapter.md");
    let text = fs::read_to_string(&chapter).unwrap();
    fs::write(&chapter, format!("{text}\n{line}\n")).unwrap();
    let folder = repository.path().join("site");
    site::publish(repository.path(), &folder).unwrap();
    let mut broken = Site::read(&folder).broken;
    // The first chapter is the start page too, and the page for printing holds all of them.
    broken.retain(|fault| fault.starts_with("chapter.html"));
    broken
}

struct Site {
    links: usize,
    broken: Vec<String>,
}

/// What one page links to, and what can be linked to on it.
#[derive(Default)]
struct Page {
    links: BTreeSet<String>,
    without_text: BTreeSet<String>,
    places: BTreeSet<String>,
}

impl Site {
    fn read(folder: &Path) -> Site {
        let files = files(folder);
        let mut pages = BTreeMap::new();
        for (path, content) in &files {
            if path.extension().is_some_and(|name| name == "html") {
                let text = String::from_utf8(content.clone()).unwrap();
                pages.insert(path.as_path(), Page::read(&text));
            }
        }
        let mut site = Site {
            links: 0,
            broken: Vec::new(),
        };
        for (path, page) in &pages {
            let faults = page.links.iter().filter_map(|link| {
                let (file, place) = link.split_once('#').unwrap_or((link, ""));
                let target = target(path, file);
                if !files.contains_key(&target) {
                    return Some(format!("{}: {file} is no file", path.display()));
                }
                let page = pages.get(target.as_path())?;
                let missing = !place.is_empty() && !page.places.contains(place);
                missing.then(|| {
                    let (path, target) = (path.display(), target.display());
                    format!("{path}: {link} is no place on {target}")
                })
            });
            site.links += page.links.len();
            let silent = page.without_text.iter();
            let silent =
                silent.map(|image| format!("{}: {image} has no text alternative", path.display()));
            site.broken.extend(silent.chain(faults));
        }
        site
    }
}

impl Page {
    fn read(html: &str) -> Page {
        let script = Regex::new(r"(?is)<script\b[^>]*>.*?</script>").unwrap();
        let element = Regex::new(r#"(?s)<([a-zA-Z][\w-]*)((?:"[^"]*"|[^">])*)>"#).unwrap();
        let attribute = Regex::new(r#"(?s)\s([a-z-]+)="([^"]*)""#).unwrap();
        let mut page = Page::default();
        for found in element.captures_iter(&script.replace_all(html, "")) {
            let attributes: BTreeMap<&str, &str> = attribute
                .captures_iter(found.get(2).unwrap().as_str())
                .map(|found| found.extract())
                .map(|(_, [name, value])| (name, value))
                .collect();
            page.places
                .extend(attributes.get("id").map(|&id| id.to_owned()));
            // What cannot be found says so on a page that may stand anywhere: its links begin at
            // the base, where the page itself lies.
            if &found[1] == "base" {
                continue;
            }
            for name in ["href", "src"] {
                let link = attributes.get(name).filter(|link| !is_outside(link));
                page.links
                    .extend(link.map(|link| link.replace("&amp;", "&")));
            }
            let is_image = found[1].eq_ignore_ascii_case("img");
            if is_image && attributes.get("alt").is_none_or(|text| text.is_empty()) {
                let source = attributes.get("src").unwrap_or(&"an image");
                page.without_text.insert((*source).to_owned());
            }
        }
        page
    }
}

fn is_outside(link: &str) -> bool {
    ["https:", "http:", "mailto:", "data:"]
        .iter()
        .any(|scheme| link.starts_with(scheme))
}

/// The file that a link means; a link without one means the page that it stands on.
fn target(page: &Path, file: &str) -> PathBuf {
    if file.is_empty() {
        return page.to_owned();
    }
    // Above the site there is no file, so the dots stay and are found to be none.
    links::resolved(page, file)
}

fn relative_links(markdown: &str) -> Vec<String> {
    let parsed = Chapter::parse(Path::new("README.md"), markdown);
    let events = parsed.events.into_iter();
    events
        .filter_map(|(event, _)| match event {
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                Some(dest_url.into_string())
            }
            _ => None,
        })
        .filter(|link| !is_outside(link) && !link.starts_with('#'))
        .collect()
}
