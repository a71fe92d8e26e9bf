//! What is kept, and for how long.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use alexa_skill::BoxError;
use alexa_skill::persistence::BoxFuture;
use alexa_skill::verify::{CertificateSource, ChainUrl, Verifier};
use time::Duration as Span;

use crate::alexa::{Alexa, NOW, URL, body, headers, launch_at, signed};
use crate::certificates::{chain, now, root, roots};
use crate::verdict;

const HOUR: u64 = 3600;

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
        let other = headers(&format!("{URL}?{number}"), signature);
        verifier.verify(&other, &body).await.unwrap();
        verifier.verify(&ours, &body).await.unwrap();
    }
    assert_eq!(alexa.fetches(), 41);

    // The last fifteen others are still there, and the one before them is not.
    for (number, fetches) in [(39, 41), (25, 41), (24, 42)] {
        let other = headers(&format!("{URL}?{number}"), signature);
        verifier.verify(&other, &body).await.unwrap();
        assert_eq!(alexa.fetches(), fetches, "{number}");
    }
}

/// Takes a while, and notes how many wait at once.
#[derive(Clone, Default)]
struct Slow {
    running: Arc<AtomicU32>,
    most: Arc<AtomicU32>,
}

impl CertificateSource for Slow {
    fn fetch<'a>(&'a self, _: &'a ChainUrl) -> BoxFuture<'a, Result<Vec<u8>, BoxError>> {
        Box::pin(async {
            let running = self.running.fetch_add(1, Ordering::SeqCst) + 1;
            self.most.fetch_max(running, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(5)).await;
            self.running.fetch_sub(1, Ordering::SeqCst);
            Ok(chain(|_| {}).into_bytes())
        })
    }
}

#[tokio::test]
async fn four_chains_are_fetched_at_once() {
    let slow = Slow::default();
    let verifier =
        Verifier::with(slow.clone(), roots()).clock(|| UNIX_EPOCH + Duration::from_secs(NOW));
    let verifier = Arc::new(verifier);
    let requests = (0..20).map(|number| {
        let verifier = verifier.clone();
        tokio::spawn(async move {
            let body = body();
            let signature = signed(&body)["Signature-256"].clone();
            let url = format!("{URL}?{number}");
            let headers = headers(&url, signature.to_str().unwrap());
            verifier.verify(&headers, &body).await.unwrap();
        })
    });
    for request in requests.collect::<Vec<_>>() {
        request.await.unwrap();
    }
    assert_eq!(slow.most.load(Ordering::SeqCst), 4);
}
