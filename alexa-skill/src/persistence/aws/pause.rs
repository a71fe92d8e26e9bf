//! How long a turn waits after a conflict.

use std::time::Duration;

/// The longest pause doubles with each conflict, from 4 ms to 256 ms; the pause itself lies
/// anywhere below, so that turns which collided do not collide again ("full jitter").
pub(in crate::persistence) fn pause_after(conflicts: u32) -> Duration {
    scaled(conflicts, random())
}

fn scaled(conflicts: u32, random: f64) -> Duration {
    Duration::from_millis(2 << conflicts.clamp(1, 7)).mul_f64(random.clamp(0.0, 1.0))
}

/// Between 0 and 1, from the keys that the standard library draws for its hash maps.
fn random() -> f64 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one(()) as f64 / u64::MAX as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_with_the_conflicts_and_stay_short() {
        let longest = |conflicts| scaled(conflicts, 1.0).as_millis();
        assert_eq!(
            [1, 2, 6, 7, 8, u32::MAX].map(longest),
            [4, 8, 128, 256, 256, 256]
        );
        assert_eq!(scaled(3, 0.0), Duration::ZERO);
    }
}
