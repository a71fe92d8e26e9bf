//! Alexa as a verifier sees it: what is signed, what lies at the certificate's URL, what time it
//! is.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, UNIX_EPOCH};

use alexa_skill::BoxError;
use alexa_skill::verify::{ChainUrl, Verifier};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderValue};
use rcgen::{KeyPair, SigningKey};
use serde_json::{Value as Json, json};

use crate::certificates::{KEY, chain, roots};

pub const URL: &str = "https://s3.amazonaws.com/echo.api/echo-api-cert-12.pem";
pub const SKILL_ID: &str = "amzn1.ask.skill.…";

/// 2026-01-15T12:00:00Z, in seconds since 1970.
pub const NOW: u64 = 1_768_478_400;

/// Clones share the clock and what lies at the URL.
#[derive(Clone)]
pub struct Alexa {
    now: Arc<AtomicU64>,
    chain: Arc<Mutex<Option<String>>>,
    fetches: Arc<AtomicU32>,
}

impl Alexa {
    pub fn new() -> Alexa {
        Alexa::with_chain(chain(|_| {}))
    }

    pub fn with_chain(chain: impl Into<String>) -> Alexa {
        Alexa {
            now: Arc::new(NOW.into()),
            chain: Arc::new(Mutex::new(Some(chain.into()))),
            fetches: Arc::default(),
        }
    }

    /// A verifier that lives in this world.
    pub fn verifier(&self) -> Verifier {
        let (source, clock) = (self.clone(), self.clone());
        let source = move |_: &ChainUrl| -> Result<Vec<u8>, BoxError> {
            source.fetches.fetch_add(1, Ordering::Relaxed);
            let chain = source.chain.lock().unwrap().clone();
            Ok(chain.ok_or("there is nothing")?.into_bytes())
        };
        Verifier::with(source, roots())
            .clock(move || UNIX_EPOCH + Duration::from_secs(clock.now.load(Ordering::Relaxed)))
    }

    pub fn fetches(&self) -> u32 {
        self.fetches.load(Ordering::Relaxed)
    }

    pub fn set_now(&self, seconds: u64) {
        self.now.store(seconds, Ordering::Relaxed);
    }

    pub fn set_chain(&self, chain: Option<String>) {
        *self.chain.lock().unwrap() = chain;
    }
}

/// A launch that was made `seconds` after 1970, in milliseconds, which take no formatting.
pub fn launch_at(seconds: u64) -> Vec<u8> {
    let mut launch = launch();
    launch["request"]["timestamp"] = Json::from(seconds * 1000);
    launch.to_string().into_bytes()
}

/// A launch that is made now, as Alexa writes it.
pub fn launch() -> Json {
    json!({
        "version": "1.0",
        "session": {"new": true, "sessionId": "amzn1.echo-api.session.1"},
        "context": {"System": {
            "application": {"applicationId": SKILL_ID},
            "user": {"userId": "amzn1.ask.account.1"},
        }},
        "request": {
            "type": "LaunchRequest",
            "requestId": "amzn1.echo-api.request.1",
            "timestamp": "2026-01-15T12:00:00Z",
            "locale": "en-GB",
        },
    })
}

pub fn body() -> Vec<u8> {
    launch().to_string().into_bytes()
}

/// The headers with which Alexa sends `body`.
pub fn signed(body: &[u8]) -> HeaderMap {
    signed_by(&KEY, body)
}

pub fn signed_by(key: &KeyPair, body: &[u8]) -> HeaderMap {
    headers(URL, &STANDARD.encode(key.sign(body).unwrap()))
}

pub fn headers(url: &str, signature: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("signaturecertchainurl", HeaderValue::from_str(url).unwrap());
    headers.insert("signature-256", HeaderValue::from_str(signature).unwrap());
    headers
}
