//! Which state of an item a turn read, and whether a write is our own.

use std::fmt;

use crate::attributes::{Attributes, Count};

/// How many requests an item remembers beside the last one.
const EARLIER: usize = 32;

/// Which state of an item was read.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Revision {
    /// There is no item.
    #[default]
    Absent,
    /// The item was written by something that keeps no version, such as another SDK.
    Unversioned {
        /// What was read: the item is still the same as long as these are.
        attributes: Attributes,
        /// What the store calls this state of the item, if it has a name for it, as S3's ETag is.
        tag: Option<String>,
    },
    /// The item was written by this library.
    Version(Version),
}

/// One write of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Counts the writes of the item, from 1.
    pub number: u64,
    /// The request that wrote. The number alone does not name a write: an item that is deleted and
    /// made again starts over at 1.
    pub request_id: String,
    /// Digests of the requests that wrote before it, the latest first, 32 at most.
    pub earlier: Vec<u64>,
    /// What the store calls the state that the write made, if it has a name for it, as S3's ETag
    /// is, and told it.
    pub tag: Option<String>,
}

/// Whether a write is in an item's history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contained {
    /// The write happened.
    Yes,
    /// The write did not happen.
    No,
    /// The history does not reach back far enough to tell.
    Unknown,
}

impl fmt::Debug for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Revision::Absent => f.write_str("Absent"),
            Revision::Unversioned { attributes, tag } => f
                .debug_struct("Unversioned")
                .field("attributes", &Count(attributes))
                .field("tag", tag)
                .finish(),
            Revision::Version(version) => version.fmt(f),
        }
    }
}

impl Revision {
    /// The version that a write on top of this revision makes.
    pub fn next(&self, request_id: &str) -> Version {
        match self {
            Revision::Absent | Revision::Unversioned { .. } => Version {
                number: 1,
                request_id: request_id.into(),
                earlier: Vec::new(),
                tag: None,
            },
            Revision::Version(last) => {
                let earlier = [digest(&last.request_id)]
                    .into_iter()
                    .chain(last.earlier.iter().copied());
                Version {
                    number: last.number.saturating_add(1),
                    request_id: request_id.into(),
                    earlier: earlier.take(EARLIER).collect(),
                    tag: None,
                }
            }
        }
    }

    /// Whether `write` led to this revision, as its last write or as an earlier one.
    ///
    /// A turn needs to know when the answer to its write was lost. Without the history, a write
    /// that happened and on which others then built would look like a conflict, and the turn would
    /// be applied twice.
    pub fn contains(&self, write: &Version) -> Contained {
        let last = match self {
            // Deleted since, or never there: either way nothing of the write is left.
            Revision::Absent => return Contained::No,
            Revision::Unversioned { .. } => return Contained::Unknown,
            Revision::Version(last) => last,
        };
        let known = |same| if same { Contained::Yes } else { Contained::No };
        match last.number.checked_sub(write.number) {
            None => Contained::No,
            Some(0) => known(last.request_id == write.request_id),
            Some(since) => {
                let index = usize::try_from(since - 1).unwrap_or(usize::MAX);
                match last.earlier.get(index) {
                    Some(earlier) => known(*earlier == digest(&write.request_id)),
                    None => Contained::Unknown,
                }
            }
        }
    }
}

/// FNV-1a, 64 bit: the same in every build of every skill that shares the table.
pub(super) fn digest(request_id: &str) -> u64 {
    request_id
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written_by(requests: &[&str]) -> Revision {
        requests.iter().fold(Revision::Absent, |revision, request| {
            Revision::Version(revision.next(request))
        })
    }

    #[test]
    fn the_digest_is_the_published_one() {
        // Test vectors of draft-eastlake-fnv.
        assert_eq!(digest(""), 0xcbf29ce484222325);
        assert_eq!(digest("a"), 0xaf63dc4c8601ec8c);
        assert_eq!(digest("foobar"), 0x85944171f73967e8);
    }

    #[test]
    fn a_write_is_found_as_the_last_one_and_under_later_ones() {
        let ours = written_by(&["a", "b"]).next("ours");
        assert_eq!(
            written_by(&["a", "b", "ours"]).contains(&ours),
            Contained::Yes
        );
        assert_eq!(
            written_by(&["a", "b", "ours", "c", "d"]).contains(&ours),
            Contained::Yes
        );
        assert_eq!(written_by(&["a", "b", "c"]).contains(&ours), Contained::No);
        assert_eq!(
            written_by(&["a", "b", "c", "ours"]).contains(&ours),
            Contained::No
        );
        assert_eq!(written_by(&["a", "b"]).contains(&ours), Contained::No);
        assert_eq!(Revision::Absent.contains(&ours), Contained::No);
    }

    #[test]
    fn a_write_older_than_the_history_is_unknown() {
        let ours = Revision::Absent.next("ours");
        let later: Vec<String> = (0..40).map(|number| number.to_string()).collect();
        let mut revision = written_by(&["ours"]);
        for (count, request) in later.iter().enumerate() {
            revision = Revision::Version(revision.next(request));
            let expected = if count < EARLIER {
                Contained::Yes
            } else {
                Contained::Unknown
            };
            assert_eq!(revision.contains(&ours), expected, "after {}", count + 1);
        }
        let unversioned = Revision::Unversioned {
            attributes: Attributes::new(),
            tag: None,
        };
        assert_eq!(unversioned.contains(&ours), Contained::Unknown);
    }
}
