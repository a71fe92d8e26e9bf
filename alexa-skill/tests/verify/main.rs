//! Whom the library takes for Alexa, shown with certificates of the tests' own making.

mod alexa;
mod cache;
mod certificates;
mod chains;
mod endpoint;
mod errors;
mod fetch;
mod headers;
mod hostile;
#[path = "../support/messages.rs"]
mod messages;
mod signatures;
mod timestamps;
mod urls;

use alexa_skill::verify::Verifier;
use http::HeaderMap;

/// The name of the error that refuses a request, or `accepted`.
async fn verdict(verifier: &Verifier, headers: &HeaderMap, body: &[u8]) -> &'static str {
    match verifier.verify(headers, body).await {
        Ok(()) => "accepted",
        Err(error) => error.name(),
    }
}
