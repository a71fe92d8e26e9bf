//! A shell as a reader has it after cloning the repository, with a home of its own.

use std::env;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use ignore::WalkBuilder;
use regex::Regex;
use snapbox::cmd::cargo_bin;
use tempfile::TempDir;

/// Far more than a command of the book takes, so that only one that hangs runs into it.
const PATIENCE: Duration = Duration::from_secs(120);

/// The same where a command builds a program for Lambda, with everything that it depends on.
const PATIENCE_WITH_BUILDS: Duration = Duration::from_secs(60 * 60);

/// Where .ci/run installs the tools that Python's registry has: cargo-lambda and SAM.
const TOOLS: [&str; 2] = ["tests/tools/.venv/bin", "tests/console/.venv/bin"];

/// The port of cargo-lambda in the chapters, which is its default.
const LAMBDA_PORT: u16 = 9000;

/// Where the reader's home and clone are in the chapters.
const HOME: &str = "/home/you";
const CLONE: &str = "/home/you/skills-that-remember";

/// Stands for Cargo at the root of the clone, where the programs are built already: the tests of a
/// package build its program beside the guide's. The guide takes a free port instead of the one that
/// a chapter names, which another program may hold, and so does cargo-lambda.
const CARGO: &str = r#"#!/bin/sh
if [ "$1" = run ] && [ "$PWD" = "$CLONE" ]; then
    export CARGO_MANIFEST_DIR="$CLONE"
    shift
    [ "$1" = -q ] && shift
    if [ "$1" = -p ]; then
        program="${PROGRAM%/*}/$2"
        shift 2
        [ "$1" = -- ] && shift
        exec "$program" "$@"
    fi
    [ "$1" = -- ] && shift
    case "$1" in
        '' | --port) exec "$PROGRAM" --port 0 ;;
        *) exec "$PROGRAM" "$@" ;;
    esac
fi
if [ "$1" = lambda ]; then
    case "$2" in
        watch | invoke) set -- "$@" --invoke-port "$LAMBDA_PORT" ;;
    esac
    exec cargo-lambda "$@"
fi
exec "$CARGO" "$@"
"#;

/// Keeps folder and exports for the next command, also when this one calls `exit`.
const SHELL: &str = r#"exec 2>&1
. "$STATE/exports"
cd "$(cat "$STATE/folder")"
trap 'export -p > "$STATE/exports"; pwd > "$STATE/folder"' EXIT
eval "$1"
"#;

/// The shell that a chapter's commands are typed into.
pub struct Session {
    /// What still runs; before the folder, so that it ends while its files are there.
    kept: Vec<Running>,
    folder: TempDir,
    tools: Option<Tools>,
}

/// What a session with tools has besides.
struct Tools {
    /// The folders of the programs.
    programs: [PathBuf; 2],
    /// A port that cargo-lambda takes.
    port: u16,
}

impl Session {
    /// Copies the repository as it is now to a new home.
    pub fn start(repository: &Path) -> Session {
        let folder = tempfile::tempdir().unwrap();
        let session = Session {
            kept: Vec::new(),
            folder,
            tools: None,
        };
        for name in ["home", "state", "bin", "tmp"] {
            fs::create_dir(session.path(name)).unwrap();
        }
        clone(repository, &session.path("clone"));
        let clone = session.path("clone").display().to_string();
        fs::write(session.path("state/folder"), clone).unwrap();
        fs::write(session.path("state/exports"), "").unwrap();
        let cargo = session.path("bin/cargo");
        fs::write(&cargo, CARGO).unwrap();
        fs::set_permissions(&cargo, fs::Permissions::from_mode(0o755)).unwrap();
        session
    }

    /// As [`start`](Self::start), where the tools of the tests are installed, and where nobody has
    /// an AWS account.
    pub fn with_tools(repository: &Path) -> Session {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let tools = Tools {
            programs: TOOLS.map(|folder| repository.join(folder)),
            port: listener.local_addr().unwrap().port(),
        };
        for programs in &tools.programs {
            let shown = programs.display();
            assert!(programs.exists(), "no {shown}: .ci/run installs it");
        }
        Session {
            tools: Some(tools),
            ..Session::start(repository)
        }
    }

    /// Runs a command to its end and returns what it printed, with the reader's paths.
    pub fn run(&mut self, command: &str) -> Result<String, String> {
        let mut running = self.spawn(command);
        let printed = running.until(self.patience(), |_| false)?;
        let status = running.child.wait().map_err(|error| error.to_string())?;
        if !status.success() && printed.trim().is_empty() {
            return Err("fails and prints nothing".into());
        }
        Ok(self.as_the_reader_sees(&printed))
    }

    /// Runs a command until it has printed as many lines as shown, asks the address in them, and ends it.
    pub fn serve(&mut self, command: &str, shown: &str) -> Result<String, String> {
        let mut running = self.spawn(command);
        let lines = shown.lines().count();
        let printed = running.until(PATIENCE, |printed| printed.lines().count() >= lines)?;
        let expected = port(shown).ok_or("is shown without an address of 127.0.0.1")?;
        let Some(port) = port(&printed) else {
            return Ok(self.as_the_reader_sees(&printed));
        };
        answers(port).map_err(|error| format!("serves nothing at port {port}: {error}"))?;
        running.end();
        // The reader's port is the one that the chapter names.
        let printed = printed.replace(&format!(":{port}"), &format!(":{expected}"));
        Ok(self.as_the_reader_sees(&printed))
    }

    /// Runs a command until it has printed as many lines as shown, and leaves it running.
    pub fn keep(&mut self, command: &str, shown: &str) -> Result<String, String> {
        let mut running = self.spawn(command);
        let lines = shown.lines().count();
        let enough = |printed: &str| printed.lines().count() >= lines;
        let printed = running.until(self.patience(), enough)?;
        self.kept.push(running);
        Ok(self.as_the_reader_sees(&printed))
    }

    fn patience(&self) -> Duration {
        match self.tools {
            Some(_) => PATIENCE_WITH_BUILDS,
            None => PATIENCE,
        }
    }

    fn spawn(&self, command: &str) -> Running {
        let mut path = env::var("PATH").unwrap_or_default();
        if let Some(tools) = &self.tools {
            let [lambda, sam] = &tools.programs;
            path = format!("{}:{}:{path}", lambda.display(), sam.display());
        }
        let mut shell = Command::new("sh");
        shell
            .args(["-c", SHELL, "sh", command])
            .env("STATE", self.path("state"))
            .env("HOME", self.path("home"))
            .env("TMPDIR", self.path("tmp"))
            .env("CLONE", self.path("clone"))
            .env("PROGRAM", cargo_bin!("skills-that-remember"))
            .env("CARGO", env!("CARGO"))
            .env("PATH", format!("{}:{path}", self.path("bin").display()))
            .env("LC_ALL", "C.UTF-8")
            .envs(toolchain())
            .env_remove("CARGO_TARGET_DIR")
            .env_remove("RUST_BACKTRACE")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .process_group(0);
        if let Some(tools) = &self.tools {
            // What a project depends on is built once for all sessions, and for tests/new.rs.
            let built = Path::new(env!("CARGO_TARGET_TMPDIR")).join("copies");
            let zig = Path::new(env!("CARGO_TARGET_TMPDIR")).join("zig");
            shell
                .env("CARGO_BUILD_BUILD_DIR", built)
                // The compiler that cargo-lambda makes of Zig must be the same one each time, or
                // Cargo builds what it has compiled again.
                .env("CARGO_ZIGBUILD_CACHE_DIR", zig.join("cargo-zigbuild"))
                .env("ZIG_GLOBAL_CACHE_DIR", zig.join("zig"))
                .env("LAMBDA_PORT", tools.port.to_string())
                .env("SAM_CLI_TELEMETRY", "0");
            let of_aws = env::vars_os().map(|(name, _)| name);
            of_aws
                .filter(|name| name.to_string_lossy().starts_with("AWS_"))
                .for_each(|name| _ = shell.env_remove(name));
            shell.env("AWS_EC2_METADATA_DISABLED", "true");
        }
        Running::start(shell)
    }

    fn as_the_reader_sees(&self, printed: &str) -> String {
        let (clone, home) = (self.path("clone"), self.path("home"));
        let printed = printed
            .replace(&clone.display().to_string(), CLONE)
            .replace(&home.display().to_string(), HOME);
        match &self.tools {
            Some(Tools { port, .. }) => {
                printed.replace(&format!(":{port}"), &format!(":{LAMBDA_PORT}"))
            }
            None => printed,
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// A command with all processes that it starts, which end with the value.
struct Running {
    child: Child,
    lines: Receiver<String>,
}

impl Running {
    fn start(mut shell: Command) -> Running {
        let mut child = shell.spawn().unwrap();
        let output = child.stdout.take().unwrap();
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || {
            let lines = BufReader::new(output).lines();
            lines
                .map_while(Result::ok)
                .try_for_each(|line| sender.send(line))
        });
        Running { child, lines }
    }

    /// What the command prints until it is enough, or until it ends.
    fn until(
        &mut self,
        patience: Duration,
        enough: impl Fn(&str) -> bool,
    ) -> Result<String, String> {
        let end = Instant::now() + patience;
        let mut printed = String::new();
        while !enough(&printed) {
            let left = end.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) => printed.extend([line.as_str(), "\n"]),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {
                    return Err(format!("does not end; it printed:\n{printed}"));
                }
            }
        }
        Ok(printed)
    }

    /// Ends the group as Ctrl+C does, so that a server can clean up.
    fn end(&mut self) {
        self.signal("INT");
        // The channel closes when the last process of the group has closed its output.
        while let Ok(_line) = self.lines.recv_timeout(PATIENCE) {}
    }

    fn signal(&self, name: &str) {
        let group = format!("-{}", self.child.id());
        let _ = Command::new("sh")
            .args(["-c", "kill -s \"$1\" -- \"$2\"", "kill", name, &group])
            .stderr(Stdio::null())
            .status();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // A group whose first process was waited for may be gone, and its id another's.
        if matches!(self.child.try_wait(), Ok(None)) {
            self.signal("KILL");
            let _ = self.child.wait();
        }
    }
}

/// Where Cargo and rustup are, which they would else look for in the new home.
fn toolchain() -> impl Iterator<Item = (&'static str, PathBuf)> {
    let home = env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
    [("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup")]
        .into_iter()
        .map(move |(name, folder)| {
            let set = env::var_os(name).map(PathBuf::from);
            (name, set.unwrap_or_else(|| home.join(folder)))
        })
}

fn port(text: &str) -> Option<u16> {
    let address = Regex::new(r"127\.0\.0\.1:(\d+)").unwrap();
    address.captures(text)?[1].parse().ok()
}

fn answers(port: u16) -> Result<(), String> {
    let ask = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let host = format!("127.0.0.1:{port}");
        write!(
            stream,
            "GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    };
    let answer = ask().map_err(|error| error.to_string())?;
    if answer.starts_with("HTTP/1.1 200 ") {
        return Ok(());
    }
    Err(answer.lines().next().unwrap_or_default().to_owned())
}

/// Copies what Git would: a clone has neither the history's folder nor what is built or installed.
fn clone(repository: &Path, to: &Path) {
    let tracked = WalkBuilder::new(repository)
        .hidden(false)
        .parents(false)
        .require_git(false)
        .filter_entry(|entry| entry.file_name() != ".git")
        .build();
    for entry in tracked {
        let path = entry.unwrap().into_path();
        let copy = to.join(path.strip_prefix(repository).unwrap());
        if path.is_dir() {
            fs::create_dir(copy).unwrap();
        } else {
            fs::copy(&path, copy).unwrap();
        }
    }
}
