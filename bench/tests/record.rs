//! What the chapter on cold starts and latency shows and says of the records.

use bench::contender::Contender;
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
    let value = table(record, title).value(contender.name(), column);
    value.unwrap_or_else(|| panic!("no {column} of {} in {title}", contender.name()))
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
    for (record, contenders) in [(TURNS, Contender::LANGUAGES), (START, Contender::VARIANTS)] {
        for contender in contenders {
            if contender.has_tls() && contender.has_a_cold_turn() {
                assert!(value(record, "Cold, over HTTPS", contender, "both ms") > 0.0);
            }
            if contender.differs_when_warm() {
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
        excerpt.add(contender.name(), values.collect());
    }
    format!("ANCHOR: {anchor}\n{excerpt}\nANCHOR_END: {anchor}\n\n")
}

/// The rows that a reader can decide by; the records have all of them.
///
/// `SNAPSHOTS=overwrite cargo test -p bench` takes them from the records anew.
#[test]
fn the_chapter_shows_rows_of_the_records() {
    use Contender::{AwsConfig, ByHand, NoJitter, OneAuthority};
    use Contender::{Carried, Mimalloc, Node, Python, Ring, Rust, Small, Threads, Tunables};
    let cold = ["start ms", "turn ms", "both ms"].map(|column| ("Cold, over HTTPS", column));
    let near = ["p50 us", "p99 us"].map(|column| ("Warm, 1 ms away", column));
    let warm = [("Warm, over HTTP", "p50 us")];
    let size = [("Peak memory", "MB"), ("Package", "zip MB")];
    let languages = [Node, Python, Rust];
    let excerpts = [
        excerpt("cold", TURNS, &cold, &[Node, Python, Rust, NoJitter]),
        excerpt("near", TURNS, &near, &[Node, Python, Rust, Carried, ByHand]),
        excerpt("size", TURNS, &size, &languages),
        excerpt(
            "cold-variants",
            START,
            &cold,
            &[Rust, NoJitter, Ring, OneAuthority, AwsConfig],
        ),
        excerpt(
            "warm-variants",
            START,
            &warm,
            &[Rust, Tunables, Mimalloc, Threads, Small],
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
    assert!(cold(Contender::NoJitter) * 25.0 < cold(Contender::Node));
    assert!(cold(Contender::NoJitter) * 5.0 < cold(Contender::Rust));
    let start = |contender| turns("Cold, over HTTPS", contender, "start ms");
    assert!(start(Contender::Node) * 2.0 > cold(Contender::Node));
    assert!(start(Contender::Python) * 2.0 > cold(Contender::Python));
    let warm = |contender| turns("Warm, over HTTP", contender, "p50 us");
    let rust = warm(Contender::Rust);
    assert!((3.3..4.3).contains(&(warm(Contender::Node) / rust)));
    assert!((12.0..14.0).contains(&(warm(Contender::Python) / rust)));
    let by_hand = warm(Contender::ByHand);
    assert!((1.8..2.2).contains(&(rust / by_hand)));
    assert!((2.7..3.5).contains(&(rust / warm(Contender::StdOnly))));
    let above = |contender| (warm(contender) - by_hand) / (rust - by_hand);
    assert!((0.55..0.65).contains(&above(Contender::SdkAlone)));
    assert!(warm(Contender::Carried) > by_hand);
    for column in ["p50 us", "p99 us"] {
        let far = |contender| turns("Warm, 1 ms away", contender, column);
        assert!(
            far(Contender::Rust) < 1.6 * far(Contender::ByHand),
            "{column}"
        );
        assert!(far(Contender::Carried) < far(Contender::ByHand), "{column}");
    }
    let far = |contender| turns("Warm, 1 ms away", contender, "p50 us");
    assert!((1.05..1.15).contains(&(far(Contender::Rust) / far(Contender::ByHand))));
    assert!((0.5..0.65).contains(&(far(Contender::Carried) / far(Contender::ByHand))));
    let local = |contender| turns("Warm, on DynamoDB Local", contender, "p50 us");
    assert!((1.35..1.6).contains(&(local(Contender::Rust) / local(Contender::ByHand))));
    assert!(cold(Contender::ByHand) > 0.8 * cold(Contender::Rust));
    let memory = |contender| turns("Peak memory", contender, "MB");
    assert!(memory(Contender::Rust) * 7.0 < memory(Contender::Node));

    let rust = |title, column| value(START, title, Contender::Rust, column);
    let to_rust =
        |title, contender, column| value(START, title, contender, column) / rust(title, column);
    assert!(to_rust("Cold, over HTTPS", Contender::Ring, "both ms") < 0.2);
    assert!(to_rust("Cold, over HTTPS", Contender::OneAuthority, "start ms") < 1.0);
    assert!(to_rust("Peak memory", Contender::AwsConfig, "MB") > 1.05);
    assert!(to_rust("Package", Contender::AwsConfig, "zip MB") > 1.05);
    assert!(to_rust("Warm, over HTTP", Contender::Threads, "p50 us") > 1.05);
    let more = |contender| value(START, "Peak memory", contender, "MB") - rust("Peak memory", "MB");
    assert!((0.85..0.9).contains(&to_rust("Warm, over HTTP", Contender::Mimalloc, "p50 us")));
    assert!((5.0..7.0).contains(&more(Contender::Mimalloc)));
    assert!((0.88..0.93).contains(&to_rust("Warm, over HTTP", Contender::Tunables, "p50 us")));
    assert!((1.0..2.5).contains(&more(Contender::Tunables)));
    assert!(to_rust("Warm, over HTTP", Contender::Small, "p50 us") > 1.1);
    assert!(to_rust("Package", Contender::Small, "zip MB") < 0.8);

    let part = |name| table(PARTS, "Warm").value(name, "to turn").unwrap();
    assert!((0.87..0.97).contains(&part("same")));
    assert!(part("memory") < part("sdk") / 5.0);
    assert!(part("carried") < 1.0);
}
