//! A service that answers with what it was sent, as no answer of AWS's should, and whoever stands in
//! between may.

use std::error::Error;
use std::net::SocketAddr;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;

/// The status and body of the answer to a request's path, headers and body in one text.
pub type Answer = fn(&str) -> (u16, String);

pub struct Echo {
    pub address: SocketAddr,
    server: tokio::task::JoinHandle<()>,
}

impl Echo {
    pub async fn start(answer: Answer) -> Echo {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let service = service_fn(move |request: Request<Incoming>| async move {
                    let (parts, body) = request.into_parts();
                    let body = body.collect().await?.to_bytes();
                    let body = String::from_utf8_lossy(&body);
                    let (status, body) =
                        answer(&format!("{} {:?} {body}", parts.uri, parts.headers));
                    let answer = Response::builder().status(status);
                    let answer = answer.body(Full::<Bytes>::from(body)).unwrap();
                    Ok::<_, hyper::Error>(answer)
                });
                let connection = hyper::server::conn::http1::Builder::new();
                tokio::spawn(connection.serve_connection(TokioIo::new(stream), service));
            }
        });
        Echo { address, server }
    }
}

impl Drop for Echo {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// What must not be seen: a user's id, a token, and what an item holds.
pub const USER: &str = "amzn1.ask.account.PLANTEDUSERPLANTEDUSER";
pub const TOKEN: &str = "PLANTEDTOKEN/with+base64==";
pub const WORD: &str = "plantedword";
pub const NUMBER: i64 = 987_654_321;

/// Looks at a text for what must not be seen.
#[track_caller]
pub fn assert_silent(case: &str, text: &str) {
    for secret in [
        "PLANTEDUSER",
        "PLANTEDTOKEN",
        WORD,
        "987654321",
        "987_654_321",
    ] {
        assert!(!text.contains(secret), "{case}: {secret} in {text}");
    }
    // A dump of a body shows its bytes as numbers.
    let bytes = format!("{:?}", WORD.as_bytes());
    let bytes = bytes.trim_matches(['[', ']']);
    assert!(!text.contains(bytes), "{case}: {text}");
}

/// All that an error can show, of itself and of its causes.
pub fn all_of(error: &(dyn Error + 'static)) -> String {
    let mut text = String::new();
    let mut cause = Some(error);
    while let Some(error) = cause {
        text.push_str(&format!("{error}\n{error:#}\n{error:?}\n{error:#?}\n"));
        cause = error.source();
    }
    text
}
