//! Endpoints: the nodes of the cluster, which is how a client discovers them.

use std::net::{IpAddr, SocketAddr};

use super::request::{Message, Method, Request};
use crate::error::{DecodeError, Error};
use crate::wire::cbor::{Reader, Writer};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EndpointsRequest;

/// The nodes that have an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EndpointsReply(pub(crate) Vec<ServiceEndpoint>);

/// Where a node is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ServiceEndpoint {
    pub(crate) address: SocketAddr,
    pub(crate) is_leader: bool,
}

mod field {
    pub(super) const NODE: i64 = 0;
    pub(super) const HOSTNAME: i64 = 1;
    pub(super) const ADDRESS: i64 = 2;
    pub(super) const PORT: i64 = 3;
    pub(super) const ROLE: i64 = 4;
    pub(super) const AVAILABILITY_ZONE: i64 = 5;
    pub(super) const LEADER_SESSION: i64 = 6;
}

const LEADER: i64 = 1;
const REPLICA: i64 = 2;

impl Request for EndpointsRequest {
    const METHOD: Method = Method::reads(455_855_874, 0);
    type Reply = EndpointsReply;
}

impl Message for EndpointsRequest {
    fn write(&self, _: &mut Writer) -> Result<(), Error> {
        Ok(())
    }

    fn read(_: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(EndpointsRequest)
    }
}

impl Message for EndpointsReply {
    fn write(&self, writer: &mut Writer) -> Result<(), Error> {
        writer.array(self.0.len());
        for (node, endpoint) in self.0.iter().enumerate() {
            endpoint.write(node, writer);
        }
        Ok(())
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let endpoints = reader.array(ServiceEndpoint::read)?;
        Ok(EndpointsReply(endpoints.into_iter().flatten().collect()))
    }
}

impl ServiceEndpoint {
    fn write(&self, node: usize, writer: &mut Writer) {
        writer.map(7);
        writer.int(field::NODE);
        writer.int(node as i64);
        writer.int(field::HOSTNAME);
        writer.text(&self.address.ip().to_string());
        writer.int(field::ADDRESS);
        match self.address.ip() {
            IpAddr::V4(ip) => writer.bytes(&ip.octets()),
            IpAddr::V6(ip) => writer.bytes(&ip.octets()),
        }
        writer.int(field::PORT);
        writer.int(self.address.port().into());
        writer.int(field::ROLE);
        writer.int(if self.is_leader { LEADER } else { REPLICA });
        writer.int(field::AVAILABILITY_ZONE);
        writer.text("local");
        writer.int(field::LEADER_SESSION);
        writer.int(1);
    }

    fn read(reader: &mut Reader<'_>) -> Result<Option<ServiceEndpoint>, DecodeError> {
        let (mut ip, mut port, mut is_leader) = (None, None, false);
        reader.map(|reader| {
            match reader.int()? {
                field::ADDRESS => ip = read_ip(&reader.bytes()?),
                field::PORT => port = u16::try_from(reader.int()?).ok(),
                field::ROLE => is_leader = reader.int()? == LEADER,
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        Ok(ip.zip(port).map(|address| ServiceEndpoint {
            address: address.into(),
            is_leader,
        }))
    }
}

fn read_ip(bytes: &[u8]) -> Option<IpAddr> {
    let v4 = <[u8; 4]>::try_from(bytes).map(IpAddr::from);
    v4.or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from))
        .ok()
}
