//! Background work that gives way to requests (section 6.5).

// ANCHOR: controller
/// Grants slices of the disk's time to background work, by how slow requests have been.
#[derive(Clone, Debug)]
pub struct AdmissionController {
    /// Requests shall not be slower than this at their 99th percentile, in milliseconds.
    threshold: f64,
    most: u32,
    granted: u32,
}

impl AdmissionController {
    /// A controller that grants up to so many slices, and none at first.
    pub fn new(threshold: f64, most: u32) -> AdmissionController {
        AdmissionController {
            threshold,
            most,
            granted: 0,
        }
    }

    /// The slices of each of the next seconds, given the 99th percentile of the last 60.
    pub fn grant(&mut self, percentile_99: f64) -> u32 {
        if percentile_99 > self.threshold {
            self.granted = self.granted.saturating_sub(1);
        } else if percentile_99 < 0.8 * self.threshold {
            self.granted = (self.granted + 1).min(self.most);
        }
        self.granted
    }
}
// ANCHOR_END: controller
