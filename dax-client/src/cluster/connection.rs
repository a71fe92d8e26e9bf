//! One connection to a node: one request at a time, authorised as often as needed.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_sdk_dynamodb::config::{ProvideCredentials, Region, SharedCredentialsProvider};
use tokio::time::Instant;

use super::stream::{Stream, Transport};
use crate::error::Error;
use crate::sigv4;
use crate::wire::cbor::{Reader, Writer};
use crate::wire::frame::Extent;
use crate::wire::item::NO_ATTRIBUTES;
use crate::wire::reply;
use crate::wire::request::{Method, Request, write_head};

/// A connection is authorised again after this long, at its next use: half of the five minutes
/// for which a signature is good.
const AUTHORIZE_AFTER: Duration = Duration::from_secs(150);

/// A connection that rested this long may have been closed meanwhile, in a way that the runtime
/// has not seen yet: Lambda freezes a function between two requests.
const RESTED: Duration = Duration::from_secs(1);

/// The most lists of attribute names that a connection remembers in each direction.
const MOST_LISTS: usize = 1000;

const USER_AGENT: &str = concat!("DaxRustClient-", env!("CARGO_PKG_VERSION"));

/// Who is asking.
#[derive(Debug, Clone)]
pub(crate) struct Identity {
    pub(crate) region: Region,
    pub(crate) provider: SharedCredentialsProvider,
}

pub(crate) struct Connection {
    stream: Stream,
    address: SocketAddr,
    identity: Identity,
    authorized: Option<Instant>,
    used: Instant,
    input: Vec<u8>,
    /// A request was begun whose answer is not read: nothing else may be sent.
    in_flight: bool,
    /// A write was begun of which nobody knows whether it happened.
    in_doubt: bool,
    /// The numbers of lists of attribute names are believed only on the connection that told them:
    /// another process behind the same address may number them otherwise.
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
        stream.write_all(&preamble()).await.map_err(refused)?;
        Ok(Connection {
            stream,
            address,
            identity: identity.clone(),
            authorized: None,
            used: Instant::now(),
            input: Vec::new(),
            in_flight: false,
            in_doubt: false,
            list_ids: HashMap::new(),
            lists: HashMap::new(),
        })
    }

    /// Whether a request may be sent.
    pub(super) async fn is_fit(&self) -> bool {
        if self.used.elapsed() > RESTED {
            // Lets the runtime see what happened to its sockets.
            tokio::task::yield_now().await;
        }
        !self.in_flight && self.stream.is_quiet().await
    }

    /// Whether a request is begun whose answer is not read.
    pub(crate) fn is_in_flight(&self) -> bool {
        self.in_flight
    }

    /// Whether a write may have happened of which no answer came.
    pub(crate) fn is_in_doubt(&self) -> bool {
        self.in_doubt
    }

    /// Forgets that the node accepted who is asking.
    pub(crate) fn deauthorize(&mut self) {
        self.authorized = None;
    }

    /// Sends a request and reads its answer.
    pub(crate) async fn exchange<T>(
        &mut self,
        request: &Request,
        parse: impl FnOnce(&mut Reader<'_>) -> Result<T, Error> + Send,
    ) -> Result<T, Error> {
        let method = request.method();
        let request = request.encode()?;
        let mut message = self.authorization().await?;
        message.extend(request);
        self.in_flight = true;
        self.in_doubt = method.writes();
        self.input.clear();
        let end = self.round_trip(&message, method).await?;
        if end != self.input.len() {
            return Err(Error::Malformed("an answer to nothing"));
        }
        self.in_flight = false;
        self.in_doubt = false;
        self.used = Instant::now();
        let mut reader = Reader::new(&self.input);
        match reply::read_refusal(&mut reader)? {
            None => parse(&mut reader),
            Some(refusal) => Err(Error::Refused(refusal)),
        }
    }

    /// Sends a message and reads until the answer is whole; its length.
    async fn round_trip(&mut self, message: &[u8], method: Method) -> Result<usize, Error> {
        let address = self.address;
        let broken = |source: io::Error| Error::Broken {
            address: address.to_string(),
            source,
        };
        self.stream.write_all(message).await.map_err(broken)?;
        let mut extent = Extent::default();
        let mut values = 1;
        loop {
            match extent.of(values, &self.input)? {
                // How it went says how many values follow.
                Some(end) if values == 1 => {
                    let codes = Reader::new(&self.input).array(Reader::int)?;
                    values += if codes.is_empty() {
                        method.answer()
                    } else {
                        reply::AFTER_CODES
                    };
                    if values == 1 {
                        return Ok(end);
                    }
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

    /// The message that authorises the connection, if it is time. It gets no answer of its own.
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
        let signed = sigv4::sign(&credentials, region, SystemTime::now());
        let mut writer = Writer::new();
        write_head(&mut writer, Method::AuthorizeConnection);
        writer.text(credentials.access_key_id());
        writer.text(&signed.signature);
        writer.bytes(signed.string_to_sign.as_bytes());
        match credentials.session_token() {
            Some(token) => writer.text(token),
            None => writer.null(),
        }
        writer.text(USER_AGENT);
        self.authorized = Some(Instant::now());
        Ok(writer.into_bytes())
    }

    /// The number of a list of attribute names.
    pub(crate) async fn list_id(&mut self, names: &[String]) -> Result<i64, Error> {
        if names.is_empty() {
            return Ok(NO_ATTRIBUTES);
        }
        if let Some(id) = self.list_ids.get(names) {
            return Ok(*id);
        }
        let request = Request::DefineAttributeListId(names.to_vec());
        let id = self.exchange(&request, |reader| reader.int()).await?;
        if self.list_ids.len() >= MOST_LISTS {
            self.list_ids.clear();
        }
        self.list_ids.insert(names.to_vec(), id);
        Ok(id)
    }

    /// The list of attribute names with a number.
    pub(crate) async fn list(&mut self, id: i64) -> Result<Arc<[String]>, Error> {
        if id == NO_ATTRIBUTES {
            return Ok(Arc::default());
        }
        if let Some(names) = self.lists.get(&id) {
            return Ok(names.clone());
        }
        let request = Request::DefineAttributeList(id);
        let names = self
            .exchange(&request, |reader| {
                reader.array(|reader| reader.text_or_bytes())
            })
            .await?;
        if self.lists.len() >= MOST_LISTS {
            self.lists.clear();
        }
        let names: Arc<[String]> = names.into();
        self.lists.insert(id, names.clone());
        Ok(names)
    }
}

/// What begins a connection: magic, layering, session, client, types.
fn preamble() -> Vec<u8> {
    let mut session = [0; 16];
    fastrand::fill(&mut session);
    let mut writer = Writer::new();
    writer.text("J7yne5G");
    writer.int(0);
    writer.bytes(&session);
    writer.map(1);
    writer.text("UserAgent");
    writer.text(USER_AGENT);
    writer.int(0);
    writer.into_bytes()
}
