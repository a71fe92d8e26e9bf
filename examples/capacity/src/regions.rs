//! A table with a replica in each of two Regions, and what its delay does to a condition.

use std::fmt::Write;

/// Where a replica is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Region {
    /// us-east-1, to which Alexa sends users in North America.
    Virginia,
    /// eu-west-1, to which it sends users in Europe.
    Ireland,
}

impl Region {
    /// The one that this is not.
    pub fn other(self) -> Region {
        match self {
            Region::Virginia => Region::Ireland,
            Region::Ireland => Region::Virginia,
        }
    }
}

/// What a skill keeps of a user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// The visits.
    pub count: u32,
    /// How often it was written, as `alexa-skill` counts.
    pub version: u64,
}

/// A write, with what decides between two.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Written {
    item: Item,
    /// Milliseconds, and the Region where two are equal.
    stamp: (u64, Option<Region>),
}

/// A table that is replicated to a second Region some time after each write.
#[derive(Clone, Debug)]
pub struct GlobalTable {
    delay: u64,
    virginia: Written,
    ireland: Written,
    under_way: Vec<(u64, Region, Written)>,
}

impl GlobalTable {
    /// An empty table; a write is in the other Region after so many milliseconds.
    pub fn new(delay: u64) -> GlobalTable {
        GlobalTable {
            delay,
            virginia: Written::default(),
            ireland: Written::default(),
            under_way: Vec::new(),
        }
    }

    /// What a consistent read in this Region finds: everything that was written in this Region.
    pub fn read(&self, region: Region) -> Item {
        match region {
            Region::Virginia => self.virginia.item.clone(),
            Region::Ireland => self.ireland.item.clone(),
        }
    }

    // ANCHOR: save
    /// Saves on the condition that this Region's item has the version that was read.
    pub fn save(&mut self, region: Region, at: u64, read: &Item, count: u32) -> bool {
        self.deliver(at);
        let kept = self.replica(region);
        if kept.item.version != read.version {
            return false;
        }
        let item = Item {
            count,
            version: read.version + 1,
        };
        let stamp = (at, Some(region));
        *kept = Written { item, stamp };
        let written = kept.clone();
        self.under_way
            .push((at + self.delay, region.other(), written));
        true
    }

    /// Lets the writes arrive that are due. The last writer wins; no condition is asked again.
    pub fn deliver(&mut self, until: u64) {
        let due = |write: &mut (u64, Region, Written)| write.0 <= until;
        for (_, region, written) in self.under_way.extract_if(.., due).collect::<Vec<_>>() {
            let kept = self.replica(region);
            if written.stamp > kept.stamp {
                *kept = written;
            }
        }
    }
    // ANCHOR_END: save

    /// Lets all writes arrive.
    pub fn settle(&mut self) {
        self.deliver(u64::MAX);
    }

    fn replica(&mut self, region: Region) -> &mut Written {
        match region {
            Region::Virginia => &mut self.virginia,
            Region::Ireland => &mut self.ireland,
        }
    }
}

/// Three visits of one user, two of them at once in two Regions, step by step.
pub fn two_saves_at_once() -> String {
    let mut text = format!("{:32}{:10}Ireland\n", "visits in", "Virginia");
    let mut answered = 0;
    let mut step = |what: &str, accepted: bool, table: &GlobalTable| {
        answered += u32::from(accepted);
        let [virginia, ireland] =
            [Region::Virginia, Region::Ireland].map(|region| table.read(region).count);
        writeln!(text, "{what:32}{virginia:<10}{ireland}").ok();
    };
    // ANCHOR: two
    let mut table = GlobalTable::new(1000);
    let read = table.read(Region::Virginia);
    let accepted = table.save(Region::Virginia, 0, &read, 1);
    table.deliver(1000);
    step("0.0 s: a visit in Virginia", accepted, &table);

    let in_virginia = table.read(Region::Virginia);
    let in_ireland = table.read(Region::Ireland);
    let accepted = table.save(Region::Virginia, 5000, &in_virginia, in_virginia.count + 1);
    step("5.0 s: a visit in Virginia", accepted, &table);
    let accepted = table.save(Region::Ireland, 5400, &in_ireland, in_ireland.count + 1);
    step("5.4 s: a visit in Ireland", accepted, &table);
    table.settle();
    step("6.4 s: both have arrived", false, &table);
    // ANCHOR_END: two
    writeln!(text, "\nsaves accepted: {answered}").ok();
    text
}
