//! What the chapter on cold starts and latency shows and says of the records.

use bench::contender::{self, *};
use bench::figure::{self, Theme};
use bench::record::{self, Table};
use snapbox::{Assert, file};

const TURNS: &str = include_str!("../benches/results/turns.txt");
const START: &str = include_str!("../benches/results/start.txt");
const PARTS: &str = include_str!("../benches/results/parts.txt");

fn table(record: &str, title: &str) -> Table {
    let mut tables = record::tables(record).into_iter();
    let table = tables.find(|table| table.title == title);
    table.unwrap_or_else(|| panic!("no table {title}"))
}

fn value(record: &str, title: &str, contender: Contender, column: &str) -> f64 {
    let value = table(record, title).value(contender.name, column);
    value.unwrap_or_else(|| panic!("no {column} of {} in {title}", contender.name))
}

/// `SNAPSHOTS=overwrite cargo test -p bench` draws the figure anew after a measurement.
#[test]
fn the_figure_is_that_of_the_record() {
    let tables = record::tables(TURNS);
    let compare = Assert::new().action_env("SNAPSHOTS");
    let svg = figure::svg(&tables, Theme::Light).unwrap();
    compare.eq(
        svg,
        file!["../../book/src/performance/figures/turns-light.svg": Text],
    );
    let svg = figure::svg(&tables, Theme::Dark).unwrap();
    compare.eq(
        svg,
        file!["../../book/src/performance/figures/turns-dark.svg": Text],
    );
}

#[test]
fn a_record_without_a_table_has_no_figure() {
    let tables = [table(TURNS, "Cold, over HTTPS")];
    let error = figure::svg(&tables, Theme::Light).unwrap_err();
    assert_eq!(error.to_string(), "the record has no warm turn");
}

#[test]
fn the_records_have_every_contender() {
    for (record, contenders) in [(TURNS, contender::TURNS), (START, contender::START)] {
        for contender in contenders {
            if contender.has_tls && contender.cold {
                assert!(value(record, "Cold, over HTTPS", contender, "both ms") > 0.0);
            }
            if contender.warm {
                assert!(value(record, "Warm, over HTTP", contender, "p99 us") > 0.0);
                assert!(value(record, "Peak memory", contender, "MB") > 0.0);
            }
            assert!(value(record, "Package", contender, "zip MB") > 0.0);
        }
    }
}

/// Some rows and columns of a record, between the marks by which a chapter includes them.
fn excerpt(
    anchor: &str,
    record: &str,
    columns: &[(&str, &str)],
    contenders: &[Contender],
) -> String {
    let mut titles: Vec<&str> = columns.iter().map(|(title, _)| *title).collect();
    titles.dedup();
    let names: Vec<&str> = columns.iter().map(|(_, column)| *column).collect();
    let mut excerpt = Table::new(&titles.join(", "), &names);
    for contender in contenders {
        let values = columns.iter();
        let values = values.map(|(title, column)| Some(value(record, title, *contender, column)));
        excerpt.add(contender.name, values.collect());
    }
    format!("ANCHOR: {anchor}\n{excerpt}\nANCHOR_END: {anchor}\n\n")
}

/// The rows that a reader can decide by; the records have all of them.
///
/// `SNAPSHOTS=overwrite cargo test -p bench` takes them from the records anew.
#[test]
fn the_chapter_shows_rows_of_the_records() {
    let cold = ["start ms", "turn ms", "both ms"].map(|column| ("Cold, over HTTPS", column));
    let near = ["p50 us", "p99 us"].map(|column| ("Warm, 1 ms away", column));
    let warm = [("Warm, over HTTP", "p50 us")];
    let size = [("Peak memory", "MB"), ("Package", "zip MB")];
    let languages = [NODE, PYTHON, STARTER];
    let excerpts = [
        excerpt("cold", TURNS, &cold, &[NODE, PYTHON, STARTER, NO_JITTER]),
        excerpt(
            "near",
            TURNS,
            &near,
            &[NODE, PYTHON, STARTER, CARRY_IN_SESSION, WITHOUT_SDK],
        ),
        excerpt("size", TURNS, &size, &languages),
        excerpt(
            "cold-variants",
            START,
            &cold,
            &[STARTER, NO_JITTER, RING, ONE_ROOT_CERTIFICATE, AWS_CONFIG],
        ),
        excerpt(
            "warm-variants",
            START,
            &warm,
            &[STARTER, LARGER_TCACHE, MIMALLOC, MULTI_THREAD, OPT_LEVEL_Z],
        ),
    ];
    let text = excerpts.concat();
    let compare = Assert::new().action_env("SNAPSHOTS");
    compare.eq(text, file!["snapshots/excerpts.txt"]);
}

/// After a measurement that this refuses, the chapter's sentences have to be written anew.
#[test]
fn the_chapter_says_what_the_records_say() {
    let turns = |title, contender, column| value(TURNS, title, contender, column);
    let cold = |contender| turns("Cold, over HTTPS", contender, "both ms");
    assert!(cold(NO_JITTER) * 25.0 < cold(NODE));
    assert!(cold(NO_JITTER) * 5.0 < cold(STARTER));
    let start = |contender| turns("Cold, over HTTPS", contender, "start ms");
    assert!(start(NODE) * 2.0 > cold(NODE));
    assert!(start(PYTHON) * 2.0 > cold(PYTHON));
    let warm = |contender| turns("Warm, over HTTP", contender, "p50 us");
    let rust = warm(STARTER);
    assert!((3.3..4.3).contains(&(warm(NODE) / rust)));
    assert!((12.0..14.0).contains(&(warm(PYTHON) / rust)));
    let without_sdk = warm(WITHOUT_SDK);
    assert!((1.8..2.2).contains(&(rust / without_sdk)));
    assert!((2.7..3.5).contains(&(rust / warm(STD_ONLY))));
    let above = |contender| (warm(contender) - without_sdk) / (rust - without_sdk);
    assert!((0.55..0.65).contains(&above(SDK_ALONE)));
    assert!(warm(CARRY_IN_SESSION) > without_sdk);
    for column in ["p50 us", "p99 us"] {
        let delayed = |contender| turns("Warm, 1 ms away", contender, column);
        assert!(delayed(STARTER) < 1.6 * delayed(WITHOUT_SDK), "{column}");
        assert!(delayed(CARRY_IN_SESSION) < delayed(WITHOUT_SDK), "{column}");
    }
    let delayed = |contender| turns("Warm, 1 ms away", contender, "p50 us");
    assert!((1.05..1.15).contains(&(delayed(STARTER) / delayed(WITHOUT_SDK))));
    assert!((0.5..0.65).contains(&(delayed(CARRY_IN_SESSION) / delayed(WITHOUT_SDK))));
    let local = |contender| turns("Warm, on DynamoDB Local", contender, "p50 us");
    assert!((1.35..1.6).contains(&(local(STARTER) / local(WITHOUT_SDK))));
    assert!(cold(WITHOUT_SDK) > 0.8 * cold(STARTER));
    let memory = |contender| turns("Peak memory", contender, "MB");
    assert!(memory(STARTER) * 7.0 < memory(NODE));

    let rust = |title, column| value(START, title, STARTER, column);
    let to_rust =
        |title, contender, column| value(START, title, contender, column) / rust(title, column);
    assert!(to_rust("Cold, over HTTPS", RING, "both ms") < 0.2);
    assert!(to_rust("Cold, over HTTPS", ONE_ROOT_CERTIFICATE, "start ms") < 1.0);
    assert!(to_rust("Peak memory", AWS_CONFIG, "MB") > 1.05);
    assert!(to_rust("Package", AWS_CONFIG, "zip MB") > 1.05);
    assert!(to_rust("Warm, over HTTP", MULTI_THREAD, "p50 us") > 1.05);
    let more = |contender| value(START, "Peak memory", contender, "MB") - rust("Peak memory", "MB");
    assert!((0.85..0.9).contains(&to_rust("Warm, over HTTP", MIMALLOC, "p50 us")));
    assert!((5.0..7.0).contains(&more(MIMALLOC)));
    assert!((0.88..0.93).contains(&to_rust("Warm, over HTTP", LARGER_TCACHE, "p50 us")));
    assert!((1.0..2.5).contains(&more(LARGER_TCACHE)));
    assert!(to_rust("Warm, over HTTP", OPT_LEVEL_Z, "p50 us") > 1.1);
    assert!(to_rust("Package", OPT_LEVEL_Z, "zip MB") < 0.8);

    let part = |name| table(PARTS, "Warm").value(name, "to turn").unwrap();
    assert!((0.87..0.97).contains(&part("same")));
    assert!(part("memory") < part("sdk") / 5.0);
    assert!(part("carried") < 1.0);
}
