//! What a project is called, and where its starter's name stands.

use std::path::{self, Path};

use syn::Ident;

use crate::error::Error;

/// Names of Rust's own crates and of Cargo's folders, as `cargo new` knows them, and the keyword of
/// the edition 2024 that syn takes for a name.
const RESERVED: [&str; 10] = [
    "alloc",
    "build",
    "core",
    "deps",
    "examples",
    "gen",
    "incremental",
    "proc_macro",
    "std",
    "test",
];

/// The name of a folder, if a crate that uses `dependencies` can be called so.
pub(super) fn checked<'a>(
    folder: &Path,
    mut dependencies: impl Iterator<Item = &'a str>,
) -> Result<String, Error> {
    let absolute = path::absolute(folder)?;
    let name = absolute.file_name().unwrap_or_default().to_string_lossy();
    let refused = |reason| {
        Err(Error::BadName {
            name: name.clone().into_owned(),
            reason,
        })
    };

    let mut characters = name.chars();
    let begins_well = characters.next().is_some_and(|c| c.is_ascii_lowercase());
    let of_a_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c);
    if !begins_well || !characters.all(of_a_name) {
        return refused("which is made of a-z, 0-9, - and _, and begins with a letter");
    }
    let crate_name = name.replace('-', "_");
    if RESERVED.contains(&&*crate_name) || syn::parse_str::<Ident>(&crate_name).is_err() {
        return refused("because it means something to Rust or Cargo");
    }
    if dependencies.any(|used| used.replace('-', "_") == crate_name) {
        return refused("because the starter uses a crate of that name");
    }
    Ok(name.into_owned())
}

/// What the starter is called, and what its copy.
pub(super) struct Names<'a> {
    pub(super) starter: &'a str,
    pub(super) project: &'a str,
}

impl Names<'_> {
    /// Puts the project's name where the starter's names the package, its program or its function.
    /// Elsewhere the word may mean something else, as `facts` does.
    pub(super) fn put_into(&self, path: &Path, text: String) -> String {
        let Names { starter, project } = self;
        let extension = path.extension().unwrap_or_default();
        let places: &[&str] = match extension.to_str().unwrap_or_default() {
            "rs" => &["\"{}\"", "CARGO_BIN_EXE_{}\""],
            "yaml" => &["target/lambda/{}/"],
            "json" => &[":function:{}\""],
            "md" => &["# {}\n", "`{}`", "target/lambda/{}/"],
            _ => &[],
        };
        let mut text = text;
        for place in places {
            text = text.replace(&place.replace("{}", starter), &place.replace("{}", project));
        }
        if extension != "rs" {
            return text;
        }
        let crate_name = |name: &str| format!("{}::", name.replace('-', "_"));
        replace_path(&text, &crate_name(starter), &crate_name(project))
    }
}

/// Replaces `from` where no longer path or name ends in it.
fn replace_path(text: &str, from: &str, to: &str) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(index) = rest.find(from) {
        let (before, found) = rest.split_at(index);
        let continues = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
        replaced.push_str(before);
        replaced.push_str(if before.ends_with(continues) {
            from
        } else {
            to
        });
        rest = &found[from.len()..];
    }
    replaced + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn renamed(file: &str, text: &str) -> String {
        let names = Names {
            starter: "high-low",
            project: "my-skill",
        };
        names.put_into(Path::new(file), text.to_owned())
    }

    #[test]
    fn paths_and_programs_are_renamed_in_rust() {
        assert_eq!(
            renamed("a.rs", "use high_low::skill;"),
            "use my_skill::skill;"
        );
        assert_eq!(
            renamed("a.rs", r#"env!("CARGO_BIN_EXE_high-low"), "high-low""#),
            r#"env!("CARGO_BIN_EXE_my-skill"), "my-skill""#
        );
    }

    #[test]
    fn a_module_or_a_name_that_ends_alike_is_not_renamed() {
        for text in [
            "crate::high_low::x",
            "very_high_low::x",
            "let high_low = 1;",
        ] {
            assert_eq!(renamed("a.rs", text), text);
        }
    }

    #[test]
    fn functions_and_folders_are_renamed_elsewhere() {
        assert_eq!(
            renamed("template.yaml", "CodeUri: target/lambda/high-low/\n"),
            "CodeUri: target/lambda/my-skill/\n"
        );
        let arn = r#""arn:aws:lambda:us-east-1:123456789012:function:high-low""#;
        let new = r#""arn:aws:lambda:us-east-1:123456789012:function:my-skill""#;
        assert_eq!(renamed("skill.json", arn), new);
        assert_eq!(renamed("README.md", "# high-low\n"), "# my-skill\n");
        assert_eq!(renamed("model.json", r#""high low""#), r#""high low""#);
    }
}
