//! The two headers, and the body's length.

use http::HeaderValue;

use crate::alexa::{Alexa, URL, body, headers, signed};
use crate::verdict;

#[tokio::test]
async fn a_request_as_alexa_signs_it_is_accepted() {
    let verifier = Alexa::new().verifier();
    let body = body();
    verifier.verify(&signed(&body), &body).await.unwrap();
}

#[tokio::test]
async fn a_request_without_one_of_the_headers_is_refused() {
    let verifier = Alexa::new().verifier();
    let body = body();
    for missing in ["SignatureCertChainUrl", "Signature-256"] {
        let mut headers = signed(&body);
        headers.remove(missing);
        let error = verifier.verify(&headers, &body).await.unwrap_err();
        assert_eq!(error.name(), "HeaderMissing");
        assert!(error.to_string().contains(missing), "{error}");
    }
}

#[tokio::test]
async fn the_older_header_with_a_sha_1_signature_does_not_count() {
    let verifier = Alexa::new().verifier();
    let body = body();
    let mut headers = signed(&body);
    let signature = headers.remove("Signature-256").unwrap();
    headers.insert("Signature", signature);
    assert_eq!(verdict(&verifier, &headers, &body).await, "HeaderMissing");
}

#[tokio::test]
async fn a_request_with_one_of_the_headers_twice_is_refused() {
    let verifier = Alexa::new().verifier();
    let body = body();
    for repeated in ["SignatureCertChainUrl", "Signature-256"] {
        let mut headers = signed(&body);
        let again = headers[repeated].clone();
        headers.append(repeated, again);
        assert_eq!(verdict(&verifier, &headers, &body).await, "HeaderRepeated");
    }
}

#[tokio::test]
async fn a_signature_that_is_not_base64_to_the_letter_is_refused() {
    let alexa = Alexa::new();
    let verifier = alexa.verifier();
    let body = body();
    let good = signed(&body)["Signature-256"].to_str().unwrap().to_owned();
    let unpadded = good.trim_end_matches('=');
    assert!(unpadded.len() < good.len());
    let urlsafe = "-_".repeat(172);
    let (folded, broken) = (
        format!("{} {}", &good[..64], &good[64..]),
        format!("{good}="),
    );
    for signature in [unpadded, &urlsafe, &folded, &broken, "%", "QQ", "QR=="] {
        let refused = verdict(&verifier, &headers(URL, signature), &body).await;
        assert_eq!(refused, "SignatureNotBase64", "{signature}");
    }
    assert_eq!(alexa.fetches(), 0);
}

#[tokio::test]
async fn headers_that_are_no_text_are_refused() {
    let verifier = Alexa::new().verifier();
    let body = body();
    let bytes = HeaderValue::from_bytes(b"https://s3.amazonaws.com/echo.api/\xff").unwrap();
    for (header, name) in [
        ("SignatureCertChainUrl", "UrlUnreadable"),
        ("Signature-256", "SignatureNotBase64"),
    ] {
        let mut headers = signed(&body);
        headers.insert(header, bytes.clone());
        assert_eq!(verdict(&verifier, &headers, &body).await, name);
    }
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_before_anything_is_fetched() {
    let alexa = Alexa::new();
    let body = body();
    let verifier = alexa.verifier().body_limit(body.len() - 1);
    assert_eq!(
        verdict(&verifier, &signed(&body), &body).await,
        "BodyTooLarge"
    );
    assert_eq!(alexa.fetches(), 0);

    let verifier = alexa.verifier().body_limit(body.len());
    assert_eq!(verdict(&verifier, &signed(&body), &body).await, "accepted");
}
