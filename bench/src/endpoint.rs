//! The DynamoDB that all contenders share, in a process of its own.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};

use crate::build::{Build, folder};

/// A DynamoDB on this machine. One that was started here is killed when this is dropped, and runs on
/// the cores of the thread that started it.
pub struct Endpoint {
    /// What the record calls it.
    pub name: &'static str,
    /// Where it listens.
    pub url: String,
    process: Option<Child>,
}

impl Endpoint {
    /// Takes the one that `AWS_ENDPOINT_URL_DYNAMODB` names, or starts the embedded one.
    ///
    /// # Errors
    /// Fails when it was not built, or cannot be started.
    pub fn start() -> Result<Endpoint> {
        if let Ok(url) = std::env::var("AWS_ENDPOINT_URL_DYNAMODB") {
            return Ok(Endpoint {
                name: "the DynamoDB at AWS_ENDPOINT_URL_DYNAMODB",
                url,
                process: None,
            });
        }
        let (process, url) = started(&mut Command::new(Build::ENDPOINT.program()?))?;
        Ok(Endpoint {
            name: "the embedded DynamoDB",
            url,
            process: Some(process),
        })
    }

    /// Starts AWS's DynamoDB Local, which `alexa-skill/tests/endpoints/install` fetches; `None`
    /// where it is not installed.
    ///
    /// # Errors
    /// Fails when it cannot be started.
    pub fn dynamodb_local() -> Result<Option<Endpoint>> {
        let endpoints = folder().join("../alexa-skill/tests/endpoints");
        let installed = "node_modules/dynamodb-local";
        if !endpoints.join(installed).exists() {
            return Ok(None);
        }
        let mut java = Command::new("java");
        java.arg(format!("-Djava.library.path={installed}/DynamoDBLocal_lib"));
        let classes = format!("{installed}/DynamoDBLocal.jar:{installed}/DynamoDBLocal_lib/*");
        java.args(["-cp", &classes, "DynamoDbLocal.java"]);
        java.stderr(Stdio::null()).current_dir(endpoints);
        let (process, line) = started(&mut java)?;
        let port = line
            .strip_prefix("port ")
            .context("DynamoDB Local prints no port")?;
        Ok(Some(Endpoint {
            name: "DynamoDB Local",
            url: format!("http://127.0.0.1:{port}"),
            process: Some(process),
        }))
    }

    /// Where it listens, without the scheme.
    #[must_use]
    pub fn address(&self) -> &str {
        self.url.trim_start_matches("http://").trim_end_matches('/')
    }
}

impl Drop for Endpoint {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            // Both fail when it had ended by itself.
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

/// Starts a server, and returns the line in which it prints where it listens.
fn started(command: &mut Command) -> Result<(Child, String)> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut process = command
        .spawn()
        .with_context(|| format!("{command:?} does not start"))?;
    let output = process.stdout.take().context("no output")?;
    let mut output = BufReader::new(output);
    let mut line = String::new();
    while !line.starts_with("http") && !line.starts_with("port") {
        line.clear();
        if output.read_line(&mut line)? == 0 {
            anyhow::bail!("{command:?} ended before it listened");
        }
    }
    // Whatever it still prints must not fill the pipe.
    std::thread::spawn(move || std::io::copy(&mut output, &mut std::io::sink()));
    Ok((process, line.trim().to_owned()))
}
