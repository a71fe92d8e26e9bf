//! Two turns that run at the same time and in the worst order: both read before either writes.

use std::sync::Arc;

use tokio::sync::watch;

/// How far a turn has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Progress {
    Begun,
    Read,
    Done,
}

/// One of two turns that run at the same time. What waits for it goes on when it is dropped.
#[derive(Debug)]
pub struct ConcurrentTurn {
    progress: Arc<watch::Sender<[Progress; 2]>>,
    index: usize,
}

/// Two turns, of which the first one writes first.
///
/// Neither waits for ever: each waits for the other only to read or to be done, and the first one
/// never waits for the second to be done.
pub fn pair() -> [ConcurrentTurn; 2] {
    let (progress, _) = watch::channel([Progress::Begun; 2]);
    let progress = Arc::new(progress);
    [0, 1].map(|index| ConcurrentTurn {
        progress: Arc::clone(&progress),
        index,
    })
}

impl ConcurrentTurn {
    /// Waits, once the item is read, until the other turn has read too, or is done without.
    pub async fn after_read(&self) {
        self.reached(Progress::Read);
        self.other_reaches(Progress::Read).await;
    }

    /// Has the second turn wait until the first one is done.
    pub async fn before_write(&self) {
        if self.index == 1 {
            self.other_reaches(Progress::Done).await;
        }
    }

    fn reached(&self, progress: Progress) {
        self.progress
            .send_modify(|all| all[self.index] = all[self.index].max(progress));
    }

    async fn other_reaches(&self, progress: Progress) {
        let mut all = self.progress.subscribe();
        // The sender lives as long as this turn.
        let _ = all.wait_for(|all| all[1 - self.index] >= progress).await;
    }
}

impl Drop for ConcurrentTurn {
    fn drop(&mut self) {
        self.reached(Progress::Done);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn both_read_before_either_writes_and_the_first_writes_first() {
        let [first, second] = pair();
        let order = std::sync::Mutex::new(Vec::new());
        let note = |what| order.lock().unwrap().push(what);
        tokio::join!(
            async {
                note("second reads");
                second.after_read().await;
                second.before_write().await;
                note("second writes");
            },
            async {
                note("first reads");
                first.after_read().await;
                first.before_write().await;
                note("first writes");
                drop(first);
            },
        );
        let expected = [
            "second reads",
            "first reads",
            "first writes",
            "second writes",
        ];
        assert_eq!(*order.lock().unwrap(), expected);
    }

    #[tokio::test]
    async fn a_turn_that_reads_nothing_keeps_nobody_waiting() {
        let [first, second] = pair();
        drop(first);
        second.after_read().await;
        second.before_write().await;

        let [first, second] = pair();
        drop(second);
        first.after_read().await;
        first.before_write().await;
    }
}
