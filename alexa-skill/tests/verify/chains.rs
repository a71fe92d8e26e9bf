//! Whose certificate it is, and who says so.

use alexa_skill::verify::Roots;
use rcgen::{
    BasicConstraints, CertificateParams, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, KeyPair,
    NameConstraints, SanType,
};
use time::Duration as Span;

use crate::alexa::{Alexa, body, signed, signed_by};
use crate::certificates::{INTERMEDIATE, KEY, ROOT, SIGNER, chain, intermediate, leaf, now, root};
use crate::verdict;

/// The verdict on a request that Alexa's key signed, with `chain` at the URL.
async fn with_chain(chain: impl Into<String>) -> &'static str {
    let body = body();
    verdict(&Alexa::with_chain(chain).verifier(), &signed(&body), &body).await
}

fn named(name: &str) -> String {
    leaf(&INTERMEDIATE, name, &KEY, |_| {}).pem() + &INTERMEDIATE.pem()
}

#[tokio::test]
async fn a_certificate_that_ran_out_is_refused() {
    let expired = chain(|leaf| leaf.not_after = now() - Span::seconds(1));
    assert_eq!(with_chain(expired).await, "CertificateExpired");
}

#[tokio::test]
async fn a_certificate_that_is_for_later_is_refused() {
    let early = chain(|leaf| leaf.not_before = now() + Span::seconds(1));
    assert_eq!(with_chain(early).await, "CertificateNotYetValid");
}

#[tokio::test]
async fn a_certificate_counts_from_its_first_second_to_its_last() {
    let second = chain(|leaf| (leaf.not_before, leaf.not_after) = (now(), now()));
    assert_eq!(with_chain(second).await, "accepted");
}

#[tokio::test]
async fn an_authority_that_ran_out_is_refused() {
    let old = intermediate(|params| params.not_after = now() - Span::seconds(1));
    let chain = leaf(&old, SIGNER, &KEY, |_| {}).pem() + &old.pem();
    assert_eq!(with_chain(chain).await, "CertificateExpired");
}

#[tokio::test]
async fn a_certificate_for_another_name_is_refused() {
    for name in [
        "www.amazon.com",
        "echo-api.amazon.com.evil.example",
        "evil.echo-api.amazon.com",
        "*.amazon.com",
        "amazon.com",
    ] {
        assert_eq!(with_chain(named(name)).await, "CertificateName", "{name}");
    }
}

#[tokio::test]
async fn a_certificate_that_has_the_name_among_others_or_in_capitals_is_accepted() {
    let among = chain(|leaf| {
        let other = SanType::DnsName("www.amazon.com".try_into().unwrap());
        leaf.subject_alt_names.insert(0, other);
    });
    assert_eq!(with_chain(among).await, "accepted");
    assert_eq!(with_chain(named("Echo-API.amazon.com")).await, "accepted");
}

#[tokio::test]
async fn a_certificate_that_has_the_name_as_its_subject_only_is_refused() {
    let subject = chain(|leaf| leaf.subject_alt_names.clear());
    assert_eq!(with_chain(subject).await, "CertificateName");
}

#[tokio::test]
async fn a_chain_to_an_unknown_root_is_refused() {
    let stranger = root("Root");
    let chain = leaf(&stranger, SIGNER, &KEY, |_| {}).pem() + &stranger.pem();
    assert_eq!(with_chain(chain).await, "CertificateUntrusted");
}

#[tokio::test]
async fn a_certificate_that_signs_itself_is_refused() {
    let params = CertificateParams::new([SIGNER.to_owned()]).unwrap();
    let alone = params.self_signed(&*KEY).unwrap();
    assert_eq!(with_chain(alone.pem()).await, "CertificateUntrusted");
}

#[tokio::test]
async fn a_chain_with_a_gap_is_refused() {
    let alone = leaf(&INTERMEDIATE, SIGNER, &KEY, |_| {});
    assert_eq!(with_chain(alone.pem()).await, "CertificateUntrusted");
}

#[tokio::test]
async fn a_chain_that_goes_on_to_the_root_is_accepted() {
    let whole = chain(|_| {}) + &ROOT.pem();
    assert_eq!(with_chain(whole).await, "accepted");
}

#[tokio::test]
async fn a_certificate_that_is_no_authority_vouches_for_nobody() {
    let no_authority = intermediate(|params| params.is_ca = IsCa::ExplicitNoCa);
    let chain = leaf(&no_authority, SIGNER, &KEY, |_| {}).pem() + &no_authority.pem();
    assert_eq!(with_chain(chain).await, "CertificateUntrusted");
}

#[tokio::test]
async fn an_authority_vouches_only_for_the_names_that_it_may() {
    let limited = intermediate(|params| {
        params.name_constraints = Some(NameConstraints {
            permitted_subtrees: vec![GeneralSubtree::DnsName("example.com".into())],
            excluded_subtrees: Vec::new(),
        });
    });
    let chain = leaf(&limited, SIGNER, &KEY, |_| {}).pem() + &limited.pem();
    assert_eq!(with_chain(chain).await, "CertificateUntrusted");
}

#[tokio::test]
async fn a_certificate_for_another_use_is_refused() {
    let mail = chain(|leaf| {
        leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::EmailProtection];
    });
    assert_eq!(with_chain(mail).await, "CertificateUntrusted");
}

#[tokio::test]
async fn an_authority_cannot_sign_requests_itself() {
    let own = chain(|params| params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained));
    assert_eq!(with_chain(own).await, "CertificateUntrusted");
}

#[tokio::test]
async fn a_certificate_whose_key_is_not_rsa_is_refused() {
    let key = KeyPair::generate().unwrap();
    let chain = leaf(&INTERMEDIATE, SIGNER, &key, |_| {}).pem() + &INTERMEDIATE.pem();
    let (body, alexa) = (body(), Alexa::with_chain(chain));
    let refused = verdict(&alexa.verifier(), &signed_by(&key, &body), &body).await;
    assert_eq!(refused, "SignatureWrong");
}

#[tokio::test]
async fn what_is_no_chain_is_refused() {
    let section = |label: &str, text: &str| {
        format!("-----BEGIN {label}-----\n{text}\n-----END {label}-----\n")
    };
    for pem in [
        String::new(),
        "<html>Not here</html>".into(),
        section("CERTIFICATE", "%%%"),
        section("CERTIFICATE", "QUJD"),
        section("PUBLIC KEY", "QUJD"),
        "-----BEGIN CERTIFICATE-----\nQUJD".into(),
        section("CERTIFICATE", ""),
    ] {
        assert_eq!(with_chain(pem.clone()).await, "ChainUnreadable", "{pem}");
    }
}

#[tokio::test]
async fn the_signing_certificate_has_to_come_first() {
    let reversed = INTERMEDIATE.pem() + &leaf(&INTERMEDIATE, SIGNER, &KEY, |_| {}).pem();
    assert_eq!(with_chain(reversed).await, "CertificateName");
}

#[tokio::test]
async fn a_chain_that_cannot_be_fetched_is_an_error_that_says_why() {
    let (alexa, body) = (Alexa::new(), body());
    alexa.set_chain(None);
    let error = alexa.verifier().verify(&signed(&body), &body).await;
    let error = error.unwrap_err();
    assert_eq!(error.name(), "ChainUnreachable");
    assert!(error.to_string().contains("there is nothing"), "{error}");
}

#[test]
fn roots_that_are_none_are_an_error() {
    for pem in [
        "",
        "-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n",
    ] {
        let error = Roots::from_pem(pem.as_bytes()).unwrap_err();
        assert_eq!(error.name(), "NoRoots");
    }
}
