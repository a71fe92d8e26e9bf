//! The folder `libraries/` of a copied starter: the packages of this repository that it uses.
//!
//! They are a Cargo workspace of their own, next to the skill's: the version and the lints that they
//! share come with them, and `update` replaces them without a change in the skill's manifest.

pub(crate) mod checksums;
mod sources;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::Path;

use fs_err as fs;
use toml_edit::{Array, DocumentMut, Item, Table, value};

use crate::error::Error;
use crate::files::{self, Files};
use crate::manifest::{self, placed_at_the_end};
use checksums::Checksums;
use sources::without_tests;

/// The folder's name in a copy.
pub(crate) const FOLDER: &str = "libraries";

/// The checksums of all other files of the folder, as `sha256sum` writes them.
pub(crate) const CHECKSUMS: &str = "SHA256SUMS";

/// What is new in the libraries, as it was when they were copied.
pub(crate) const CHANGELOG: &str = "CHANGELOG.md";

/// The tables of a library's manifest for its tests, examples and benchmarks, which are not copied.
const NOT_COPIED: [&str; 4] = ["dev-dependencies", "test", "example", "bench"];

/// The head of the workspace's manifest.
const HEAD: &str = "\
# The libraries of the guide, which this skill uses. In the guide's repository,
# `cargo run -- update FOLDER` brings those of a newer guide.
";

/// Libraries with their manifests, by the names of their folders.
pub(crate) struct Libraries(BTreeMap<String, DocumentMut>);

impl Libraries {
    /// Those that a package depends on, in its tests too, and those that these depend on. The
    /// package names them by paths below `parent`.
    ///
    /// # Errors
    ///
    /// When the manifest of one cannot be read.
    pub(crate) fn used_by(
        package: &DocumentMut,
        parent: &str,
        repository: &Path,
    ) -> Result<Libraries, Error> {
        let mut found = BTreeMap::new();
        let mut left = named(package, &manifest::DEPENDENCIES, parent);
        while let Some(name) = left.pop() {
            if let Entry::Vacant(place) = found.entry(name) {
                let manifest = manifest::read(&repository.join(place.key()))?;
                left.extend(named(&manifest, &["dependencies"], ".."));
                place.insert(manifest);
            }
        }
        Ok(Libraries(found))
    }

    /// The names of their folders, which are those of the packages.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// All files of the folder.
    ///
    /// # Errors
    ///
    /// When a file cannot be read, or a source is not Rust.
    pub(crate) fn files(&self, repository: &Path) -> Result<Files, Error> {
        let mut files = Files::new();
        for (name, manifest) in &self.0 {
            let package = repository.join(name);
            let sources = without_tests(files::read_all(&package.join("src"))?)?;
            let sources = files::edited(sources, |_, text| files::without_anchors(&text));
            let source = |(path, content)| (Path::new(name).join("src").join(path), content);
            files.extend(sources.into_iter().map(source));

            let readme = package.join("README.md");
            if readme.exists() {
                let text = fs::read_to_string(&readme)?;
                files.insert(Path::new(name).join("README.md"), text.into());
            }
            let manifest = trimmed(manifest.clone()).to_string();
            files.insert(Path::new(name).join("Cargo.toml"), manifest.into());
        }
        for name in [CHANGELOG, "LICENSE-APACHE", "LICENSE-MIT"] {
            let text = fs::read_to_string(repository.join(name))?;
            files.insert(name.into(), text.into());
        }
        let workspace = self.workspace(&manifest::read(repository)?);
        files.insert("Cargo.toml".into(), workspace.into());
        // The checksums are those of the bytes, so Git must not change the ends of lines.
        files.insert(".gitattributes".into(), "* -text\n".into());
        let checksums = Checksums::of(&files).to_string();
        files.insert(CHECKSUMS.into(), checksums.into());
        Ok(files)
    }

    /// The manifest of the workspace, with what the repository's says for all of its members.
    fn workspace(&self, repository: &DocumentMut) -> String {
        let mut workspace = Table::new();
        workspace["members"] = value(Array::from_iter(self.names()));
        for key in ["resolver", "package", "lints"] {
            workspace[key] = placed_at_the_end(&repository["workspace"][key]);
        }
        let mut manifest = DocumentMut::new();
        manifest["workspace"] = Item::Table(workspace);
        format!("{HEAD}{manifest}")
    }
}

/// The folders of the packages that a manifest names by paths below `parent`.
fn named(manifest: &DocumentMut, tables: &[&str], parent: &str) -> Vec<String> {
    let dependencies = manifest::dependencies(manifest, tables);
    let paths = dependencies.filter_map(|(_, dependency)| manifest::path(dependency));
    let names = paths.filter_map(|path| Some(path.strip_prefix(parent).ok()?.to_owned()));
    names
        .map(|name| name.to_string_lossy().into_owned())
        .collect()
}

fn trimmed(mut manifest: DocumentMut) -> DocumentMut {
    for table in NOT_COPIED {
        manifest.remove(table);
    }
    manifest
}
