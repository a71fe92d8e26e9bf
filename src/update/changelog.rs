//! What a changelog says that an older one does not.

use std::collections::BTreeSet;

/// The lines that the older changelog lacks, each entry being one, under the headings of their version
/// and their kind. An entry that has moved to another heading, as all do at a release, is not new.
pub(super) fn news(older: &str, newer: &str) -> String {
    let known: BTreeSet<&str> = older.lines().collect();
    let mut headings: Vec<&str> = Vec::new();
    let mut news = String::new();
    for line in newer.lines().filter(|line| !line.is_empty()) {
        match level(line) {
            0 if known.contains(line) => {}
            0 => {
                for heading in headings.drain(..) {
                    // A blank line parts a heading from the entries before it.
                    if news.ends_with('\n') && !news.ends_with("\n\n") {
                        news.push('\n');
                    }
                    news += &format!("{heading}\n\n");
                }
                news += &format!("{line}\n");
            }
            // The title of the file.
            1 => {}
            level_of_line => {
                headings.retain(|heading| level(heading) < level_of_line);
                headings.push(line);
            }
        }
    }
    news.trim_end().to_owned()
}

/// The level of a heading; 0 for any other line.
fn level(line: &str) -> usize {
    line.chars().take_while(|c| *c == '#').count()
}

#[cfg(test)]
mod tests {
    use super::news;

    const OLDER: &str = "# Changelog\n\nForm.\n\n## [Unreleased]\n\n### Added\n\n- One.\n- Two.\n";

    #[test]
    fn a_changelog_has_nothing_new_to_itself() {
        assert_eq!(news(OLDER, OLDER), "");
    }

    #[test]
    fn an_entry_is_shown_under_its_headings() {
        let newer = format!("{OLDER}- Three.\n\n### Fixed\n\n- Four.\n- Five.\n");
        let expected = "## [Unreleased]\n\n### Added\n\n- Three.\n\n### Fixed\n\n- Four.\n- Five.";
        assert_eq!(news(OLDER, &newer), expected);
    }

    #[test]
    fn a_release_moves_entries_and_shows_its_own() {
        let released = OLDER.replace("[Unreleased]", "[0.1.0] - 2027-01-15");
        let newer = released.replace(
            "## [0",
            "## [0.2.0]\n\n### Removed\n\n- One, at last.\n\n## [0",
        );
        assert_eq!(news(OLDER, &released), "");
        let expected = "## [0.2.0]\n\n### Removed\n\n- One, at last.";
        assert_eq!(news(OLDER, &newer), expected);
    }
}
