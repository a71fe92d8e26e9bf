//! A chapter with the commands of its console blocks: compared with what they print, and rewritten.

use std::path::PathBuf;

use manuscript::console::Command;

use crate::aws;
use crate::plain::plain;
use crate::session::Session;

/// A chapter and what its reader types.
pub struct Chapter {
    pub path: PathBuf,
    pub text: String,
    pub typed: Vec<Typed>,
}

/// How long a command runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Runs {
    /// Until it ends by itself.
    ToItsEnd,
    /// Until what it serves was asked for.
    UntilAsked,
    /// In a terminal of its own, until the chapter ends.
    WhileTheChapterGoesOn,
}

/// A command where the chapter shows it.
pub struct Typed {
    /// The line of the command in the chapter, counted from 1.
    pub line: usize,
    pub runs: Runs,
    pub command: Command,
    /// What it printed, when that is not what the chapter shows.
    pub printed: Option<String>,
}

impl Chapter {
    /// Types the commands one after the other into the session, and returns what is wrong.
    pub fn run(&mut self, session: &mut Session) -> Vec<String> {
        let mut faults = Vec::new();
        for typed in &mut self.typed {
            let text = &typed.command.text;
            if typed.command.is_the_whole_test() {
                continue;
            }
            let shown = typed.command.output.join("\n");
            let call = typed.command.aws_call();
            let is_unsent = call.is_some_and(|call| !call.is_answered_here());
            let result = match typed.runs {
                Runs::ToItsEnd if is_unsent => session.run(&aws::unsent(text)),
                Runs::ToItsEnd => session.run(text),
                Runs::UntilAsked => session.serve(text, &shown),
                Runs::WhileTheChapterGoesOn => session.keep(text, &shown),
            };
            let place = format!("{}:{}: `{text}`", self.path.display(), typed.line);
            match result {
                Ok(printed) if plain(&printed) == plain(&shown) => {}
                Ok(printed) => {
                    faults.push(format!(
                        "{place} prints something else\nshown:\n{}printed:\n{}",
                        indented(&shown),
                        indented(&printed)
                    ));
                    typed.printed = Some(printed);
                }
                Err(reason) => faults.push(format!("{place} {reason}")),
            }
        }
        faults
    }

    /// The text of the chapter with what the commands printed.
    pub fn rewritten(&self) -> String {
        let mut lines: Vec<&str> = self.text.lines().collect();
        // From the last command to the first: the lines above a change keep their numbers.
        for typed in self.typed.iter().rev() {
            let Some(printed) = &typed.printed else {
                continue;
            };
            let first = typed.line - 1 + typed.command.text.lines().count();
            let shown = first..first + typed.command.output.len();
            lines.splice(shown, printed.trim_end().lines());
        }
        lines.join("\n") + "\n"
    }
}

fn indented(text: &str) -> String {
    text.trim_end()
        .lines()
        .map(|line| format!("    {line}\n"))
        .collect()
}
