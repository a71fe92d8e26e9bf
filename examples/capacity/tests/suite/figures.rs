//! The committed figures are what the program computes.

use std::fs;

use capacity::figures::{ALL, SEED, folder};
use dynamo_paper::figures::Theme;

#[test]
fn the_committed_figures_are_the_computed_ones() {
    for compute in ALL {
        let figure = compute(SEED);
        let stem = figure.file_stem();
        let mut expected = vec![(format!("{stem}.csv"), figure.csv())];
        for (theme, word) in Theme::ALL {
            expected.push((format!("{stem}-{word}.svg"), figure.svg(theme).unwrap()));
        }
        for (file, text) in expected {
            let path = folder().join(file);
            let committed = fs::read_to_string(&path).unwrap_or_default();
            // Git may have given the file the line ends of the machine.
            assert!(
                committed.replace('\r', "") == text,
                "{} is out of date: run `cargo run -p capacity -- figures`",
                path.display()
            );
        }
    }
}
