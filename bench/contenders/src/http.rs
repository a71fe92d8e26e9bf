//! HTTP/1.1 on one connection, kept alive.

use std::io::{self, Read, Write};
use std::net::TcpStream;

/// A connection to a server.
pub struct Http<S = TcpStream> {
    stream: S,
    host: String,
    request: Vec<u8>,
    response: Vec<u8>,
}

/// A response whose status is one of 200 to 299.
pub struct Response<'a> {
    head: &'a str,
    body: &'a [u8],
}

impl Http {
    /// Connects to `host`, an address with a port.
    ///
    /// # Errors
    /// Fails when no server listens there.
    pub fn connect(host: &str) -> io::Result<Http> {
        let stream = TcpStream::connect(host)?;
        stream.set_nodelay(true)?;
        Ok(Http::over(stream, host))
    }
}

impl<S: Read + Write> Http<S> {
    /// Uses a connection that is open, to `host`.
    pub fn over(stream: S, host: &str) -> Http<S> {
        Http {
            stream,
            host: host.to_owned(),
            request: Vec::new(),
            response: Vec::new(),
        }
    }

    /// Sends a request and reads the response. `head` is the request line and the headers, each with
    /// its line end; `host` and `content-length` are added.
    ///
    /// # Errors
    /// Fails when the connection ends, when the response has no valid `content-length`, and with the
    /// response's body when its status is not one of 200 to 299.
    pub fn call(&mut self, head: &str, body: &[u8]) -> io::Result<Response<'_>> {
        self.request.clear();
        let length = body.len();
        write!(
            self.request,
            "{head}host: {}\r\ncontent-length: {length}\r\n\r\n",
            self.host
        )?;
        self.request.extend_from_slice(body);
        self.stream.write_all(&self.request)?;

        self.response.clear();
        let body_at = self.read_until(|response| {
            let end = response.windows(4).position(|four| four == b"\r\n\r\n")?;
            Some(end + 4)
        })?;
        let head = text(&self.response[..body_at])?;
        let status = head.split(' ').nth(1).unwrap_or_default().to_owned();
        let length = header(head, "content-length").map(str::parse::<usize>);
        let Some(Ok(length)) = length else {
            return Err(io::Error::other("the response has no valid Content-Length"));
        };
        let end = body_at + length;
        self.read_until(|response| (response.len() >= end).then_some(end))?;
        let (head, body) = self.response[..end].split_at(body_at);
        if !status.starts_with('2') {
            return Err(io::Error::other(String::from_utf8_lossy(body)));
        }
        Ok(Response {
            head: text(head)?,
            body,
        })
    }

    /// Reads on until `position` is found in all that was read.
    fn read_until(&mut self, position: impl Fn(&[u8]) -> Option<usize>) -> io::Result<usize> {
        loop {
            if let Some(position) = position(&self.response) {
                return Ok(position);
            }
            let mut part = [0; 4096];
            match self.stream.read(&mut part)? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                length => self.response.extend_from_slice(&part[..length]),
            }
        }
    }
}

impl Response<'_> {
    /// The value of the header `name`.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        header(self.head, name)
    }

    /// The body as text.
    ///
    /// # Errors
    /// Fails when it is not UTF-8.
    pub fn text(&self) -> io::Result<&str> {
        text(self.body)
    }
}

fn text(bytes: &[u8]) -> io::Result<&str> {
    std::str::from_utf8(bytes).map_err(io::Error::other)
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut headers = head.lines().filter_map(|line| line.split_once(':'));
    let (_, value) = headers.find(|(other, _)| other.eq_ignore_ascii_case(name))?;
    Some(value.trim())
}
