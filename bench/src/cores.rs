//! Which of the machine's cores a program runs on, and that none of them falls asleep.
//!
//! A turn is a sequence of messages between processes. If the kernel moves these from core to core,
//! or has to wake a core for a message, the same turn can take twice the time.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::mem;
use std::process::{Child, Command};

/// Where the program that is measured runs, and where the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cores {
    /// The program on a core of its own; its endpoint and the benchmark on the others.
    Dedicated,
    /// All on all cores.
    Shared,
}

/// What runs there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The program that is measured.
    Measured,
    /// Its endpoint, and the benchmark.
    Others,
}

impl Cores {
    /// Pins this thread, and all threads and processes that it starts from now on.
    ///
    /// # Errors
    /// Fails when the kernel does.
    pub fn pin(self, role: Role) -> io::Result<()> {
        #[cfg(target_os = "linux")]
        affinity::set(&match (self, role) {
            (Cores::Dedicated, Role::Measured) => affinity::own(),
            (Cores::Dedicated, Role::Others) => affinity::others(),
            (Cores::Shared, _) => affinity::all(),
        })?;
        #[cfg(not(target_os = "linux"))]
        let _ = role;
        Ok(())
    }

    /// Starts a program to measure.
    ///
    /// # Errors
    /// Fails when it cannot be started.
    pub fn spawn(self, command: &mut Command) -> io::Result<Child> {
        self.pin(Role::Measured)?;
        let child = command.spawn();
        self.pin(Role::Others)?;
        child
    }

    /// What the record says of it, and of the cores that are kept awake or not.
    #[must_use]
    pub fn described(self, awake: bool) -> String {
        let place = match self {
            Cores::Dedicated if cfg!(target_os = "linux") => "each on a core of its own",
            _ => "all run on all cores",
        };
        match awake {
            true => format!("{place}, and no core sleeps"),
            false => format!("{place}, and cores may sleep"),
        }
    }
}

/// How many cores this process had before anything was pinned.
#[must_use]
pub fn number() -> usize {
    #[cfg(target_os = "linux")]
    let number = affinity::all().count() as usize;
    #[cfg(not(target_os = "linux"))]
    let number = std::thread::available_parallelism().map_or(1, usize::from);
    number
}

#[cfg(target_os = "linux")]
mod affinity {
    use std::io;
    use std::sync::LazyLock;

    use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

    /// The cores of this process before anything was pinned. When the kernel does not tell them, the
    /// set is empty, and pinning to it fails.
    static ALL: LazyLock<CpuSet> = LazyLock::new(|| sched_getaffinity(None).unwrap_or_default());

    pub(super) fn all() -> CpuSet {
        *ALL
    }

    /// The first core.
    pub(super) fn own() -> CpuSet {
        let mut own = CpuSet::new();
        if let Some(first) = first() {
            own.set(first);
        }
        own
    }

    /// All cores but the first; that one too where there is no other.
    pub(super) fn others() -> CpuSet {
        let mut others = *ALL;
        if let Some(first) = first().filter(|_| ALL.count() > 1) {
            others.unset(first);
        }
        others
    }

    fn first() -> Option<usize> {
        (0..CpuSet::MAX_CPU).find(|core| ALL.is_set(*core))
    }

    pub(super) fn set(cores: &CpuSet) -> io::Result<()> {
        Ok(sched_setaffinity(None, cores)?)
    }
}

/// Keeps all cores awake until this process ends; `false` where the kernel cannot be asked, since
/// this is no Linux or the user is not root.
#[must_use]
pub fn keep_awake() -> bool {
    let latency = OpenOptions::new().write(true).open("/dev/cpu_dma_latency");
    latency.is_ok_and(|mut latency| {
        let written = latency.write_all(&0_i32.to_ne_bytes());
        // As long as the file is open, the kernel takes from it how long a core may need to wake up.
        mem::forget(latency);
        written.is_ok()
    })
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use rustix::thread::{Pid, sched_getaffinity};

    use super::*;

    #[test]
    fn a_program_that_is_measured_has_a_core_that_nothing_else_is_on() {
        Cores::Dedicated.pin(Role::Others).unwrap();
        let mut sleep = Command::new("sleep");
        let mut program = Cores::Dedicated.spawn(sleep.arg("60")).unwrap();
        let id = i32::try_from(program.id()).unwrap();
        let theirs = sched_getaffinity(Pid::from_raw(id));
        let ours = sched_getaffinity(None).unwrap();
        program.kill().unwrap();
        program.wait().unwrap();
        let theirs = theirs.unwrap();
        assert_eq!(theirs.count(), 1);
        assert_eq!(theirs, affinity::own());
        Cores::Shared.pin(Role::Others).unwrap();
        let all = sched_getaffinity(None).unwrap();
        assert!(all.count() >= ours.count());
        if all.count() > 1 {
            assert_ne!(ours, all);
            assert_eq!(ours.count() + theirs.count(), all.count());
        }
    }
}
