//! The sources of a library without the modules that only its own tests have.

use std::path::{Path, PathBuf};

use syn::{Attribute, Ident, Item, ItemMod};

use crate::error::Error;
use crate::files::Files;

/// Takes out modules under `#[cfg(test)]`: those inside a file, and those that are files.
///
/// # Errors
///
/// When a file is not Rust.
pub(super) fn without_tests(mut files: Files) -> Result<Files, Error> {
    let mut left_out: Vec<PathBuf> = Vec::new();
    for (path, content) in &mut files {
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let text = String::from_utf8_lossy(content);
        let tests = test_modules(&text).map_err(|source| Error::NotRust {
            path: path.clone(),
            source,
        })?;
        let folder = folder_of_modules(path);
        left_out.extend(
            tests
                .iter()
                .map(|module| folder.join(module.ident.to_string())),
        );
        *content = without(&text, &tests).into_bytes();
    }
    files.retain(|path, _| {
        let module = path.with_extension("");
        !left_out.iter().any(|left| module.starts_with(left))
    });
    Ok(files)
}

/// The modules of a source that are compiled for tests alone.
fn test_modules(source: &str) -> syn::Result<Vec<ItemMod>> {
    let items = syn::parse_file(source)?.items.into_iter();
    let modules = items.filter_map(|item| match item {
        Item::Mod(module) if module.attrs.iter().any(is_cfg_test) => Some(module),
        _ => None,
    });
    Ok(modules.collect())
}

fn is_cfg_test(attribute: &Attribute) -> bool {
    let condition = attribute.parse_args::<Ident>();
    attribute.path().is_ident("cfg") && condition.is_ok_and(|condition| condition == "test")
}

/// The source without the modules, which are in their order in it.
fn without(source: &str, modules: &[ItemMod]) -> String {
    let mut kept = String::with_capacity(source.len());
    let mut end = 0;
    for module in modules {
        let first = module
            .attrs
            .first()
            .map(|attribute| attribute.pound_token.spans[0]);
        let last = match (&module.content, &module.semi) {
            (Some((brace, _)), _) => Some(brace.span.close()),
            (None, semicolon) => semicolon.as_ref().map(|semicolon| semicolon.spans[0]),
        };
        if let (Some(first), Some(last)) = (first, last) {
            kept.push_str(source[end..first.byte_range().start].trim_end());
            kept.push('\n');
            end = last.byte_range().end;
        }
    }
    kept.push_str(source[end..].trim_start_matches('\n'));
    kept
}

/// Where the files of a file's modules are.
fn folder_of_modules(file: &Path) -> PathBuf {
    let is_root = ["lib.rs", "main.rs", "mod.rs"]
        .iter()
        .any(|root| file.ends_with(root));
    if is_root {
        file.parent().unwrap_or(file).to_owned()
    } else {
        file.with_extension("")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(all: &[(&str, &str)]) -> Files {
        let files = all
            .iter()
            .map(|(path, text)| (PathBuf::from(path), text.as_bytes().to_vec()));
        files.collect()
    }

    fn left(all: &[(&str, &str)]) -> Files {
        without_tests(files(all)).unwrap()
    }

    #[test]
    fn a_module_of_tests_inside_a_file_is_left_out() {
        let tests = "\n/// Why.\n#[cfg(test)]\nmod tests {\n    const TEXT: &str = \"\n}\n\";\n}\n";
        let source = format!("//! Head.\n\nfn f() {{}}\n{tests}");
        let expected = files(&[("a.rs", "//! Head.\n\nfn f() {}\n")]);
        assert_eq!(left(&[("a.rs", &source)]), expected);
    }

    #[test]
    fn a_module_of_tests_between_others_leaves_what_is_around_it() {
        let source = "mod a;\n#[cfg(test)]\nmod b;\nmod c;\n";
        let sources = [("lib.rs", source), ("a.rs", ""), ("b.rs", ""), ("c.rs", "")];
        let expected = [("lib.rs", "mod a;\nmod c;\n"), ("a.rs", ""), ("c.rs", "")];
        assert_eq!(left(&sources), files(&expected));
    }

    #[test]
    fn the_files_of_a_module_of_tests_are_left_out() {
        let named = "fn f() {}\n\n#[cfg(test)]\nmod tests;\n";
        let sources = [
            ("lib.rs", "mod a;\n\n#[cfg(test)]\nmod tests;\n"),
            ("a.rs", named),
            ("a/tests.rs", "mod more;\n"),
            ("a/tests/more.rs", ""),
            ("a/tests_of_alexa.rs", ""),
            ("b/mod.rs", named),
            ("b/tests.rs", ""),
            ("tests.rs", ""),
        ];
        let expected = [
            ("lib.rs", "mod a;\n"),
            ("a.rs", "fn f() {}\n"),
            ("a/tests_of_alexa.rs", ""),
            ("b/mod.rs", "fn f() {}\n"),
        ];
        assert_eq!(left(&sources), files(&expected));
    }

    #[test]
    fn another_condition_stays_and_so_does_what_is_no_source() {
        let sources = [
            ("a.rs", "#[cfg(feature = \"test\")]\nmod b {}\n"),
            ("data.json", "#[cfg(test)]\nmod b {}\n"),
        ];
        assert_eq!(left(&sources), files(&sources));
    }

    #[test]
    fn a_file_that_is_not_rust_is_named() {
        let error = without_tests(files(&[("a.rs", "fn")])).unwrap_err();
        assert!(error.to_string().contains("a.rs"), "{error}");
    }
}
