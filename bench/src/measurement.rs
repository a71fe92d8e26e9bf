//! The measurements. Contenders take turns, so that what else the machine does affects all of them
//! alike.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use contenders::TABLE;
use contenders::std_only::Visits;

use crate::build::Build;
use crate::contender::Contender;
use crate::cores::{self, Cores, Role};
use crate::delay_proxy;
use crate::endpoint::Endpoint;
use crate::machine;
use crate::record::Table;
use crate::runtime_api::Environment;
use crate::statistics::{PERCENTILES, median, percentiles};
use crate::tls_proxy::TlsProxy;
use crate::user::User;

/// The calls of `std only` without a Runtime API around them, from where the endpoint runs.
const CALLS: &str = "its two calls alone";

/// How often each contender is started and visited.
#[derive(Clone, Copy, Debug)]
pub struct Repetitions {
    starts: usize,
    rounds: usize,
    warm_up: usize,
    /// In a round.
    turns: usize,
    /// Of all users together, in a measurement of the throughput.
    concurrent_turns: usize,
}

impl Repetitions {
    const FULL: Repetitions = Repetitions {
        starts: 11,
        rounds: 11,
        warm_up: 300,
        turns: 300,
        concurrent_turns: 960,
    };

    const QUICK: Repetitions = Repetitions {
        starts: 1,
        rounds: 1,
        warm_up: 20,
        turns: 20,
        concurrent_turns: 64,
    };

    /// Enough for a record; with the argument `quick`, enough to see that all of it works.
    #[must_use]
    pub fn from_arguments() -> Repetitions {
        let quick = std::env::args().any(|argument| argument == "quick");
        if quick {
            Repetitions::QUICK
        } else {
            Repetitions::FULL
        }
    }
}

/// How a contender reaches the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// Without encryption.
    Http,
    /// As on AWS.
    Https,
    /// Without encryption, and each answer comes as late as over a network.
    DelayedHttp,
}

/// What does not depend on the endpoint.
#[derive(Clone)]
struct Setup {
    repetitions: Repetitions,
    contenders: Vec<Contender>,
    awake: bool,
}

/// Contenders, and the DynamoDB that they share.
pub struct Measurement {
    setup: Setup,
    cores: Cores,
    endpoint: Endpoint,
    delayed_url: String,
    tls: TlsProxy,
}

impl Measurement {
    /// Builds the contenders, and leaves out those whose packages are not installed.
    ///
    /// # Errors
    /// Fails when one cannot be built, when the endpoint cannot be started, and when the table cannot
    /// be created.
    pub fn new(contenders: &[Contender], repetitions: Repetitions) -> Result<Measurement> {
        let (contenders, missing): (Vec<_>, Vec<_>) = contenders
            .iter()
            .copied()
            .partition(Contender::is_installed);
        for contender in &contenders {
            contender.build()?;
        }
        for Contender { name, .. } in missing {
            eprintln!("{name} is not installed");
        }
        Build::ENDPOINT.build()?;
        let setup = Setup {
            repetitions,
            contenders,
            awake: cores::keep_awake(),
        };
        Cores::Dedicated.pin(Role::Others)?;
        let endpoint = Endpoint::start()?;
        Measurement::on(endpoint, Cores::Dedicated, setup)
    }

    /// The same contenders on AWS's DynamoDB Local; `None` where it is not installed.
    ///
    /// # Errors
    /// Fails when it cannot be started, and when the table cannot be created.
    pub fn on_dynamodb_local(&self) -> Result<Option<Measurement>> {
        self.cores.pin(Role::Others)?;
        Endpoint::dynamodb_local()?
            .map(|endpoint| Measurement::on(endpoint, self.cores, self.setup.clone()))
            .transpose()
    }

    /// The same contenders, with all cores for all of them.
    ///
    /// # Errors
    /// Fails when the endpoint cannot be started, and when the table cannot be created.
    pub fn on_all_cores(&self) -> Result<Measurement> {
        Cores::Shared.pin(Role::Others)?;
        let endpoint = Endpoint::start()?;
        Measurement::on(endpoint, Cores::Shared, self.setup.clone())
    }

    fn on(endpoint: Endpoint, cores: Cores, setup: Setup) -> Result<Measurement> {
        let mut visits = Visits::connect(endpoint.address(), TABLE)?;
        visits.create_table()?;
        // What of the endpoint is slow at first should be so for none of the contenders; one in
        // Java takes thousands of calls.
        for _ in 0..setup.repetitions.starts * 1000 {
            visits.count("first")?;
        }
        Ok(Measurement {
            setup,
            cores,
            delayed_url: delay_proxy::start(endpoint.address())?,
            tls: TlsProxy::start(endpoint.address())?,
            endpoint,
        })
    }

    /// Starts a contender for a user of its own, and returns how long the start took.
    fn start(
        &self,
        contender: &Contender,
        transport: Transport,
        user: &str,
    ) -> Result<(User, Duration)> {
        let url = match transport {
            Transport::Http => &self.endpoint.url,
            Transport::Https => &self.tls.url,
            Transport::DelayedHttp => &self.delayed_url,
        };
        let mut command = contender.command(url)?;
        if transport == Transport::Https {
            self.tls.trust(&mut command, contender.roots);
        }
        let started = Environment::start(&mut command, self.cores);
        let (environment, time) = started.context(contender.name)?;
        let user = format!("{user}-{transport:?}-{}", contender.name);
        let user = User::new(environment, &user, contender.in_one_session);
        Ok((user, time))
    }

    /// The contenders that can be measured, in the record's order.
    fn contenders(&self, transport: Transport, measured: fn(&Contender) -> bool) -> Vec<Contender> {
        let contenders = self.setup.contenders.iter().copied();
        let able = contenders.filter(|it| transport != Transport::Https || it.has_tls);
        able.filter(measured).collect()
    }

    /// From the start of the process to its first turn's answer.
    ///
    /// # Errors
    /// Fails when a contender does.
    pub fn cold(&self, title: &str, transport: Transport) -> Result<Table> {
        self.cores.pin(Role::Others)?;
        let contenders = self.contenders(transport, |it| it.cold);
        let mut times = vec![[const { Vec::new() }; 3]; contenders.len()];
        // The first round finds files in no cache, and is not counted.
        for round in 0..=self.setup.repetitions.starts {
            for (contender, times) in contenders.iter().zip(&mut times) {
                let user = format!("cold-{round}");
                let (mut user, start) = self.start(contender, transport, &user)?;
                let turn = user.turns(1)?.remove(0).time;
                if round > 0 {
                    for (times, time) in times.iter_mut().zip([start, turn, start + turn]) {
                        times.push(time.as_secs_f64() * 1e3);
                    }
                }
            }
        }
        let mut table = Table::new(title, &["start ms", "turn ms", "both ms"]);
        for (contender, times) in contenders.iter().zip(times) {
            let medians = times.map(|times| Some(median(times)));
            table.add(contender.name, medians.to_vec());
        }
        Ok(table)
    }

    /// Turn after turn in the same processes, and the memory that the processes took by then.
    ///
    /// # Errors
    /// Fails when a contender does.
    pub fn warm(&self, title: &str, transport: Transport) -> Result<(Table, Table)> {
        self.cores.pin(Role::Others)?;
        let repetitions = self.setup.repetitions;
        let contenders = self.contenders(transport, |it| it.warm);
        let warmed_up = contenders.iter().map(|contender| {
            let (mut user, _) = self.start(contender, transport, "warm")?;
            user.turns(repetitions.warm_up)?;
            Ok(user)
        });
        let mut users = warmed_up.collect::<Result<Vec<_>>>()?;
        let mut times = vec![Vec::new(); users.len()];
        let mut times_of_calls = Vec::new();
        let mut visits = Visits::connect(self.endpoint.address(), TABLE)?;
        for _ in 0..repetitions.rounds {
            for (user, times) in users.iter_mut().zip(&mut times) {
                let turns = user.turns(repetitions.turns)?;
                times.push(turns.iter().map(|turn| turn.time).collect::<Vec<_>>());
            }
            if transport == Transport::Http {
                let calls = (0..repetitions.turns).map(|_| {
                    let start = Instant::now();
                    visits.count("calls")?;
                    Ok(start.elapsed())
                });
                times_of_calls.push(calls.collect::<Result<Vec<_>>>()?);
            }
        }
        let mut warm = Table::new(title, &PERCENTILES);
        let mut memory = Table::new("Peak memory", &["MB"]);
        for ((contender, user), rounds) in contenders.iter().zip(&users).zip(&times) {
            warm.add(contender.name, percentiles(rounds));
            let bytes = user.environment.peak_memory();
            memory.add(contender.name, vec![bytes.map(|bytes| bytes as f64 / 1e6)]);
        }
        if !times_of_calls.is_empty() {
            warm.add(CALLS, percentiles(&times_of_calls));
        }
        Ok((warm, memory))
    }

    /// The sizes of the deployment packages.
    ///
    /// # Errors
    /// Fails when what is packed cannot be listed.
    pub fn packages(&self) -> Result<Table> {
        let mut sizes = Table::new("Package", &["zip MB"]);
        for contender in &self.setup.contenders {
            let bytes = contender.package_size()?;
            sizes.add(contender.name, vec![bytes.map(|bytes| bytes as f64 / 1e6)]);
        }
        Ok(sizes)
    }

    /// How many turns a second each of these numbers of users gets at once, each with a process of
    /// its own, as on Lambda.
    ///
    /// # Errors
    /// Fails when a contender does.
    pub fn throughput(&self, users: &[usize]) -> Result<Table> {
        self.cores.pin(Role::Others)?;
        let columns: Vec<String> = users.iter().map(|it| format!("{it} at once")).collect();
        let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
        let mut table = Table::new("Turns a second", &columns);
        for contender in self.contenders(Transport::Http, |it| it.warm) {
            let rates = users.iter().map(|users| self.rate(&contender, *users));
            let rates = rates.map(|rate| rate.map(Some)).collect::<Result<_>>()?;
            table.add(contender.name, rates);
        }
        Ok(table)
    }

    fn rate(&self, contender: &Contender, number: usize) -> Result<f64> {
        let started = (0..number).map(|user| {
            let user = format!("{user}-of-{number}");
            let (mut user, _) = self.start(contender, Transport::Http, &user)?;
            user.turns(5)?;
            Ok(user)
        });
        let mut users = started.collect::<Result<Vec<_>>>()?;
        let turns = self.setup.repetitions.concurrent_turns / number;
        let start = Instant::now();
        thread::scope(|scope| {
            let users = users.iter_mut();
            let threads = users.map(|user| scope.spawn(move || user.turns(turns).map(drop)));
            let threads: Vec<_> = threads.collect();
            threads
                .into_iter()
                .try_for_each(|thread| match thread.join() {
                    Ok(result) => result,
                    Err(panic) => std::panic::resume_unwind(panic),
                })
        })?;
        Ok((turns * number) as f64 / start.elapsed().as_secs_f64())
    }

    /// When and on what this was measured, and with which versions of `programs`.
    #[must_use]
    pub fn heading(&self, programs: &[&str]) -> String {
        let setup = &self.setup;
        let machine = machine::description(programs);
        let cores = self.cores.described(setup.awake);
        format!(
            "{machine}\non {}\n{} starts, {} rounds of {} turns; medians\n{cores}",
            self.endpoint.name,
            setup.repetitions.starts,
            setup.repetitions.rounds,
            setup.repetitions.turns,
        )
    }
}
