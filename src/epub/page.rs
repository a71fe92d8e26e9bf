//! A chapter as XHTML, which is stricter than what a browser reads.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use manuscript::{Chapter, links};
use mdbook_markdown::pulldown_cmark::{CodeBlockKind, Event, Tag, TagEnd, html};

/// What a picture that was drawn in the page takes from the page's style.
const DRAWING: &str = "<style>path{fill:none;stroke:#52606f;stroke-width:1.4}\
    .life path{stroke-dasharray:3 4}.head path{fill:#52606f;stroke:none}\
    rect{fill:#eef5f8;stroke:#0a5f7d}text{fill:#1d2733;text-anchor:middle;\
    font:14px sans-serif}</style><rect width=\"100%\" height=\"100%\" style=\"fill:#fff;stroke:none\"/>";

/// A chapter, and what it shows.
pub struct Page {
    /// The whole file.
    pub xhtml: String,
    /// The pictures, relative to the chapters.
    pub pictures: BTreeSet<PathBuf>,
    /// Pictures that were drawn in the page, each with its name.
    pub drawings: Vec<(String, String)>,
}

/// A page that begins a part.
pub fn title(title: &str) -> String {
    whole(title, "", &format!("<h1>{}</h1>", escaped(title)))
}

impl Page {
    /// Makes the page of a chapter.
    pub fn of(chapter: &Chapter, name: &str) -> Page {
        let path = &chapter.path;
        let mut drawings = Vec::new();
        let mut events = with_ids(with_blocks(chapter));
        let mut dropped = Vec::new();
        for event in &mut events {
            match event {
                Event::Start(Tag::Link { dest_url, .. }) => {
                    let target = link(dest_url);
                    dropped.push(target.is_none());
                    match target {
                        Some(target) => *dest_url = target.into(),
                        None => *event = Event::Text("".into()),
                    }
                }
                Event::End(TagEnd::Link) if dropped.pop() == Some(true) => {
                    *event = Event::Text("".into());
                }
                _ => {}
            }
        }
        let mut body = String::new();
        html::push_html(&mut body, events.into_iter());
        let body = without_dark_pictures(&body);
        let body = drawn_apart(&body, path, &mut drawings);
        let body = closed(&body).replace("&nbsp;", "&#160;");
        let pictures = sources(&body)
            .map(|source| links::resolved(path, source))
            .filter(|picture| !drawings.iter().any(|(name, _)| Path::new(name) == picture))
            .collect();
        let up = "../".repeat(path.components().count() - 1);
        Page {
            xhtml: whole(name, &up, &body),
            pictures,
            drawings,
        }
    }
}

fn whole(title: &str, up: &str, body: &str) -> String {
    let title = escaped(title);
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE html>\n\
         <html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\" xml:lang=\"en\">\n\
         <head><title>{title}</title>\
         <link rel=\"stylesheet\" type=\"text/css\" href=\"{up}stylesheet.css\"/></head>\n\
         <body>\n{body}\n</body>\n</html>\n"
    )
}

/// Code is shown without the lines that mdBook hides, and a diagram as its text alternative.
fn with_blocks(chapter: &Chapter) -> Vec<Event<'_>> {
    let mut made = Vec::new();
    let mut fences = chapter.fences.iter();
    let mut is_fenced = false;
    for (event, _) in &chapter.events {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))) => {
                let fence = fences.next();
                made.extend(fence.map(|it| Event::Html(shown(&it.info, &it.shown).into())));
                is_fenced = true;
            }
            Event::End(TagEnd::CodeBlock) if is_fenced => is_fenced = false,
            _ if is_fenced => {}
            event => made.push(event.clone()),
        }
    }
    made
}

fn shown(info: &str, written: &str) -> String {
    if info == "mermaid" {
        return described(written);
    }
    let is_hidden = |line: &&str| {
        let line = line.trim();
        info.starts_with("rust") && (line == "#" || line.starts_with("# "))
    };
    let lines: Vec<&str> = written.lines().filter(|line| !is_hidden(line)).collect();
    format!("<pre><code>{}</code></pre>\n", escaped(&lines.join("\n")))
}

/// What a diagram says of itself.
fn described(diagram: &str) -> String {
    let said = |name: &str| {
        let mut lines = diagram.lines();
        let line = lines.find_map(|line| line.trim().strip_prefix(name));
        escaped(line.unwrap_or_default().trim_start_matches(':').trim())
    };
    let (title, text) = (said("accTitle"), said("accDescr"));
    format!("<div class=\"diagram\"><p><b>{title}.</b> {text}</p></div>\n")
}

/// Gives headings the ids that links within the book name.
fn with_ids(mut events: Vec<Event<'_>>) -> Vec<Event<'_>> {
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    let starts = events.iter().enumerate();
    let starts = starts.filter(|(_, event)| matches!(event, Event::Start(Tag::Heading { .. })));
    let starts: Vec<usize> = starts.map(|(start, _)| start).collect();
    for start in starts {
        let inside = events[start..].iter();
        let inside = inside.take_while(|event| !matches!(event, Event::End(TagEnd::Heading(_))));
        let text: String = inside
            .filter_map(|event| match event {
                Event::Text(text) | Event::Code(text) => Some(text.as_ref()),
                _ => None,
            })
            .collect();
        let plain = id_of(&text);
        let count = taken.entry(plain.clone()).or_insert(0);
        let id = match *count {
            0 => plain,
            count => format!("{plain}-{count}"),
        };
        *count += 1;
        if let Event::Start(Tag::Heading { id: known, .. }) = &mut events[start] {
            known.get_or_insert(id.into());
        }
    }
    events
}

/// As mdBook makes an id of a heading.
fn id_of(heading: &str) -> String {
    let characters = heading.trim().chars().filter_map(|character| {
        if character.is_alphanumeric() || "_-".contains(character) {
            Some(character.to_ascii_lowercase())
        } else {
            character.is_whitespace().then_some('-')
        }
    });
    characters.collect()
}

/// Where a link leads in the file. Only chapters are in it: a link to any other file is none here.
fn link(target: &str) -> Option<String> {
    let is_elsewhere = target.contains("://") || target.starts_with("mailto:");
    if is_elsewhere || target.starts_with('#') {
        return Some(target.to_owned());
    }
    let (path, place) = target.split_once('#').unwrap_or((target, ""));
    let chapter = path.strip_suffix(".md")?;
    let hash = if place.is_empty() { "" } else { "#" };
    Some(format!("{chapter}.xhtml{hash}{place}"))
}

/// An e-reader's paper is light.
fn without_dark_pictures(html: &str) -> String {
    let mut made = String::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once("<img class=\"only-dark\"") {
        made += before;
        rest = after.split_once('>').map_or("", |(_, rest)| rest);
    }
    made + rest
}

/// Puts what is drawn in the page into files of their own.
fn drawn_apart(html: &str, chapter: &Path, drawings: &mut Vec<(String, String)>) -> String {
    let stem = chapter.with_extension("").display().to_string();
    let mut made = String::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once("<svg ") {
        let Some((drawing, behind)) = after.split_once("</svg>") else {
            break;
        };
        let name = format!("{}-{}.svg", stem.replace('/', "-"), drawings.len() + 1);
        let up = "../".repeat(chapter.components().count() - 1);
        let says = between(drawing, "<desc", "</desc>").unwrap_or_default();
        let says = says.split_once('>').map_or("", |(_, text)| text);
        let (head, inner) = drawing.split_once('>').unwrap_or((drawing, ""));
        let svg =
            format!("<svg xmlns=\"http://www.w3.org/2000/svg\" {head}>{DRAWING}{inner}</svg>");
        made += before;
        made += &format!(
            "<img src=\"{up}{name}\" alt=\"{}\">",
            says.replace('"', "&quot;")
        );
        drawings.push((name, svg));
        rest = behind;
    }
    made + rest
}

fn between<'a>(text: &'a str, begin: &str, end: &str) -> Option<&'a str> {
    Some(text.split_once(begin)?.1.split_once(end)?.0)
}

/// Closes the elements that HTML leaves open.
fn closed(html: &str) -> String {
    let mut made = String::new();
    let mut rest = html;
    while let Some(place) = ["<img", "<br", "<hr"]
        .iter()
        .filter_map(|tag| rest.find(tag))
        .min()
    {
        let end = rest[place..]
            .find('>')
            .map_or(rest.len(), |end| place + end);
        let tag = rest[..end].trim_end_matches('/').trim_end();
        made += &format!("{tag}/>");
        rest = rest.get(end + 1..).unwrap_or("");
    }
    made + rest
}

/// The pictures that a page shows.
fn sources(html: &str) -> impl Iterator<Item = &str> {
    let images = html.split("<img").skip(1);
    images.filter_map(|image| between(image, "src=\"", "\""))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use manuscript::Chapter;

    use super::{Page, id_of};

    fn page(markdown: &str) -> Page {
        let chapter = Chapter::parse(Path::new("part/chapter.md"), markdown);
        Page::of(&chapter, "Chapter")
    }

    fn body(markdown: &str) -> String {
        let page = page(markdown);
        let body = page.xhtml.split_once("<body>\n").unwrap().1;
        body.split_once("\n\n</body>").unwrap().0.to_owned()
    }

    #[test]
    fn code_hides_what_mdbook_hides() {
        let shown = body("```rust\n# fn main() {\nlet a = b < c;\n# }\n```\n");
        assert_eq!(shown, "<pre><code>let a = b &lt; c;</code></pre>");
    }

    #[test]
    fn a_diagram_is_its_text_alternative() {
        let shown =
            body("```mermaid\ngraph\n    accTitle: A turn\n    accDescr: One & two.\n```\n");
        assert_eq!(
            shown,
            "<div class=\"diagram\"><p><b>A turn.</b> One &amp; two.</p></div>"
        );
    }

    #[test]
    fn links_lead_to_chapters_or_out_of_the_file() {
        let shown = body("[a](../b.md#c) [d](figures/e.csv) [f](https://g.example/)");
        let chapter = "<a href=\"../b.xhtml#c\">a</a>";
        assert_eq!(
            shown,
            format!("<p>{chapter} d <a href=\"https://g.example/\">f</a></p>")
        );
    }

    #[test]
    fn elements_are_closed_and_pictures_known() {
        let markdown = "<img class=\"only-light\" src=\"x.svg\" alt=\"X\">\n\
                        <img class=\"only-dark\" src=\"y.svg\" alt=\"Y\">\n";
        let page = page(markdown);
        assert!(
            page.xhtml.contains("src=\"x.svg\" alt=\"X\"/>"),
            "{}",
            page.xhtml
        );
        assert_eq!(page.pictures, [Path::new("part/x.svg").to_owned()].into());
    }

    #[test]
    fn a_picture_drawn_in_the_page_is_a_file() {
        let markdown = "<figure>\n<svg viewBox=\"0 0 1 1\">\n<desc id=\"d\">A line</desc>\n\
                        <path d=\"M0 0\"/></svg>\n</figure>\n";
        let page = page(markdown);
        let [(name, svg)] = &page.drawings[..] else {
            panic!("{:?}", page.drawings)
        };
        assert!(
            page.xhtml
                .contains(&format!("<img src=\"../{name}\" alt=\"A line\"/>"))
        );
        assert!(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox"));
        assert!(page.pictures.is_empty());
    }

    #[test]
    fn a_heading_has_the_id_that_mdbook_gives_it() {
        assert_eq!(id_of("R + W > N"), "r--w--n");
        assert_eq!(id_of("What it costs"), "what-it-costs");
    }
}
