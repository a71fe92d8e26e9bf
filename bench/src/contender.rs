//! The visit counter in the languages that are compared, as each starts on Lambda.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::Result;

use crate::build::{Builds, folder};
use crate::package;
use crate::tls::Tls;

/// A program that counts visits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contender {
    /// The ASK SDK for Node.js with its adapter, as its documentation says.
    Node,
    /// The same with `AWS_NODEJS_CONNECTION_REUSE_ENABLED=1`.
    NodeKeepAlive,
    /// The ASK SDK for Python with its adapter.
    Python,
    /// examples/visit-counter.
    Rust,
    /// The same, but what it remembers travels in the session, so that a later turn does not read.
    Carried,
    /// Built without the jitter entropy of AWS-LC.
    NoJitter,
    /// The AWS SDK and lambda_runtime, and nothing above them.
    SdkAlone,
    /// Neither the AWS SDK nor Tokio; signed as AWS wants it, and the calls that alexa-skill makes.
    ByHand,
    /// Nothing but Rust's standard library, and nothing signed.
    StdOnly,
    /// With ring's cryptography instead of AWS-LC's.
    Ring,
    /// Trusting one authority instead of the system's.
    OneAuthority,
    /// With aws-config instead of the environment alone.
    AwsConfig,
    /// Told by a variable that the system's allocator may keep more small pieces at hand.
    Tunables,
    /// With mimalloc instead of the system's allocator.
    Mimalloc,
    /// With a Tokio runtime of many threads.
    Threads,
    /// Built for size alone.
    Small,
}

/// Where a contender finds the table.
#[derive(Clone, Copy)]
pub enum Table<'a> {
    /// Over HTTP, at this URL.
    Http(&'a str),
    /// Over HTTPS.
    Https(&'a Tls),
}

impl Contender {
    /// The languages, in the order of their record.
    pub const LANGUAGES: [Contender; 9] = [
        Contender::Node,
        Contender::NodeKeepAlive,
        Contender::Python,
        Contender::Rust,
        Contender::NoJitter,
        Contender::Carried,
        Contender::SdkAlone,
        Contender::ByHand,
        Contender::StdOnly,
    ];

    /// The starter and what else it could have been, in the order of their record.
    pub const VARIANTS: [Contender; 9] = [
        Contender::Rust,
        Contender::NoJitter,
        Contender::Ring,
        Contender::OneAuthority,
        Contender::AwsConfig,
        Contender::Threads,
        Contender::Tunables,
        Contender::Mimalloc,
        Contender::Small,
    ];

    /// What the record calls it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Contender::Node => "Node.js, ask-sdk",
            Contender::NodeKeepAlive => "the same, connections kept",
            Contender::Python => "Python, ask-sdk",
            Contender::Rust => "Rust, alexa-skill",
            Contender::Carried => "Rust, carried in the session",
            Contender::NoJitter => "Rust, no jitter entropy",
            Contender::SdkAlone => "Rust, AWS SDK alone",
            Contender::ByHand => "Rust, by hand",
            Contender::StdOnly => "std only",
            Contender::Ring => "ring",
            Contender::OneAuthority => "one authority",
            Contender::AwsConfig => "aws-config",
            Contender::Threads => "many threads",
            Contender::Tunables => "glibc's cache",
            Contender::Mimalloc => "mimalloc",
            Contender::Small => "opt-level z",
        }
    }

    /// Whether its packages are there; Rust's always are.
    #[must_use]
    pub fn is_installed(self) -> bool {
        match self {
            Contender::Node | Contender::NodeKeepAlive => folder()
                .join("peers/node/node_modules/aws-lambda-ric")
                .exists(),
            Contender::Python => folder().join("peers/python/.venv/bin/python").exists(),
            _ => true,
        }
    }

    /// Whether it can call a table over HTTPS; the standard library has no TLS.
    #[must_use]
    pub fn has_tls(self) -> bool {
        self != Contender::StdOnly
    }

    /// Whether its first turn is one of its own, and not that of another contender: what is carried
    /// in a session is not there yet, and the AWS SDK alone starts as the starter does.
    #[must_use]
    pub fn has_a_cold_turn(self) -> bool {
        !self.carries() && self != Contender::SdkAlone
    }

    /// Whether a later turn of a session finds what is remembered in the session.
    #[must_use]
    pub fn carries(self) -> bool {
        self == Contender::Carried
    }

    /// Whether its warm turns are those of another contender.
    #[must_use]
    pub fn differs_when_warm(self) -> bool {
        !matches!(self, Contender::NoJitter | Contender::OneAuthority)
    }

    /// Builds it, when it has to be built.
    ///
    /// # Errors
    /// Fails when Cargo does.
    pub fn build(self, builds: &Builds) -> Result<()> {
        match self {
            Contender::Node | Contender::NodeKeepAlive | Contender::Python => Ok(()),
            Contender::Rust | Contender::OneAuthority | Contender::Tunables => builds.starter(),
            Contender::SdkAlone => builds.package("sdk-alone"),
            Contender::ByHand => builds.package("by-hand"),
            Contender::StdOnly => builds.package("std-only"),
            Contender::Carried => builds.variant(None),
            Contender::Ring => builds.variant(Some("ring")),
            Contender::AwsConfig => builds.variant(Some("aws-config")),
            Contender::Mimalloc => builds.variant(Some("mimalloc")),
            Contender::Threads => builds.variant(Some("threads")),
            Contender::NoJitter => builds.without_jitter(),
            Contender::Small => builds.small(),
        }
    }

    /// The program that was built for it; `None` where there is none.
    #[must_use]
    pub fn program(self, builds: &Builds) -> Option<PathBuf> {
        let name = match self {
            Contender::Node | Contender::NodeKeepAlive | Contender::Python => return None,
            Contender::Rust | Contender::OneAuthority | Contender::Tunables => "visit-counter",
            Contender::SdkAlone => "sdk-alone",
            Contender::ByHand => "by-hand",
            Contender::StdOnly => "std-only",
            Contender::Carried => "variants",
            Contender::Ring => "ring",
            Contender::AwsConfig => "aws-config",
            Contender::Mimalloc => "mimalloc",
            Contender::Threads => "threads",
            Contender::NoJitter => "no-jitter",
            Contender::Small => "small",
        };
        Some(builds.program(name))
    }

    /// The command that Lambda would run, in an environment with nothing of ours.
    #[must_use]
    pub fn command(self, builds: &Builds, table: Table<'_>) -> Command {
        let mut command = match (self, self.program(builds)) {
            (_, Some(program)) => Command::new(program),
            (Contender::Python, None) => {
                let python = folder().join("peers/python");
                let mut command = Command::new(python.join(".venv/bin/python"));
                command.args(["-m", "awslambdaric", "lambda_function.handler"]);
                command.current_dir(&python);
                command
            }
            (_, None) => {
                let mut command = Command::new("node");
                command.args(["node_modules/aws-lambda-ric/bin/index.mjs", "index.handler"]);
                command.current_dir(folder().join("peers/node"));
                command
            }
        };
        if self.carries() {
            command.arg("carried");
        }
        command.env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("AWS_REGION", "us-east-1");
        command.env("AWS_DEFAULT_REGION", "us-east-1");
        command.env("AWS_ACCESS_KEY_ID", "local");
        command.env("AWS_SECRET_ACCESS_KEY", "local");
        if self == Contender::NodeKeepAlive {
            command.env("AWS_NODEJS_CONNECTION_REUSE_ENABLED", "1");
        }
        if self == Contender::Tunables {
            command.env("GLIBC_TUNABLES", "glibc.malloc.tcache_count=127");
        }
        command.env("PYTHONDONTWRITEBYTECODE", "1");
        // It says on each start that it is no longer maintained.
        command.env("AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE", "1");
        match table {
            Table::Http(endpoint_url) => {
                command.env("AWS_ENDPOINT_URL_DYNAMODB", endpoint_url);
            }
            Table::Https(tls) => {
                let trusted = match self {
                    Contender::OneAuthority => &tls.authority,
                    _ => &tls.authorities,
                };
                command
                    .env("AWS_ENDPOINT_URL_DYNAMODB", &tls.endpoint_url)
                    .env("SSL_CERT_FILE", trusted.path())
                    .env("AWS_CA_BUNDLE", tls.authorities.path())
                    .env("NODE_EXTRA_CA_CERTS", tls.authority.path());
            }
        }
        command.stdin(Stdio::null()).stdout(Stdio::null());
        command
    }

    /// The size in bytes of what is sent to Lambda, packed by the command `zip`; `None` where there
    /// is no such command. Lambda's own runtimes for Node.js and Python have the Runtime API's
    /// client, so it does not count.
    ///
    /// # Errors
    /// Fails when what is packed cannot be listed.
    pub fn package(self, builds: &Builds) -> Result<Option<usize>> {
        match (self, self.program(builds)) {
            (_, Some(program)) => Ok(package::program(&program)),
            (Contender::Python, None) => package::python(&folder().join("peers/python")),
            (_, None) => package::node(&folder().join("peers/node")),
        }
    }
}
