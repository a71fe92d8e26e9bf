//! Something between a client and a node: it records, delays, cuts, or answers by itself.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;

/// What the proxy does with a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing but recording.
    None,
    /// Takes what the client sends on, and closes instead of bringing the answer back.
    DropAnswer,
    /// As `DropAnswer`, but the answer's first byte goes through.
    CutAnswer,
    /// Takes what the client sends on, and never answers.
    Silence,
    /// Answers with bytes that are no CBOR.
    Rubbish,
    /// Closes each connection at once.
    Refuse,
    /// Delays each answer.
    Slow(Duration),
}

pub struct Proxy {
    pub address: SocketAddr,
    fault: Arc<Mutex<Fault>>,
    /// What each connection's client sent.
    sent: Arc<Mutex<Vec<Vec<u8>>>>,
    task: AbortHandle,
}

impl Proxy {
    pub async fn start(node: SocketAddr) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let fault = Arc::new(Mutex::new(Fault::None));
        let sent: Arc<Mutex<Vec<Vec<u8>>>> = Arc::default();
        let shared = (fault.clone(), sent.clone());
        let task = tokio::spawn(async move {
            loop {
                let (client, _) = listener.accept().await.unwrap();
                let (fault, sent) = shared.clone();
                let connection = {
                    let mut sent = sent.lock().unwrap();
                    sent.push(Vec::new());
                    sent.len() - 1
                };
                // Ends in whatever way the two sides do.
                tokio::spawn(async move {
                    let _ = carry(client, node, &fault, &sent, connection).await;
                });
            }
        });
        Proxy {
            address,
            fault,
            sent,
            task: task.abort_handle(),
        }
    }

    pub fn url(&self) -> String {
        format!("dax://{}", self.address)
    }

    pub fn set(&self, fault: Fault) {
        *self.fault.lock().unwrap() = fault;
    }

    /// What each connection's client sent.
    pub fn sent(&self) -> Vec<Vec<u8>> {
        self.sent.lock().unwrap().clone()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn carry(
    mut client: TcpStream,
    node: SocketAddr,
    fault: &Mutex<Fault>,
    sent: &Mutex<Vec<Vec<u8>>>,
    connection: usize,
) -> std::io::Result<()> {
    let now = || *fault.lock().unwrap();
    if now() == Fault::Refuse {
        return Ok(());
    }
    let mut node = TcpStream::connect(node).await?;
    node.set_nodelay(true)?;
    client.set_nodelay(true)?;
    let (mut up, mut down) = (vec![0; 65536], vec![0; 65536]);
    loop {
        tokio::select! {
            read = client.read(&mut up) => {
                let read = read?;
                if read == 0 {
                    return Ok(());
                }
                sent.lock().unwrap()[connection].extend(&up[..read]);
                node.write_all(&up[..read]).await?;
            }
            read = node.read(&mut down) => {
                let read = read?;
                match now() {
                    _ if read == 0 => return Ok(()),
                    Fault::None => client.write_all(&down[..read]).await?,
                    Fault::DropAnswer | Fault::Refuse => return Ok(()),
                    Fault::CutAnswer => return client.write_all(&down[..1]).await,
                    Fault::Silence => {}
                    Fault::Rubbish => client.write_all(&[0x1c; 16]).await?,
                    Fault::Slow(delay) => {
                        tokio::time::sleep(delay).await;
                        client.write_all(&down[..read]).await?;
                    }
                }
            }
        }
    }
}
