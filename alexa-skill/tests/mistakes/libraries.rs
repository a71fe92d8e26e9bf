//! The libraries that this test is linked with, for programs that the compiler is to refuse.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value as Json;

/// Where the libraries are that Cargo built for this very test.
pub struct Libraries {
    /// All that they depend on.
    pub folder: PathBuf,
    /// Those that a skill names, each with its file.
    pub named: Vec<(&'static str, PathBuf)>,
}

impl Libraries {
    /// A folder may hold the same library several times, with other features. Which of them this test
    /// was given, only Cargo knows: it writes so into the test's fingerprint, which lies beside the
    /// folder of its executable and has its hash.
    pub fn of_this_test() -> Libraries {
        let executable = env::current_exe().unwrap();
        let folder = executable.parent().unwrap().to_owned();
        let fingerprints = folder.parent().unwrap().join(".fingerprint");
        let stem = executable.file_stem().unwrap().to_str().unwrap();
        let (name, hash) = stem.rsplit_once('-').unwrap();
        let own = fingerprints.join(format!("alexa-skill-{hash}"));
        let own = own.join(format!("test-integration-test-{name}.json"));
        let own: Json = serde_json::from_str(&read(&own)).unwrap();
        let named = ["alexa_skill", "serde"].map(|library| {
            let wanted = fingerprint_of(&own, library);
            (
                library,
                library_with(&fingerprints, &folder, library, wanted),
            )
        });
        Libraries {
            folder,
            named: named.into(),
        }
    }
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| {
        let file = file.display();
        panic!("{file}: {error}; does this version of Cargo write its fingerprints elsewhere?")
    })
}

/// The fingerprint of a dependency, by the name that the test gives it.
fn fingerprint_of(own: &Json, library: &str) -> u64 {
    let mut dependencies = own["deps"].as_array().unwrap().iter();
    let dependency = dependencies.find(|dependency| dependency[1] == library);
    let dependency = dependency.unwrap_or_else(|| panic!("this test does not use {library}"));
    dependency[3].as_u64().unwrap()
}

fn library_with(fingerprints: &Path, folder: &Path, library: &str, wanted: u64) -> PathBuf {
    let bytes = wanted.to_le_bytes().map(|byte| format!("{byte:02x}"));
    let (file, wanted) = (format!("lib-{library}"), bytes.concat());
    let package = fs::read_dir(fingerprints)
        .unwrap()
        .map(|package| package.unwrap().path())
        .find(|package| fs::read_to_string(package.join(&file)).is_ok_and(|text| text == wanted));
    let package = package.unwrap_or_else(|| panic!("no fingerprint of {library} is {wanted}"));
    let (_, hash) = package.to_str().unwrap().rsplit_once('-').unwrap();
    folder.join(format!("lib{library}-{hash}.rlib"))
}
