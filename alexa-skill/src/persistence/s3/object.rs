//! From an object to what a turn reads, and back.

use std::collections::HashMap;

use super::S3;
use super::json;
use crate::attributes::Value;
use crate::persistence::revision::digest;
use crate::persistence::{Item, Key, PersistenceError, Revision, Save, Version};

/// Metadata that counts the writes of an object.
const VERSION: &str = "version";
/// Metadata that names the request that wrote the object.
const REQUEST_ID: &str = "request-id";
/// Metadata with digests of the requests that wrote before it, in hexadecimal, the latest first.
const EARLIER_REQUESTS: &str = "earlier-requests";

/// An object's text and metadata.
pub(super) struct Object {
    pub(super) body: Vec<u8>,
    pub(super) metadata: HashMap<String, String>,
}

impl S3 {
    pub(super) fn read(
        &self,
        object: Object,
        tag: Option<String>,
        key: &Key,
    ) -> Result<Item, PersistenceError> {
        let attributes =
            json::read(&object.body).map_err(|error| PersistenceError::NoAttributes {
                key: key.clone(),
                location: self.location(),
                source: error.into(),
            })?;
        let mut others = object.metadata;
        let number = others.remove(VERSION);
        let request_id = others.remove(REQUEST_ID).unwrap_or_default();
        let earlier = others.remove(EARLIER_REQUESTS).unwrap_or_default();
        let revision = match number {
            None => Revision::Unversioned {
                attributes: attributes.clone(),
                tag,
            },
            Some(number) => Revision::Version(Version {
                number: number.parse().map_err(|_| PersistenceError::WrongType {
                    key: key.clone(),
                    attribute: VERSION.into(),
                    expected: "a whole number",
                    found: "a text",
                })?,
                request_id,
                earlier: digests(&earlier),
                tag,
            }),
        };
        let others = others.into_iter();
        Ok(Item {
            attributes,
            others: others.map(|(name, value)| (name, value.into())).collect(),
            revision,
        })
    }

    /// The object that a save writes.
    ///
    /// S3's ETag is a digest of the body and knows nothing of the metadata, so that an object which
    /// is changed and changed back has the ETag that it had. White space after the JSON, other for
    /// each write, makes the ETag name a write and not only a text.
    pub(super) fn write(save: &Save<'_>, version: &Version) -> Result<Object, serde_json::Error> {
        let mut body = json::write(save.attributes)?;
        let write = digest(&format!("{} {}", version.number, version.request_id));
        let bits = (0..u64::BITS).map(|bit| write >> bit & 1 == 1);
        body.push(b'\n');
        body.extend(bits.map(|bit| if bit { b'\t' } else { b' ' }));
        let texts = save.read.others.iter();
        let mut metadata: HashMap<String, String> = texts.filter_map(text_of).collect();
        metadata.insert(VERSION.into(), version.number.to_string());
        metadata.insert(REQUEST_ID.into(), version.request_id.clone());
        if !version.earlier.is_empty() {
            let digests = version.earlier.iter();
            let digests = digests.map(|digest| format!("{digest:016x}")).collect();
            metadata.insert(EARLIER_REQUESTS.into(), digests);
        }
        Ok(Object { body, metadata })
    }
}

fn text_of((name, value): (&String, &Value)) -> Option<(String, String)> {
    match value {
        Value::String(text) => Some((name.clone(), text.clone())),
        _ => None,
    }
}

/// What others changed in the digests reads as a history that ends there.
fn digests(hexadecimal: &str) -> Vec<u64> {
    let (digests, _) = hexadecimal.as_bytes().as_chunks::<16>();
    let digest = |digits: &[u8; 16]| u64::from_str_radix(str::from_utf8(digits).ok()?, 16).ok();
    digests.iter().map_while(digest).collect()
}
