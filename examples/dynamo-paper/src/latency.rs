//! How long an operation takes: models for the measurements of section 6.

use crate::random::Random;

// ANCHOR: models
/// A lognormal time in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lognormal {
    /// Half of the times are below this.
    pub median: f64,
    /// How long the tail is.
    pub sigma: f64,
}

/// A replica's answer. Fitted to the client-driven column of Table 2: the second of three such
/// answers has the paper's mean and 99.9th percentile, about.
pub const REPLICA: Lognormal = Lognormal {
    median: 0.78,
    sigma: 1.75,
};

/// The way over a load balancer and a node that forwards the request. Fitted to the server-driven
/// column of Table 2.
pub const HOP: Lognormal = Lognormal {
    median: 0.97,
    sigma: 1.33,
};
// ANCHOR_END: models

impl Lognormal {
    /// One such time.
    pub fn draw(self, random: &mut Random) -> f64 {
        random.lognormal(self.median, self.sigma)
    }
}

/// The time until `k` of `n` nodes have answered, each of them after `one` answer's time.
pub fn wait_for(k: usize, n: usize, mut one: impl FnMut() -> f64) -> f64 {
    let mut answers: Vec<f64> = (0..n).map(|_| one()).collect();
    answers.sort_by(f64::total_cmp);
    answers.get(k.saturating_sub(1)).copied().unwrap_or(0.0)
}

// ANCHOR: requests
/// A request of a client that asks a coordinator itself.
pub fn client_driven(random: &mut Random) -> f64 {
    wait_for(2, 3, || REPLICA.draw(random))
}

/// A request over a load balancer, which picks any node, which forwards it.
pub fn server_driven(random: &mut Random) -> f64 {
    HOP.draw(random) + client_driven(random)
}
// ANCHOR_END: requests

/// Times, sorted, to be asked about.
#[derive(Clone, Debug, Default)]
pub struct Times {
    sorted: Vec<f64>,
}

impl Times {
    /// The average.
    pub fn mean(&self) -> f64 {
        self.sorted.iter().sum::<f64>() / self.sorted.len() as f64
    }

    /// The time below which this share, from 0 to 1, of all times lies.
    pub fn percentile(&self, share: f64) -> f64 {
        let index = (share * self.sorted.len() as f64) as usize;
        let last = self.sorted.len().saturating_sub(1);
        self.sorted.get(index.min(last)).copied().unwrap_or(0.0)
    }
}

impl FromIterator<f64> for Times {
    fn from_iter<I: IntoIterator<Item = f64>>(times: I) -> Times {
        let mut sorted: Vec<f64> = times.into_iter().collect();
        sorted.sort_by(f64::total_cmp);
        Times { sorted }
    }
}
