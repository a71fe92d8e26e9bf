//! The table over HTTPS, as on AWS: a TLS proxy with a certificate of its own, since the local
//! DynamoDB has none.

use std::fs;
use std::io;
use std::net::Ipv4Addr;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::thread;

use anyhow::Result;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tempfile::NamedTempFile;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

/// Where Linux distributions keep the root certificates that they trust, Amazon Linux last.
const SYSTEM: [&str; 2] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
];

/// A proxy that runs until the process ends.
pub struct TlsProxy {
    /// Where it listens.
    pub url: String,
    root: NamedTempFile,
    system_and_root: NamedTempFile,
}

/// The root certificates that a program trusts.
#[derive(Clone, Copy, Debug)]
pub enum Roots {
    /// The system's, all of which a program on Lambda reads, and the proxy's.
    SystemAndProxy,
    /// The proxy's alone.
    Proxy,
}

impl TlsProxy {
    /// Starts a proxy of the server at `address`.
    ///
    /// # Errors
    /// Fails when no port, thread or file can be had.
    pub fn start(address: &str) -> Result<TlsProxy> {
        let mut root = CertificateParams::new([])?;
        root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        // A certificate whose issuer has its own name looks as if it had signed itself.
        root.distinguished_name
            .push(DnType::CommonName, "The root certificate of a measurement");
        let issuer = CertifiedIssuer::self_signed(root, KeyPair::generate()?)?;
        let key = KeyPair::generate()?;
        let leaf = CertificateParams::new(["127.0.0.1".to_owned()])?.signed_by(&key, &issuer)?;
        let key = PrivateKeyDer::try_from(key.serialize_der()).map_err(anyhow::Error::msg)?;
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![leaf.der().clone()], key)?;
        let acceptor = TlsAcceptor::from(Arc::new(config));

        let (root, system_and_root) = (NamedTempFile::new()?, NamedTempFile::new()?);
        fs::write(&root, issuer.pem())?;
        let system = SYSTEM.iter().find(|path| Path::new(path).is_file());
        let system = system.map_or_else(|| Ok(String::new()), fs::read_to_string)?;
        fs::write(&system_and_root, system + &issuer.pem())?;

        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .build()?;
        let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))?;
        let url = format!("https://{}", listener.local_addr()?);
        let address = address.to_owned();
        thread::spawn(move || runtime.block_on(serve(listener, acceptor, address)));
        Ok(TlsProxy {
            url,
            root,
            system_and_root,
        })
    }

    /// Sets the variables by which the SDKs find root certificates.
    pub fn trust(&self, command: &mut Command, roots: Roots) {
        let file = match roots {
            Roots::SystemAndProxy => &self.system_and_root,
            Roots::Proxy => &self.root,
        };
        command.env("SSL_CERT_FILE", file.path());
        command.env("AWS_CA_BUNDLE", file.path());
        // Node.js brings root certificates of its own, and this adds to them.
        command.env("NODE_EXTRA_CA_CERTS", self.root.path());
    }
}

async fn serve(listener: TcpListener, acceptor: TlsAcceptor, address: String) -> io::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        let (acceptor, address) = (acceptor.clone(), address.clone());
        tokio::spawn(async move {
            stream.set_nodelay(true)?;
            let mut stream = acceptor.accept(stream).await?;
            let mut table = TcpStream::connect(address).await?;
            table.set_nodelay(true)?;
            // A runtime that is killed closes its connection without TLS's alert, which is no error here.
            copy_bidirectional(&mut stream, &mut table).await
        });
    }
}
