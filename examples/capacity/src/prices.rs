//! What AWS charges in us-east-1, in US dollars, each price with its source and date.
//!
//! Prices change. Change them here; the tests and the chapter say what that moves.

use crate::money::Money;

/// A price as it is published.
#[derive(Clone, Copy, Debug)]
pub struct Price {
    /// What is paid for.
    pub what: &'static str,
    /// What `many` of it cost, as a price list writes it.
    pub dollars: &'static str,
    /// How many that pays for.
    pub many: u128,
    /// Who says so, and when.
    pub source: &'static str,
}

impl Price {
    /// The price of one.
    pub const fn each(&self) -> Money {
        Money::dollars(self.dollars).for_each(self.many)
    }
}

const PAGES: &str = "notes from AWS's pricing pages, 2026-10-04";
const INFRACOST: &str = "Infracost test outputs, 2024-11-15";
const USAGE: &str = "usage.ai on DAX's prices, 2026-04";
const PRICE_LIST: &str = "Infracost, 2024-07; price list us-west-2, 2026-08-09";

/// DynamoDB's sizes are binary: 1 GB is 1,024 MB (Developer Guide, "Quotas in Amazon DynamoDB",
/// 2026). So are those in Amazon S3's FAQ, where 10 TB are 10,995,116,277,760 bytes.
const GIGABYTE: u64 = 1 << 30;

// ANCHOR: prices
/// A write of up to 1 KB, on demand.
pub const WRITE: Price = Price {
    what: "write request units",
    dollars: "0.625",
    many: 1_000_000,
    source: PAGES,
};

/// A consistent read of up to 4 KB, on demand.
pub const READ: Price = Price {
    what: "read request units",
    dollars: "0.125",
    many: 1_000_000,
    source: PAGES,
};
// ANCHOR_END: prices

/// A write of up to 1 KB in each second of an hour, provisioned.
pub const WRITE_CAPACITY_HOUR: Price = Price {
    what: "write capacity unit hours",
    dollars: "0.00065",
    many: 1,
    source: INFRACOST,
};

/// A consistent read of up to 4 KB in each second of an hour, provisioned.
pub const READ_CAPACITY_HOUR: Price = Price {
    what: "read capacity unit hours",
    dollars: "0.00013",
    many: 1,
    source: INFRACOST,
};

/// A byte in a table for a month.
pub const STORAGE: Price = Price {
    what: "bytes in a table for a month",
    dollars: "0.25",
    many: GIGABYTE as u128,
    source: PAGES,
};

/// A byte of a table with point-in-time recovery for a month.
pub const RECOVERY: Price = Price {
    what: "bytes recoverable for a month",
    dollars: "0.20",
    many: GIGABYTE as u128,
    source: INFRACOST,
};

/// A node of the smallest DAX cluster for an hour.
pub const DAX_NODE_HOUR: Price = Price {
    what: "dax.t3.small node hours",
    dollars: "0.04",
    many: 1,
    source: USAGE,
};

/// A read from a bucket.
pub const S3_GET: Price = Price {
    what: "S3 GET requests",
    dollars: "0.0004",
    many: 1000,
    source: PAGES,
};

/// A write to a bucket.
pub const S3_PUT: Price = Price {
    what: "S3 PUT requests",
    dollars: "0.005",
    many: 1000,
    source: PAGES,
};

/// A byte in a bucket for a month.
pub const S3_STORAGE: Price = Price {
    what: "bytes in S3 for a month",
    dollars: "0.023",
    many: GIGABYTE as u128,
    source: PAGES,
};

/// An alarm that looks once a minute, for a month.
pub const ALARM: Price = Price {
    what: "alarms for a month",
    dollars: "0.10",
    many: 1,
    source: PRICE_LIST,
};

/// All prices.
pub const ALL: [Price; 11] = [
    WRITE,
    READ,
    WRITE_CAPACITY_HOUR,
    READ_CAPACITY_HOUR,
    STORAGE,
    RECOVERY,
    DAX_NODE_HOUR,
    S3_GET,
    S3_PUT,
    S3_STORAGE,
    ALARM,
];

/// A month as AWS's own examples count it: a year's hours by twelve.
pub const HOURS_A_MONTH: u64 = 730;

/// What is free in each month, also after the first year (AWS agent toolkit, 2026-08-20). Requests
/// on demand are never free.
pub mod free {
    /// Provisioned units, as many for reads as for writes.
    pub const UNITS: u64 = 25;
    /// Bytes in tables.
    pub const STORAGE: u64 = 25 * super::GIGABYTE;
}
