//! The contenders: the same visit counter in three languages, and in Rust in more than one way.
//!
//! Each is a row that says how its program is built and started, and which of its turns are measured.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::Result;

use crate::build::{Build, Builder, folder};
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
    pub carries: bool,
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

impl Contender {
    /// Compared by the benchmark `turns`, in the order of its record.
    pub const TURNS: [Contender; 9] = [
        Contender::NODE,
        Contender::NODE_KEEP_ALIVE,
        Contender::PYTHON,
        Contender::STARTER,
        Contender::NO_JITTER,
        Contender::CARRY_IN_SESSION,
        Contender::SDK_ALONE,
        Contender::WITHOUT_SDK,
        Contender::STD_ONLY,
    ];

    /// Compared by the benchmark `start`, in the order of its record.
    pub const START: [Contender; 9] = [
        Contender::STARTER,
        Contender::NO_JITTER,
        Contender::RING,
        Contender::ONE_ROOT_CERTIFICATE,
        Contender::AWS_CONFIG,
        Contender::MULTI_THREAD,
        Contender::LARGER_TCACHE,
        Contender::MIMALLOC,
        Contender::OPT_LEVEL_Z,
    ];

    /// `examples/visit-counter`, from which each other row says what it does otherwise.
    pub const STARTER: Contender = Contender {
        name: "Rust, alexa-skill",
        program: Program::Rust(Build::STARTER),
        variable: None,
        roots: Roots::SystemAndProxy,
        has_tls: true,
        carries: false,
        cold: true,
        warm: true,
    };

    /// The ASK SDK for Node.js with its adapter, as its documentation says.
    pub const NODE: Contender = Contender {
        name: "Node.js, ask-sdk",
        program: Program::Node,
        ..Contender::STARTER
    };

    /// The same, but connections are kept for the next call.
    pub const NODE_KEEP_ALIVE: Contender = Contender {
        name: "the same, connections kept",
        variable: Some(("AWS_NODEJS_CONNECTION_REUSE_ENABLED", "1")),
        ..Contender::NODE
    };

    /// The ASK SDK for Python with its adapter.
    pub const PYTHON: Contender = Contender {
        name: "Python, ask-sdk",
        program: Program::Python,
        ..Contender::STARTER
    };

    /// Carries what the skill remembers in the session, so that a later turn does not read. In the
    /// first turn nothing is carried yet.
    pub const CARRY_IN_SESSION: Contender = Contender {
        name: "Rust, carried in the session",
        program: Program::Rust(Build::contender("carry-in-session")),
        carries: true,
        cold: false,
        ..Contender::STARTER
    };

    /// The AWS SDK and lambda_runtime, and nothing above them. They start as in the starter.
    pub const SDK_ALONE: Contender = Contender {
        name: "Rust, AWS SDK alone",
        program: Program::Rust(Build::contender("sdk-alone")),
        cold: false,
        ..Contender::STARTER
    };

    /// Neither the AWS SDK nor Tokio, but calls that AWS would answer: those that alexa-skill makes.
    pub const WITHOUT_SDK: Contender = Contender {
        name: "Rust, by hand",
        program: Program::Rust(Build::contender("without-sdk")),
        ..Contender::STARTER
    };

    /// Nothing but Rust's standard library, which has no TLS. Its calls are not signed.
    pub const STD_ONLY: Contender = Contender {
        name: "std only",
        program: Program::Rust(Build::contender("std-only")),
        has_tls: false,
        ..Contender::STARTER
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
        ..Contender::STARTER
    };

    /// With ring's cryptography instead of AWS-LC's.
    pub const RING: Contender = Contender {
        name: "ring",
        program: Program::Rust(Build::contender("with-ring")),
        ..Contender::STARTER
    };

    /// Trusts one root certificate instead of the system's, all of which are read at the start.
    pub const ONE_ROOT_CERTIFICATE: Contender = Contender {
        name: "one authority",
        roots: Roots::Proxy,
        warm: false,
        ..Contender::STARTER
    };

    /// With the crate aws-config instead of the environment's variables alone.
    pub const AWS_CONFIG: Contender = Contender {
        name: "aws-config",
        program: Program::Rust(Build::contender("with-aws-config")),
        ..Contender::STARTER
    };

    /// On Tokio's runtime of many threads.
    pub const MULTI_THREAD: Contender = Contender {
        name: "many threads",
        program: Program::Rust(Build::contender("multi-thread")),
        ..Contender::STARTER
    };

    /// glibc's allocator may keep more small pieces of memory in a thread's cache.
    pub const LARGER_TCACHE: Contender = Contender {
        name: "glibc's cache",
        variable: Some(("GLIBC_TUNABLES", "glibc.malloc.tcache_count=127")),
        ..Contender::STARTER
    };

    /// With mimalloc instead of the system's allocator.
    pub const MIMALLOC: Contender = Contender {
        name: "mimalloc",
        program: Program::Rust(Build::contender("with-mimalloc")),
        ..Contender::STARTER
    };

    /// Built for size alone.
    pub const OPT_LEVEL_Z: Contender = Contender {
        name: "opt-level z",
        program: Program::Rust(Build {
            config: Some("profile.release.opt-level=\"z\""),
            target: Some("opt-level-z"),
            ..Build::STARTER
        }),
        ..Contender::STARTER
    };

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
    pub fn build(&self, builder: &Builder) -> Result<()> {
        match &self.program {
            Program::Node | Program::Python => Ok(()),
            Program::Rust(build) => builder.build(build),
        }
    }

    /// The command that Lambda would run, in an environment that holds nothing of the benchmark's
    /// own, and with the DynamoDB at `endpoint_url`.
    #[must_use]
    pub fn command(&self, builder: &Builder, endpoint_url: &str) -> Command {
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
            Program::Rust(build) => Command::new(builder.program(build)),
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
        command
    }

    /// The size in bytes of its deployment package; `None` where there is no command `zip`. Lambda's
    /// own runtimes for Node.js and Python have the Runtime API's client, so it does not count.
    ///
    /// # Errors
    /// Fails when what is packed cannot be listed.
    pub fn package_size(&self, builder: &Builder) -> Result<Option<usize>> {
        match &self.program {
            Program::Node => deployment_package::node(&node()),
            Program::Python => deployment_package::python(&python()),
            Program::Rust(build) => Ok(deployment_package::program(&builder.program(build))),
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
        let rows = Contender::TURNS.into_iter().chain(Contender::START);
        let rows = rows.filter_map(|row| match row.program {
            Program::Rust(build) => Some(build.feature?.into()),
            Program::Node | Program::Python => None,
        });
        assert_eq!(programs.collect::<BTreeSet<_>>(), rows.collect());
    }
}
