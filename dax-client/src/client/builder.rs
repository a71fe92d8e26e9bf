//! Setting a client up.

use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::config::{ProvideCredentials, Region, SharedCredentialsProvider};

use super::schemas::Schemas;
use super::{Client, Inner};
use crate::cluster::{Cluster, Connecting, Identity, Transport};
use crate::endpoint::Endpoint;
use crate::error::Error;

const CONNECT: Duration = Duration::from_secs(1);
const ATTEMPT: Duration = Duration::from_secs(2);
const OPERATION: Duration = Duration::from_secs(6);
const FIRST_BACKOFF: Duration = Duration::from_millis(50);
const LONGEST_BACKOFF: Duration = Duration::from_secs(1);
const CONNECTIONS: usize = 64;

/// Sets a [`Client`] up, with the AWS SDK's own types.
#[derive(Debug, Clone)]
#[must_use]
pub struct Builder {
    endpoint_url: String,
    region: Option<Region>,
    credentials: Option<SharedCredentialsProvider>,
    timeouts: Option<TimeoutConfig>,
    retry: Option<RetryConfig>,
    connections: usize,
    #[cfg(feature = "tls")]
    roots: Vec<Vec<u8>>,
}

impl Builder {
    pub(super) fn new(endpoint_url: String) -> Builder {
        Builder {
            endpoint_url,
            region: None,
            credentials: None,
            timeouts: None,
            retry: None,
            connections: CONNECTIONS,
            #[cfg(feature = "tls")]
            roots: Vec::new(),
        }
    }

    /// The cluster's Region. Required.
    pub fn region(mut self, region: Region) -> Builder {
        self.region = Some(region);
        self
    }

    /// Where credentials come from: anything that the AWS SDK takes. Required.
    pub fn credentials_provider(mut self, provider: impl ProvideCredentials + 'static) -> Builder {
        self.credentials = Some(SharedCredentialsProvider::new(provider));
        self
    }

    /// How long to wait: for a connection (1 s unless set), for one attempt (2 s), for a call with
    /// all its attempts (6 s). The read timeout is not used.
    pub fn timeout_config(mut self, timeouts: TimeoutConfig) -> Builder {
        self.timeouts = Some(timeouts);
        self
    }

    /// How often to try (3 times unless set) and how long to pause before the second try (up to
    /// 50 ms, then up to 1 s).
    pub fn retry_config(mut self, retry: RetryConfig) -> Builder {
        self.retry = Some(retry);
        self
    }

    /// The most connections to one node; each carries one request at a time. 64 unless set.
    pub fn max_connections(mut self, connections: usize) -> Builder {
        self.connections = connections.max(1);
        self
    }

    /// A root certificate, in DER, for `daxs://` clusters. Unless one is given, the system's root
    /// certificates are used.
    #[cfg(feature = "tls")]
    pub fn root_certificate(mut self, der: Vec<u8>) -> Builder {
        self.roots.push(der);
        self
    }

    /// The client. Nothing is connected until the first call.
    ///
    /// # Errors
    /// Fails if the URL is not a DAX endpoint, if the Region or the credentials provider is missing, or
    /// if the root certificates cannot be used.
    pub fn build(self) -> Result<Client, Error> {
        let endpoint = Endpoint::parse(&self.endpoint_url)?;
        let region = self.region.clone().ok_or(Error::NoRegion)?;
        let provider = self.credentials.clone().ok_or(Error::NoCredentials)?;
        let timeouts = self.timeouts.as_ref();
        let limit = |set: Option<Duration>, otherwise| set.unwrap_or(otherwise);
        let connecting = Connecting {
            transport: self.transport(&endpoint)?,
            identity: Identity { region, provider },
            timeout: limit(timeouts.and_then(TimeoutConfig::connect_timeout), CONNECT),
            most: self.connections,
        };
        let retry = self.retry.unwrap_or_else(|| {
            RetryConfig::standard()
                .with_initial_backoff(FIRST_BACKOFF)
                .with_max_backoff(LONGEST_BACKOFF)
        });
        let timeouts = timeouts.cloned().unwrap_or_else(TimeoutConfig::disabled);
        let inner = Inner {
            cluster: Arc::new(Cluster::new(vec![endpoint], connecting)),
            schemas: Schemas::default(),
            retry,
            attempt: limit(timeouts.operation_attempt_timeout(), ATTEMPT),
            operation: limit(timeouts.operation_timeout(), OPERATION),
        };
        Ok(Client {
            inner: Arc::new(inner),
        })
    }

    #[cfg(feature = "tls")]
    fn transport(&self, endpoint: &Endpoint) -> Result<Transport, Error> {
        if !endpoint.encrypted {
            return Ok(Transport::Plain);
        }
        let connector = crate::cluster::connector(&self.roots).map_err(Error::RootCertificate)?;
        Ok(Transport::Tls {
            connector,
            host: endpoint.host.clone(),
        })
    }

    #[cfg(not(feature = "tls"))]
    fn transport(&self, _: &Endpoint) -> Result<Transport, Error> {
        Ok(Transport::Plain)
    }
}
