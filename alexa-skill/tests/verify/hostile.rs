//! Whatever comes in, nothing panics, and what is not Alexa's is refused.

use std::sync::LazyLock;

use alexa_skill::verify::{ChainUrl, Roots};
use http::{HeaderMap, HeaderValue, Uri};
use proptest::prelude::*;
use proptest::sample::Index;
use tokio::runtime::{Builder, Runtime};

use crate::alexa::{Alexa, body, signed};
use crate::certificates::chain;
use crate::verdict;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Builder::new_multi_thread().build().unwrap());
static CHAIN: LazyLock<String> = LazyLock::new(|| chain(|_| {}));

/// Text that is close to an URL, and text that is not.
fn url() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "https",
        "http",
        ":",
        "/",
        "//",
        "\\",
        "@",
        "#",
        "?",
        "%2e",
        "%2f",
        "..",
        ".",
        ":443",
        ":80",
        "s3.amazonaws.com",
        "/echo.api/",
        "echo.api",
        "evil.example",
        "\t",
        "[::1]",
        "é",
        "\u{ff0f}",
        "\u{2024}",
        "",
    ]);
    prop_oneof![
        prop::collection::vec(pieces, 0..12).prop_map(|pieces| pieces.concat()),
        r"https://s3\.amazonaws\.com[:@/\\.%a-z0-9]{0,4}/echo\.api/.{0,20}",
        ".*",
    ]
}

fn header() -> impl Strategy<Value = Option<HeaderValue>> {
    let bytes = prop::collection::vec(any::<u8>(), 0..64);
    prop::option::of(prop_oneof![
        bytes.prop_map(|bytes| HeaderValue::from_bytes(&bytes).ok()),
        url().prop_map(|url| HeaderValue::from_str(&url).ok()),
    ])
    .prop_map(Option::flatten)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn an_accepted_url_is_amazons_to_every_parser(text in url()) {
        if let Ok(url) = ChainUrl::parse(&text) {
            prop_assert!(url.as_str().starts_with("https://s3.amazonaws.com/echo.api/"), "{url:?}");
            prop_assert!(!url.as_str().contains("/../"), "{url:?}");
            let uri: Uri = url.as_str().parse().unwrap();
            prop_assert_eq!(uri.authority().unwrap().as_str(), "s3.amazonaws.com");
            prop_assert_eq!(ChainUrl::parse(url.as_str()).unwrap(), url);
        }
    }

    #[test]
    fn headers_of_any_kind_are_refused(
        url in header(),
        signature in header(),
        body in prop::collection::vec(any::<u8>(), 0..64),
    ) {
        let mut headers = HeaderMap::new();
        for (name, value) in [("signaturecertchainurl", url), ("signature-256", signature)] {
            if let Some(value) = value {
                headers.insert(name, value);
            }
        }
        let verifier = Alexa::with_chain(CHAIN.as_str()).verifier();
        let refused = RUNTIME.block_on(verdict(&verifier, &headers, &body));
        prop_assert_ne!(refused, "accepted");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_chain_with_a_changed_byte_does_not_panic(at in any::<Index>(), byte in any::<u8>()) {
        let mut pem = CHAIN.clone().into_bytes();
        let at = at.index(pem.len());
        pem[at] = byte;
        let pem = String::from_utf8_lossy(&pem).into_owned();
        let _ = Roots::from_pem(pem.as_bytes());
        let body = body();
        let verifier = Alexa::with_chain(pem).verifier();
        RUNTIME.block_on(verdict(&verifier, &signed(&body), &body));
    }

    #[test]
    fn a_body_with_a_changed_bit_is_refused(at in any::<Index>(), bit in 0..8u8) {
        let body = body();
        let headers = signed(&body);
        let mut changed = body.clone();
        let at = at.index(changed.len());
        changed[at] ^= 1u8 << bit;
        let verifier = Alexa::with_chain(CHAIN.as_str()).verifier();
        let refused = RUNTIME.block_on(verdict(&verifier, &headers, &changed));
        prop_assert_eq!(refused, "SignatureWrong");
    }

    #[test]
    fn a_signed_body_of_any_kind_does_not_panic(
        timestamp in prop_oneof![".*", r"[0-9+:.TZ-]{0,30}", "[0-9]{4}-[01][0-9]-[0-3][0-9]T.{0,12}Z"],
        junk in ".*",
    ) {
        let dated = serde_json::json!({"request": {"timestamp": timestamp}}).to_string();
        for body in [dated, junk] {
            let verifier = Alexa::with_chain(CHAIN.as_str()).verifier();
            RUNTIME.block_on(verdict(&verifier, &signed(body.as_bytes()), body.as_bytes()));
        }
    }
}
