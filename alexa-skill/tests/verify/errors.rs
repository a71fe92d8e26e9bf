//! Every reason to refuse a request is provoked, and its message is what the guide shows.

use alexa_skill::Skill;
use alexa_skill::verify::{Endpoint, EndpointError, Roots, VerifyError};
use http::{HeaderMap, Request};
use serde_json::Value as Json;
use snapbox::file;
use time::Duration as Span;

use crate::alexa::{Alexa, NOW, SKILL_ID, URL, body, headers, launch, signed};
use crate::certificates::{INTERMEDIATE, KEY, chain, leaf, now, root};
use crate::endpoint::Broken;
use crate::messages::Messages;

async fn refused(alexa: &Alexa, headers: &HeaderMap, body: &[u8]) -> VerifyError {
    alexa.verifier().verify(headers, body).await.unwrap_err()
}

#[tokio::test]
async fn every_reason_to_refuse_a_request_is_named() {
    let mut messages = Messages::default();
    let mut add = |error: VerifyError| messages.add(error.name(), error);
    let alexa = Alexa::new();
    let launch_body = body();
    let good = signed(&launch_body);

    let small = alexa.verifier().body_limit(10);
    add(small.verify(&good, &launch_body).await.unwrap_err());
    add(broken_off(&alexa).await);
    let mut without = good.clone();
    without.remove("Signature-256");
    add(refused(&alexa, &without, &launch_body).await);
    let mut twice = good.clone();
    twice.append("Signature-256", good["Signature-256"].clone());
    add(refused(&alexa, &twice, &launch_body).await);
    add(refused(&alexa, &headers(URL, "%"), &launch_body).await);

    let signature = good["Signature-256"].to_str().unwrap();
    for url in [
        "echo.api",
        "http://s3.amazonaws.com/echo.api/cert.pem",
        "https://s3.example.com/echo.api/cert.pem",
        "https://s3.amazonaws.com:8443/echo.api/cert.pem",
        "https://me@s3.amazonaws.com/echo.api/cert.pem",
        "https://s3.amazonaws.com/echo.api/../mine/cert.pem",
        "https://s3.amazonaws.com/echo.api/cert.pem?again",
    ] {
        add(refused(&alexa, &headers(url, signature), &launch_body).await);
    }

    let unreachable = Alexa::new();
    unreachable.set_chain(None);
    add(refused(&unreachable, &good, &launch_body).await);
    let stranger = leaf(&root("Stranger"), "echo-api.amazon.com", &KEY, |_| {});
    let another = leaf(&INTERMEDIATE, "www.example.com", &KEY, |_| {});
    for chain in [
        "<html>404</html>".to_owned(),
        chain(|leaf| leaf.not_after = now() - Span::seconds(1)),
        chain(|leaf| leaf.not_before = now() + Span::seconds(1)),
        another.pem() + &INTERMEDIATE.pem(),
        stranger.pem(),
    ] {
        add(refused(&Alexa::with_chain(chain), &good, &launch_body).await);
    }
    add(refused(&alexa, &good, b"{}").await);

    let mut timeless = launch();
    timeless["request"]["timestamp"] = Json::from("noon");
    let timeless = timeless.to_string().into_bytes();
    add(refused(&alexa, &signed(&timeless), &timeless).await);
    let later = Alexa::new();
    later.set_now(NOW + 600);
    add(refused(&later, &good, &launch_body).await);
    add(Roots::from_pem(b"").unwrap_err());
    // `cache.rs` provokes it.
    add(VerifyError::TooManyChains);
    // No machine was found on which rustls cannot be set up.
    let source = "no cipher suite is left".into();
    add(VerifyError::NoTls { source });
    messages.compare(file!["../snapshots/verify-errors.txt"]);
}

/// What a request ends in whose body breaks off.
async fn broken_off(alexa: &Alexa) -> VerifyError {
    let skill = Skill::builder(SKILL_ID).build().unwrap();
    let endpoint = Endpoint::new(skill, alexa.verifier());
    let mut request = Request::new(Broken);
    *request.headers_mut() = signed(b"");
    match endpoint.answer(request).await {
        Err(EndpointError::Refused(error)) => error,
        other => panic!("{other:?}"),
    }
}
