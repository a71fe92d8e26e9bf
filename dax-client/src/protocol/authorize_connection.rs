//! AuthorizeConnection: whose requests follow. It gets no reply; if it is not accepted, the node
//! refuses the requests that follow.

use std::time::SystemTime;

use aws_sdk_dynamodb::config::Credentials;

use super::preamble::USER_AGENT;
use super::request::{Method, write_head};
use crate::error::DecodeError;
use crate::sigv4;
use crate::wire::cbor::{Reader, Writer};

#[derive(Debug)]
pub(crate) struct Authorization {
    access_key_id: String,
    signature: String,
    string_to_sign: Vec<u8>,
    session_token: Option<String>,
}

impl Authorization {
    pub(crate) const METHOD: Method = Method::reads(1_489_122_155, 5).with_reply(0);

    pub(crate) fn sign(credentials: &Credentials, region: &str, time: SystemTime) -> Authorization {
        let signed = sigv4::sign(credentials, region, time);
        Authorization {
            access_key_id: credentials.access_key_id().to_owned(),
            signature: signed.signature,
            string_to_sign: signed.string_to_sign.into_bytes(),
            session_token: credentials.session_token().map(str::to_owned),
        }
    }

    /// Whether the holder of these credentials made it.
    pub(crate) fn is_of(&self, credentials: &Credentials) -> bool {
        credentials.access_key_id() == self.access_key_id
            && sigv4::verify(credentials, &self.signature, &self.string_to_sign)
    }

    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        write_head(&mut writer, Authorization::METHOD);
        writer.text(&self.access_key_id);
        writer.text(&self.signature);
        writer.bytes(&self.string_to_sign);
        writer.optional(self.session_token.as_deref(), Writer::text);
        writer.text(USER_AGENT);
        writer.into_bytes()
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Authorization, DecodeError> {
        let authorization = Authorization {
            access_key_id: reader.text()?.into_owned(),
            signature: reader.text()?.into_owned(),
            string_to_sign: reader.owned_bytes()?,
            session_token: reader.optional(Reader::text_or_bytes)?,
        };
        // The user agent.
        reader.skip()?;
        Ok(authorization)
    }
}
