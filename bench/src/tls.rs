//! The table over HTTPS: a door on this machine, with a certificate of our own, before the local
//! DynamoDB, which has none.

use std::fs;
use std::net::Ipv4Addr;
use std::path::Path;
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

/// Where Linux distributions keep the authorities that they trust, Amazon Linux last.
const SYSTEM: [&str; 2] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
];

/// The door; it stays open until the process ends.
pub struct Tls {
    /// Where it is.
    pub endpoint_url: String,
    /// Our authority alone.
    pub authority: NamedTempFile,
    /// The system's authorities and ours, since a program on Lambda reads all of the system's.
    pub authorities: NamedTempFile,
}

impl Tls {
    /// Opens a door to the server at `address`.
    ///
    /// # Errors
    /// Fails when no port, thread or file can be had.
    pub fn start(address: &str) -> Result<Tls> {
        let mut root = CertificateParams::new([])?;
        root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        // A certificate whose issuer has its own name looks as if it had signed itself.
        root.distinguished_name
            .push(DnType::CommonName, "The authority of a measurement");
        let root = CertifiedIssuer::self_signed(root, KeyPair::generate()?)?;
        let key = KeyPair::generate()?;
        let leaf = CertificateParams::new(["127.0.0.1".to_owned()])?.signed_by(&key, &root)?;
        let key = PrivateKeyDer::try_from(key.serialize_der()).map_err(anyhow::Error::msg)?;
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![leaf.der().clone()], key)?;
        let door = TlsAcceptor::from(Arc::new(config));

        let (authority, authorities) = (NamedTempFile::new()?, NamedTempFile::new()?);
        fs::write(&authority, root.pem())?;
        let system = SYSTEM.iter().find(|path| Path::new(path).is_file());
        let system = system.map_or_else(|| Ok(String::new()), fs::read_to_string)?;
        fs::write(&authorities, system + &root.pem())?;

        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let endpoint_url = format!("https://{}", listener.local_addr()?);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .build()?;
        let address = address.to_owned();
        thread::spawn(move || runtime.block_on(serve(listener, door, address)));
        Ok(Tls {
            endpoint_url,
            authority,
            authorities,
        })
    }
}

async fn serve(
    listener: std::net::TcpListener,
    door: TlsAcceptor,
    address: String,
) -> std::io::Result<()> {
    let listener = TcpListener::from_std(listener)?;
    loop {
        let (stream, _) = listener.accept().await?;
        let (door, address) = (door.clone(), address.clone());
        tokio::spawn(async move {
            stream.set_nodelay(true)?;
            let mut stream = door.accept(stream).await?;
            let mut table = TcpStream::connect(address).await?;
            table.set_nodelay(true)?;
            // A runtime that was ended does not say goodbye.
            copy_bidirectional(&mut stream, &mut table).await
        });
    }
}
