//! A table that is paid by the request, and its limits all the same.

use super::Second;

/// Write units a second that a new table serves at once (Developer Guide, "DynamoDB on-demand
/// capacity mode").
const INITIAL: f64 = 4000.0;
/// Within this time, more than twice the previous peak may be refused; the model refuses it.
const MEMORY: usize = 30 * 60;

// ANCHOR: on_demand
/// Serves twice the highest rate that it had to serve until half an hour ago.
#[derive(Clone, Debug)]
pub struct OnDemand {
    served: Vec<f64>,
    previous_peak: f64,
}

impl OnDemand {
    /// A new table.
    pub fn new() -> OnDemand {
        OnDemand {
            served: Vec::new(),
            previous_peak: INITIAL / 2.0,
        }
    }

    /// Lets a second's requests come.
    pub fn second(&mut self, offered: f64) -> Second {
        if let Some(before) = self.served.len().checked_sub(MEMORY) {
            self.previous_peak = self.previous_peak.max(self.served[before]);
        }
        let capacity = 2.0 * self.previous_peak;
        let served = offered.min(capacity);
        self.served.push(served);
        Second {
            offered,
            served,
            capacity,
        }
    }
}
// ANCHOR_END: on_demand

impl Default for OnDemand {
    fn default() -> OnDemand {
        OnDemand::new()
    }
}
