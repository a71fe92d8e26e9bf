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
    /// Looks at the machine; to be called before a core is set apart.
    ///
    /// # Errors
    /// Fails when the machine does not say how many cores it has.
    pub fn of_now() -> io::Result<Machine> {
        let cores = thread::available_parallelism()?.get();
        Ok(Machine { cores })
    }

    /// Two lines: today, the machine, and the versions of `programs`.
    #[must_use]
    pub fn described(self, programs: &[&str]) -> String {
        let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let cpu = cpu.lines().find_map(|line| line.strip_prefix("model name"));
        let cpu = cpu.map_or("", |model| model.trim_start_matches([' ', '\t', ':']));
        let today = said("date", &["-u", "+%F"]);
        let versions = programs.iter().map(|program| said(program, &["--version"]));
        let versions = versions.collect::<Vec<_>>().join(", ");
        format!("{today}, {} cores {cpu}\n{versions}", self.cores)
    }
}

/// What a program prints, or that it is not there.
fn said(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    match (program, text) {
        ("node", Ok(version)) => format!("Node.js {version}"),
        (_, text) => text.unwrap_or_else(|_| format!("no {program}")),
    }
}
