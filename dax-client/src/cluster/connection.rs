//! One connection to a node: one request at a time, authorised as often as needed.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_sdk_dynamodb::config::{ProvideCredentials, Region, SharedCredentialsProvider};
use tokio::time::Instant;

use super::stream::{Stream, Transport};
use crate::error::{DecodeError, Error};
use crate::protocol::{
    AttributeList, AttributeListId, Authorization, DefineAttributeListIdRequest,
    DefineAttributeListRequest, Method, Request, preamble, reply,
};
use crate::wire::frame::Extent;
use crate::wire::item::NO_ATTRIBUTES;

/// A connection is authorised again after this long, at its next use: half of the five minutes
/// for which a signature is good.
const AUTHORIZE_AFTER: Duration = Duration::from_secs(150);

/// After this long without a request, the node may have closed the connection without the runtime
/// having noticed yet, because Lambda freezes a function between two requests.
const RESTED: Duration = Duration::from_secs(1);

/// The most lists of attribute names that a connection remembers in each direction.
const MOST_LISTS: usize = 1000;

/// Whose requests the connections carry.
#[derive(Debug, Clone)]
pub(crate) struct Identity {
    pub(crate) region: Region,
    pub(crate) provider: SharedCredentialsProvider,
}

/// What became of the write of the call for which a connection is leased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Write {
    /// None was sent, or the last was refused.
    Unsent,
    /// It was sent, and nobody knows whether it happened.
    InDoubt,
    /// It happened.
    Done,
}

pub(crate) struct Connection {
    stream: Stream,
    address: SocketAddr,
    identity: Identity,
    authorized: Option<Instant>,
    used: Instant,
    input: Vec<u8>,
    /// A request was sent whose reply has not been read, so that no other may be sent.
    in_flight: bool,
    write: Write,
    /// The ids of lists of attribute names. They are kept for each connection, because a node that was
    /// restarted at the same address may give the same lists other ids.
    list_ids: HashMap<Vec<String>, i64>,
    lists: HashMap<i64, Arc<[String]>>,
}

impl Connection {
    pub(super) async fn open(
        address: SocketAddr,
        transport: &Transport,
        identity: &Identity,
    ) -> Result<Connection, Error> {
        let refused = |source| Error::Connect {
            address: address.to_string(),
            source,
        };
        let mut stream = Stream::connect(address, transport).await.map_err(refused)?;
        stream
            .write_all(&preamble::encode())
            .await
            .map_err(refused)?;
        Ok(Connection {
            stream,
            address,
            identity: identity.clone(),
            authorized: None,
            used: Instant::now(),
            input: Vec::new(),
            in_flight: false,
            write: Write::Unsent,
            list_ids: HashMap::new(),
            lists: HashMap::new(),
        })
    }

    /// Whether a request may be sent.
    pub(super) async fn is_fit(&self) -> bool {
        if self.used.elapsed() > RESTED {
            // Gives the runtime a chance to poll its sockets.
            tokio::task::yield_now().await;
        }
        !self.in_flight && self.stream.is_quiet().await
    }

    /// Whether a request was sent whose reply has not been read.
    pub(crate) fn is_in_flight(&self) -> bool {
        self.in_flight
    }

    pub(crate) fn write(&self) -> Write {
        self.write
    }

    /// Forgets the write of the call that ends.
    pub(super) fn end_call(&mut self) {
        self.write = Write::Unsent;
    }

    /// Makes the next request authorise the connection again.
    pub(crate) fn deauthorize(&mut self) {
        self.authorized = None;
    }

    /// Sends a request and reads its reply.
    pub(crate) async fn exchange<R: Request>(&mut self, request: &R) -> Result<R::Reply, Error> {
        let request = request.encode()?;
        let mut message = self.authorization().await?;
        message.extend(request);
        self.in_flight = true;
        if R::METHOD.writes {
            self.write = Write::InDoubt;
        }
        self.input.clear();
        let end = self.round_trip(&message, R::METHOD).await?;
        if end != self.input.len() {
            return Err(Error::Unexpected("it goes on after its end"));
        }
        self.in_flight = false;
        self.used = Instant::now();
        let reply = reply::read(&self.input);
        if R::METHOD.writes {
            self.write = match &reply {
                Err(Error::Refused(_)) => Write::Unsent,
                // Even if the rest of the reply cannot be read, the empty array of codes says so.
                _ => Write::Done,
            };
        }
        reply
    }

    /// Sends a message and reads until the answer is whole; its length.
    async fn round_trip(&mut self, message: &[u8], method: Method) -> Result<usize, Error> {
        let address = self.address;
        let broken = |source: io::Error| Error::Broken {
            address: address.to_string(),
            source,
        };
        self.stream.write_all(message).await.map_err(broken)?;
        let no_protocol = |DecodeError(what)| Error::Malformed(what);
        let mut extent = Extent::default();
        // The array of codes, which says how many values follow.
        let mut values = 1;
        loop {
            match extent.of(values, &self.input).map_err(no_protocol)? {
                Some(_) if values == 1 => {
                    values = reply::values(&self.input, method).map_err(no_protocol)?;
                }
                Some(end) => return Ok(end),
                None => self
                    .stream
                    .read_some(&mut self.input)
                    .await
                    .map_err(broken)?,
            }
        }
    }

    /// The message that authorises the connection, or nothing while the last one is still good.
    async fn authorization(&mut self) -> Result<Vec<u8>, Error> {
        if self
            .authorized
            .is_some_and(|at| at.elapsed() < AUTHORIZE_AFTER)
        {
            return Ok(Vec::new());
        }
        let credentials = self.identity.provider.provide_credentials().await;
        let credentials = credentials.map_err(|error| Error::Credentials(error.into()))?;
        let region = self.identity.region.as_ref();
        let authorization = Authorization::sign(&credentials, region, SystemTime::now());
        self.authorized = Some(Instant::now());
        Ok(authorization.encode())
    }

    /// The id of a list of attribute names.
    pub(crate) async fn list_id(&mut self, names: &[String]) -> Result<i64, Error> {
        if names.is_empty() {
            return Ok(NO_ATTRIBUTES);
        }
        if let Some(id) = self.list_ids.get(names) {
            return Ok(*id);
        }
        let request = DefineAttributeListIdRequest {
            names: names.to_vec(),
        };
        let AttributeListId(id) = self.exchange(&request).await?;
        if self.list_ids.len() >= MOST_LISTS {
            self.list_ids.clear();
        }
        self.list_ids.insert(names.to_vec(), id);
        Ok(id)
    }

    /// The list of attribute names with an id.
    pub(crate) async fn list(&mut self, id: i64) -> Result<Arc<[String]>, Error> {
        if id == NO_ATTRIBUTES {
            return Ok(Arc::default());
        }
        if let Some(names) = self.lists.get(&id) {
            return Ok(names.clone());
        }
        let request = DefineAttributeListRequest { id };
        let AttributeList(names) = self.exchange(&request).await?;
        if self.lists.len() >= MOST_LISTS {
            self.lists.clear();
        }
        self.lists.insert(id, names.clone());
        Ok(names)
    }
}
