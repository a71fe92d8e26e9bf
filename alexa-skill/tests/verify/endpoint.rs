//! The example's service, over real HTTP.

use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};

use alexa_skill::verify::{Endpoint, Verifier};
use alexa_skill::{BoxError, Skill};
use http::Request;
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Bytes, Frame};
use serde_json::{Value as Json, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::alexa::{Alexa, SKILL_ID, body, launch, signed};

#[path = "../../examples/https.rs"]
#[allow(dead_code)]
mod https;

async fn started(verifier: Verifier) -> SocketAddr {
    let endpoint = Endpoint::new(https::skill().unwrap(), verifier);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = https::service(endpoint);
    tokio::spawn(async move { axum::serve(listener, service).await });
    address
}

/// Sends one POST request with the header lines `headers`; gives the status and the body.
async fn post(address: SocketAddr, headers: &str, body: &[u8]) -> (u16, String) {
    let length = body.len();
    let head = format!(
        "POST / HTTP/1.1\r\nhost: skill.example\r\nconnection: close\r\n\
         content-length: {length}\r\n{headers}\r\n"
    );
    let mut connection = TcpStream::connect(address).await.unwrap();
    connection.write_all(head.as_bytes()).await.unwrap();
    // A server that refuses the request by its headers may close before it has read the body.
    let _ = connection.write_all(body).await;
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.unwrap();
    let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    (status, body.to_owned())
}

/// The header lines with which Alexa sends `body`, in capitals of its own.
fn lines(body: &[u8]) -> String {
    let headers = signed(body);
    let value = |name| headers[name].to_str().unwrap();
    format!(
        "SIGNATUREcertchainURL: {}\r\nsignature-256: {}\r\n",
        value("SignatureCertChainUrl"),
        value("Signature-256")
    )
}

fn with(path: &str, value: Json) -> Vec<u8> {
    let mut request = launch();
    *request.pointer_mut(path).unwrap() = value;
    request.to_string().into_bytes()
}

#[tokio::test]
async fn a_request_of_alexas_is_answered_with_200() {
    let address = started(Alexa::new().verifier()).await;
    let body = body();
    let (status, answer) = post(address, &lines(&body), &body).await;
    assert_eq!(status, 200, "{answer}");
    assert!(answer.contains("This is visit 1."), "{answer}");
}

// ANCHOR: refused
#[tokio::test]
async fn a_request_that_is_refused_is_answered_with_400_and_the_name_of_the_reason() {
    let address = started(Alexa::new().verifier()).await;
    let (body, old) = (
        body(),
        with("/request/timestamp", json!("2026-01-15T11:00:00Z")),
    );
    for (headers, sent, name) in [
        (String::new(), &body, "HeaderMissing"),
        (lines(&old), &body, "SignatureWrong"),
        (lines(&old), &old, "TimestampOutOfTolerance"),
    ] {
        let answer = post(address, &headers, sent).await;
        assert_eq!(answer, (400, name.to_owned()));
    }
}
// ANCHOR_END: refused

#[tokio::test]
async fn a_request_for_another_skill_is_answered_with_400() {
    let address = started(Alexa::new().verifier()).await;
    let path = "/context/System/application/applicationId";
    let other = with(path, json!("amzn1.ask.skill.other"));
    let answer = post(address, &lines(&other), &other).await;
    assert_eq!(answer, (400, "WrongSkillId".into()));
}

#[tokio::test]
async fn a_skill_that_fails_is_answered_with_500_and_says_nothing_of_its_inside() {
    let address = started(Alexa::new().verifier()).await;
    let body = with("/request/type", json!("Connections.Response"));
    let answer = post(address, &lines(&body), &body).await;
    assert_eq!(answer, (500, "NoHandler".into()));
}

#[tokio::test]
async fn a_body_over_the_limit_is_answered_with_400() {
    let address = started(Alexa::new().verifier()).await;
    let body = vec![b' '; 256 * 1024 + 1];
    let answer = post(address, &lines(&body), &body).await;
    assert_eq!(answer, (400, "BodyTooLarge".into()));
}

pub struct Broken;

impl Body for Broken {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        Poll::Ready(Some(Err("the caller is gone".into())))
    }
}

#[tokio::test]
async fn a_body_that_breaks_off_is_refused() {
    let skill = Skill::builder(SKILL_ID).build().unwrap();
    let endpoint = Endpoint::new(skill, Alexa::new().verifier());
    let mut request = Request::new(Broken);
    *request.headers_mut() = signed(b"");
    let error = endpoint.answer(request).await.unwrap_err();
    assert_eq!(
        (error.status().as_u16(), error.name()),
        (400, "BodyUnreadable")
    );
}

#[tokio::test]
async fn the_answer_says_that_it_is_json() {
    let alexa = Alexa::new();
    let endpoint = Endpoint::new(https::skill().unwrap(), alexa.verifier());
    let mut request = Request::new(Full::<Bytes>::from(body()));
    *request.headers_mut() = signed(&body());
    let response = endpoint.answer(request).await.unwrap();
    assert_eq!(
        response.headers()["content-type"],
        "application/json;charset=UTF-8"
    );
    let answer = response.into_body().collect().await.unwrap().to_bytes();
    assert!(serde_json::from_slice::<Json>(&answer).is_ok());
}
