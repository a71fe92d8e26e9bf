//! Encrypted clusters: TLS from the first byte, the discovery host's name verified at every node.
#![cfg(feature = "tls")]

mod support;

use std::net::SocketAddr;
use std::sync::Arc;

use aws_sdk_dynamodb::config::{Credentials, Region};
use dax_client::Client;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use support::{n, s, start, table};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

/// Takes TLS off in front of a node; its address and its certificate.
async fn terminator(node: SocketAddr, name: &str) -> (SocketAddr, Vec<u8>) {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(vec![name.to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (client, _) = listener.accept().await.unwrap();
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                // A client that does not trust the certificate goes.
                let Ok(mut client) = acceptor.accept(client).await else {
                    return;
                };
                let mut node = TcpStream::connect(node).await.unwrap();
                let _ = tokio::io::copy_bidirectional(&mut client, &mut node).await;
            });
        }
    });
    (address, cert.der().to_vec())
}

fn client(address: SocketAddr, certificate: Vec<u8>) -> Client {
    Client::builder(format!("daxs://localhost:{}", address.port()))
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("local", "local", None, None, "test"))
        .root_certificate(certificate)
        .build()
        .unwrap()
}

#[tokio::test]
async fn calls_work_over_tls() {
    let dax = start();
    let table = table(&dax, None).await;
    let (address, certificate) = terminator(dax.addresses()[0], "localhost").await;
    dax.advertise(&[address]);
    let client = client(address, certificate);
    for visits in 1..4 {
        let put = client.put_item().table_name(&table).item("id", s("ann"));
        put.item("visits", n(visits)).send().await.unwrap();
        let get = client.get_item().table_name(&table).key("id", s("ann"));
        assert_eq!(get.send().await.unwrap().item.unwrap()["visits"], n(visits));
    }
}

#[tokio::test]
async fn a_certificate_for_another_name_is_refused() {
    let dax = start();
    let (address, certificate) = terminator(dax.addresses()[0], "elsewhere").await;
    dax.advertise(&[address]);
    let get = client(address, certificate)
        .get_item()
        .table_name("any")
        .key("id", s("ann"));
    let error = get.send().await.unwrap_err();
    assert!(
        format!("{error:?}").contains("NotValidForName"),
        "{error:?}"
    );
}
