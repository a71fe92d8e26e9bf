//! The emulator, in a thread of this process.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::thread::{self, JoinHandle};

use dynoxide::Database;
use tokio::sync::oneshot;

use crate::guard;

/// An empty DynamoDB on a port of 127.0.0.1, which ends with this value.
pub(crate) struct Embedded {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    server: Option<JoinHandle<()>>,
}

impl Embedded {
    pub(crate) fn start(port: u16) -> io::Result<Embedded> {
        let database = Database::memory().map_err(io::Error::other)?;
        // Bound before the thread starts, so a caller that connects at once is not refused.
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let (stop, stopped) = oneshot::channel();
        // A thread of its own, so that it outlives the runtime of any one test.
        let server = thread::Builder::new()
            .name("local-dynamodb".into())
            .spawn(move || {
                runtime.block_on(async {
                    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
                        return;
                    };
                    tokio::select! {
                        _ = stopped => {}
                        () = guard::serve(listener, database) => {}
                    }
                });
            })?;
        Ok(Embedded {
            address,
            stop: Some(stop),
            server: Some(server),
        })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Embedded {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // The server is already gone if nobody listens.
            let _ = stop.send(());
        }
        if let Some(server) = self.server.take() {
            let _ = server.join();
        }
    }
}
