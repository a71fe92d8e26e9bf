//! The committed figures are what the program computes.

use std::fs;

use dynamo_paper::figures::{ALL, Theme, folder};

use crate::figure;

#[test]
fn the_committed_figures_are_the_computed_ones() {
    let folder = folder();
    let mut expected = Vec::new();
    for (name, ..) in ALL {
        let figure = figure(name);
        let stem = figure.file_stem();
        expected.push((format!("{stem}.csv"), figure.csv()));
        for (theme, word) in Theme::ALL {
            expected.push((format!("{stem}-{word}.svg"), figure.svg(theme).unwrap()));
        }
    }
    for (file, text) in expected {
        let path = folder.join(&file);
        // Git may have given the file the line ends of the machine.
        let committed = fs::read_to_string(&path)
            .unwrap_or_default()
            .replace('\r', "");
        assert!(
            committed == text,
            "{} is out of date: run `cargo run -p dynamo-paper -- figures`",
            path.display()
        );
    }
}
