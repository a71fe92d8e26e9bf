//! A repository that a test may change.

use std::fs;

use tempfile::TempDir;

/// A repository with one member and a book of one chapter that includes a file of it.
pub fn small_book() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let chapter = "# Chapter\n\nFirst text.\n\n<p class=\"listing\">skill/src/lib.rs</p>\n\n\
                   ```rust\n{{#include ../../skill/src/lib.rs}}\n```\n";
    for (path, text) in [
        ("skill/src/lib.rs", "struct Visits;\n"),
        ("book/book.toml", "[book]\ntitle = \"Small\"\n"),
        (
            "book/src/SUMMARY.md",
            "# Summary\n\n- [Chapter](chapter.md)\n",
        ),
        ("book/src/chapter.md", chapter),
    ] {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}
