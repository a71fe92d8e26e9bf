//! The contenders: the same visit counter in three languages, and in Rust in more than one way.
//!
//! Each is a row that says how its program is built and started, and which of its turns are measured.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::Result;

use crate::build::{Build, folder};
use crate::deployment_package;
use crate::tls_proxy::Roots;

/// A program that counts visits.
#[derive(Clone, Copy, Debug)]
pub struct Contender {
    /// What the records call it.
    pub name: &'static str,
    /// What Lambda would run.
    program: Program,
    /// A variable in its environment, beside those of every contender.
    variable: Option<(&'static str, &'static str)>,
    /// The root certificates that it trusts.
    pub roots: Roots,
    /// Whether it can call DynamoDB over HTTPS.
    pub has_tls: bool,
    /// Whether its turns are those of one session, which carries what the skill remembers.
    pub in_one_session: bool,
    /// Whether its first turn is measured: not where it is that of another contender.
    pub cold: bool,
    /// Whether its later turns are measured: not where they are those of another contender.
    pub warm: bool,
}

/// A program that Lambda could run.
#[derive(Clone, Copy, Debug)]
enum Program {
    /// `bench/peers/node`, under the Runtime API's client for Node.js.
    Node,
    /// `bench/peers/python`, under the Runtime API's client for Python.
    Python,
    /// A program that Cargo builds.
    Rust(Build),
}

/// `examples/visit-counter` as it is deployed. What another row leaves out is as it is here.
pub const STARTER: Contender = Contender {
    name: "Rust, alexa-skill",
    program: Program::Rust(Build::STARTER),
    variable: None,
    roots: Roots::SystemAndProxy,
    has_tls: true,
    in_one_session: false,
    cold: true,
    warm: true,
};

/// The ASK SDK for Node.js with its adapter, as its documentation says.
pub const NODE: Contender = Contender {
    name: "Node.js, ask-sdk",
    program: Program::Node,
    ..STARTER
};

/// The same, but connections are kept for the next call.
pub const NODE_KEEP_ALIVE: Contender = Contender {
    name: "the same, connections kept",
    variable: Some(("AWS_NODEJS_CONNECTION_REUSE_ENABLED", "1")),
    ..NODE
};

/// The ASK SDK for Python with its adapter.
pub const PYTHON: Contender = Contender {
    name: "Python, ask-sdk",
    program: Program::Python,
    ..STARTER
};

/// Carries what the skill remembers in the session, so that a later turn does not read. In the first
/// turn nothing is carried yet.
pub const CARRY_IN_SESSION: Contender = Contender {
    in_one_session: true,
    cold: false,
    ..Contender::built("Rust, carried in the session", "carry-in-session")
};

/// The AWS SDK and lambda_runtime, and nothing above them. They start as in the starter.
pub const SDK_ALONE: Contender = Contender {
    cold: false,
    ..Contender::built("Rust, AWS SDK alone", "sdk-alone")
};

/// Neither the AWS SDK nor Tokio, but calls that AWS would answer: those that alexa-skill makes.
pub const WITHOUT_SDK: Contender = Contender::built("Rust, by hand", "without-sdk");

/// Nothing but Rust's standard library, which has no TLS. Its calls are not signed.
pub const STD_ONLY: Contender = Contender {
    has_tls: false,
    ..Contender::built("std only", "std-only")
};

/// Built without the jitter entropy of AWS-LC, which is gathered in the first turn alone.
pub const NO_JITTER: Contender = Contender {
    name: "Rust, no jitter entropy",
    program: Program::Rust(Build {
        variable: Some(("AWS_LC_SYS_NO_JITTER_ENTROPY", "1")),
        target: Some("no-jitter"),
        ..Build::STARTER
    }),
    warm: false,
    ..STARTER
};

/// ring's cryptography instead of AWS-LC's.
pub const RING: Contender = Contender::built("ring", "with-ring");

/// Trusts one root certificate instead of the system's, all of which are read at the start.
pub const ONE_ROOT_CERTIFICATE: Contender = Contender {
    name: "one authority",
    roots: Roots::Proxy,
    warm: false,
    ..STARTER
};

/// The crate aws-config instead of the environment's variables alone.
pub const AWS_CONFIG: Contender = Contender::built("aws-config", "with-aws-config");

/// Tokio's runtime of many threads.
pub const MULTI_THREAD: Contender = Contender::built("many threads", "multi-thread");

/// glibc's allocator may keep more small pieces of memory in a thread's cache.
pub const LARGER_TCACHE: Contender = Contender {
    name: "glibc's cache",
    variable: Some(("GLIBC_TUNABLES", "glibc.malloc.tcache_count=127")),
    ..STARTER
};

/// mimalloc instead of the system's allocator.
pub const MIMALLOC: Contender = Contender::built("mimalloc", "with-mimalloc");

/// Built for size alone.
pub const OPT_LEVEL_Z: Contender = Contender {
    name: "opt-level z",
    program: Program::Rust(Build {
        config: Some("profile.release.opt-level=\"z\""),
        target: Some("opt-level-z"),
        ..Build::STARTER
    }),
    ..STARTER
};

/// The rows of the benchmark `turns`, in the order of its record.
pub const TURNS: [Contender; 9] = [
    NODE,
    NODE_KEEP_ALIVE,
    PYTHON,
    STARTER,
    NO_JITTER,
    CARRY_IN_SESSION,
    SDK_ALONE,
    WITHOUT_SDK,
    STD_ONLY,
];

/// The rows of the benchmark `start`, in the order of its record.
pub const START: [Contender; 9] = [
    STARTER,
    NO_JITTER,
    RING,
    ONE_ROOT_CERTIFICATE,
    AWS_CONFIG,
    MULTI_THREAD,
    LARGER_TCACHE,
    MIMALLOC,
    OPT_LEVEL_Z,
];

impl Contender {
    /// The program `binary` of the package `contenders`.
    const fn built(name: &'static str, binary: &'static str) -> Contender {
        Contender {
            name,
            program: Program::Rust(Build::contender(binary)),
            ..STARTER
        }
    }

    /// Whether what it runs on is installed in `bench/peers`; a program in Rust needs nothing there.
    #[must_use]
    pub fn is_installed(&self) -> bool {
        let needed = match self.program {
            Program::Node => node().join("node_modules/aws-lambda-ric"),
            Program::Python => python().join(".venv/bin/python"),
            Program::Rust(_) => return true,
        };
        needed.exists()
    }

    /// Builds it, when it is in Rust.
    ///
    /// # Errors
    /// Fails when Cargo does.
    pub fn build(&self) -> Result<()> {
        match &self.program {
            Program::Node | Program::Python => Ok(()),
            Program::Rust(build) => build.build(),
        }
    }

    /// The command that Lambda would run, in an environment that holds nothing of the benchmark's
    /// own, and with the DynamoDB at `endpoint_url`.
    ///
    /// # Errors
    /// Fails when the benchmark that runs is in no target folder.
    pub fn command(&self, endpoint_url: &str) -> Result<Command> {
        let mut command = match &self.program {
            Program::Node => {
                let mut command = Command::new("node");
                command.args(["node_modules/aws-lambda-ric/bin/index.mjs", "index.handler"]);
                command.current_dir(node());
                command
            }
            Program::Python => {
                let mut command = Command::new(python().join(".venv/bin/python"));
                command.args(["-m", "awslambdaric", "lambda_function.handler"]);
                command.current_dir(python());
                command
            }
            Program::Rust(build) => Command::new(build.program()?),
        };
        command.env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.envs([
            ("AWS_ENDPOINT_URL_DYNAMODB", endpoint_url),
            ("AWS_REGION", "us-east-1"),
            ("AWS_DEFAULT_REGION", "us-east-1"),
            ("AWS_ACCESS_KEY_ID", "local"),
            ("AWS_SECRET_ACCESS_KEY", "local"),
            ("PYTHONDONTWRITEBYTECODE", "1"),
            // The SDK prints on each start that it is no longer maintained.
            ("AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE", "1"),
        ]);
        command.envs(self.variable);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        Ok(command)
    }

    /// The size in bytes of its deployment package; `None` where there is no command `zip`. Lambda's
    /// own runtimes for Node.js and Python have the Runtime API's client, so it does not count.
    ///
    /// # Errors
    /// Fails when what is packed cannot be listed.
    pub fn package_size(&self) -> Result<Option<usize>> {
        match &self.program {
            Program::Node => deployment_package::node(&node()),
            Program::Python => deployment_package::python(&python()),
            Program::Rust(build) => Ok(deployment_package::program(&build.program()?)),
        }
    }
}

fn node() -> PathBuf {
    folder().join("peers/node")
}

fn python() -> PathBuf {
    folder().join("peers/python")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;

    use super::*;

    #[test]
    fn every_program_of_the_package_contenders_has_a_row() {
        let programs = fs::read_dir(folder().join("contenders/src/bin")).unwrap();
        let programs = programs.map(|entry| entry.unwrap().path().with_extension(""));
        let programs = programs.map(|path| path.file_name().unwrap().to_owned());
        let rows = TURNS.into_iter().chain(START);
        let rows = rows.filter_map(|row| match row.program {
            Program::Rust(build) => Some(build.feature?.into()),
            Program::Node | Program::Python => None,
        });
        assert_eq!(programs.collect::<BTreeSet<_>>(), rows.collect());
    }
}
