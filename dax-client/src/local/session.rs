//! One connection to a local DAX.

use std::io;
use std::sync::Arc;
use std::time::Instant;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::state::State;
use crate::error::{Error, Refusal};
use crate::protocol::request::{HEAD, read_head};
use crate::protocol::{
    AttributeList, AttributeListId, Authorization, BatchGetItemRequest, BatchWriteItemRequest,
    DefineAttributeListIdRequest, DefineAttributeListRequest, DefineKeySchemaRequest,
    DeleteItemRequest, EndpointsRequest, GetItemRequest, Message, Method, PutItemRequest,
    QueryRequest, Request, ScanRequest, UpdateItemRequest, method, preamble, reply,
};
use crate::wire::cbor::Reader;
use crate::wire::frame::Extent;

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
        let mut extent = Extent::default();
        let Some(end) = self.extent(&mut extent, preamble::VALUES).await? else {
            return Ok(());
        };
        preamble::check(&self.input).map_err(io::Error::other)?;
        self.input.drain(..end);
        loop {
            let mut extent = Extent::default();
            if self.extent(&mut extent, HEAD).await?.is_none() {
                return Ok(());
            }
            let number = read_head(&mut Reader::new(&self.input)).map_err(io::Error::other)?;
            let Some(method) = method(number) else {
                return self.refuse_method(number).await;
            };
            let values = HEAD + method.arguments;
            let Some(end) = self.extent(&mut extent, values).await? else {
                return Ok(());
            };
            let input: Vec<u8> = self.input.drain(..end).collect();
            let mut reader = Reader::new(&input);
            read_head(&mut reader).map_err(io::Error::other)?;
            if method == Authorization::METHOD {
                let authorization = Authorization::read(&mut reader).map_err(io::Error::other)?;
                self.authorize(&authorization);
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

    /// Refuses a method that is not known here. Nobody knows how long its request is, so that the
    /// connection is of no more use.
    async fn refuse_method(mut self, number: i64) -> io::Result<()> {
        let refusal = Refusal::not_implemented(format!(
            "The local DAX has no method {number}, and no transactions."
        ));
        self.stream.write_all(&refusal.encode()).await?;
        self.stream.shutdown().await?;
        // What is not read before the connection is closed would make the client's side drop the
        // refusal.
        while self.stream.read_buf(&mut self.input).await? > 0 {
            self.input.clear();
        }
        Ok(())
    }

    fn authorize(&mut self, authorization: &Authorization) {
        let credentials = self.state.credentials.as_ref();
        let accepted = credentials.is_none_or(|it| authorization.is_of(it));
        self.authorized = accepted.then(Instant::now);
    }

    async fn answer(&self, method: Method, reader: &mut Reader<'_>) -> Vec<u8> {
        let authorized = self
            .authorized
            .is_some_and(|at| at.elapsed() < self.state.authorization);
        let answered = match authorized {
            true => self.perform(method, reader).await,
            false => Err(Error::Refused(Refusal::unauthorized())),
        };
        match answered {
            Ok(answer) => answer,
            Err(Error::Refused(refusal)) => refusal.encode(),
            Err(Error::Unexpected(what)) => {
                Refusal::invalid(format!("The request cannot be read: {what}")).encode()
            }
            Err(other) => Refusal::invalid(other.to_string()).encode(),
        }
    }

    async fn perform(&self, method: Method, reader: &mut Reader<'_>) -> Result<Vec<u8>, Error> {
        let state = &self.state;
        match method {
            EndpointsRequest::METHOD => reply::encode(&state.endpoints()),
            DefineKeySchemaRequest::METHOD => {
                let request = DefineKeySchemaRequest::read(reader)?;
                reply::encode(&*state.schema(&request.table).await?)
            }
            DefineAttributeListIdRequest::METHOD => {
                let request = DefineAttributeListIdRequest::read(reader)?;
                reply::encode(&AttributeListId(state.list_id(&request.names)))
            }
            DefineAttributeListRequest::METHOD => {
                let request = DefineAttributeListRequest::read(reader)?;
                reply::encode(&AttributeList(state.list(request.id)?))
            }
            GetItemRequest::METHOD => reply::encode(&state.get_item(Message::read(reader)?).await?),
            PutItemRequest::METHOD => reply::encode(&state.put_item(Message::read(reader)?).await?),
            UpdateItemRequest::METHOD => {
                reply::encode(&state.update_item(Message::read(reader)?).await?)
            }
            DeleteItemRequest::METHOD => {
                reply::encode(&state.delete_item(Message::read(reader)?).await?)
            }
            QueryRequest::METHOD => Ok(state.cached_query(Message::read(reader)?).await?.to_vec()),
            ScanRequest::METHOD => Ok(state.cached_scan(Message::read(reader)?).await?.to_vec()),
            BatchGetItemRequest::METHOD => {
                reply::encode(&state.batch_get_item(Message::read(reader)?).await?)
            }
            BatchWriteItemRequest::METHOD => {
                reply::encode(&state.batch_write_item(Message::read(reader)?).await?)
            }
            Method { number, .. } => Err(Error::Refused(Refusal::not_implemented(format!(
                "The local DAX does not serve the method {number}."
            )))),
        }
    }
}
