//! The ring that readers play with: its recording is what the cluster does, whatever they choose.
//!
//! `SNAPSHOTS=overwrite cargo test -p dynamo-paper --test figures recorded` records it anew.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::sync::LazyLock;

use dynamo_paper::choices::{
    CARTS, CartRecord, Choice, Player, Record, folder, holdings_of, picture, record,
};
use dynamo_paper::cluster::{Event, Step as Happened};
use dynamo_paper::figures::{SEED, Theme};
use dynamo_paper::key::Key;
use dynamo_paper::quorum::Quorum;
use dynamo_paper::random::Random;

static RECORD: LazyLock<Record> = LazyLock::new(|| record(SEED).unwrap());

#[test]
fn the_recorded_ring_and_its_picture_are_what_the_cluster_does() {
    compare("recorded.json", &RECORD.json().unwrap());
    for (theme, word) in Theme::ALL {
        let drawn = picture(SEED, theme).unwrap();
        compare(&format!("three-moments-{word}.svg"), &drawn);
    }
}

fn compare(file: &str, made: &str) {
    let path = folder().join(file);
    if env::var("SNAPSHOTS").is_ok_and(|action| action == "overwrite") {
        return fs::write(path, made).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept.replace('\r', "") == made,
        "{} is out of date; see the head of {}",
        path.display(),
        file!()
    );
}

/// What the page shows of a walk is put together from the carts' recordings. This plays the walk on
/// one cluster that holds both carts, from its beginning to its end.
#[test]
fn any_walk_through_the_recording_is_a_history_of_one_cluster() {
    let carts = CARTS.map(Key::new);
    let mut random = Random::seeded(SEED);
    let (mut made, mut refused) = (0, 0);
    for walk in 0..150 {
        let mut player = Player::new(SEED + walk).unwrap();
        let mut states = [(0, 0); CARTS.len()];
        for _ in 0..14 {
            let about = random.below(CARTS.len());
            let follows = &RECORD.carts[about].states[&states[about]];
            let choice = random.choose(follows).unwrap().0;
            let steps = player.choose(choice, &carts[about]).unwrap();
            for step in steps.iter().filter(|_| choice == Choice::Read) {
                read_is_what_its_coordinator_holds(CARTS[about], step);
            }
            let world = index_of(&RECORD.worlds, player.world());
            for (place, record) in RECORD.carts.iter().enumerate() {
                let alone = matches!(choice, Choice::Read | Choice::Write | Choice::Race);
                let holdings = if alone && place != about {
                    states[place].1
                } else {
                    let follows = record.states[&states[place]].iter();
                    let mut follows = follows.filter(|follows| follows.0 == choice);
                    let (_, holdings, story) = follows.next().unwrap();
                    refused += usize::from(record.stories[*story].contains("refused"));
                    *holdings
                };
                states[place] = (world, holdings);
                // ANCHOR: walks
                let nodes = player.nodes();
                let mut versions = Vec::new();
                let held = holdings_of(record.name, &nodes, &mut versions);
                assert_eq!(
                    spelled(&held, &versions),
                    spelled(&record.holdings[holdings], &record.versions),
                    "walk {walk}: {} after {choice}",
                    record.name
                );
                // ANCHOR_END: walks
            }
            made += 1;
        }
    }
    println!("{made} choices, {refused} refusals");
    assert!(refused > 5, "the walks see too few refusals");
}

/// So the page can say what a read returned without a list of it.
fn read_is_what_its_coordinator_holds(cart: &str, step: &Happened) {
    let Event::Answer {
        from,
        versions: Some(versions),
        ..
    } = &step.event
    else {
        return;
    };
    let coordinator = step.nodes.iter().find(|node| node.node == *from).unwrap();
    let held = coordinator.holds.iter().chain(&coordinator.hints);
    let mut held: Vec<&str> = held
        .filter(|held| held.key == cart)
        .map(|held| &*held.dot)
        .collect();
    held.sort_unstable();
    held.dedup();
    let mut read: Vec<&str> = versions.iter().map(|version| &*version.dot).collect();
    read.sort_unstable();
    assert_eq!(read, held, "{from} answers with more or less than it holds");
}

/// Holdings with the versions in full. A newcomer learns of the ring in one step or in several, by the
/// chance of gossip, and the number of its life counts them: it is left out.
fn spelled(holdings: &str, versions: &[[String; 3]]) -> String {
    let words = holdings.split_whitespace().map(|word| {
        let (node, rest) = word.split_at(1);
        let (version, home) = rest.split_once('>').unwrap_or((rest, ""));
        let version = versions[version.parse::<usize>().unwrap()].join(" ");
        format!("{node} {version} {home}\n")
    });
    let mut lines: Vec<String> = words.collect();
    lines.sort();
    let newcomer = ["F.2", "F.3", "F.4"];
    newcomer
        .iter()
        .fold(lines.concat(), |text, life| text.replace(life, "F"))
}

fn index_of<T: PartialEq>(list: &[T], value: &T) -> usize {
    list.iter().position(|known| known == value).unwrap()
}

/// Every choice in every state of a cart: what was so, what was chosen, what is so then.
fn all(check: impl Fn(&CartRecord, &Step)) {
    for cart in &RECORD.carts {
        for (state, follows) in &cart.states {
            for (choice, holdings, story) in follows {
                check(
                    cart,
                    &Step {
                        world: state.0,
                        before: &cart.holdings[state.1],
                        choice: *choice,
                        after: &cart.holdings[*holdings],
                        story: &cart.stories[*story],
                    },
                );
            }
        }
    }
}

#[derive(Debug)]
struct Step<'a> {
    world: usize,
    before: &'a str,
    choice: Choice,
    after: &'a str,
    story: &'a str,
}

#[test]
fn a_write_is_refused_when_all_home_nodes_are_down_and_only_then() {
    let homes = |name| Player::new(SEED).unwrap().homes(&Key::new(name));
    let homes: BTreeMap<&str, Vec<_>> = CARTS.map(|name| (name, homes(name))).into();
    let w = Quorum::default().w();
    all(|cart, step| {
        if !matches!(step.choice, Choice::Write | Choice::Race) {
            return;
        }
        let down = &RECORD.worlds[step.world].down;
        let all_down = homes[cart.name].iter().all(|home| down.contains(home));
        assert_eq!(step.story.contains("refused"), all_down, "{step:?}");
        assert_eq!(step.before == step.after, all_down, "{step:?}");
        for told in step.story.split('|').filter(|_| !all_down) {
            assert!(told.split(' ').count() >= w, "{step:?}");
        }
    });
}

#[test]
fn what_was_written_is_on_every_home_node_after_a_heal_and_no_hint_is_left() {
    let n = Quorum::default().n();
    all(|_, step| {
        if step.choice != Choice::Heal || step.before.is_empty() {
            return;
        }
        assert!(!step.after.contains('>'), "{step:?}");
        let mut holders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for word in step.after.split(' ') {
            let (node, version) = word.split_at(1);
            holders.entry(node).or_default().push(version);
        }
        let mut versions: Vec<_> = holders.into_values().collect();
        assert_eq!(versions.len(), n, "{step:?}");
        versions.dedup();
        assert_eq!(versions.len(), 1, "{step:?}");
    });
}

#[test]
fn a_read_and_a_crash_change_nothing_that_is_held() {
    all(|_, step| {
        if matches!(step.choice, Choice::Read | Choice::Fail(_)) {
            assert_eq!(step.before, step.after, "{step:?}");
        }
    });
}
