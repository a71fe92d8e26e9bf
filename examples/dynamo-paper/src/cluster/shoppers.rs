//! Clients that fill shopping carts, several of them the same cart.

use super::message::{Answer, OperationId, Request, Time};
use super::{Cluster, Outcome};
use crate::cart::Cart;
use crate::key::Key;
use crate::random::Random;
use crate::siblings::Siblings;

/// How long a shopper waits for an answer before trying something else, in milliseconds.
const PATIENCE: Time = 400;

/// Shoppers that read a cart, think, and put one more item into it.
#[derive(Debug)]
pub struct Shoppers {
    keys: Vec<Key>,
    shoppers: Vec<Shopper>,
    think: f64,
    rest: f64,
    random: Random,
    ledger: Ledger,
}

/// What the shoppers were told.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// The items whose write was acknowledged, each with its cart's key.
    pub acknowledged: Vec<(Key, String)>,
    /// How many reads returned so many versions: one version is counted at index 1.
    pub versions_read: Vec<usize>,
    /// How many operations were answered, and not refused.
    pub answered: usize,
}

#[derive(Debug)]
struct Shopper {
    purchases_left: usize,
    purchases: usize,
    doing: Doing,
    /// Counts what the shopper waits for, so that an alarm that is no longer needed is known.
    waits: u32,
}

#[derive(Debug)]
enum Doing {
    Resting,
    Reading(OperationId, Key),
    Thinking(Siblings<Cart>, Key),
    Writing(OperationId, Key, String),
}

impl Shoppers {
    /// So many shoppers, who each make so many purchases, and on average think and rest so many
    /// milliseconds.
    pub fn new(
        shoppers: usize,
        purchases: usize,
        keys: &[Key],
        think: f64,
        rest: f64,
        seed: u64,
    ) -> Shoppers {
        let shopper = |_| Shopper {
            purchases_left: purchases,
            purchases: 0,
            doing: Doing::Resting,
            waits: 0,
        };
        Shoppers {
            keys: keys.to_vec(),
            shoppers: (0..shoppers).map(shopper).collect(),
            think,
            rest,
            random: Random::stream(seed, 1),
            ledger: Ledger::default(),
        }
    }

    /// Lets them shop until they are done or the time is over.
    pub fn shop(mut self, cluster: &mut Cluster, until: Time) -> Ledger {
        for shopper in 0..self.shoppers.len() {
            self.rest(cluster, shopper);
        }
        while self
            .shoppers
            .iter()
            .any(|shopper| shopper.purchases_left > 0)
            && let Some(outcome) = cluster.advance(until)
        {
            match outcome {
                Outcome::Answered(operation, answer) => self.answered(cluster, operation, answer),
                Outcome::Woke(alarm) => self.woke(cluster, alarm),
            }
        }
        self.ledger
    }

    fn answered(&mut self, cluster: &mut Cluster, operation: OperationId, answer: Answer) {
        let waits_for = |shopper: &Shopper| match &shopper.doing {
            Doing::Reading(id, _) | Doing::Writing(id, ..) => *id == operation,
            _ => false,
        };
        // An answer may come when the shopper has lost patience.
        let Some(shopper) = self.shoppers.iter().position(waits_for) else {
            return;
        };
        self.ledger.answered += usize::from(answer != Answer::Refused);
        match (&self.shoppers[shopper].doing, answer) {
            (Doing::Reading(_, key), Answer::Read(siblings)) => {
                let key = key.clone();
                self.count(siblings.versions().len());
                self.shoppers[shopper].doing = Doing::Thinking(siblings, key);
                let think = self.random.exponential(self.think) as Time;
                self.alarm(cluster, shopper, think);
            }
            (Doing::Writing(_, key, item), Answer::Written(_)) => {
                let written = (key.clone(), item.clone());
                self.ledger.acknowledged.push(written);
                self.shoppers[shopper].purchases_left -= 1;
                self.rest(cluster, shopper);
            }
            _ => self.rest(cluster, shopper),
        }
    }

    fn woke(&mut self, cluster: &mut Cluster, alarm: u64) {
        let (shopper, waits) = ((alarm >> 32) as usize, alarm as u32);
        if self.shoppers[shopper].waits != waits {
            return;
        }
        match &self.shoppers[shopper].doing {
            Doing::Resting => self.read(cluster, shopper),
            Doing::Thinking(siblings, key) => {
                let (siblings, key) = (siblings.clone(), key.clone());
                self.write(cluster, shopper, &siblings, key);
            }
            Doing::Reading(..) | Doing::Writing(..) => self.rest(cluster, shopper),
        }
    }

    fn read(&mut self, cluster: &mut Cluster, shopper: usize) {
        let running: Vec<_> = cluster.running().collect();
        let contact = self.random.choose(&running).copied();
        let key = self.random.choose(&self.keys).cloned();
        if let (Some(contact), Some(key)) = (contact, key) {
            let operation = cluster.ask(contact, &key, Request::Get);
            self.shoppers[shopper].doing = Doing::Reading(operation, key);
        }
        self.alarm(cluster, shopper, PATIENCE);
    }

    // ANCHOR: write
    /// Puts everything that was read, and one more item, into the cart.
    fn write(
        &mut self,
        cluster: &mut Cluster,
        shopper: usize,
        siblings: &Siblings<Cart>,
        key: Key,
    ) {
        self.shoppers[shopper].purchases += 1;
        let item = format!("{shopper}-{}", self.shoppers[shopper].purchases);
        let mut cart = Cart::reconciled(siblings);
        cart.add(&item);
        let context = siblings.context();
        let running: Vec<_> = cluster.running().collect();
        if let Some(contact) = self.random.choose(&running) {
            let operation = cluster.ask(*contact, &key, Request::Put { context, cart });
            self.shoppers[shopper].doing = Doing::Writing(operation, key, item);
        }
        self.alarm(cluster, shopper, PATIENCE);
    }
    // ANCHOR_END: write

    fn rest(&mut self, cluster: &mut Cluster, shopper: usize) {
        let waits = &mut self.shoppers[shopper].waits;
        *waits = waits.wrapping_add(1);
        self.shoppers[shopper].doing = Doing::Resting;
        if self.shoppers[shopper].purchases_left > 0 {
            let pause = self.random.exponential(self.rest) as Time;
            self.alarm(cluster, shopper, pause);
        }
    }

    fn alarm(&mut self, cluster: &mut Cluster, shopper: usize, milliseconds: Time) {
        let waits = &mut self.shoppers[shopper].waits;
        *waits = waits.wrapping_add(1);
        let number = (shopper as u64) << 32 | u64::from(*waits);
        cluster.wake_at(cluster.now() + milliseconds, number);
    }

    fn count(&mut self, versions: usize) {
        let counts = &mut self.ledger.versions_read;
        if counts.len() <= versions {
            counts.resize(versions + 1, 0);
        }
        counts[versions] += 1;
    }
}
