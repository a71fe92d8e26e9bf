//! Waiting, and how long a turn waits after a conflict.

use std::time::Duration;

use aws_smithy_async::rt::sleep::{AsyncSleep, SharedAsyncSleep, default_async_sleep};

/// Sleeps as the client was told to. A client's `config()` names no sleep when it was told nothing,
/// though its retries do sleep: they take the SDK's default, and so does this.
pub(in crate::persistence) async fn sleep(told: Option<SharedAsyncSleep>, duration: Duration) {
    if let Some(sleep) = told.or_else(default_async_sleep) {
        sleep.sleep(duration).await;
    }
}

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

    #[tokio::test]
    async fn a_client_that_was_told_nothing_sleeps_all_the_same() {
        let start = std::time::Instant::now();
        sleep(None, Duration::from_millis(5)).await;
        assert!(start.elapsed() >= Duration::from_millis(5));
    }

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
