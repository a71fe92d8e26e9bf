//! The files of a starter, read into what they say.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use starters::Starter;

use crate::repository;

/// An interaction model, as far as the tests look.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LanguageModel {
    pub invocation_name: String,
    pub intents: Vec<Intent>,
    pub types: Vec<SlotType>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Intent {
    pub(crate) name: String,
    #[serde(default)]
    pub slots: Vec<Slot>,
    pub samples: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Slot {
    pub(crate) name: String,
    pub r#type: String,
    pub multiple_values: Option<MultipleValues>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MultipleValues {
    pub enabled: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlotType {
    pub(crate) name: String,
    pub values: Vec<Json>,
}

impl SlotType {
    pub(crate) fn first_value(&self) -> &str {
        self.values[0]["name"]["value"].as_str().unwrap()
    }
}

/// What the folder of a starter holds.
pub(crate) trait Files {
    fn folder(&self) -> PathBuf;
    /// The interaction models by locale.
    fn models(&self) -> BTreeMap<String, LanguageModel>;
    /// The skill's manifest.
    fn manifest(&self) -> Json;
    fn policy(&self) -> Json;
    /// The template; `!Ref X` and `!GetAtt X` are read as `X`.
    fn template(&self) -> Json;
}

impl Files for Starter {
    fn folder(&self) -> PathBuf {
        repository().join("examples").join(self.name)
    }

    fn models(&self) -> BTreeMap<String, LanguageModel> {
        let folder = self.folder().join("skill-package/interactionModels/custom");
        let files = fs::read_dir(folder).unwrap();
        let paths = files.map(|file| file.unwrap().path());
        paths
            .map(|path| {
                let locale = path.file_stem().unwrap().to_str().unwrap().to_owned();
                let mut model: Json = read_json(&path);
                let model = model["interactionModel"]["languageModel"].take();
                let model = serde_json::from_value(model);
                let model = model.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
                (locale, model)
            })
            .collect()
    }

    fn manifest(&self) -> Json {
        let mut json: Json = read_json(&self.folder().join("skill-package/skill.json"));
        json["manifest"].take()
    }

    fn policy(&self) -> Json {
        serde_json::from_str(self.policy).unwrap()
    }

    fn template(&self) -> Json {
        let text = fs::read_to_string(self.folder().join("template.yaml")).unwrap();
        serde_saphyr::from_str(&text).unwrap()
    }
}

fn read_json<T: DeserializeOwned>(path: &Path) -> T {
    let text = fs::read(path).unwrap();
    serde_json::from_slice(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
