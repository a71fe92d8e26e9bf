//! N, R and W: how many nodes hold a key, and how many must answer (section 4.5).

use crate::error::{Error, Result};
use crate::node_id::NodeId;
use crate::siblings::Siblings;

// ANCHOR: quorum
/// How many nodes hold a key, and how many of them a read and a write wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quorum {
    n: usize,
    r: usize,
    w: usize,
}

impl Quorum {
    /// Takes N, R and W.
    ///
    /// # Errors
    ///
    /// [`Error::Quorum`] when R or W is 0 or above N.
    pub fn new(n: usize, r: usize, w: usize) -> Result<Quorum> {
        if (1..=n).contains(&r) && (1..=n).contains(&w) {
            return Ok(Quorum { n, r, w });
        }
        Err(Error::Quorum { n, r, w })
    }

    /// Whether every R nodes and every W nodes of the N have one in common.
    pub fn overlaps(self) -> bool {
        self.r + self.w > self.n
    }
}
// ANCHOR_END: quorum

/// (3, 2, 2), "common" among the instances of Dynamo (section 6).
impl Default for Quorum {
    fn default() -> Quorum {
        Quorum { n: 3, r: 2, w: 2 }
    }
}

impl Quorum {
    /// N: how many nodes hold a key.
    pub fn n(self) -> usize {
        self.n
    }

    /// R: how many answers make a read.
    pub fn r(self) -> usize {
        self.r
    }

    /// W: how many answers make a write.
    pub fn w(self) -> usize {
        self.w
    }

    // ANCHOR: refused
    /// How likely a write is refused when each of the N nodes is down with this probability and no
    /// other node may stand in: fewer than W are up.
    ///
    /// ```
    /// use dynamo_paper::quorum::Quorum;
    ///
    /// let refused = Quorum::default().strict_write_refused(0.05);
    /// assert!((refused - 0.00725).abs() < 1e-12);
    /// ```
    pub fn strict_write_refused(self, down: f64) -> f64 {
        (0..self.w).map(|up| exactly(up, self.n, 1.0 - down)).sum()
    }
    // ANCHOR_END: refused
}

// ANCHOR: percentile
/// Which percentile of one node's answers is the given percentile of the `k`-th fastest of `n`.
///
/// Percentiles are shares from 0 to 1. A read that waits for the second of three answers is as
/// slow at its 99.9th percentile as one node is at its 98.163rd:
///
/// ```
/// use dynamo_paper::quorum::single_node_percentile;
///
/// let share = single_node_percentile(2, 3, 0.999);
/// assert!((share - 0.98163).abs() < 0.00001);
/// ```
pub fn single_node_percentile(k: usize, n: usize, percentile: f64) -> f64 {
    let answered = |share| (k..=n).map(|fast| exactly(fast, n, share)).sum::<f64>();
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        if answered(middle) < percentile {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}
// ANCHOR_END: percentile

/// How likely exactly `k` of `n` independent events happen.
fn exactly(k: usize, n: usize, probability: f64) -> f64 {
    let choices = (0..k)
        .map(|i| (n - i) as f64 / (k - i) as f64)
        .product::<f64>();
    let happen: f64 = (0..k).map(|_| probability).product();
    let fail: f64 = (k..n).map(|_| 1.0 - probability).product();
    choices * happen * fail
}

// ANCHOR: repair
/// Merges the answers to a read, and names the nodes whose answer was stale: they are sent the
/// merged versions, which saves anti-entropy the work (section 5, read repair).
pub fn reconcile<V: Clone + PartialEq>(
    answers: &[(NodeId, Siblings<V>)],
) -> Option<(Siblings<V>, Vec<NodeId>)> {
    let (first, others) = answers.split_first()?;
    let mut merged = first.1.clone();
    for (_, siblings) in others {
        merged.merge(siblings);
    }
    let stale = answers.iter().filter(|(_, held)| *held != merged);
    let stale = stale.map(|(node, _)| *node).collect();
    Some((merged, stale))
}
// ANCHOR_END: repair
