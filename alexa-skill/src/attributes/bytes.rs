//! Bytes that are stored as B.

use std::fmt;
use std::ops::{Deref, DerefMut};

use serde::de::{self, Deserialize, Deserializer, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};

/// Bytes, stored as DynamoDB's B.
///
/// serde's `Vec<u8>` is a list of numbers, one attribute value a byte. `serde_bytes` writes B too.
/// A list of numbers is read as well, which is what B is in JSON: in a session's attributes and in
/// an S3 object. So is the `NULL` that the Node.js SDK v2 writes for empty bytes.
///
/// ```
/// use alexa_skill::attributes::{to_attributes, Bytes, Value};
///
/// #[derive(serde::Serialize)]
/// struct State { seed: Bytes }
///
/// let attributes = to_attributes(&State { seed: Bytes(vec![7, 9]) })?;
/// assert_eq!(attributes["seed"], Value::Binary(vec![7, 9]));
/// # Ok::<(), alexa_skill::attributes::AttributesError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bytes(pub Vec<u8>);

impl Deref for Bytes {
    type Target = Vec<u8>;

    fn deref(&self) -> &Vec<u8> {
        &self.0
    }
}

impl DerefMut for Bytes {
    fn deref_mut(&mut self) -> &mut Vec<u8> {
        &mut self.0
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        Bytes(bytes)
    }
}

impl From<&[u8]> for Bytes {
    fn from(bytes: &[u8]) -> Self {
        Bytes(bytes.into())
    }
}

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct BytesVisitor;

        impl<'de> Visitor<'de> for BytesVisitor {
            type Value = Bytes;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("bytes")
            }
            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Bytes, E> {
                Ok(bytes.into())
            }
            fn visit_byte_buf<E>(self, bytes: Vec<u8>) -> Result<Bytes, E> {
                Ok(Bytes(bytes))
            }
            fn visit_unit<E: de::Error>(self) -> Result<Bytes, E> {
                Ok(Bytes::default())
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Bytes, A::Error> {
                let mut bytes = Vec::new();
                while let Some(byte) = seq.next_element()? {
                    bytes.push(byte);
                }
                Ok(Bytes(bytes))
            }
        }
        deserializer.deserialize_byte_buf(BytesVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attributes::{Attributes, Value, from_attributes, to_attributes};
    use serde::Deserialize as Derived;

    fn stored(value: Value) -> Attributes {
        Attributes::from([("seed".to_owned(), value)])
    }

    #[derive(Debug, PartialEq, serde::Serialize, Derived)]
    struct State {
        seed: Bytes,
    }

    #[test]
    fn bytes_are_stored_as_b_and_read_from_a_list_and_from_null_too() {
        let state = |bytes: &[u8]| State { seed: bytes.into() };
        let binary = stored(Value::Binary(vec![1, 255]));
        assert_eq!(to_attributes(&state(&[1, 255])).unwrap(), binary);
        let list = stored(Value::List(vec![1.into(), 255.into()]));
        for (attributes, bytes) in [
            (binary, &[1, 255][..]),
            (list, &[1, 255]),
            (stored(Value::Null), &[]),
        ] {
            let read: State = from_attributes(&attributes).unwrap();
            assert_eq!(read, state(bytes));
        }
    }

    #[test]
    fn bytes_go_through_json_as_a_list_of_numbers() {
        let json = serde_json::to_string(&Bytes(vec![1, 2])).unwrap();
        assert_eq!(json, "[1,2]");
        assert_eq!(
            serde_json::from_str::<Bytes>(&json).unwrap(),
            Bytes(vec![1, 2])
        );
    }

    #[test]
    fn a_stored_b_that_meets_a_vec_names_the_type_that_reads_it() {
        #[derive(Debug, Derived)]
        struct Plain {
            #[expect(dead_code, reason = "only serde asks for it")]
            seed: Vec<u8>,
        }
        let error = from_attributes::<Plain>(&stored(Value::Binary(vec![1]))).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`seed`: stored as B, expected a sequence; a field for B is `alexa_skill::attributes::Bytes`"
        );
    }

    /// What `serde_bytes` does, which is no dependency of this crate.
    #[test]
    fn a_type_that_asks_serde_for_bytes_gets_them() {
        #[derive(Debug, PartialEq)]
        struct Theirs(Vec<u8>);
        impl serde::Serialize for Theirs {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_bytes(&self.0)
            }
        }
        impl<'de> Derived<'de> for Theirs {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct TheirVisitor;
                impl Visitor<'_> for TheirVisitor {
                    type Value = Theirs;
                    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                        f.write_str("byte array")
                    }
                    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Theirs, E> {
                        Ok(Theirs(bytes.into()))
                    }
                    fn visit_byte_buf<E>(self, bytes: Vec<u8>) -> Result<Theirs, E> {
                        Ok(Theirs(bytes))
                    }
                }
                deserializer.deserialize_byte_buf(TheirVisitor)
            }
        }
        #[derive(Debug, PartialEq, serde::Serialize, Derived)]
        struct State {
            seed: Theirs,
        }
        let state = State {
            seed: Theirs(vec![0, 9]),
        };
        let attributes = to_attributes(&state).unwrap();
        assert_eq!(attributes, stored(Value::Binary(vec![0, 9])));
        assert_eq!(from_attributes::<State>(&attributes).unwrap(), state);
    }
}
