//! The two calls of a turn with nothing but the standard library: the least that any program's turn
//! can take.
//!
//! It is no way to write a skill. It reads JSON by looking for words in it, and it signs nothing,
//! so AWS would refuse its calls; a local DynamoDB looks only at a signature's form.

use std::io;

use crate::http::{Http, Response};

/// What a local DynamoDB checks of a signature: its form.
const AUTHORIZATION: &str = "AWS4-HMAC-SHA256 \
    Credential=local/20261122/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0";

/// A table of visits.
pub struct Visits {
    connection: Http,
    table: String,
}

impl Visits {
    /// The table at `address`, such as `127.0.0.1:8000`.
    ///
    /// # Errors
    /// Fails when no server listens there.
    pub fn connect(address: &str, table: &str) -> io::Result<Visits> {
        let connection = Http::connect(address)?;
        let table = table.to_owned();
        Ok(Visits { connection, table })
    }

    /// Creates the table, unless it exists.
    ///
    /// # Errors
    /// Fails when DynamoDB cannot be reached or does not create it.
    pub fn create_table(&mut self) -> io::Result<()> {
        let table = &self.table;
        let create = format!(
            r#"{{"TableName":"{table}","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{{"AttributeName":"userId","AttributeType":"S"}}],"KeySchema":[{{"AttributeName":"userId","KeyType":"HASH"}}]}}"#
        );
        match call(&mut self.connection, "CreateTable", &create) {
            Err(error) if error.to_string().contains("ResourceInUseException") => Ok(()),
            result => result.map(drop),
        }
    }

    /// Counts a visit of `user`, and returns how many there were with this one.
    ///
    /// # Errors
    /// Fails when DynamoDB cannot be reached or answers with an error.
    pub fn count(&mut self, user: &str) -> io::Result<u64> {
        let table = &self.table;
        let get = format!(
            r#"{{"TableName":"{table}","Key":{{"userId":{{"S":"{user}"}}}},"ConsistentRead":true}}"#
        );
        let response = call(&mut self.connection, "GetItem", &get)?;
        let count = string_after(response.text()?, r#""count":{"N":""#);
        let count = count.map_or(Ok(0), str::parse::<u64>);
        let count = count.map_err(io::Error::other)? + 1;
        let put = format!(
            r#"{{"TableName":"{table}","Item":{{"userId":{{"S":"{user}"}},"mapAttr":{{"M":{{"count":{{"N":"{count}"}}}}}}}}}}"#
        );
        call(&mut self.connection, "PutItem", &put)?;
        Ok(count)
    }
}

fn call<'a>(connection: &'a mut Http, operation: &str, body: &str) -> io::Result<Response<'a>> {
    let head = format!(
        "POST / HTTP/1.1\r\ncontent-type: application/x-amz-json-1.0\r\n\
         x-amz-target: DynamoDB_20120810.{operation}\r\nx-amz-date: 20261122T120000Z\r\n\
         authorization: {AUTHORIZATION}\r\n"
    );
    connection.call(&head, body.as_bytes())
}

/// The JSON string that begins where `before` ends, if it has no escapes.
#[must_use]
pub fn string_after<'a>(text: &'a str, before: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    rest.split_once('"').map(|(value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::string_after;

    #[test]
    fn a_string_ends_at_its_quotation_mark() {
        assert_eq!(
            string_after(r#"{"N":"12","S":"a"}"#, r#""N":""#),
            Some("12")
        );
        assert_eq!(string_after(r#"{"N":"12"#, r#""N":""#), None);
        assert_eq!(string_after("{}", r#""N":""#), None);
    }
}
