//! What a record says of the machine.

use std::process::Command;

use crate::cores;

/// Two lines: today, the machine, and the versions of `programs`.
#[must_use]
pub fn description(programs: &[&str]) -> String {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let cpu = cpu.lines().find_map(|line| line.strip_prefix("model name"));
    let cpu = cpu.map_or("", |model| model.trim_start_matches([' ', '\t', ':']));
    let today = output("date", &["-u", "+%F"]);
    let versions = programs.iter().map(|it| output(it, &["--version"]));
    let versions = versions.collect::<Vec<_>>().join(", ");
    format!("{today}, {} cores {cpu}\n{versions}", cores::number())
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
