//! From where on the dearer choice is the cheaper one.

use crate::cost::{FreeTier, Place, Skill, bill};
use crate::money::{Money, grouped};
use crate::prices::{self, HOURS_A_MONTH, free};

const SECONDS_AN_HOUR: u64 = 3600;

// ANCHOR: utilisation
/// The share of its capacity that a table must use, in hundredths of a percent, for provisioned
/// capacity to cost no more than the same requests on demand.
pub fn utilisation(capacity_hour: Money, request: Money) -> u128 {
    // Twice as fine as shown, to round and not cut.
    (capacity_hour * 20_000)
        .buys(request * SECONDS_AN_HOUR)
        .div_ceil(2)
}

/// How many times the average the busiest minute may have, in hundredths, for a table whose
/// capacity never changes to cost no more, when that minute uses 70 % of it.
pub fn steepest_peak(capacity_hour: Money, request: Money) -> u128 {
    (request * SECONDS_AN_HOUR * 70).buys(capacity_hour)
}
// ANCHOR_END: utilisation

/// The turns a month, of one read and one write unit each, that cost as much on demand as a table
/// of one read and one write unit.
pub fn smallest_table() -> u128 {
    let hour = prices::READ_CAPACITY_HOUR.each() + prices::WRITE_CAPACITY_HOUR.each();
    (hour * HOURS_A_MONTH).buys(a_turn())
}

/// The turns a month, of one read and one write unit each, that fit into the free units when the
/// busiest minute has `peak` times as many as an average one and uses 70 %.
pub fn free_turns(peak: u64) -> u64 {
    free::UNITS * HOURS_A_MONTH * SECONDS_AN_HOUR * 70 / 100 / peak
}

/// The turns a month, in steps of 100,000, from which a table that has the free units to itself
/// costs no less than on demand.
pub fn free_tier_pays(peak: u64) -> u64 {
    let costs = |turns, place| {
        let skill = Skill::new(turns, 1, 600, peak).ok()?;
        Some(bill(&skill, place, FreeTier::Left).total())
    };
    (1..=1_000_000)
        .map(|step| step * 100_000)
        .find(|turns| costs(*turns, Place::Provisioned) >= costs(*turns, Place::OnDemand))
        .unwrap_or(u64::MAX)
}

/// The largest item, in bytes, that one read and one write on demand move for no more than S3's.
pub fn largest_item() -> u64 {
    let s3 = prices::S3_GET.each() + prices::S3_PUT.each();
    let requests = |bytes: u64| {
        prices::READ.each() * bytes.div_ceil(4096) + prices::WRITE.each() * bytes.div_ceil(1024)
    };
    let sizes = (1..=400).map(|kb| kb * 1024);
    let cheaper = sizes.take_while(|bytes| requests(*bytes) <= s3);
    cheaper.last().unwrap_or(0)
}

/// The consistent reads a month that cost as much on demand as a DAX node.
pub fn reads_of_a_dax_node() -> u128 {
    (prices::DAX_NODE_HOUR.each() * HOURS_A_MONTH).buys(prices::READ.each())
}

fn a_turn() -> Money {
    prices::READ.each() + prices::WRITE.each()
}

/// All points, a line each.
pub fn report() -> String {
    let decimal = |hundredths: u128| format!("{}.{:02}", hundredths / 100, hundredths % 100);
    let (hour, request) = (prices::WRITE_CAPACITY_HOUR.each(), prices::WRITE.each());
    let points = [
        (
            "capacity pays when used",
            format!("above {} %", decimal(utilisation(hour, request))),
        ),
        (
            "capacity that never changes pays",
            format!("below a peak of {}", decimal(steepest_peak(hour, request))),
        ),
        (
            "the smallest table costs as much",
            format!("as {} turns on demand", grouped(smallest_table())),
        ),
        (
            "the free units hold",
            format!("{} turns a month, peak 4", grouped(free_turns(4))),
        ),
        (
            "capacity beside them pays",
            format!("below {} turns a month", grouped(free_tier_pays(4))),
        ),
        (
            "S3's requests are cheaper",
            format!("for items above {} bytes", grouped(largest_item())),
        ),
        (
            "a DAX node costs as much as",
            format!("{} reads on demand", grouped(reads_of_a_dax_node())),
        ),
    ];
    let lines = points.map(|(what, when)| format!("{what:33} {when}\n"));
    lines.concat()
}
