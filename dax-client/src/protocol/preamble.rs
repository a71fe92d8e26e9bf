//! What begins a connection, from the client to the node.

use crate::error::DecodeError;
use crate::wire::cbor::{Reader, Writer};

/// How many values the preamble has.
pub(crate) const VALUES: usize = 5;

const MAGIC: &str = "J7yne5G";

pub(super) const USER_AGENT: &str = concat!("DaxRustClient-", env!("CARGO_PKG_VERSION"));

/// The magic, the layering, the session, the client, and its type.
pub(crate) fn encode() -> Vec<u8> {
    let mut session = [0; 16];
    fastrand::fill(&mut session);
    let mut writer = Writer::new();
    writer.text(MAGIC);
    writer.int(0);
    writer.bytes(&session);
    writer.map(1);
    writer.text("UserAgent");
    writer.text(USER_AGENT);
    writer.int(0);
    writer.into_bytes()
}

/// Checks the magic, which alone says that the client speaks this protocol.
pub(crate) fn check(preamble: &[u8]) -> Result<(), DecodeError> {
    match Reader::new(preamble).text() {
        Ok(magic) if magic == MAGIC => Ok(()),
        _ => Err(DecodeError("a client that speaks another protocol")),
    }
}
