//! A client of Lambda's Runtime API on one connection and one thread.

use std::io;

use crate::http::Http;
use crate::variable;

const NEXT: &str = "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\n";

/// Hands each event to `respond` and sends the response that this returns, both JSON.
///
/// # Errors
/// Fails when `AWS_LAMBDA_RUNTIME_API` is not set, when the Runtime API cannot be reached or closes
/// the connection, and when `respond` fails.
pub fn run<E: From<io::Error>>(
    mut respond: impl FnMut(&str) -> Result<String, E>,
) -> Result<(), E> {
    let mut api = Http::connect(&variable("AWS_LAMBDA_RUNTIME_API")?)?;
    loop {
        let event = api.call(NEXT, b"")?;
        let id = event.header("lambda-runtime-aws-request-id");
        let id = id.unwrap_or_default().to_owned();
        let response = respond(event.text()?)?;
        let head = format!(
            "POST /2018-06-01/runtime/invocation/{id}/response HTTP/1.1\r\n\
             content-type: application/json\r\n"
        );
        api.call(&head, response.as_bytes())?;
    }
}
