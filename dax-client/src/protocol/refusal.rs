//! Refusals: the path of codes to the error, a message, and what DynamoDB said.

use minicbor::data::Type;

use crate::error::{DYNAMODB, DYNAMODB_ERRORS, DecodeError, Refusal};
use crate::wire::cbor::{Reader, Writer};

/// How many values follow the codes.
pub(super) const VALUES: usize = 2;

/// Reads what follows the codes.
pub(super) fn read(codes: Vec<i64>, reader: &mut Reader<'_>) -> Result<Refusal, DecodeError> {
    let message = reader.optional(|reader| Ok(reader.text()?.into_owned()))?;
    let mut refusal = Refusal {
        codes,
        message: message.unwrap_or_default(),
        request_id: None,
        dynamodb_code: None,
    };
    if reader.null()? {
        return Ok(refusal);
    }
    let mut texts = reader.array(read_text)?.into_iter();
    refusal.request_id = texts.next().flatten();
    refusal.dynamodb_code = texts.next().flatten();
    Ok(refusal)
}

/// A text, or `None` where something else is.
fn read_text(reader: &mut Reader<'_>) -> Result<Option<String>, DecodeError> {
    match reader.peek()? {
        Type::String | Type::StringIndef => Ok(Some(reader.text()?.into_owned())),
        _ => reader.skip().map(|()| None),
    }
}

impl Refusal {
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.array(self.codes.len());
        self.codes.iter().for_each(|code| writer.int(*code));
        writer.text(&self.message);
        writer.array(3);
        for text in [&self.request_id, &self.dynamodb_code] {
            writer.optional(text.as_deref(), Writer::text);
        }
        writer.int(self.status().into());
        writer.into_bytes()
    }

    /// One of DynamoDB's errors, by its code.
    pub(crate) fn of_dynamodb(code: &str, message: String) -> Refusal {
        let known = DYNAMODB_ERRORS.iter().find(|(_, name)| *name == code);
        let codes = match known {
            Some((number, _)) => [&DYNAMODB[..], &[*number]].concat(),
            None if code == "AccessDeniedException" => vec![4, 37, 38, 42],
            None => {
                return Refusal {
                    dynamodb_code: Some(code.to_owned()),
                    ..Refusal::invalid(message)
                };
            }
        };
        Refusal::new(codes, code, message)
    }

    /// A request that DynamoDB would not take.
    pub(crate) fn invalid(message: String) -> Refusal {
        Refusal::of_dynamodb("ValidationException", message)
    }

    /// A failure of the node.
    pub(crate) fn internal(message: String) -> Refusal {
        Refusal::of_dynamodb("InternalServerError", message)
    }

    /// A connection that is not authorised, or no longer.
    pub(crate) fn unauthorized() -> Refusal {
        let message = "The security token included in the request is invalid.".to_owned();
        Refusal::new(vec![4, 23, 31, 33], "UnrecognizedClientException", message)
    }

    /// A request that the node does not serve.
    pub(crate) fn not_implemented(message: String) -> Refusal {
        Refusal::new(vec![4, 37, 38, 44], "NotImplementedException", message)
    }

    fn new(codes: Vec<i64>, dynamodb_code: &str, message: String) -> Refusal {
        Refusal {
            codes,
            message,
            request_id: None,
            dynamodb_code: Some(dynamodb_code.to_owned()),
        }
    }
}
