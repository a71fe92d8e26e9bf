//! TLS for `daxs://`, from the first byte; the discovery host's name is verified, at every node.

use std::io;
use std::sync::Arc;

use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// A connector that trusts these root certificates, or the system's if there are none.
pub(crate) fn connector(roots: &[Vec<u8>]) -> io::Result<TlsConnector> {
    let mut store = RootCertStore::empty();
    if roots.is_empty() {
        // Some of the system's certificates may not parse; the others do.
        store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    }
    for root in roots {
        store
            .add(CertificateDer::from(root.clone()))
            .map_err(io::Error::other)?;
    }
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_root_certificates(store)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

pub(crate) async fn connect(
    connector: &TlsConnector,
    host: &str,
    stream: TcpStream,
) -> io::Result<TlsStream<TcpStream>> {
    let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
    connector.connect(name, stream).await
}
