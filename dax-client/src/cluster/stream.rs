//! The bytes of a connection, encrypted or not.

use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::task::Poll;

use tokio::io::{AsyncReadExt, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;

#[cfg(feature = "tls")]
use super::tls;
#[cfg(feature = "tls")]
use tokio_rustls::{TlsConnector, client::TlsStream};

/// How a node is reached.
#[derive(Clone)]
pub(crate) enum Transport {
    Plain,
    #[cfg(feature = "tls")]
    Tls {
        connector: TlsConnector,
        host: String,
    },
}

#[derive(Debug)]
pub(super) enum Stream {
    Plain(TcpStream),
    #[cfg(feature = "tls")]
    Tls(Box<TlsStream<TcpStream>>),
}

impl Stream {
    pub(super) async fn connect(address: SocketAddr, transport: &Transport) -> io::Result<Stream> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        match transport {
            Transport::Plain => Ok(Stream::Plain(stream)),
            #[cfg(feature = "tls")]
            Transport::Tls { connector, host } => Ok(Stream::Tls(Box::new(
                tls::connect(connector, host, stream).await?,
            ))),
        }
    }

    pub(super) async fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Stream::Plain(stream) => stream.write_all(bytes).await,
            #[cfg(feature = "tls")]
            Stream::Tls(stream) => {
                stream.write_all(bytes).await?;
                stream.flush().await
            }
        }
    }

    /// Reads at least one byte; the end of the stream is an error.
    pub(super) async fn read_some(&mut self, input: &mut Vec<u8>) -> io::Result<()> {
        let read = match self {
            Stream::Plain(stream) => stream.read_buf(input).await?,
            #[cfg(feature = "tls")]
            Stream::Tls(stream) => stream.read_buf(input).await?,
        };
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(())
    }

    /// Whether the connection can be used: the other side has not closed it, and has sent nothing that
    /// was not asked for.
    pub(super) async fn is_quiet(&self) -> bool {
        let (stream, may_speak) = match self {
            Stream::Plain(stream) => (stream, false),
            // A TLS server may send session tickets at any time.
            #[cfg(feature = "tls")]
            Stream::Tls(stream) => (stream.get_ref().0, true),
        };
        let mut byte = [0];
        let peeked = poll_fn(|context| {
            let peeked = stream.poll_peek(context, &mut ReadBuf::new(&mut byte));
            Poll::Ready(peeked)
        });
        match peeked.await {
            Poll::Pending => true,
            Poll::Ready(Ok(length)) => may_speak && length > 0,
            Poll::Ready(Err(_)) => false,
        }
    }
}
