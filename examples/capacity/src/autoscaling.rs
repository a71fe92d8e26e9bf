//! What auto scaling is told about a table: the same for the template and for the program.

use crate::error::{Error, Result};

/// Reads or writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Kind {
    Read,
    Write,
}

impl Kind {
    /// Both.
    pub const ALL: [Kind; 2] = [Kind::Read, Kind::Write];

    /// What is scaled, as Application Auto Scaling calls it.
    pub fn dimension(self) -> &'static str {
        match self {
            Kind::Read => "dynamodb:table:ReadCapacityUnits",
            Kind::Write => "dynamodb:table:WriteCapacityUnits",
        }
    }

    /// What is watched.
    pub fn metric(self) -> &'static str {
        match self {
            Kind::Read => "DynamoDBReadCapacityUtilization",
            Kind::Write => "DynamoDBWriteCapacityUtilization",
        }
    }
}

/// How far capacity may go, and how much of it shall be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    least: u32,
    most: u32,
    target_percent: u32,
}

impl Range {
    /// From `least` to `most` units, of which so many percent shall be used.
    ///
    /// # Errors
    ///
    /// [`Error::OutOfBounds`] when there is nothing between the two, or the target is not from 20
    /// to 90 (Developer Guide, "Managing throughput capacity automatically").
    pub fn new(least: u32, most: u32, target_percent: u32) -> Result<Range> {
        let bounds = [
            ("the least capacity", least, 1, 40_000),
            ("the most capacity", most, least, 40_000),
            ("the target in percent", target_percent, 20, 90),
        ];
        for (what, given, least, most) in bounds {
            if !(least..=most).contains(&given) {
                return Err(Error::OutOfBounds {
                    what,
                    least: least.into(),
                    most: most.into(),
                    given: given.into(),
                });
            }
        }
        Ok(Range {
            least,
            most,
            target_percent,
        })
    }

    /// Never fewer units than this.
    pub fn least(&self) -> u32 {
        self.least
    }

    /// Never more.
    pub fn most(&self) -> u32 {
        self.most
    }

    /// How much shall be used.
    pub fn target_percent(&self) -> u32 {
        self.target_percent
    }
}

/// The name that a policy has, so that running the program again replaces it.
pub fn policy_name(kind: Kind, range: &Range) -> String {
    let units = kind.dimension().rsplit(':').next().unwrap_or_default();
    format!("{units}-{}-percent", range.target_percent)
}
