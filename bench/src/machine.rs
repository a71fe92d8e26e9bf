//! What a record says of the machine.

use std::io;
use std::process::Command;
use std::thread;

/// The machine of a measurement.
#[derive(Clone, Copy, Debug)]
pub struct Machine {
    cores: usize,
}

impl Machine {
    /// This machine. Call it before a thread is pinned, for it counts the cores of this thread.
    ///
    /// # Errors
    /// Fails when the system does not tell how many cores there are.
    pub fn current() -> io::Result<Machine> {
        let cores = thread::available_parallelism()?.get();
        Ok(Machine { cores })
    }

    /// Two lines: today, the machine, and the versions of `programs`.
    #[must_use]
    pub fn described(self, programs: &[&str]) -> String {
        let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let cpu = cpu.lines().find_map(|line| line.strip_prefix("model name"));
        let cpu = cpu.map_or("", |model| model.trim_start_matches([' ', '\t', ':']));
        let today = output("date", &["-u", "+%F"]);
        let versions = programs
            .iter()
            .map(|program| output(program, &["--version"]));
        let versions = versions.collect::<Vec<_>>().join(", ");
        format!("{today}, {} cores {cpu}\n{versions}", self.cores)
    }
}

/// What a program prints, or that it is not installed.
fn output(program: &str, arguments: &[&str]) -> String {
    let text = Command::new(program).args(arguments).output();
    let text = text.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    match (program, text) {
        ("node", Ok(version)) => format!("Node.js {version}"),
        (_, text) => text.unwrap_or_else(|_| format!("no {program}")),
    }
}
