//! Two turns that meet at the worst moment: both read before either writes.

use std::sync::Arc;

use tokio::sync::watch;

/// How far a turn has come.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Progress {
    Begun,
    Read,
    Done,
}

/// One of two turns that meet. What waits for it goes on when it is dropped.
#[derive(Debug)]
pub struct Lane {
    progress: Arc<watch::Sender<[Progress; 2]>>,
    index: usize,
}

impl std::fmt::Debug for Progress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Progress::Begun => "begun",
            Progress::Read => "read",
            Progress::Done => "done",
        })
    }
}

/// Two lanes, of which the first one writes first.
///
/// Neither waits for ever: each waits for the other only to read or to be done, and the first one
/// never waits for the second to be done.
pub fn lanes() -> [Lane; 2] {
    let (progress, _) = watch::channel([Progress::Begun; 2]);
    let progress = Arc::new(progress);
    [0, 1].map(|index| Lane {
        progress: Arc::clone(&progress),
        index,
    })
}

impl Lane {
    /// Keeps an answer back until the other turn has read too, or is done without.
    pub async fn has_read(&self) {
        self.reached(Progress::Read);
        self.other_reaches(Progress::Read).await;
    }

    /// Keeps the second turn's writes back until the first turn is done.
    pub async fn will_write(&self) {
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
        // The sender lives as long as this lane.
        let _ = all.wait_for(|all| all[1 - self.index] >= progress).await;
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        self.reached(Progress::Done);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn both_read_before_either_writes_and_the_first_writes_first() {
        let [first, second] = lanes();
        let order = std::sync::Mutex::new(Vec::new());
        let note = |what| order.lock().unwrap().push(what);
        tokio::join!(
            async {
                note("second reads");
                second.has_read().await;
                second.will_write().await;
                note("second writes");
            },
            async {
                note("first reads");
                first.has_read().await;
                first.will_write().await;
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
        let [first, second] = lanes();
        drop(first);
        second.has_read().await;
        second.will_write().await;

        let [first, second] = lanes();
        drop(second);
        first.has_read().await;
        first.will_write().await;
    }
}
