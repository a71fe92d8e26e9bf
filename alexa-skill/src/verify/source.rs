//! Where certificate chains come from.

use std::time::Duration;

use http::StatusCode;
use http_body_util::{BodyExt, Empty, Limited};
use hyper::body::Bytes;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::{Connect, HttpConnector};
use hyper_util::rt::TokioExecutor;
use rustls::ClientConfig;
use rustls::crypto::aws_lc_rs;

use super::chain_url::ChainUrl;
use super::error::VerifyError;
use super::roots::Roots;
use crate::boxed::{BoxError, BoxFuture};

/// Fetches certificate chains. A closure is one, for tests:
///
/// ```
/// use alexa_skill::BoxError;
/// use alexa_skill::verify::{CertificateSource, ChainUrl};
///
/// fn takes(source: impl CertificateSource) {}
/// takes(|_: &ChainUrl| Err::<Vec<u8>, BoxError>("there is no network here".into()));
/// ```
pub trait CertificateSource: Send + Sync + 'static {
    /// Fetches the chain at `url`: certificates in PEM, the signing one first.
    ///
    /// # Errors
    /// Any; the request is then refused with [`VerifyError::ChainUnreachable`].
    fn fetch<'a>(&'a self, url: &'a ChainUrl) -> BoxFuture<'a, Result<Vec<u8>, BoxError>>;
}

impl<F> CertificateSource for F
where
    F: Fn(&ChainUrl) -> Result<Vec<u8>, BoxError> + Send + Sync + 'static,
{
    fn fetch<'a>(&'a self, url: &'a ChainUrl) -> BoxFuture<'a, Result<Vec<u8>, BoxError>> {
        Box::pin(std::future::ready(self(url)))
    }
}

/// How long a fetch may take; Alexa waits eight seconds for the whole answer.
const TIME_LIMIT: Duration = Duration::from_secs(3);

/// How many bytes a chain may have; Amazon's have about seven thousand.
const SIZE_LIMIT: usize = 64 * 1024;

/// Fetches chains by HTTPS, within three seconds and 64 KiB, and follows no redirect. Needs a Tokio
/// runtime.
#[derive(Debug)]
pub struct HttpsSource<T = HttpConnector> {
    client: Client<HttpsConnector<T>, Empty<Bytes>>,
}

impl HttpsSource {
    /// A client that trusts servers whose certificate leads to one of `roots`.
    ///
    /// # Errors
    /// [`VerifyError::NoTls`] when TLS cannot be set up.
    pub fn new(roots: &Roots) -> Result<HttpsSource, VerifyError> {
        let mut transport = HttpConnector::new();
        // TLS is put on top of it.
        transport.enforce_http(false);
        HttpsSource::over(transport, roots)
    }
}

impl<T> HttpsSource<T>
where
    HttpsConnector<T>: Connect + Clone,
{
    /// As [`new`](HttpsSource::new), over connections that `transport` opens, such as a connector
    /// to a proxy.
    ///
    /// # Errors
    /// [`VerifyError::NoTls`] when TLS cannot be set up.
    pub fn over(transport: T, roots: &Roots) -> Result<HttpsSource<T>, VerifyError> {
        // Named, as the process may hold several providers and rustls does not choose among them.
        let provider = aws_lc_rs::default_provider().into();
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| VerifyError::NoTls {
                source: error.into(),
            })?
            .with_root_certificates(roots.store.clone())
            .with_no_client_auth();
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            .https_only()
            .enable_http1()
            .wrap_connector(transport);
        let client = Client::builder(TokioExecutor::new())
            // A chain is fetched once in months.
            .pool_max_idle_per_host(0)
            .build(connector);
        Ok(HttpsSource { client })
    }
}

impl<T> HttpsSource<T>
where
    HttpsConnector<T>: Connect + Clone + Send + Sync + 'static,
{
    async fn get(&self, url: &ChainUrl) -> Result<Vec<u8>, BoxError> {
        let response = self.client.get(url.as_str().parse()?).await?;
        if response.status() != StatusCode::OK {
            return Err(format!("the server answers {}", response.status()).into());
        }
        let body = Limited::new(response.into_body(), SIZE_LIMIT);
        Ok(body.collect().await?.to_bytes().into())
    }
}

impl<T> CertificateSource for HttpsSource<T>
where
    T: Send + Sync + 'static,
    HttpsConnector<T>: Connect + Clone + Send + Sync + 'static,
{
    fn fetch<'a>(&'a self, url: &'a ChainUrl) -> BoxFuture<'a, Result<Vec<u8>, BoxError>> {
        Box::pin(async {
            tokio::time::timeout(TIME_LIMIT, self.get(url))
                .await
                .map_err(|_| format!("it took longer than {TIME_LIMIT:?}"))?
        })
    }
}
