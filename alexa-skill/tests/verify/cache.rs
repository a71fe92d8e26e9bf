//! What is kept, and for how long.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use alexa_skill::BoxError;
use alexa_skill::persistence::BoxFuture;
use alexa_skill::verify::{CertificateSource, ChainUrl, Verifier};
use time::Duration as Span;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

use crate::alexa::{Alexa, NOW, body, headers, launch_at, signed};
use crate::certificates::{chain, now, root, roots};
use crate::verdict;

const HOUR: u64 = 3600;

/// A URL of Amazon's that is not the one in use.
fn url(number: u32) -> String {
    format!(
        "https://s3.amazonaws.com/echo.api/echo-api-cert-{}.pem",
        100 + number
    )
}

fn valid_for_an_hour() -> String {
    chain(|leaf| leaf.not_after = now() + Span::hours(1))
}

#[tokio::test]
async fn a_chain_is_fetched_once() {
    let (alexa, body) = (Alexa::new(), body());
    let verifier = alexa.verifier();
    for _ in 0..3 {
        verifier.verify(&signed(&body), &body).await.unwrap();
    }
    assert_eq!(alexa.fetches(), 1);
}

#[tokio::test]
async fn a_kept_chain_that_ran_out_meanwhile_is_refused() {
    let alexa = Alexa::with_chain(valid_for_an_hour());
    let verifier = alexa.verifier();
    for (seconds, expected) in [
        (NOW, "accepted"),
        (NOW + HOUR, "accepted"),
        (NOW + HOUR + 1, "CertificateExpired"),
    ] {
        alexa.set_now(seconds);
        let body = launch_at(seconds);
        assert_eq!(verdict(&verifier, &signed(&body), &body).await, expected);
    }
    // The last one was fetched again, in vain.
    assert_eq!(alexa.fetches(), 2);
}

#[tokio::test]
async fn a_kept_chain_that_ran_out_makes_way_for_its_successor() {
    let alexa = Alexa::with_chain(valid_for_an_hour());
    let verifier = alexa.verifier();
    let (first, later) = (launch_at(NOW), launch_at(NOW + 2 * HOUR));
    verifier.verify(&signed(&first), &first).await.unwrap();

    alexa.set_now(NOW + 2 * HOUR);
    alexa.set_chain(Some(chain(|_| {})));
    for _ in 0..2 {
        verifier.verify(&signed(&later), &later).await.unwrap();
    }
    assert_eq!(alexa.fetches(), 2);
}

#[tokio::test]
async fn a_chain_that_is_refused_is_not_kept() {
    let stranger = root("Stranger");
    let alexa = Alexa::with_chain(stranger.pem());
    let (verifier, body) = (alexa.verifier(), body());
    assert_ne!(verdict(&verifier, &signed(&body), &body).await, "accepted");
    alexa.set_chain(None);
    assert_eq!(
        verdict(&verifier, &signed(&body), &body).await,
        "ChainUnreachable"
    );
    alexa.set_chain(Some(chain(|_| {})));
    assert_eq!(verdict(&verifier, &signed(&body), &body).await, "accepted");
    assert_eq!(alexa.fetches(), 3);
}

#[tokio::test]
async fn sixteen_chains_are_kept_and_the_one_in_use_stays() {
    let (alexa, body) = (Alexa::new(), body());
    let verifier = alexa.verifier();
    let ours = signed(&body);
    let signature = ours["Signature-256"].to_str().unwrap();
    for number in 0..40 {
        let other = headers(&url(number), signature);
        verifier.verify(&other, &body).await.unwrap();
        verifier.verify(&ours, &body).await.unwrap();
    }
    assert_eq!(alexa.fetches(), 41);

    // The last fifteen others are still there, and the one before them is not.
    for (number, fetches) in [(39, 41), (25, 41), (24, 42)] {
        let other = headers(&url(number), signature);
        verifier.verify(&other, &body).await.unwrap();
        assert_eq!(alexa.fetches(), fetches, "{number}");
    }
}

#[tokio::test]
async fn requests_that_alexa_did_not_sign_push_no_chain_out() {
    let (alexa, body) = (Alexa::new(), body());
    let verifier = alexa.verifier();
    verifier.verify(&signed(&body), &body).await.unwrap();
    for number in 0..40 {
        let forged = headers(&url(number), "QQ==");
        assert_eq!(verdict(&verifier, &forged, &body).await, "SignatureWrong");
    }
    assert_eq!(alexa.fetches(), 41);
    verifier.verify(&signed(&body), &body).await.unwrap();
    assert_eq!(alexa.fetches(), 41);
}

/// Answers when it is let, and notes how often it was asked and how many waited at once.
#[derive(Clone)]
struct Held {
    asked: Arc<AtomicU32>,
    waiting: Arc<AtomicU32>,
    most: Arc<AtomicU32>,
    gate: Arc<Semaphore>,
}

impl Held {
    fn new() -> Held {
        Held {
            asked: Arc::default(),
            waiting: Arc::default(),
            most: Arc::default(),
            gate: Arc::new(Semaphore::new(0)),
        }
    }

    fn verifier(&self) -> Arc<Verifier> {
        let verifier = Verifier::with(self.clone(), roots());
        Arc::new(verifier.clock(|| UNIX_EPOCH + Duration::from_secs(NOW)))
    }

    /// Lets everyone through, now and later.
    fn open(&self) {
        self.gate.add_permits(1_000);
    }
}

impl CertificateSource for Held {
    fn fetch<'a>(&'a self, _: &'a ChainUrl) -> BoxFuture<'a, Result<Vec<u8>, BoxError>> {
        Box::pin(async {
            self.asked.fetch_add(1, Ordering::SeqCst);
            let waiting = self.waiting.fetch_add(1, Ordering::SeqCst) + 1;
            self.most.fetch_max(waiting, Ordering::SeqCst);
            self.gate.acquire().await?.forget();
            self.waiting.fetch_sub(1, Ordering::SeqCst);
            Ok(chain(|_| {}).into_bytes())
        })
    }
}

/// Sends a good request that names the chain `number`.
fn send(verifier: &Arc<Verifier>, number: u32) -> JoinHandle<&'static str> {
    let verifier = verifier.clone();
    tokio::spawn(async move {
        let body = body();
        let signature = signed(&body)["Signature-256"].clone();
        let headers = headers(&url(number), signature.to_str().unwrap());
        verdict(&verifier, &headers, &body).await
    })
}

/// The test's runtime has one thread: whoever can go on has gone on after this.
async fn everyone_waits() {
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn four_chains_are_fetched_at_once() {
    let held = Held::new();
    let verifier = held.verifier();
    let requests: Vec<_> = (0..16).map(|number| send(&verifier, number)).collect();
    everyone_waits().await;
    held.open();
    for request in requests {
        assert_eq!(request.await.unwrap(), "accepted");
    }
    assert_eq!(held.most.load(Ordering::SeqCst), 4);
}

#[tokio::test]
async fn requests_that_need_the_same_chain_share_a_fetch() {
    let held = Held::new();
    let verifier = held.verifier();
    let requests: Vec<_> = (0..50).map(|_| send(&verifier, 1)).collect();
    everyone_waits().await;
    held.open();
    for request in requests {
        assert_eq!(request.await.unwrap(), "accepted");
    }
    assert_eq!(held.asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn no_request_waits_behind_more_than_fifteen_other_chains() {
    let held = Held::new();
    let verifier = held.verifier();
    let requests: Vec<_> = (0..16).map(|number| send(&verifier, number)).collect();
    everyone_waits().await;
    assert_eq!(send(&verifier, 16).await.unwrap(), "TooManyChains");
    // One that waits for a chain of theirs is no chain more.
    let another = send(&verifier, 15);
    everyone_waits().await;
    held.open();
    for request in requests.into_iter().chain([another]) {
        assert_eq!(request.await.unwrap(), "accepted");
    }
    assert_eq!(send(&verifier, 16).await.unwrap(), "accepted");
}

#[tokio::test]
async fn a_request_that_goes_away_takes_no_other_with_it() {
    let held = Held::new();
    let verifier = held.verifier();
    let gone = send(&verifier, 1);
    everyone_waits().await;
    let waits = send(&verifier, 1);
    everyone_waits().await;
    gone.abort();
    held.open();
    assert_eq!(waits.await.unwrap(), "accepted");
    assert_eq!(held.asked.load(Ordering::SeqCst), 2);
}
