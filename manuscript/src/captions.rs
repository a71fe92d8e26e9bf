//! The file name above a listing: `<p class="listing">src/lib.rs</p>`, a blank line, and the block.

const BEGIN: &str = "<p class=\"listing\">";
const END: &str = "</p>";

/// The file that a line names, when it is a caption.
pub fn file(line: &str) -> Option<&str> {
    line.trim().strip_prefix(BEGIN)?.strip_suffix(END)
}

/// The caption below which a block begins, of the lines above the block. Markdown needs the blank line
/// to see where the caption's HTML ends.
pub(crate) fn above<'a>(lines: &[&'a str]) -> Option<&'a str> {
    let [.., line, ""] = lines else { return None };
    file(line)
}

/// A chapter in which each caption of a block is a link to `target` of its file.
///
/// The includes of the chapter may be replaced already: a caption inside of a block stays as it is.
pub fn linked(markdown: &str, target: impl Fn(&str) -> String) -> String {
    let lines: Vec<&str> = markdown.lines().collect();
    let mut is_fenced = false;
    let mut linked = String::with_capacity(markdown.len());
    for (index, line) in lines.iter().enumerate() {
        is_fenced ^= line.starts_with("```");
        let is_above_block =
            matches!(lines[index + 1..], ["", block, ..] if block.starts_with("```"));
        match file(line).filter(|_| is_above_block && !is_fenced) {
            Some(file) => {
                let target = target(file);
                linked += &format!("{BEGIN}<a href=\"{target}\">{file}</a>{END}\n");
            }
            None => linked.extend([line, "\n"]),
        }
    }
    linked
}

#[cfg(test)]
mod tests {
    use super::linked;

    const CAPTION: &str = "<p class=\"listing\">src/lib.rs</p>";

    fn linked_to_source(markdown: &str) -> String {
        linked(markdown, |file| format!("source/{file}.txt"))
    }

    #[test]
    fn a_caption_of_a_block_becomes_a_link() {
        let markdown = format!("Text.\n\n{CAPTION}\n\n```rust\nfn main() {{}}\n```\n");
        let link = "<a href=\"source/src/lib.rs.txt\">src/lib.rs</a>";
        let expected = markdown.replace("src/lib.rs", link);
        assert_eq!(linked_to_source(&markdown), expected);
    }

    #[test]
    fn a_caption_without_a_block_or_inside_of_one_stays() {
        for markdown in [
            format!("{CAPTION}\n\nText.\n"),
            format!("{CAPTION}\n```rust\n```\n"),
            format!("```text\n{CAPTION}\n\n```\n"),
            CAPTION.to_owned() + "\n",
        ] {
            assert_eq!(linked_to_source(&markdown), markdown);
        }
    }
}
