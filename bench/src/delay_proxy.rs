//! A network's distance to the table: a proxy on this machine that holds each answer back.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

/// How long an answer is held back: near, as AWS speaks of single-digit milliseconds a call.
pub const DELAY: Duration = Duration::from_millis(1);

/// Starts a proxy of the server at `address`, which holds each answer back for [`DELAY`], and returns
/// its URL. It runs until the process ends.
///
/// # Errors
/// Fails when no port can be had.
pub fn start(address: &str) -> io::Result<String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let url = format!("http://{}", listener.local_addr()?);
    let address = address.to_owned();
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let address = address.clone();
            // When one side closes its connection, the other is closed too, so an error needs no report.
            thread::spawn(move || serve(client, &address));
        }
    });
    Ok(url)
}

fn serve(mut client: TcpStream, address: &str) -> io::Result<()> {
    let mut table = TcpStream::connect(address)?;
    client.set_nodelay(true)?;
    table.set_nodelay(true)?;
    let (mut requests, mut to_table) = (client.try_clone()?, table.try_clone()?);
    thread::spawn(move || io::copy(&mut requests, &mut to_table));
    let mut answer = vec![0; 64 * 1024];
    loop {
        let length = table.read(&mut answer)?;
        if length == 0 {
            return Ok(());
        }
        thread::sleep(DELAY);
        client.write_all(&answer[..length])?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_comes_whole_and_not_sooner_than_the_delay() {
        let echo = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = echo.local_addr().unwrap().to_string();
        thread::spawn(move || {
            let (stream, _) = echo.accept().unwrap();
            let mut requests = stream.try_clone().unwrap();
            io::copy(&mut requests, &mut &stream)
        });
        let url = start(&address).unwrap();
        let mut table = TcpStream::connect(url.trim_start_matches("http://")).unwrap();
        for question in ["first", "second"] {
            let asked = std::time::Instant::now();
            table.write_all(question.as_bytes()).unwrap();
            let mut answer = vec![0; question.len()];
            table.read_exact(&mut answer).unwrap();
            assert!(asked.elapsed() >= DELAY);
            assert_eq!(answer, question.as_bytes());
        }
    }
}
