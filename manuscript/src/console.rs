//! The console blocks: commands after `$ `, each followed by what it printed.

/// A command of a console block.
#[derive(Clone, Debug, PartialEq)]
pub struct Command {
    /// What is typed after `$ `, its continued lines joined by line breaks.
    pub text: String,
    /// How many lines of the block stand before the command.
    pub offset: usize,
    /// The lines that it printed.
    pub output: Vec<String>,
}

/// Reads the commands of a block.
///
/// # Errors
///
/// When the block does not begin with a command, a command is empty, or `cargo test` shows output.
pub fn commands(block: &str) -> Result<Vec<Command>, &'static str> {
    let mut commands: Vec<Command> = Vec::new();
    let mut continued = false;
    for (offset, line) in block.lines().enumerate() {
        match (line.strip_prefix("$ "), commands.last_mut()) {
            (_, Some(command)) if continued => {
                command.text.push('\n');
                command.text.push_str(line);
            }
            (Some(text), _) => commands.push(Command {
                text: text.to_owned(),
                offset,
                output: Vec::new(),
            }),
            (None, Some(command)) => command.output.push(line.to_owned()),
            (None, None) => return Err("a console block begins with a command after `$ `"),
        }
        continued = line.ends_with('\\') && (continued || line.starts_with("$ "));
    }
    for command in &mut commands {
        if command.text.trim().is_empty() {
            return Err("there is no command after `$ `");
        }
        while command
            .output
            .last()
            .is_some_and(|line| line.trim().is_empty())
        {
            command.output.pop();
        }
        if command.is_the_whole_test() && !command.output.is_empty() {
            return Err("`cargo test` runs this check and is not run by it: show no output");
        }
    }
    Ok(commands)
}

impl Command {
    /// Whether the command is the one that runs the check of the console blocks.
    pub fn is_the_whole_test(&self) -> bool {
        self.text.trim() == "cargo test"
    }

    /// What a command of the AWS CLI calls: `aws dynamodb get-item` calls an operation of
    /// `dynamodb`.
    pub fn aws_call(&self) -> Option<AwsCall<'_>> {
        let mut words = self.text.split_whitespace();
        if words.next() != Some("aws") {
            return None;
        }
        Some(AwsCall {
            service: words.next()?,
            operation: words.next()?,
        })
    }
}

/// A service of AWS and an operation of it, as the AWS CLI calls them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AwsCall<'a> {
    /// Such as `dynamodb`.
    pub service: &'a str,
    /// Such as `get-item`.
    pub operation: &'a str,
}

impl AwsCall<'_> {
    /// Whether the local DynamoDB answers it: it has the tables, and no backups of them.
    pub fn is_answered_here(self) -> bool {
        self.service == "dynamodb" && self.operation != "update-continuous-backups"
    }
}
