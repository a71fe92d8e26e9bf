//! A stand-in for Lambda's Runtime API, one for each process, which measures.
//!
//! The crate lambda-simulator, which the guide's tests use, keeps every invocation, parses its JSON
//! and notifies extensions. That work would be part of each turn here. This one moves bytes: a turn
//! begins before the event is written and ends when the response was read.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, ExitStatus};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::cores::Cores;

/// Longer than any runtime needs for a turn; one that hangs ends the measurement with an error.
const TIMEOUT: Duration = Duration::from_secs(60);

/// A runtime in a process of its own, and the Runtime API that it asks for events.
pub struct Environment {
    process: Child,
    events: Sender<Vec<u8>>,
    progress: Receiver<Progress>,
}

/// One turn.
#[derive(Debug)]
pub struct Turn {
    /// From before the event is written until the answer was read.
    pub time: Duration,
    /// The response envelope.
    pub answer: Vec<u8>,
}

/// What a runtime did.
enum Progress {
    /// It asked for its first event.
    Ready(Instant),
    Answered(Turn),
    Failed(String),
}

/// What the connections of one runtime share.
struct Shared {
    events: Mutex<Receiver<Vec<u8>>>,
    progress: Sender<Progress>,
    began: Mutex<Option<Instant>>,
}

impl Environment {
    /// Starts `command` on `cores` and returns when it asks for its first event, with the time since
    /// before the process was started.
    ///
    /// # Errors
    /// Fails when the process does not start, or does not ask.
    pub fn start(command: &mut Command, cores: Cores) -> Result<(Environment, Duration)> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let (events, to_send) = channel();
        let (reported, progress) = channel();
        let shared = Arc::new(Shared {
            events: Mutex::new(to_send),
            progress: reported,
            began: Mutex::new(None),
        });
        thread::spawn(move || accept(&listener, &shared));
        let start = Instant::now();
        let process = cores.spawn(variables(command, address));
        let process = process.with_context(|| format!("{command:?} does not start"))?;
        let mut environment = Environment {
            process,
            events,
            progress,
        };
        match environment.next()? {
            Progress::Ready(at) => Ok((environment, at - start)),
            _ => bail!("{command:?} does not begin by asking for an event"),
        }
    }

    /// Sends an event, and returns when the runtime has answered it.
    ///
    /// # Errors
    /// Fails when the runtime ends, reports an error, or does nothing for a minute.
    pub fn turn(&mut self, event: Vec<u8>) -> Result<Turn> {
        self.events.send(event)?;
        match self.next()? {
            Progress::Answered(turn) => Ok(turn),
            Progress::Failed(error) => bail!("a turn failed: {error}"),
            Progress::Ready(_) => bail!("the runtime asked for its first event twice"),
        }
    }

    /// The most memory that the process has had at once, in bytes; `None` where there is no
    /// `/proc`.
    #[must_use]
    pub fn peak_memory(&self) -> Option<u64> {
        let status = format!("/proc/{}/status", self.process.id());
        let status = std::fs::read_to_string(status).ok()?;
        let peak = status.lines().find_map(|it| it.strip_prefix("VmHWM:"))?;
        let kilobytes: u64 = peak.trim().trim_end_matches(" kB").parse().ok()?;
        Some(kilobytes * 1024)
    }

    fn next(&mut self) -> Result<Progress> {
        match self.progress.recv_timeout(TIMEOUT) {
            Ok(progress) => Ok(progress),
            Err(error @ RecvTimeoutError::Disconnected) => Err(error.into()),
            Err(RecvTimeoutError::Timeout) => {
                let ended: Option<ExitStatus> = self.process.try_wait()?;
                bail!("the runtime did nothing for {TIMEOUT:?}; its exit status: {ended:?}")
            }
        }
    }
}

impl Drop for Environment {
    fn drop(&mut self) {
        // It waits for an event that will not come. Both fail when it had ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Sets the variables that Lambda sets for a runtime.
fn variables(command: &mut Command, address: SocketAddr) -> &mut Command {
    command
        .env("AWS_LAMBDA_RUNTIME_API", address.to_string())
        .env("AWS_LAMBDA_FUNCTION_NAME", "visit-counter")
        .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512")
        .env("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/visit-counter")
        .env("AWS_LAMBDA_LOG_STREAM_NAME", "1")
}

/// Serves the runtime's connections until the process of the measurement ends: some runtimes open
/// a second one.
fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming().flatten() {
        let shared = Arc::clone(shared);
        thread::spawn(move || {
            if let Err(error) = serve(stream, &shared) {
                shared.report(Progress::Failed(error.to_string()));
            }
        });
    }
}

impl Shared {
    fn report(&self, progress: Progress) {
        // Nobody listens once the environment is dropped.
        let _ = self.progress.send(progress);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn serve(stream: TcpStream, shared: &Shared) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut to_runtime = stream.try_clone()?;
    let mut from_runtime = BufReader::new(stream);
    let mut turn = 0;
    loop {
        let Some(request) = Request::read(&mut from_runtime, &mut to_runtime)? else {
            return Ok(());
        };
        let read = Instant::now();
        let began = *lock(&shared.began);
        match request.path.rsplit('/').next() {
            Some("next") => {
                if turn == 0 && began.is_none() {
                    shared.report(Progress::Ready(read));
                }
                let event = lock(&shared.events).recv();
                let Ok(event) = event else {
                    return Ok(());
                };
                turn += 1;
                let mut answer = next(turn, event.len());
                answer.extend_from_slice(&event);
                *lock(&shared.began) = Some(Instant::now());
                to_runtime.write_all(&answer)?;
            }
            Some("response") => {
                let time = began.map_or(Duration::ZERO, |began| read - began);
                to_runtime.write_all(ACCEPTED)?;
                let answer = request.body;
                shared.report(Progress::Answered(Turn { time, answer }));
            }
            _ => {
                to_runtime.write_all(ACCEPTED)?;
                let body = String::from_utf8_lossy(&request.body).into_owned();
                shared.report(Progress::Failed(body));
            }
        }
    }
}

const ACCEPTED: &[u8] = b"HTTP/1.1 202 Accepted\r\ncontent-type: application/json\r\n\
    content-length: 16\r\n\r\n{\"status\":\"OK\"}\n";

fn next(turn: u64, length: usize) -> Vec<u8> {
    // A minute for the turn: no runtime here looks at it again.
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let deadline = now.unwrap_or_default().as_millis() + 60_000;
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\
         Lambda-Runtime-Aws-Request-Id: 00000000-0000-4000-8000-{turn:012}\r\n\
         Lambda-Runtime-Deadline-Ms: {deadline}\r\n\
         Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:us-east-1:123456789012:function:visit-counter\r\n\
         Lambda-Runtime-Trace-Id: Root=1-00000000-000000000000000000000000;Parent=0000000000000000;Sampled=0\r\n\r\n"
    )
    .into_bytes()
}

/// A request of the runtime.
struct Request {
    path: String,
    body: Vec<u8>,
}

impl Request {
    /// The next request, or `None` when the runtime closed the connection.
    fn read(from: &mut impl BufRead, to: &mut impl Write) -> io::Result<Option<Request>> {
        let mut line = String::new();
        if from.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
        let (mut length, mut chunked) = (0, false);
        loop {
            line.clear();
            if from.read_line(&mut line)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let Some((name, value)) = line.split_once(':') else {
                break;
            };
            let value = value.trim();
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.parse().map_err(io::Error::other)?,
                "transfer-encoding" => chunked = value.eq_ignore_ascii_case("chunked"),
                // curl waits a second for this before it sends a long body.
                "expect" => to.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?,
                _ => {}
            }
        }
        let mut body = Vec::new();
        while chunked {
            line.clear();
            from.read_line(&mut line)?;
            let size = usize::from_str_radix(line.trim(), 16).map_err(io::Error::other)?;
            chunked = size > 0;
            read_exactly(from, size, &mut body)?;
            from.read_line(&mut line)?;
        }
        read_exactly(from, length, &mut body)?;
        Ok(Some(Request { path, body }))
    }
}

fn read_exactly(from: &mut impl Read, length: usize, into: &mut Vec<u8>) -> io::Result<()> {
    let start = into.len();
    into.resize(start + length, 0);
    from.read_exact(&mut into[start..])
}
