//! The DynamoDB that all contenders share, in a process of its own.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use anyhow::Result;

use crate::build::Builds;

/// A DynamoDB on this machine: the one that `AWS_ENDPOINT_URL_DYNAMODB` names, or one that ends
/// with this value.
pub struct Endpoint {
    url: String,
    process: Option<Child>,
}

impl Endpoint {
    /// Finds or starts it.
    ///
    /// # Errors
    /// Fails when it cannot be built or started.
    pub fn start(builds: &Builds) -> Result<Endpoint> {
        if let Ok(url) = std::env::var("AWS_ENDPOINT_URL_DYNAMODB") {
            return Ok(Endpoint { url, process: None });
        }
        builds.package("endpoint")?;
        let mut command = Command::new(builds.program("endpoint"));
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn()?;
        let mut url = String::new();
        if let Some(output) = &mut process.stdout {
            BufReader::new(output).read_line(&mut url)?;
        }
        Ok(Endpoint {
            url: url.trim().to_owned(),
            process: Some(process),
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The same without the scheme.
    #[must_use]
    pub fn address(&self) -> &str {
        self.url.trim_start_matches("http://").trim_end_matches('/')
    }

    /// What the record calls it.
    #[must_use]
    pub fn name(&self) -> &str {
        match self.process {
            Some(_) => "the embedded DynamoDB",
            None => "the DynamoDB at AWS_ENDPOINT_URL_DYNAMODB",
        }
    }
}

impl Drop for Endpoint {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            // Its standard input ends, and so does it.
            drop(process.stdin.take());
            let _ = process.wait();
        }
    }
}
