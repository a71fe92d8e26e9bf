//! What AWS said, as the source of an error.
//!
//! The SDK's own errors hold the request or the answer, and with it the user's id and the item, at
//! the least in their `Debug`. So a text is made of each, and the SDK's error is dropped.

use std::error::Error;

use super::sdk::error::{ProvideErrorMetadata, SdkError};
use crate::attributes::{Attributes, Value};
use crate::boxed::BoxError;
use crate::persistence::{Key, Save};

/// What happened: the SDK's own text is "service error".
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Reported(String);

/// What a call sent, none of which an error may show.
#[derive(Clone, Copy)]
pub(in crate::persistence) struct Sent<'a> {
    key: Option<&'a Key>,
    attributes: [Option<&'a Attributes>; 2],
}

impl<'a> Sent<'a> {
    /// A call about a table and no item.
    #[cfg(feature = "dynamodb-core")]
    pub(in crate::persistence) fn nothing() -> Sent<'a> {
        Sent {
            key: None,
            attributes: [None; 2],
        }
    }

    pub(in crate::persistence) fn key(key: &'a Key) -> Sent<'a> {
        Sent {
            key: Some(key),
            attributes: [None; 2],
        }
    }

    pub(in crate::persistence) fn save(save: &Save<'a>) -> Sent<'a> {
        Sent {
            key: Some(save.key),
            attributes: [Some(save.attributes), Some(&save.read.others)],
        }
    }

    /// `text` without the words that were sent. A message may hold them: S3 tells which object may
    /// not be written, and that one's key is the user's id.
    fn hidden_in(self, text: &str) -> String {
        let mut text = text.to_owned();
        if let Some(key) = self.key {
            text = without_word(text, key.expose(), &key.to_string());
        }
        for attributes in self.attributes.into_iter().flatten() {
            for value in attributes.values() {
                text = without_value(text, value);
            }
        }
        text
    }
}

fn without_value(text: String, value: &Value) -> String {
    match value {
        Value::String(word) => without_word(text, word, "…"),
        Value::Number(number) => without_word(text, number.as_str(), "…"),
        Value::List(values) => values.iter().fold(text, without_value),
        Value::Map(attributes) => attributes.values().fold(text, without_value),
        Value::StringSet(words) => words
            .iter()
            .fold(text, |text, word| without_word(text, word, "…")),
        Value::NumberSet(numbers) => numbers.iter().fold(text, |text, number| {
            without_word(text, number.as_str(), "…")
        }),
        Value::Null | Value::Bool(_) | Value::Binary(_) | Value::BinarySet(_) => text,
    }
}

/// Replaces `word` where it is not part of a longer one, so that a short value leaves a message
/// readable.
fn without_word(text: String, word: &str, replacement: &str) -> String {
    if word.is_empty() || !text.contains(word) {
        return text;
    }
    let mut shown = String::new();
    let mut rest = text.as_str();
    while let Some(start) = rest.find(word) {
        let end = start + word.len();
        let before = rest[..start].chars().next_back();
        let before = before.or_else(|| shown.chars().next_back());
        let after = rest[end..].chars().next();
        let is_part = [before, after]
            .into_iter()
            .flatten()
            .any(char::is_alphanumeric);
        shown.push_str(&rest[..start]);
        shown.push_str(if is_part { word } else { replacement });
        rest = &rest[end..];
    }
    shown.push_str(rest);
    shown
}

/// `text` up to where it may begin to quote: a message quotes what was sent, a dump is full of
/// quotations, and the text of a wrong signature quotes all headers, the session's token among them.
fn unquoted(text: &str) -> String {
    let mut before = ' ';
    let quotes = |character: char| {
        // An apostrophe follows a letter.
        let opens = character == '\'' && !before.is_alphanumeric();
        before = character;
        opens || matches!(character, '"' | '`' | '{' | '<' | '\n' | '\r')
    };
    match text.find(quotes) {
        Some(end) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
    }
}

/// What the SDK's error says, without anything of the request or the answer.
pub(in crate::persistence) fn reported<E>(error: &SdkError<E>, sent: Sent<'_>) -> BoxError
where
    E: ProvideErrorMetadata + Error + 'static,
{
    Box::new(Reported(sent.hidden_in(&described(error))))
}

/// Why an answer broke off while its body was read.
#[cfg(feature = "s3")]
pub(in crate::persistence) fn broken_off(error: &(dyn Error + 'static)) -> BoxError {
    Box::new(Reported(texts(error, unquoted)))
}

/// The code and message that AWS sent, or else what became of the call.
fn described<E: ProvideErrorMetadata + Error + 'static>(error: &SdkError<E>) -> String {
    match error {
        SdkError::ServiceError(refusal) => {
            match (error.code().map(unquoted), error.message().map(unquoted)) {
                (Some(code), Some(message)) => format!("{code}: {message}"),
                (Some(code), None) => code,
                (None, _) => unreadable(refusal.raw().status().as_u16()),
            }
        }
        SdkError::ResponseError(answer) => unreadable(answer.raw().status().as_u16()),
        // What a connector says is of connections. It never sees inside a request.
        SdkError::DispatchFailure(failure) if failure.is_io() || failure.is_timeout() => {
            texts(error, str::to_owned)
        }
        SdkError::TimeoutError(_) => texts(error, str::to_owned),
        _ => texts(error, unquoted),
    }
}

/// Its body may be anything, such as what was sent.
fn unreadable(status: u16) -> String {
    format!("the answer, with HTTP status {status}, is not in the form of the service's")
}

/// The texts of an error and of its causes, in one line.
fn texts(error: &(dyn Error + 'static), shown: fn(&str) -> String) -> String {
    let mut text = shown(&error.to_string());
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&shown(&error.to_string()));
        cause = error.source();
    }
    text
}

/// Whether the service was not reached or did not answer.
pub(in crate::persistence) fn unanswered<E>(error: &SdkError<E>) -> bool {
    matches!(
        error,
        SdkError::DispatchFailure(_) | SdkError::TimeoutError(_)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_ends_where_it_begins_to_quote() {
        for (text, shown) in [
            ("the table doesn't exist", "the table doesn't exist"),
            (
                "this should have been 'POST\n/\n\nhost:",
                "this should have been…",
            ),
            ("invalid value: \"secret\"", "invalid value:…"),
            ("PutItemInput { item: secret", "PutItemInput…"),
            ("`secret` is no number", "…"),
        ] {
            assert_eq!(unquoted(text), shown);
        }
    }

    #[test]
    fn what_was_sent_is_hidden_where_it_is_a_word() {
        let attributes = Attributes::from([
            ("name".into(), "Ann".into()),
            ("friends".into(), Value::List(vec!["Bo".into(), 7.into()])),
        ]);
        let key = Key::from("amzn1.ask.account.ALONGSECRETOFAUSER");
        let sent = Sent {
            key: Some(&key),
            attributes: [Some(&attributes), None],
        };
        let text = "Ann and Bo have 7 of amzn1.ask.account.ALONGSECRETOFAUSER, Anna 70";
        let shown = "… and … have … of …FAUSER, Anna 70";
        assert_eq!(sent.hidden_in(text), shown);
    }
}
