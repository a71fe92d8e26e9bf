//! Where a cluster is found.

use std::fmt;

use crate::error::Error;

/// A discovery endpoint: `dax://host:8111`, `daxs://host:9111`, or `host:8111`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Endpoint {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) encrypted: bool,
}

impl Endpoint {
    pub(crate) fn parse(url: &str) -> Result<Endpoint, Error> {
        let wrong = |reason| Error::Endpoint {
            url: url.to_owned(),
            reason,
        };
        let (encrypted, address) = match url.split_once("://") {
            Some(("dax", address)) => (false, address),
            Some(("daxs", address)) => (true, address),
            Some(_) => return Err(wrong("its scheme is neither dax nor daxs")),
            None => (false, url),
        };
        let address = address.strip_suffix('/').unwrap_or(address);
        let (host, port) = match address.rsplit_once(':') {
            // The colons of a bare IPv6 address.
            Some((host, _)) if host.contains(':') && !host.ends_with(']') => (address, None),
            Some((host, port)) => (host, Some(port)),
            None => (address, None),
        };
        let port = match port {
            Some(port) => port
                .parse()
                .map_err(|_| wrong("its port is no number up to 65535"))?,
            None if encrypted => 9111,
            None => 8111,
        };
        let host = host
            .strip_prefix('[')
            .and_then(|host| host.strip_suffix(']'))
            .unwrap_or(host);
        if host.is_empty() || host.contains(['/', '@', '?', '#']) {
            return Err(wrong("it names no host"));
        }
        if encrypted && !cfg!(feature = "tls") {
            return Err(wrong("daxs takes the feature `tls` of the crate"));
        }
        Ok(Endpoint {
            host: host.to_owned(),
            port,
            encrypted,
        })
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.encrypted { "daxs" } else { "dax" };
        write!(f, "{scheme}://{}:{}", self.host, self.port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> (String, u16, bool) {
        let endpoint = Endpoint::parse(url).unwrap();
        (endpoint.host, endpoint.port, endpoint.encrypted)
    }

    #[test]
    fn schemes_have_their_ports() {
        assert_eq!(parse("dax://a.b"), ("a.b".into(), 8111, false));
        assert_eq!(parse("a.b:1"), ("a.b".into(), 1, false));
        assert_eq!(parse("dax://[::1]:8111"), ("::1".into(), 8111, false));
        assert_eq!(parse("::1"), ("::1".into(), 8111, false));
        if cfg!(feature = "tls") {
            assert_eq!(parse("daxs://a.b/"), ("a.b".into(), 9111, true));
        }
    }

    #[test]
    fn what_is_no_endpoint_is_refused() {
        for url in [
            "",
            "http://a",
            "dax://",
            "dax://a:b",
            "dax://a:70000",
            "dax://a/b",
        ] {
            assert!(Endpoint::parse(url).is_err(), "{url}");
        }
    }
}
