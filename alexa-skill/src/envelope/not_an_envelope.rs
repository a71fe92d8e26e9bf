//! Why JSON is no request envelope, without what it holds.

use serde_json::Error;

/// What is wrong with a request that is JSON: where, what was expected, and the type of what was
/// found. serde_json's own message has the value itself, which may be a user's id or a token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} at line {line} column {column}")]
pub struct EnvelopeError {
    what: String,
    line: usize,
    column: usize,
}

impl EnvelopeError {
    /// The line in the request's JSON, from 1.
    pub fn line(&self) -> usize {
        self.line
    }

    /// The column in the line, from 1.
    pub fn column(&self) -> usize {
        self.column
    }
}

impl From<Error> for EnvelopeError {
    fn from(error: Error) -> EnvelopeError {
        let (line, column) = (error.line(), error.column());
        let message = error.to_string();
        let place = format!(" at line {line} column {column}");
        EnvelopeError {
            what: without_value(message.strip_suffix(&place).unwrap_or(&message)),
            line,
            column,
        }
    }
}

/// The names of fields are the program's own. All other messages may hold what was sent.
fn without_value(message: &str) -> String {
    let of_a_field = [
        "missing field `",
        "duplicate field `",
        "`requestId` is empty",
    ];
    if of_a_field.iter().any(|start| message.starts_with(start)) {
        return message.to_owned();
    }
    let found = ["invalid type: ", "invalid value: "]
        .iter()
        .find_map(|start| message.strip_prefix(start));
    // The value may hold the same words, but what was expected comes last.
    let expected = message.rsplit_once(", expected ");
    match (found, expected) {
        (Some(found), Some((_, expected))) => {
            // The type of what was found, such as `string`, goes before its value.
            let end = found.find(['"', '`', ',']).unwrap_or(found.len());
            format!("found {}, expected {expected}", found[..end].trim_end())
        }
        _ => "a value is not what an envelope has".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_keeps_the_types_and_loses_the_value() {
        for (message, shown) in [
            (
                "invalid type: string \"a secret, expected u8\", expected struct Context",
                "found string, expected struct Context",
            ),
            (
                "invalid type: integer `7`, expected a string",
                "found integer, expected a string",
            ),
            (
                "invalid type: null, expected a map",
                "found null, expected a map",
            ),
            ("missing field `type`", "missing field `type`"),
            ("a secret", "a value is not what an envelope has"),
        ] {
            assert_eq!(without_value(message), shown);
        }
    }
}
