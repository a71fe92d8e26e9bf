//! What a month of a skill's memory costs, in each of the places where it can be.

use std::fmt;

use crate::error::{Error, Result};
use crate::money::{Money, grouped};
use crate::prices::{self, HOURS_A_MONTH, free};

/// DynamoDB's largest item (Developer Guide, "Service, account, and table quotas", 2023-05).
const LARGEST_ITEM: u64 = 400 * 1024;
/// What DynamoDB adds to each item that it bills (Developer Guide, "DynamoDB item sizes and
/// formats").
const OVERHEAD: u64 = 100;
const SECONDS_A_MONTH: u64 = HOURS_A_MONTH * 3600;
/// Provisioned capacity is used so far in the busiest minute, as auto scaling's example has it.
const TARGET_PERCENT: u64 = 70;

/// A skill as its bill sees it. Each turn reads its user's item and writes it back, which is the
/// most that a turn does unless two collide.
#[derive(Clone, Copy, Debug)]
pub struct Skill {
    turns: u64,
    users: u64,
    item: u64,
    peak: u64,
}

impl Skill {
    /// A skill of so many turns a month, of so many users, with items of so many bytes; its busiest
    /// minute has `peak` times as many turns as an average one.
    ///
    /// # Errors
    ///
    /// [`Error::OutOfBounds`].
    pub fn new(turns: u64, users: u64, item: u64, peak: u64) -> Result<Skill> {
        Ok(Skill {
            turns: within("turns a month", turns, 1, 1_000_000_000_000)?,
            users: within("users", users, 1, 1_000_000_000_000)?,
            item: within("bytes of an item", item, 1, LARGEST_ITEM)?,
            peak: within("the peak", peak, 1, 1000)?,
        })
    }

    // ANCHOR: units
    /// Units of a consistent read: one for each 4 KB that are begun.
    pub fn read_units(&self) -> u64 {
        self.item.div_ceil(4096)
    }

    /// Units of a write: one for each KB that is begun.
    pub fn write_units(&self) -> u64 {
        self.item.div_ceil(1024)
    }
    // ANCHOR_END: units

    // ANCHOR: capacity
    /// The capacity at which the busiest minute uses 70 % of it, when a turn takes so many units.
    fn capacity(&self, units: u64) -> u64 {
        let busiest = u128::from(self.turns) * u128::from(self.peak) * u128::from(units);
        let each = u128::from(SECONDS_A_MONTH) * u128::from(TARGET_PERCENT);
        u64::try_from((busiest * 100).div_ceil(each)).unwrap_or(u64::MAX)
    }
    // ANCHOR_END: capacity

    fn stored(&self) -> u64 {
        self.users * (self.item + OVERHEAD)
    }
}

fn within(what: &'static str, given: u64, least: u64, most: u64) -> Result<u64> {
    if (least..=most).contains(&given) {
        return Ok(given);
    }
    Err(Error::OutOfBounds {
        what,
        least,
        most,
        given,
    })
}

/// Whether the account's free units and bytes are left for this table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FreeTier {
    /// No other table uses them.
    Left,
    /// Other tables use them.
    UsedUp,
}

impl FreeTier {
    fn of(self, amount: u64) -> u64 {
        match self {
            FreeTier::Left => amount,
            FreeTier::UsedUp => 0,
        }
    }
}

/// Where the memory is, and how it is paid for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A table that is paid by the request.
    OnDemand,
    /// A table of a capacity that holds the busiest minute, paid by the hour.
    Provisioned,
    /// A table on demand behind one DAX node that answers all reads: the best that it can do.
    Dax,
    /// An object for each user.
    S3,
}

impl Place {
    /// All of them.
    pub const ALL: [Place; 4] = [Place::OnDemand, Place::Provisioned, Place::Dax, Place::S3];
}

/// What a month costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bill {
    /// For each request.
    pub requests: Money,
    /// For hours of capacity or of nodes, used or not.
    pub hours: Money,
    /// For what is stored.
    pub storage: Money,
    /// For what can be recovered, as the starters' tables can.
    pub recovery: Money,
}

impl Bill {
    /// All of it.
    pub fn total(&self) -> Money {
        self.requests + self.hours + self.storage + self.recovery
    }
}

// ANCHOR: bill
/// What a month of the skill costs there.
pub fn bill(skill: &Skill, place: Place, tier: FreeTier) -> Bill {
    let turns = skill.turns;
    let reads = prices::READ.each() * skill.read_units() * turns;
    let writes = prices::WRITE.each() * skill.write_units() * turns;
    let stored = skill.stored();
    let table = Bill {
        storage: prices::STORAGE.each() * stored.saturating_sub(tier.of(free::STORAGE)),
        recovery: prices::RECOVERY.each() * stored,
        ..Bill::default()
    };
    match place {
        Place::OnDemand => Bill {
            requests: reads + writes,
            ..table
        },
        Place::Provisioned => Bill {
            hours: capacity_hours(skill, tier),
            ..table
        },
        Place::Dax => Bill {
            requests: writes,
            hours: prices::DAX_NODE_HOUR.each() * HOURS_A_MONTH,
            ..table
        },
        Place::S3 => Bill {
            requests: (prices::S3_GET.each() + prices::S3_PUT.each()) * turns,
            storage: prices::S3_STORAGE.each() * (skill.users * skill.item),
            ..Bill::default()
        },
    }
}
// ANCHOR_END: bill

fn capacity_hours(skill: &Skill, tier: FreeTier) -> Money {
    let paid = |units| skill.capacity(units).saturating_sub(tier.of(free::UNITS));
    let hour = prices::READ_CAPACITY_HOUR.each() * paid(skill.read_units())
        + prices::WRITE_CAPACITY_HOUR.each() * paid(skill.write_units());
    hour * HOURS_A_MONTH
}

/// The bills of all places side by side.
#[derive(Clone, Copy, Debug)]
pub struct Comparison {
    skill: Skill,
    tier: FreeTier,
}

impl Comparison {
    /// Compares the places for a skill.
    pub fn of(skill: Skill, tier: FreeTier) -> Comparison {
        Comparison { skill, tier }
    }

    fn name(&self, place: Place) -> String {
        let skill = &self.skill;
        match place {
            Place::OnDemand => "on demand".into(),
            Place::Provisioned => format!(
                "provisioned, {} + {}",
                grouped(skill.capacity(skill.read_units())),
                grouped(skill.capacity(skill.write_units()))
            ),
            Place::Dax => "on demand with DAX".into(),
            Place::S3 => "S3".into(),
        }
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let skill = &self.skill;
        let tier = match self.tier {
            FreeTier::Left => "free tier left",
            FreeTier::UsedUp => "free tier used up",
        };
        writeln!(
            f,
            "{} turns a month, {} users, {} bytes each, {tier}; US dollars a month",
            grouped(skill.turns),
            grouped(skill.users),
            grouped(skill.item)
        )?;
        let mut rows =
            vec![["", "total", "requests", "hours", "storage", "recovery"].map(String::from)];
        rows.extend(Place::ALL.map(|place| {
            let bill = bill(skill, place, self.tier);
            let Bill {
                requests,
                hours,
                storage,
                recovery,
            } = bill;
            let amounts = [bill.total(), requests, hours, storage, recovery];
            let [total, requests, hours, storage, recovery] =
                amounts.map(|amount| amount.to_string());
            [self.name(place), total, requests, hours, storage, recovery]
        }));
        let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..rows[0].len()).map(width).collect();
        for row in &rows {
            write!(f, "\n{:<width$}", row[0], width = widths[0])?;
            for (cell, width) in row.iter().zip(&widths).skip(1) {
                write!(f, "  {cell:>width$}")?;
            }
        }
        Ok(())
    }
}
