//! The URL of an endpoint that the environment names, and the HTTP client for one on this machine.

use std::net::IpAddr;

use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;

use super::sdk::config::SharedHttpClient;
use crate::persistence::PersistenceError;

/// Refuses what the SDK would take for a URL until the first call.
///
/// # Errors
/// Names the variable and what is wrong, and never the value: a URL may hold a password.
pub(crate) fn check(variable: &'static str, url: &str) -> Result<(), PersistenceError> {
    match host_of(url) {
        Ok(_) => Ok(()),
        Err(reason) => Err(PersistenceError::BadEndpoint { variable, reason }),
    }
}

/// An HTTP client for an endpoint on this machine, where that is one. The SDK's own goes through
/// the proxy that `HTTP_PROXY` names, even to this machine, and there is no way back from there.
pub(crate) fn local_http_client(url: &str) -> Option<SharedHttpClient> {
    is_loopback(host_of(url).ok()?).then(without_proxy)
}

/// The SDK's default client, but for the proxy: one that is built by hand uses none.
fn without_proxy() -> SharedHttpClient {
    let tls = Provider::Rustls(CryptoMode::AwsLc);
    Builder::new().tls_provider(tls).build_https()
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    match address.parse::<IpAddr>() {
        Ok(address) => address.is_loopback(),
        Err(_) => host.eq_ignore_ascii_case("localhost"),
    }
}

/// The host of a URL with the scheme `http` or `https`, or why there is none.
fn host_of(url: &str) -> Result<&str, &'static str> {
    if !url.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err("it has a blank, a line end or another character that a URL cannot have");
    }
    let Some((scheme, rest)) = url.split_once("://") else {
        return Err("it has no scheme");
    };
    if !["http", "https"]
        .iter()
        .any(|known| scheme.eq_ignore_ascii_case(known))
    {
        return Err("its scheme is neither http nor https");
    }
    if rest.contains(['?', '#']) {
        return Err("it has a query or a fragment");
    }
    let authority = rest.split('/').next().unwrap_or_default();
    if authority.contains('@') {
        return Err("it has a user name or a password, which no AWS endpoint takes");
    }
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (authority, None),
    };
    let is_address = host.starts_with('[') && host.ends_with(']');
    let is_name = host
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'));
    if host.is_empty() || !(is_name || is_address) {
        return Err("it has no host");
    }
    match port {
        Some(port) if port.parse::<u16>().is_err() => Err("its port is not a number up to 65535"),
        _ => Ok(host),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_has_a_scheme_a_host_and_perhaps_a_port() {
        for (url, host) in [
            ("http://localhost:8000", "localhost"),
            (
                "HTTPS://dynamodb.eu-west-1.amazonaws.com",
                "dynamodb.eu-west-1.amazonaws.com",
            ),
            ("http://[::1]:8000/", "[::1]"),
            ("http://host_of_compose:1/path", "host_of_compose"),
        ] {
            assert_eq!(host_of(url), Ok(host));
        }
        for url in [
            "localhost:8000",
            "ftp://localhost",
            "http://",
            "http://:8000",
            "http:///path",
            "http://localhost:http",
            "http://localhost:70000",
            "http://user:secret@localhost:8000",
            "http://localhost:8000\n",
            "http://local host",
            "http://localhost?secret",
            "\"http://localhost\"",
        ] {
            let error = check("AWS_ENDPOINT_URL", url).unwrap_err();
            let shown = format!("{error} {error:?}");
            assert!(shown.contains("AWS_ENDPOINT_URL"), "{shown}");
            assert!(!shown.contains("secret"), "{shown}");
        }
    }

    #[test]
    fn this_machine_has_several_names() {
        for url in [
            "http://localhost:1",
            "http://127.0.0.1",
            "https://LOCALHOST",
            "http://[::1]:2",
        ] {
            assert!(local_http_client(url).is_some(), "{url}");
        }
        for url in [
            "http://10.0.0.1",
            "https://dynamodb.us-east-1.amazonaws.com",
            "localhost",
        ] {
            assert!(local_http_client(url).is_none(), "{url}");
        }
    }
}
