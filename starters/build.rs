//! Finds the starters, and writes the modules and the list that `src/lib.rs` includes.

use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

use serde_json::Value as Json;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let package = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let repository = package
        .parent()
        .ok_or("the package is not in a repository")?;
    // A new starter is a new member of the workspace, which Cargo notes there. Watching `examples/`
    // itself would compile all of this again whenever anything in any example changes.
    watch(&repository.join("Cargo.lock"));

    let mut modules = String::new();
    let mut list = "/// All starters, by name.\npub const ALL: &[Starter] = &[\n".to_owned();
    for folder in sorted(&repository.join("examples"))? {
        if folder.join("template.yaml").exists() {
            let starter = Starter { folder };
            let described = starter.describe();
            let (module, entry) =
                described.map_err(|error| format!("{}: {error}", starter.folder.display()))?;
            modules.push_str(&module);
            list.push_str(&entry);
        }
    }
    list.push_str("];\n");
    let generated = PathBuf::from(env::var("OUT_DIR")?).join("starters.rs");
    fs::write(generated, modules + &list)?;
    Ok(())
}

/// A folder that holds what a skill needs to be deployed.
struct Starter {
    folder: PathBuf,
}

impl Starter {
    /// The declaration of its module, and its entry in the list.
    fn describe(&self) -> Result<(String, String)> {
        let name = file_stem(&self.folder)?;
        let module = name.replace('-', "_");
        let source = self.folder.join("src/lib.rs");
        let table = self.table()?;
        let policy = self.folder.join("policy.json");
        let localizations = self.localizations()?;
        Ok((
            format!("#[path = {source:?}]\npub mod {module};\n"),
            format!(
                "    Starter {{
        name: {name:?},
        skill: {module}::skill,
        skill_id: {module}::SKILL_ID,
        table: {table:?},
        policy: include_str!({policy:?}),
        localizations: &[
{localizations}        ],
    }},
"
            ),
        ))
    }

    /// The default of the template's parameter `TableName`.
    fn table(&self) -> Result<String> {
        let template = self.folder.join("template.yaml");
        watch(&template);
        let template = fs::read_to_string(template)?;
        let mut lines = template.lines().map(str::trim);
        lines.find(|line| *line == "TableName:");
        let default = lines.find_map(|line| line.strip_prefix("Default: "));
        let missing = "template.yaml has no parameter TableName with a default";
        Ok(default.ok_or(missing)?.to_owned())
    }

    /// Entries for its interaction models. A locale without one is not built by Alexa either.
    fn localizations(&self) -> Result<String> {
        let skill_package = self.folder.join("skill-package");
        watch(&skill_package);
        let manifest: Json = serde_json::from_slice(&fs::read(skill_package.join("skill.json"))?)?;
        let listed = &manifest["manifest"]["publishingInformation"]["locales"];
        let mut models = sorted(&skill_package.join("interactionModels/custom"))?;
        models.sort_by_key(|model| !model.ends_with("en-US.json"));
        let mut entries = String::new();
        for model in models {
            let locale = file_stem(&model)?;
            let phrases = listed[locale]["examplePhrases"].as_array();
            let phrases: Vec<&str> = phrases
                .into_iter()
                .flatten()
                .filter_map(Json::as_str)
                .collect();
            writeln!(
                entries,
                "            Localization {{ locale: {locale:?}, \
                 interaction_model: include_str!({model:?}), example_phrases: &{phrases:?} }},"
            )?;
        }
        Ok(entries)
    }
}

/// What is in a folder, by name.
fn sorted(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut paths = Vec::new();
    for entry in entries {
        paths.push(entry?.path());
    }
    paths.sort();
    Ok(paths)
}

fn file_stem(path: &Path) -> Result<&str> {
    let stem = path.file_stem().and_then(|stem| stem.to_str());
    stem.ok_or_else(|| format!("{} has no name in UTF-8", path.display()).into())
}

/// Has this script run again when the file, or what is in the folder, has changed.
fn watch(path: &Path) {
    println!("cargo::rerun-if-changed={}", path.display());
}
