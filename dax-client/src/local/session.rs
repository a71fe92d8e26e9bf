//! One connection to a local DAX.

use std::io;
use std::sync::Arc;
use std::time::Instant;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::state::State;
use crate::error::{Error, Refusal};
use crate::sigv4;
use crate::wire::cbor::{Reader, Writer};
use crate::wire::frame::Extent;
use crate::wire::request::{HEAD, Method, Request};

/// The values that begin a connection: magic, layering, session, client, types.
const PREAMBLE: usize = 5;
const MAGIC: &str = "J7yne5G";

pub(super) struct Session {
    state: Arc<State>,
    stream: TcpStream,
    /// What arrived and is not yet answered.
    input: Vec<u8>,
    authorized: Option<Instant>,
}

impl Session {
    pub(super) fn new(state: Arc<State>, stream: TcpStream) -> Session {
        Session {
            state,
            stream,
            input: Vec::new(),
            authorized: None,
        }
    }

    /// Answers requests until the client goes, or sends what is no request.
    pub(super) async fn run(mut self) -> io::Result<()> {
        self.stream.set_nodelay(true)?;
        let Some(end) = self.extent(&mut Extent::default(), PREAMBLE).await? else {
            return Ok(());
        };
        let magic = Reader::new(&self.input)
            .text()
            .is_ok_and(|magic| magic == MAGIC);
        if !magic {
            return Err(io::Error::other("a client that speaks another protocol"));
        }
        self.input.drain(..end);
        loop {
            let mut extent = Extent::default();
            if self.extent(&mut extent, HEAD).await?.is_none() {
                return Ok(());
            }
            let method = Method::read(&mut Reader::new(&self.input)).map_err(io::Error::other)?;
            let values = HEAD + method.arguments();
            let Some(end) = self.extent(&mut extent, values).await? else {
                return Ok(());
            };
            let input: Vec<u8> = self.input.drain(..end).collect();
            let mut reader = Reader::new(&input);
            Method::read(&mut reader).map_err(io::Error::other)?;
            if method == Method::AuthorizeConnection {
                // Says nothing: a refusal meets the request that follows.
                self.authorize(&mut reader).map_err(io::Error::other)?;
                continue;
            }
            let answer = self.answer(method, &mut reader).await;
            self.stream.write_all(&answer).await?;
        }
    }

    /// Reads on until so many values are there; `None` when the client is gone before they begin.
    async fn extent(&mut self, extent: &mut Extent, values: usize) -> io::Result<Option<usize>> {
        loop {
            if let Some(end) = extent.of(values, &self.input).map_err(io::Error::other)? {
                return Ok(Some(end));
            }
            if self.stream.read_buf(&mut self.input).await? == 0 {
                return Ok(None);
            }
        }
    }

    fn authorize(&mut self, reader: &mut Reader<'_>) -> Result<(), Error> {
        let access_key = reader.text()?;
        let signature = reader.text()?;
        let string_to_sign = reader.bytes()?;
        let accepted = self.state.credentials.as_ref().is_none_or(|credentials| {
            credentials.access_key_id() == access_key
                && sigv4::verify(credentials, &signature, &string_to_sign)
        });
        self.authorized = accepted.then(Instant::now);
        Ok(())
    }

    async fn answer(&self, method: Method, reader: &mut Reader<'_>) -> Vec<u8> {
        let authorized = self
            .authorized
            .is_some_and(|at| at.elapsed() < self.state.authorization);
        let answered = match authorized {
            true => self.perform(method, reader).await,
            false => Err(Error::Refused(Refusal {
                codes: vec![4, 23, 31, 33],
                message: "The security token included in the request is invalid.".to_owned(),
                request_id: None,
                dynamodb_code: Some("UnrecognizedClientException".to_owned()),
            })),
        };
        match answered {
            Ok(body) => body,
            Err(Error::Refused(refusal)) => write_refusal(&refusal),
            Err(other) => write_refusal(&Refusal {
                codes: vec![4, 37, 38, 39, 46],
                message: other.to_string(),
                request_id: None,
                dynamodb_code: Some("ValidationException".to_owned()),
            }),
        }
    }

    async fn perform(&self, method: Method, reader: &mut Reader<'_>) -> Result<Vec<u8>, Error> {
        if matches!(
            method,
            Method::TransactGetItems | Method::TransactWriteItems
        ) {
            return Err(Error::Refused(Refusal {
                codes: vec![4, 37, 38, 44],
                message: "The local DAX has no transactions.".to_owned(),
                request_id: None,
                dynamodb_code: Some("NotImplementedException".to_owned()),
            }));
        }
        let state = &self.state;
        let mut writer = Writer::new();
        // It went well.
        writer.array(0);
        match Request::read(method, reader)? {
            Request::Endpoints => self.endpoints(&mut writer),
            Request::DefineKeySchema(table) => state.schema(&table).await?.write(&mut writer),
            Request::DefineAttributeListId(names) => writer.int(state.list_id(&names)),
            Request::DefineAttributeList(id) => {
                let names = state.list(id)?;
                writer.array(names.len());
                names.iter().for_each(|name| writer.text(name));
            }
            Request::GetItem {
                table,
                key,
                options,
            } => {
                state
                    .get_item(table, key, options)
                    .await?
                    .write(&mut writer)?;
            }
            Request::PutItem {
                table,
                key,
                values,
                options,
            } => {
                state
                    .put_item(table, key, values, options)
                    .await?
                    .write(&mut writer)?;
            }
            Request::UpdateItem {
                table,
                key,
                options,
            } => {
                state
                    .update_item(table, key, options)
                    .await?
                    .write(&mut writer)?;
            }
            Request::DeleteItem {
                table,
                key,
                options,
            } => {
                state
                    .delete_item(table, key, options)
                    .await?
                    .write(&mut writer)?;
            }
            request @ (Request::Query { .. } | Request::Scan { .. }) => {
                writer.raw(&state.cached_query(request).await?);
            }
            Request::BatchGetItem { tables, options } => {
                state
                    .batch_get_item(tables, options)
                    .await?
                    .write(&mut writer)?;
            }
            Request::BatchWriteItem { tables, options } => {
                state.batch_write_item(tables, options, &mut writer).await?;
            }
        }
        Ok(writer.into_bytes())
    }

    /// Every node's number, host, address, port, role, zone and session of the leader.
    fn endpoints(&self, writer: &mut Writer) {
        let advertised = self.state.advertised();
        writer.array(advertised.len());
        for (node, address) in advertised.iter().enumerate() {
            writer.map(7);
            writer.int(0);
            writer.int(node as i64);
            writer.int(1);
            writer.text(&address.ip().to_string());
            writer.int(2);
            match address.ip() {
                std::net::IpAddr::V4(ip) => writer.bytes(&ip.octets()),
                std::net::IpAddr::V6(ip) => writer.bytes(&ip.octets()),
            }
            writer.int(3);
            writer.int(address.port().into());
            writer.int(4);
            writer.int(if node == 0 { 1 } else { 2 });
            writer.int(5);
            writer.text("local");
            writer.int(6);
            writer.int(1);
        }
    }
}

fn write_refusal(refusal: &Refusal) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.array(refusal.codes.len());
    refusal.codes.iter().for_each(|code| writer.int(*code));
    writer.text(&refusal.message);
    writer.array(3);
    for text in [&refusal.request_id, &refusal.dynamodb_code] {
        match text {
            Some(text) => writer.text(text),
            None => writer.null(),
        }
    }
    let is_ours = refusal.code() == "InternalServerError";
    writer.int(if is_ours { 500 } else { 400 });
    writer.into_bytes()
}
