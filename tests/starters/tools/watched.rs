//! A function under `cargo lambda watch`, with a DynamoDB of its own.

use std::cell::Cell;
use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use alexa_skill::persistence::dynamodb::DynamoDb;
use local_dynamodb::LocalDynamoDb;
use starters::Starter;
use tempfile::TempDir;

use super::python_tool;
use crate::files::Files;

/// Far more than it takes to listen; compiling comes later, with the first request.
const PATIENCE: Duration = Duration::from_secs(120);

pub struct Watched {
    process: Child,
    address: SocketAddr,
    users: Cell<u32>,
    _local: LocalDynamoDb,
    _log: TempDir,
}

impl Watched {
    pub async fn start(starter: &Starter) -> Watched {
        let local = LocalDynamoDb::embedded().unwrap();
        let table = DynamoDb::new(local.client(), starter.table);
        table.ensure_table().await.unwrap();

        // Outside the project, or each line of the log would count as a change to it.
        let log_folder = tempfile::tempdir().unwrap();
        let log = File::create(log_folder.path().join("watch.log")).unwrap();
        let address = free_address();
        let mut command = Command::new(python_tool("cargo-lambda"));
        command.args(["lambda", "watch", "--wait", "--ignore-changes"]);
        command.args(["--invoke-address", "127.0.0.1", "--invoke-port"]);
        command.arg(address.port().to_string());
        command.current_dir(starter.folder());
        command.envs(local.environment());
        command.stdin(Stdio::null());
        command.stdout(log.try_clone().unwrap()).stderr(log);
        // A group of its own, as it starts Cargo, which starts the function.
        let process = command.process_group(0).spawn().unwrap();
        let mut watched = Watched {
            process,
            address,
            users: Cell::new(0),
            _local: local,
            _log: log_folder,
        };
        watched.wait_until_it_listens();
        watched
    }

    fn wait_until_it_listens(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        while TcpStream::connect(self.address).is_err() {
            let ended = self.process.try_wait().unwrap();
            assert_eq!(ended, None, "cargo lambda watch has ended");
            assert!(Instant::now() < deadline, "cargo lambda watch is silent");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Where Lambda's own interface takes a request for the function.
    pub(crate) fn url(&self, function: &str) -> String {
        let address = self.address;
        format!("http://{address}/2015-03-31/functions/{function}/invocations")
    }

    /// A number that no other user of the function has.
    pub(crate) fn next_user(&self) -> u32 {
        self.users.update(|users| users + 1);
        self.users.get()
    }
}

/// An address that nobody listened on a moment ago.
fn free_address() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.local_addr().unwrap()
}

impl Drop for Watched {
    fn drop(&mut self) {
        let group = format!("-{}", self.process.id());
        let kill = Command::new("kill").args(["-KILL", "--", &group]).status();
        let reaped = self.process.wait();
        if !std::thread::panicking() {
            assert!(kill.unwrap().success() && reaped.is_ok());
        }
    }
}
