//! Where a certificate may lie.

use alexa_skill::verify::ChainUrl;

use crate::alexa::{Alexa, body, headers};
use crate::verdict;

#[test]
fn amazons_places_are_accepted_and_normalised() {
    for url in [
        "https://s3.amazonaws.com/echo.api/echo-api-cert.pem",
        "https://s3.amazonaws.com:443/echo.api/echo-api-cert.pem",
        "https://s3.amazonaws.com/echo.api/../echo.api/echo-api-cert.pem",
        "https://s3.amazonaws.com/./other/%2E%2e/echo.api/echo-api-cert.pem",
        "HTTPS://S3.AmazonAWS.com/echo.api/echo-api-cert.pem",
        "https://s3.amazonaws.com/echo.api/echo-api-cert.pem#top",
    ] {
        let parsed = ChainUrl::parse(url).unwrap();
        assert_eq!(
            parsed.as_str(),
            "https://s3.amazonaws.com/echo.api/echo-api-cert.pem"
        );
    }
}

#[test]
fn other_places_are_refused_each_by_its_rule() {
    for (url, name) in [
        ("", "UrlUnreadable"),
        ("echo-api-cert.pem", "UrlUnreadable"),
        ("//s3.amazonaws.com/echo.api/cert.pem", "UrlUnreadable"),
        (
            "https://s3.amazonaws.com:x/echo.api/cert.pem",
            "UrlUnreadable",
        ),
        (
            "https://s3.amazonaws.com:65536/echo.api/cert.pem",
            "UrlUnreadable",
        ),
        ("http://s3.amazonaws.com/echo.api/cert.pem", "UrlScheme"),
        ("file:///echo.api/cert.pem", "UrlScheme"),
        ("data:text/plain,echo.api", "UrlScheme"),
        ("https://notamazon.com/echo.api/cert.pem", "UrlHost"),
        (
            "https://s3.amazonaws.com.evil.example/echo.api/cert.pem",
            "UrlHost",
        ),
        ("https://evil.s3.amazonaws.com/echo.api/cert.pem", "UrlHost"),
        ("https://s3.amazonaws.com./echo.api/cert.pem", "UrlHost"),
        (
            "https://s3-eu-west-1.amazonaws.com/echo.api/cert.pem",
            "UrlHost",
        ),
        (
            "https://evil.example/https://s3.amazonaws.com/echo.api/",
            "UrlHost",
        ),
        (
            "https://s3.amazonaws.com@evil.example/echo.api/cert.pem",
            "UrlHost",
        ),
        (
            "https://evil.example\\@s3.amazonaws.com/echo.api/cert.pem",
            "UrlHost",
        ),
        ("https://127.0.0.1/echo.api/cert.pem", "UrlHost"),
        ("https://s3.amazonaws.com:563/echo.api/cert.pem", "UrlPort"),
        ("https://s3.amazonaws.com:80/echo.api/cert.pem", "UrlPort"),
        (
            "https://me@s3.amazonaws.com/echo.api/cert.pem",
            "UrlUserInfo",
        ),
        (
            "https://:word@s3.amazonaws.com/echo.api/cert.pem",
            "UrlUserInfo",
        ),
        ("https://s3.amazonaws.com/", "UrlPath"),
        ("https://s3.amazonaws.com/echo.api", "UrlPath"),
        ("https://s3.amazonaws.com/EcHo.aPi/cert.pem", "UrlPath"),
        ("https://s3.amazonaws.com/invalid.path/cert.pem", "UrlPath"),
        ("https://s3.amazonaws.com/x/echo.api/cert.pem", "UrlPath"),
        ("https://s3.amazonaws.com//echo.api/cert.pem", "UrlPath"),
        (
            "https://s3.amazonaws.com/echo.api/../other/cert.pem",
            "UrlPath",
        ),
        (
            "https://s3.amazonaws.com/echo.api/%2e%2e/other/cert.pem",
            "UrlPath",
        ),
        (
            "https://s3.amazonaws.com/echo.api/..%2fother/cert.pem",
            "UrlPath",
        ),
        (
            "https://s3.amazonaws.com/echo.api\\..\\other\\cert.pem",
            "UrlPath",
        ),
        ("https://s3.amazonaws.com/echo.api%2fcert.pem", "UrlPath"),
        ("https://s3.amazonaws.com/echo.api/cert.pem?", "UrlQuery"),
        ("https://s3.amazonaws.com/echo.api/cert.pem?x=1", "UrlQuery"),
    ] {
        let error = ChainUrl::parse(url).expect_err(url);
        assert_eq!(error.name(), name, "{url}");
    }
}

#[tokio::test]
async fn nothing_is_fetched_from_a_place_that_is_refused() {
    let alexa = Alexa::new();
    let url = "https://evil.example/echo.api/cert.pem";
    let refused = verdict(&alexa.verifier(), &headers(url, "QQ=="), &body()).await;
    assert_eq!(refused, "UrlHost");
    assert_eq!(alexa.fetches(), 0);
}
