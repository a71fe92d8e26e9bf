//! Fetching a chain by HTTPS, from a server on this machine that calls itself S3.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use alexa_skill::BoxError;
use alexa_skill::verify::{CertificateSource, ChainUrl, HttpsSource, Roots, Verifier};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::Name;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tower_service::Service;

use crate::alexa::{URL, headers};

type Authority = CertifiedIssuer<'static, KeyPair>;

/// An authority whose certificates are valid today, by the system's clock, as TLS uses that.
fn authority() -> Authority {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    Authority::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// Answers each connection with `answer` and leaves it open.
async fn server(authority: &Authority, name: &str, answer: Vec<u8>) -> SocketAddr {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new([name.to_owned()]).unwrap();
    let certificate = params.signed_by(&key, authority).unwrap();
    let config = ServerConfig::builder_with_provider(aws_lc_rs::default_provider().into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key.into())
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            let (acceptor, answer) = (acceptor.clone(), answer.clone());
            tokio::spawn(async move {
                // The client ends a handshake that it does not trust.
                let Ok(mut connection) = acceptor.accept(connection).await else {
                    return;
                };
                let mut request = Vec::new();
                while !request.ends_with(b"\r\n\r\n") {
                    match connection.read_buf(&mut request).await {
                        Ok(0) | Err(_) => return,
                        Ok(_) => {}
                    }
                }
                let _ = connection.write_all(&answer).await;
                let _ = connection.flush().await;
                let _ = connection.read_buf(&mut request).await;
            });
        }
    });
    address
}

fn answer(head: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {head}\r\ncontent-length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

/// Every name is this address.
#[derive(Clone)]
struct Everywhere(SocketAddr);

impl Service<Name> for Everywhere {
    type Response = std::iter::Once<SocketAddr>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Name) -> Self::Future {
        Box::pin(std::future::ready(Ok(std::iter::once(self.0))))
    }
}

fn client(address: SocketAddr, trusted: &Authority) -> HttpsSource<HttpConnector<Everywhere>> {
    let mut transport = HttpConnector::new_with_resolver(Everywhere(address));
    transport.enforce_http(false);
    HttpsSource::over(
        transport,
        &Roots::from_pem(trusted.pem().as_bytes()).unwrap(),
    )
    .unwrap()
}

/// What comes of a fetch from a server for `name` that gives `answer`.
async fn fetch(name: &str, answer: Vec<u8>) -> Result<Vec<u8>, BoxError> {
    let authority = authority();
    let address = server(&authority, name, answer).await;
    let url = ChainUrl::parse(URL).unwrap();
    client(address, &authority).fetch(&url).await
}

/// The whole chain of an error's messages.
fn told(error: &(dyn std::error::Error + 'static)) -> String {
    let source = error.source().map(told).unwrap_or_default();
    format!("{error}: {source}")
}

#[tokio::test]
async fn a_chain_is_fetched() {
    let fetched = fetch("s3.amazonaws.com", answer("200 OK", b"a chain")).await;
    assert_eq!(fetched.unwrap(), b"a chain");
}

#[tokio::test]
async fn a_server_with_another_name_is_not_believed() {
    let fetched = fetch("evil.example", answer("200 OK", b"a chain")).await;
    let told = told(&*fetched.unwrap_err());
    assert!(told.contains("not valid for name"), "{told}");
}

#[tokio::test]
async fn a_server_with_an_unknown_root_is_not_believed() {
    let address = server(
        &authority(),
        "s3.amazonaws.com",
        answer("200 OK", b"a chain"),
    )
    .await;
    let url = ChainUrl::parse(URL).unwrap();
    let fetched = client(address, &authority()).fetch(&url).await;
    let told = told(&*fetched.unwrap_err());
    assert!(told.contains("invalid peer certificate"), "{told}");
}

#[tokio::test]
async fn a_chain_that_is_not_there_is_an_error() {
    let fetched = fetch("s3.amazonaws.com", answer("404 Not Found", b"")).await;
    assert_eq!(
        fetched.unwrap_err().to_string(),
        "the server answers 404 Not Found"
    );
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let head = "301 Moved Permanently\r\nlocation: https://evil.example/";
    let fetched = fetch("s3.amazonaws.com", answer(head, b"")).await;
    let told = fetched.unwrap_err().to_string();
    assert_eq!(told, "the server answers 301 Moved Permanently");
}

#[tokio::test]
async fn a_chain_of_more_than_64_kib_is_an_error() {
    let most = vec![b'x'; 64 * 1024];
    let fetched = fetch("s3.amazonaws.com", answer("200 OK", &most)).await;
    assert_eq!(fetched.unwrap(), most);

    let more = vec![b'x'; 64 * 1024 + 1];
    let fetched = fetch("s3.amazonaws.com", answer("200 OK", &more)).await;
    assert_eq!(fetched.unwrap_err().to_string(), "length limit exceeded");
}

#[tokio::test]
async fn a_server_that_does_not_finish_is_given_three_seconds() {
    let started = Instant::now();
    let half = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf".to_vec();
    let fetched = fetch("s3.amazonaws.com", half).await;
    assert_eq!(fetched.unwrap_err().to_string(), "it took longer than 3s");
    let took = started.elapsed();
    assert!(
        took >= Duration::from_secs(3) && took < Duration::from_secs(6),
        "{took:?}"
    );
}

#[tokio::test]
async fn a_server_that_is_not_there_is_an_error_that_names_the_url() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let authority = authority();
    let roots = Roots::from_pem(authority.pem().as_bytes()).unwrap();
    let verifier = Verifier::with(client(address, &authority), roots);
    let error = verifier
        .verify(&headers(URL, "QQ=="), b"")
        .await
        .unwrap_err();
    assert_eq!(error.name(), "ChainUnreachable");
    assert!(error.to_string().contains(URL), "{error}");
}
