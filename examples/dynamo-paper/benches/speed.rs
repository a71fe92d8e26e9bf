//! How fast a key's node is found, beside the crate `hashring`, and how fast the cluster runs.
//!
//! `cargo bench -p dynamo-paper` measures the two in turn in one run, so that what else the
//! machine does slows both, and prints medians. The book shows what
//! `cargo bench -q -p dynamo-paper --bench speed > examples/dynamo-paper/benches/results/speed.txt`
//! wrote. Nothing is asserted: a timing is no promise.
//!
//! A simulated operation is six messages or more, of which each passes the queue of virtual time
//! and is handled by a node: a million operations a second would be over six million such events.

use std::hash::{BuildHasher, Hasher};
use std::hint::black_box;
use std::process::Command;
use std::time::Instant;

use dynamo_paper::cart::Cart;
use dynamo_paper::cluster::{Answer, Cluster, Outcome, Request, Settings};
use dynamo_paper::key::Key;
use dynamo_paper::node_id::NodeId;
use dynamo_paper::random::Random;
use dynamo_paper::ring::{Position, Ring};
use dynamo_paper::version_vector::VersionVector;
use hashring::HashRing;

const SEED: u64 = 1;
const ROUNDS: usize = 31;
const LOOKUPS: usize = 20_000;

fn main() {
    for (program, argument) in [("date", "+%F"), ("rustc", "--version")] {
        let told = Command::new(program).arg(argument).output();
        let told = told.map(|output| output.stdout).unwrap_or_default();
        print!("{}", String::from_utf8_lossy(&told));
    }
    println!("\nNanoseconds to find a place's node, medians of {ROUNDS} rounds of {LOOKUPS}\n");
    println!(
        "{:>8} {:>8} {:>10} {:>8}",
        "tokens", "ours", "hashring", "ratio"
    );
    for tokens in [10, 100, 1000, 10_000, 100_000] {
        let [ours, theirs] = search(tokens);
        let ratio = theirs / ours;
        println!("{tokens:>8} {ours:>8.1} {theirs:>10.1} {ratio:>7.2}x");
    }
    println!("\nSimulated operations a second, medians of 7 rounds\n");
    for (what, writes) in [("get", false), ("put", true)] {
        let rate = median(
            &mut (0..7)
                .map(|_| operations_a_second(writes))
                .collect::<Vec<_>>(),
        );
        println!("{what}: {rate:.0}");
    }
}

/// Both are given places: hashring with a hasher that takes a number for its own hash.
fn search(tokens: usize) -> [f64; 2] {
    let mut random = Random::seeded(SEED);
    let ring = ring(tokens, &mut random);
    let mut other: HashRing<u64, _> = HashRing::with_hasher(Identity);
    other.batch_add((0..tokens).map(|_| random.position().0 as u64).collect());
    let places: Vec<Position> = (0..LOOKUPS).map(|_| random.position()).collect();
    let numbers: Vec<u64> = places.iter().map(|place| place.0 as u64).collect();
    compare(
        || {
            places.iter().for_each(|place| {
                black_box(ring.owner(*place));
            })
        },
        || {
            numbers.iter().for_each(|number| {
                black_box(other.get(number));
            })
        },
    )
}

fn ring(tokens: usize, random: &mut Random) -> Ring {
    let node = |token| NodeId::new(token as u32 % 30);
    (0..tokens)
        .map(|token| (random.position(), node(token)))
        .collect()
}

/// Nanoseconds a lookup: the medians of rounds that take turns.
fn compare(ours: impl Fn(), theirs: impl Fn()) -> [f64; 2] {
    let time = |run: &dyn Fn()| {
        let begin = Instant::now();
        run();
        begin.elapsed().as_nanos() as f64 / LOOKUPS as f64
    };
    let rounds: Vec<[f64; 2]> = (0..ROUNDS).map(|_| [time(&ours), time(&theirs)]).collect();
    [0, 1].map(|which| median(&mut rounds.iter().map(|round| round[which]).collect::<Vec<_>>()))
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// A cluster of six nodes without faults, with a hundred requests under way at any time.
fn operations_a_second(writes: bool) -> f64 {
    const OPERATIONS: usize = 300_000;
    let mut cluster = Cluster::new(Settings::default(), SEED).expect("the settings are valid");
    let keys: Vec<Key> = (0..200)
        .map(|key| Key::new(&format!("cart/{key}")))
        .collect();
    let homes: Vec<NodeId> = keys
        .iter()
        .map(|key| cluster.homes(NodeId::new(0), key).expect("the node exists")[0])
        .collect();
    let mut contexts = vec![VersionVector::default(); keys.len()];
    let begin = Instant::now();
    for operation in 0..OPERATIONS {
        let key = operation % keys.len();
        let request = if writes {
            let context = contexts[key].clone();
            Request::Put {
                context,
                cart: Cart::of(["book"]),
            }
        } else {
            Request::Get
        };
        cluster.ask(homes[key], &keys[key], request);
        if operation < 100 {
            continue;
        }
        match cluster.advance(u64::MAX) {
            // Each writer has read what was last written.
            Some(Outcome::Answered(answered, answer)) => {
                if let Answer::Written(dot) = answer {
                    let key = (answered as usize - 1) % keys.len();
                    contexts[key].raise(dot.node, dot.counter);
                }
            }
            other => drop(black_box(other)),
        }
    }
    OPERATIONS as f64 / begin.elapsed().as_secs_f64()
}

/// Takes a number for its own hash.
#[derive(Clone)]
struct Identity;

struct Number(u64);

impl BuildHasher for Identity {
    type Hasher = Number;

    fn build_hasher(&self) -> Number {
        Number(0)
    }
}

impl Hasher for Number {
    fn write(&mut self, bytes: &[u8]) {
        if let Ok(bytes) = bytes.try_into() {
            self.0 = u64::from_ne_bytes(bytes);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
