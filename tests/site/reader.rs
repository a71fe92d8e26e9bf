//! The server or the program as a reader meets them.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;

use futures_util::StreamExt;
use serde_json::Value as Json;
use skills_that_remember::error::Error;
use skills_that_remember::serve::Server;
use snapbox::cmd::cargo_bin;
use tokio::net::TcpStream as AsyncTcpStream;
use tokio::task::JoinHandle;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use crate::PATIENCE;

/// A server in this process, ended with the value.
pub struct Served {
    pub address: SocketAddr,
    task: JoinHandle<Result<(), Error>>,
}

impl Served {
    pub async fn start(repository: &Path) -> Served {
        let server = Server::start(repository.to_owned(), 0).await.unwrap();
        let address = server.address();
        let task = tokio::spawn(server.run());
        Served { address, task }
    }

    /// Connects as an open page does, to be told to reload.
    pub async fn connect(&self) -> Page {
        let url = format!("ws://{}/live-reload", self.address);
        let (socket, _) = tokio_tungstenite::connect_async(url).await.unwrap();
        Page(socket)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The program itself, ended with the value.
pub struct Program {
    pub address: SocketAddr,
    child: Child,
    /// Kept open: a program that cannot print ends.
    _output: BufReader<ChildStdout>,
    complaints: Receiver<String>,
}

impl Program {
    pub fn start(repository: &Path) -> Program {
        let mut child = program()
            .args(["--port", "0"])
            .env("CARGO_MANIFEST_DIR", repository)
            // What it builds goes with the book, since it is not asked to clean up.
            .env("TMPDIR", repository)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = String::new();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        output.read_line(&mut said).unwrap();
        let address = said.trim().strip_prefix("The book is at http://").unwrap();
        let address = address.parse().unwrap();

        let errors = BufReader::new(child.stderr.take().unwrap());
        let (sender, complaints) = mpsc::channel();
        thread::spawn(move || {
            errors
                .lines()
                .map_while(Result::ok)
                .try_for_each(|line| sender.send(line))
        });
        Program {
            address,
            child,
            _output: output,
            complaints,
        }
    }

    pub fn complaint(&mut self) -> String {
        self.complaints
            .recv_timeout(PATIENCE)
            .expect("the program says nothing")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// An open page, waiting to be told to reload.
pub struct Page(WebSocketStream<MaybeTlsStream<AsyncTcpStream>>);

impl Page {
    pub async fn message(&mut self) -> String {
        let message = tokio::time::timeout(PATIENCE, self.0.next()).await;
        let message = message
            .expect("the page is not told to reload")
            .unwrap()
            .unwrap();
        message.into_text().unwrap().to_string()
    }
}

pub fn program() -> Command {
    Command::new(cargo_bin!("skills-that-remember"))
}

/// Whether the chapter of the small book shows the text now.
pub fn shows(address: SocketAddr, text: &str) -> bool {
    let (status, page) = get(address, "/chapter.html");
    assert_eq!(status, 200);
    String::from_utf8(page).unwrap().contains(text)
}

pub fn get(address: SocketAddr, url: &str) -> (u16, Vec<u8>) {
    ask(address, url, &address.to_string())
}

/// Posts JSON as the panel does, with headers of one's own besides.
pub fn post(address: SocketAddr, url: &str, headers: &[(&str, &str)], body: &str) -> (u16, Json) {
    let json = ("content-type", "application/json");
    let (status, answer) = send(address, url, &[&[json], headers].concat(), body.as_bytes());
    let answer = serde_json::from_slice(&answer);
    (status, answer.expect("the panel is answered in JSON"))
}

/// Posts anything.
pub fn send(
    address: SocketAddr,
    url: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> (u16, Vec<u8>) {
    let headers: String = headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}\r\n"))
        .collect();
    let head = format!(
        "POST {url} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n",
        body.len()
    );
    exchange(address, &[head.as_bytes(), body].concat())
}

/// Sends the address as it is, which an HTTP client would tidy first.
pub fn ask(address: SocketAddr, url: &str, host: &str) -> (u16, Vec<u8>) {
    let request = format!("GET {url} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    exchange(address, request.as_bytes())
}

fn exchange(address: SocketAddr, request: &[u8]) -> (u16, Vec<u8>) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.write_all(request).unwrap();
    let mut response = Vec::new();
    stream.read_to_end(&mut response).unwrap();
    let end = response
        .windows(4)
        .position(|bytes| bytes == b"\r\n\r\n")
        .unwrap();
    let head = String::from_utf8(response[..end].to_vec()).unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, response[end + 4..].to_vec())
}
