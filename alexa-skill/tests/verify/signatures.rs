//! Who signed the body, and how.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rcgen::{KeyPair, PKCS_RSA_SHA384, SigningKey};
use rustls::SignatureScheme;
use rustls::crypto::aws_lc_rs::sign::any_supported_type;
use rustls::pki_types::PrivateKeyDer;

use crate::alexa::{Alexa, URL, body, headers, launch, signed, signed_by};
use crate::certificates::{KEY, OTHER_KEY};
use crate::verdict;

#[tokio::test]
async fn a_body_that_was_changed_is_refused() {
    let verifier = Alexa::new().verifier();
    let body = body();
    let headers = signed(&body);
    let mut changed = body.clone();
    changed[10] ^= 1;
    assert_eq!(
        verdict(&verifier, &headers, &changed).await,
        "SignatureWrong"
    );
    assert_eq!(verdict(&verifier, &headers, b"").await, "SignatureWrong");
    assert_eq!(verdict(&verifier, &headers, &body).await, "accepted");
}

#[tokio::test]
async fn the_same_json_in_other_bytes_is_refused() {
    let verifier = Alexa::new().verifier();
    let pretty = serde_json::to_vec_pretty(&launch()).unwrap();
    let refused = verdict(&verifier, &signed(&body()), &pretty).await;
    assert_eq!(refused, "SignatureWrong");
}

#[tokio::test]
async fn a_signature_by_another_key_is_refused() {
    let (verifier, body) = (Alexa::new().verifier(), body());
    let refused = verdict(&verifier, &signed_by(&OTHER_KEY, &body), &body).await;
    assert_eq!(refused, "SignatureWrong");
}

#[tokio::test]
async fn a_signature_over_another_hash_is_refused() {
    let key = KEY.serialized_der().try_into().unwrap();
    let key = KeyPair::from_der_and_sign_algo(&key, &PKCS_RSA_SHA384).unwrap();
    let (verifier, body) = (Alexa::new().verifier(), body());
    let refused = verdict(&verifier, &signed_by(&key, &body), &body).await;
    assert_eq!(refused, "SignatureWrong");
}

#[tokio::test]
async fn a_signature_with_another_padding_is_refused() {
    let body = body();
    let key: PrivateKeyDer = KEY.serialized_der().try_into().unwrap();
    let signer = any_supported_type(&key).unwrap();
    let sign = |scheme| {
        let signer = signer.choose_scheme(&[scheme]).unwrap();
        headers(URL, &STANDARD.encode(signer.sign(&body).unwrap()))
    };
    let (pss, pkcs1) = (
        sign(SignatureScheme::RSA_PSS_SHA256),
        sign(SignatureScheme::RSA_PKCS1_SHA256),
    );
    let verifier = Alexa::new().verifier();
    assert_eq!(verdict(&verifier, &pss, &body).await, "SignatureWrong");
    assert_eq!(verdict(&verifier, &pkcs1, &body).await, "accepted");
}

#[tokio::test]
async fn a_signature_of_another_length_is_refused() {
    let (verifier, body) = (Alexa::new().verifier(), body());
    let signature = KEY.sign(&body).unwrap();
    let longer = [&signature[..], &[0]].concat();
    for wrong in [&signature[1..], &longer, &[0; 256], &[]] {
        let headers = headers(URL, &STANDARD.encode(wrong));
        assert_eq!(verdict(&verifier, &headers, &body).await, "SignatureWrong");
    }
}
