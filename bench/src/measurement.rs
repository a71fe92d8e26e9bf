//! The measurements. Contenders take turns, so that what else the machine does falls on all of
//! them alike.

use std::rc::Rc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use std_only::Visits;

use crate::build::Builds;
use crate::contender::{Contender, Table as Place};
use crate::cores::{Awake, Cores, Role};
use crate::endpoint::Endpoint;
use crate::far;
use crate::machine::Machine;
use crate::record::Table;
use crate::runtime_api::Environment;
use crate::tls::Tls;
use crate::user::User;

const TABLE: &str = "VisitCounter";
/// The calls of `std only` without a Runtime API around them, from where the endpoint runs.
const CALLS: &str = "its two calls alone";

/// How much is measured.
#[derive(Clone, Copy, Debug)]
pub struct Amount {
    starts: usize,
    rounds: usize,
    warm_up: usize,
    turns: usize,
    together: usize,
}

impl Amount {
    /// For a record.
    pub const FULL: Amount = Amount {
        starts: 11,
        rounds: 11,
        warm_up: 300,
        turns: 300,
        together: 960,
    };

    /// Once each, to see that all of it works.
    pub const QUICK: Amount = Amount {
        starts: 1,
        rounds: 1,
        warm_up: 20,
        turns: 20,
        together: 64,
    };

    /// What the command line asks for: `quick`, or all.
    #[must_use]
    pub fn asked_for() -> Amount {
        let quick = std::env::args().any(|argument| argument == "quick");
        if quick { Amount::QUICK } else { Amount::FULL }
    }
}

/// How the table is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// Without encryption, as on no network.
    Http,
    /// As on AWS.
    Https,
    /// Without encryption, and with a network's distance.
    Far,
}

/// What is measured.
struct Subjects {
    amount: Amount,
    builds: Builds,
    contenders: Vec<Contender>,
    machine: Machine,
    awake: Option<Awake>,
}

/// What is measured, and on what.
pub struct Measurement {
    of: Rc<Subjects>,
    cores: Cores,
    local: Endpoint,
    far: String,
    tls: Tls,
}

impl Measurement {
    /// Builds the contenders, and leaves out those whose packages are not installed.
    ///
    /// # Errors
    /// Fails when one cannot be built, or no table can be made.
    pub fn new(contenders: &[Contender], amount: Amount) -> Result<Measurement> {
        let builds = Builds::new()?;
        let (contenders, missing): (Vec<_>, Vec<_>) = contenders
            .iter()
            .copied()
            .partition(|it: &Contender| it.is_installed());
        for contender in &contenders {
            contender.build(&builds)?;
        }
        for contender in missing {
            eprintln!("{} is not installed", contender.name());
        }
        builds.package("endpoint")?;
        let subjects = Subjects {
            amount,
            builds,
            contenders,
            machine: Machine::of_now()?,
            awake: Awake::keep(),
        };
        Cores::Apart.settle(Role::Others)?;
        let local = Endpoint::start(&subjects.builds)?;
        Measurement::on(local, Cores::Apart, Rc::new(subjects))
    }

    /// The same contenders on AWS's DynamoDB Local; `None` where it is not installed.
    ///
    /// # Errors
    /// Fails when it cannot be started, or no table can be made.
    pub fn on_dynamodb_local(&self) -> Result<Option<Measurement>> {
        self.cores.settle(Role::Others)?;
        let local = Endpoint::dynamodb_local()?;
        local
            .map(|local| Measurement::on(local, self.cores, Rc::clone(&self.of)))
            .transpose()
    }

    /// The same contenders, with all cores for all of them.
    ///
    /// # Errors
    /// Fails when the endpoint cannot be started, or no table can be made.
    pub fn on_all_cores(&self) -> Result<Measurement> {
        Cores::Shared.settle(Role::Others)?;
        let local = Endpoint::start(&self.of.builds)?;
        Measurement::on(local, Cores::Shared, Rc::clone(&self.of))
    }

    fn on(local: Endpoint, cores: Cores, of: Rc<Subjects>) -> Result<Measurement> {
        let mut visits = Visits::connect(local.address(), TABLE)?;
        visits.make_table()?;
        // What of the endpoint is slow at first should be so for none of the contenders; one in
        // Java takes thousands of calls.
        for _ in 0..of.amount.starts * 1000 {
            visits.count("first")?;
        }
        Ok(Measurement {
            of,
            cores,
            far: far::start(local.address())?,
            tls: Tls::start(local.address())?,
            local,
        })
    }

    fn start(&self, contender: Contender, over: Over) -> Result<(Environment, Duration)> {
        let place = match over {
            Over::Https => Place::Https(&self.tls),
            Over::Http => Place::Http(self.local.url()),
            Over::Far => Place::Http(&self.far),
        };
        Environment::start(&mut contender.command(&self.of.builds, place), self.cores)
            .with_context(|| contender.name())
    }

    /// Those that can be measured, in the record's order.
    fn those(&self, over: Over, which: fn(Contender) -> bool) -> Vec<Contender> {
        let contenders = self.of.contenders.iter().copied();
        let able = contenders.filter(|it| over != Over::Https || it.has_tls());
        able.filter(|it| which(*it)).collect()
    }

    /// From the start of the process to its first turn's answer, with the ratio to `other`.
    ///
    /// # Errors
    /// Fails when a contender does.
    pub fn cold(&self, title: &str, over: Over, other: Contender) -> Result<Table> {
        self.cores.settle(Role::Others)?;
        let contenders = self.those(over, Contender::has_a_cold_turn);
        let mut times = vec![[const { Vec::new() }; 3]; contenders.len()];
        // The first round finds files in no cache, and is not counted.
        for round in 0..=self.of.amount.starts {
            for (contender, times) in contenders.iter().zip(&mut times) {
                let (mut environment, start) = self.start(*contender, over)?;
                let mut user = User::new(&format!("cold-{}-{over:?}-{round}", contender.name()));
                let turn = user.turns(&mut environment, 1)?.remove(0);
                if round > 0 {
                    let all = [start, turn.time, start + turn.time];
                    for (times, time) in times.iter_mut().zip(all) {
                        times.push(milliseconds(time));
                    }
                }
            }
        }
        let ratio = ratio_name(other);
        let mut table = Table::new(title, &["start ms", "turn ms", "both ms", &ratio]);
        for (contender, times) in contenders.iter().zip(times) {
            let values = times.map(|times| Some(median(times)));
            table.add(contender.name(), values.to_vec());
        }
        table.ratio("both ms", other.name());
        Ok(table)
    }

    /// Turn after turn in the same processes, with the ratios to `others`; and what memory the
    /// processes took by then.
    ///
    /// # Errors
    /// Fails when a contender does.
    pub fn warm(&self, title: &str, over: Over, others: &[Contender]) -> Result<(Table, Table)> {
        self.cores.settle(Role::Others)?;
        let mut lanes = Vec::new();
        for contender in self.those(over, Contender::differs_when_warm) {
            let (mut environment, _) = self.start(contender, over)?;
            let mut user = User::new(&format!("warm-{over:?}-{}", contender.name()));
            if contender.carries() {
                user = user.in_one_session();
            }
            user.turns(&mut environment, self.of.amount.warm_up)?;
            lanes.push((contender, environment, user));
        }
        let mut times = vec![Vec::new(); lanes.len()];
        let mut alone = Vec::new();
        let mut visits = Visits::connect(self.local.address(), TABLE)?;
        for _ in 0..self.of.amount.rounds {
            for ((_, environment, user), times) in lanes.iter_mut().zip(&mut times) {
                let turns = user.turns(environment, self.of.amount.turns)?;
                times.push(turns.iter().map(|turn| turn.time).collect::<Vec<_>>());
            }
            if over == Over::Http {
                let calls = (0..self.of.amount.turns).map(|_| {
                    let start = Instant::now();
                    visits.count("calls")?;
                    Ok(start.elapsed())
                });
                alone.push(calls.collect::<Result<Vec<_>>>()?);
            }
        }
        let ratios = others.iter().map(|other| ratio_name(*other));
        let columns = ["p50 us", "p90 us", "p99 us"].map(str::to_owned);
        let columns: Vec<String> = columns.into_iter().chain(ratios).collect();
        let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
        let mut warm = Table::new(title, &columns);
        for ((contender, ..), rounds) in lanes.iter().zip(&times) {
            warm.add(contender.name(), percentiles(rounds));
        }
        if !alone.is_empty() {
            warm.add(CALLS, percentiles(&alone));
        }
        for other in others {
            warm.ratio("p50 us", other.name());
        }

        let ratio = ratio_name(others[0]);
        let mut memory = Table::new("Peak memory", &["MB", &ratio]);
        for (contender, environment, _) in &lanes {
            let bytes = environment.peak_memory();
            memory.add(
                contender.name(),
                vec![bytes.map(|bytes| bytes as f64 / 1e6)],
            );
        }
        memory.ratio("MB", others[0].name());
        Ok((warm, memory))
    }

    /// What is sent to Lambda.
    ///
    /// # Errors
    /// Fails when what is packed cannot be listed.
    pub fn packages(&self) -> Result<Table> {
        let mut sizes = Table::new("Package", &["zip MB"]);
        for contender in &self.of.contenders {
            let bytes = contender.package(&self.of.builds)?;
            sizes.add(
                contender.name(),
                vec![bytes.map(|bytes| bytes as f64 / 1e6)],
            );
        }
        Ok(sizes)
    }

    /// How many turns a second so many users get at once, each with a process of its own, as on
    /// Lambda.
    ///
    /// # Errors
    /// Fails when a contender does.
    pub fn throughput(&self, numbers: &[usize]) -> Result<Table> {
        self.cores.settle(Role::Others)?;
        let columns: Vec<String> = numbers.iter().map(|it| format!("{it} at once")).collect();
        let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
        let mut table = Table::new("Turns a second", &columns);
        for contender in self.those(Over::Http, Contender::differs_when_warm) {
            let rates = numbers
                .iter()
                .map(|number| self.together(contender, *number));
            table.add(
                contender.name(),
                rates.map(|it| it.map(Some)).collect::<Result<_>>()?,
            );
        }
        Ok(table)
    }

    fn together(&self, contender: Contender, number: usize) -> Result<f64> {
        let mut lanes = Vec::new();
        for lane in 0..number {
            let (mut environment, _) = self.start(contender, Over::Http)?;
            let mut user = User::new(&format!("{number}-{lane}-{}", contender.name()));
            if contender.carries() {
                user = user.in_one_session();
            }
            user.turns(&mut environment, 5)?;
            lanes.push((environment, user));
        }
        let turns = self.of.amount.together / number;
        let start = Instant::now();
        thread::scope(|scope| {
            let lanes = lanes.iter_mut().map(|(environment, user)| {
                scope.spawn(move || user.turns(environment, turns).map(drop))
            });
            let lanes: Vec<_> = lanes.collect();
            lanes.into_iter().try_for_each(|lane| match lane.join() {
                Ok(result) => result,
                Err(panic) => std::panic::resume_unwind(panic),
            })
        })?;
        Ok((turns * number) as f64 / start.elapsed().as_secs_f64())
    }

    /// When and on what this was measured, and with which of the programs named.
    #[must_use]
    pub fn heading(&self, programs: &[&str]) -> String {
        let Amount {
            starts,
            rounds,
            turns,
            ..
        } = self.of.amount;
        format!(
            "{}\non {}\n{starts} starts, {rounds} rounds of {turns} turns; medians\n{}",
            self.of.machine.described(programs),
            self.local.name(),
            self.cores.described(self.of.awake.as_ref()),
        )
    }
}

fn ratio_name(other: Contender) -> String {
    match other {
        Contender::Node => "to Node".to_owned(),
        Contender::ByHand => "to hand".to_owned(),
        Contender::StdOnly => "to std".to_owned(),
        other => format!("to {}", other.name().split(',').next().unwrap_or_default()),
    }
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// Of each round, and of the rounds the median: in microseconds.
fn percentiles(rounds: &[Vec<Duration>]) -> Vec<Option<f64>> {
    let percentile = |part: f64| {
        let of_rounds = rounds.iter().map(|round| {
            let mut times = round.clone();
            times.sort_unstable();
            let place = (times.len() as f64 * part) as usize;
            milliseconds(times[place.min(times.len() - 1)]) * 1e3
        });
        Some(median(of_rounds.collect()))
    };
    [0.5, 0.9, 0.99].map(percentile).to_vec()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values[values.len() / 2]
}
