//! A connection is authorised with an AWS Signature Version 4 over an empty request.
//!
//! The request that is signed is never sent as such: POST, `/`, the header fields `host` and
//! `x-amz-date`, no body. `aws-sigv4` signs it, but doesn't export its canonical request, so that
//! part is written here.

use std::time::{SystemTime, UNIX_EPOCH};

use aws_sdk_dynamodb::config::Credentials;
use aws_sdk_dynamodb::primitives::{DateTime, DateTimeFormat};
use aws_sigv4::sign::v4::{calculate_signature, generate_signing_key};
use sha2::{Digest, Sha256};

const SERVICE: &str = "dax";
const HOST: &str = "dax.amazonaws.com";
const HASH_OF_NOTHING: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// A signature and what was signed.
#[derive(Debug)]
pub(crate) struct Signed {
    /// In hexadecimal digits.
    pub(crate) signature: String,
    pub(crate) string_to_sign: String,
}

/// Signs for a Region at a time.
pub(crate) fn sign(credentials: &Credentials, region: &str, time: SystemTime) -> Signed {
    let stamp = stamp(time);
    let date = stamp.get(..8).unwrap_or_default();
    let request =
        format!("POST\n/\n\nhost:{HOST}\nx-amz-date:{stamp}\n\nhost;x-amz-date\n{HASH_OF_NOTHING}");
    let hash = hex::encode(Sha256::digest(request));
    let string_to_sign =
        format!("AWS4-HMAC-SHA256\n{stamp}\n{date}/{region}/{SERVICE}/aws4_request\n{hash}");
    let secret = credentials.secret_access_key();
    let key = generate_signing_key(secret, time, region, SERVICE);
    Signed {
        signature: calculate_signature(key, string_to_sign.as_bytes()),
        string_to_sign,
    }
}

/// Whether the signature is what the holder of these credentials would have made.
pub(crate) fn verify(credentials: &Credentials, signature: &str, string_to_sign: &[u8]) -> bool {
    let Some((time, region)) = scope(string_to_sign) else {
        return false;
    };
    let signed = sign(credentials, &region, time);
    signed.string_to_sign.as_bytes() == string_to_sign && signed.signature == signature
}

/// The time and the Region that a signature is for.
fn scope(string_to_sign: &[u8]) -> Option<(SystemTime, String)> {
    let text = std::str::from_utf8(string_to_sign).ok()?;
    let mut lines = text.lines().skip(1);
    let stamp = lines
        .next()
        .filter(|stamp| stamp.is_ascii() && stamp.len() == 16)?;
    let region = lines.next()?.split('/').nth(1)?;
    let extended = format!(
        "{}-{}-{}T{}:{}:{}Z",
        &stamp[..4],
        &stamp[4..6],
        &stamp[6..8],
        &stamp[9..11],
        &stamp[11..13],
        &stamp[13..15]
    );
    let time = DateTime::from_str(&extended, DateTimeFormat::DateTime).ok()?;
    Some((time.try_into().ok()?, region.to_owned()))
}

/// The time as `20261122T152035Z`.
fn stamp(time: SystemTime) -> String {
    let seconds = time
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs();
    let whole = DateTime::from_secs(i64::try_from(seconds).unwrap_or_default());
    let text = whole.fmt(DateTimeFormat::DateTime).unwrap_or_default();
    text.replace(['-', ':'], "")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_signature_is_that_of_the_official_clients() {
        let credentials = Credentials::new("id", "secret", None, None, "test");
        // 2026-11-22T15:20:35Z.
        let time = UNIX_EPOCH + Duration::from_secs(1_795_360_835);
        let signed = sign(&credentials, "us-east-1", time);
        assert_eq!(
            signed.string_to_sign,
            "AWS4-HMAC-SHA256\n20261122T152035Z\n20261122/us-east-1/dax/aws4_request\n\
             8d22a2bc3767996a676064da611462970a028363115fe2fc10e07f35cdfe724a"
        );
        assert_eq!(
            signed.signature,
            "bd95b66c6d1900183095d23f262626b36f7ad5f01105ee67ac0bfdaa82f38290"
        );
    }

    #[test]
    fn a_signature_of_another_secret_is_not_accepted() {
        let ours = Credentials::new("id", "secret", None, None, "test");
        let theirs = Credentials::new("id", "guess", None, None, "test");
        let signed = sign(&ours, "eu-west-1", SystemTime::now());
        let string_to_sign = signed.string_to_sign.as_bytes();
        assert!(verify(&ours, &signed.signature, string_to_sign));
        assert!(!verify(&theirs, &signed.signature, string_to_sign));
        assert!(!verify(&ours, &signed.signature, b"rubbish"));
    }
}
