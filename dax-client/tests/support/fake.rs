//! A node that answers what a test tells it to.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;

use super::wire::{AUTHORIZE, ENDPOINTS, Sent, cut};

const DEFINE_KEY_SCHEMA: i64 = -742_646_399;
const DEFINE_LIST_ID: i64 = -1_230_579_644;

/// The answer to the `n`-th call of an item, counted from 0.
type Answers = Arc<dyn Fn(usize) -> Vec<u8> + Send + Sync>;

/// The answer to a discovery, by a node at this address.
type Discovery = fn(SocketAddr) -> Vec<u8>;

pub struct Fake {
    pub address: SocketAddr,
    calls: Arc<Mutex<usize>>,
    task: AbortHandle,
}

impl Fake {
    /// The only node of a cluster, which has every table with the key `id`.
    pub async fn start(answers: impl Fn(usize) -> Vec<u8> + Send + Sync + 'static) -> Fake {
        Fake::discovered(one_leader, answers).await
    }

    /// A node that answers discoveries in its own way.
    pub async fn discovered(
        discovery: Discovery,
        answers: impl Fn(usize) -> Vec<u8> + Send + Sync + 'static,
    ) -> Fake {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let calls = Arc::new(Mutex::new(0));
        let shared: (Answers, Arc<Mutex<usize>>) = (Arc::new(answers), calls.clone());
        let task = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (answers, calls) = shared.clone();
                // Ends when the client goes.
                tokio::spawn(async move {
                    let _ = serve(stream, discovery(address), answers, calls).await;
                });
            }
        });
        Fake {
            address,
            calls,
            task: task.abort_handle(),
        }
    }

    pub fn url(&self) -> String {
        format!("dax://{}", self.address)
    }

    /// How often an item was called for.
    pub fn calls(&self) -> usize {
        *self.calls.lock().unwrap()
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(
    mut stream: TcpStream,
    nodes: Vec<u8>,
    answers: Answers,
    calls: Arc<Mutex<usize>>,
) -> std::io::Result<()> {
    let mut input = Vec::new();
    let mut answered = 0;
    loop {
        if stream.read_buf(&mut input).await? == 0 {
            return Ok(());
        }
        let requests = cut(&input);
        for Sent { method, .. } in &requests[answered..] {
            let answer = match *method {
                AUTHORIZE => continue,
                ENDPOINTS => nodes.clone(),
                DEFINE_KEY_SCHEMA => b"\x80\xa1\x62id\x61S".to_vec(),
                DEFINE_LIST_ID => b"\x80\x02".to_vec(),
                _ => {
                    let call = {
                        let mut calls = calls.lock().unwrap();
                        *calls += 1;
                        *calls - 1
                    };
                    answers(call)
                }
            };
            stream.write_all(&answer).await?;
        }
        answered = requests.len();
    }
}

/// The node leads its cluster.
fn one_leader(address: SocketAddr) -> Vec<u8> {
    node(address, 1)
}

/// The node is a replica, and there is no leader.
pub fn one_replica(address: SocketAddr) -> Vec<u8> {
    node(address, 2)
}

/// The cluster has no node, not even the one that answers.
pub fn no_node(_: SocketAddr) -> Vec<u8> {
    b"\x80\x80".to_vec()
}

fn node(address: SocketAddr, role: u8) -> Vec<u8> {
    let mut answer = b"\x80\x81\xa3\x02\x44\x7f\x00\x00\x01\x03\x19".to_vec();
    answer.extend(address.port().to_be_bytes());
    answer.extend([0x04, role]);
    answer
}

/// An error: its codes and a message.
pub fn refusal(codes: &[u8]) -> Vec<u8> {
    let mut answer = vec![0x80 | codes.len() as u8];
    for code in codes {
        answer.extend([0x18, *code]);
    }
    answer.extend(b"\x62no\xf6");
    answer
}

/// An empty body, in the ways that nodes write it.
pub const EMPTY: [&[u8]; 5] = [
    b"\x80\xf6",
    b"\x80\xa0",
    b"\x80\x80",
    b"\x80\xbf\xff",
    b"\x80\x9f\xff",
];
