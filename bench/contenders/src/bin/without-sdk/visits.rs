//! A table of visits: two calls, signed.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::SystemTime;

use anyhow::{Context, Result};
use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use aws_smithy_runtime_api::client::identity::Identity;
use base64::prelude::{BASE64_STANDARD, Engine};
use contenders::http::Http;
use contenders::{TABLE, variable};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use serde_json::{Value as Json, json};

/// A connection, encrypted or not.
trait Stream: Read + Write {}
impl<S: Read + Write> Stream for S {}

/// A table of visits.
pub(crate) struct Visits {
    connection: Http<Box<dyn Stream>>,
    endpoint_url: String,
    host: String,
    identity: Identity,
    region: String,
}

impl Visits {
    /// Connects to the DynamoDB that `AWS_ENDPOINT_URL_DYNAMODB` names.
    pub(crate) fn connect() -> Result<Visits> {
        let endpoint_url = variable("AWS_ENDPOINT_URL_DYNAMODB")?;
        let (scheme, host) = endpoint_url
            .split_once("://")
            .context("the endpoint URL has no scheme")?;
        let host = host.trim_end_matches('/').to_owned();
        let stream = TcpStream::connect(&host)?;
        stream.set_nodelay(true)?;
        let stream: Box<dyn Stream> = match scheme {
            "https" => Box::new(encrypted(stream, &host)?),
            _ => Box::new(stream),
        };
        let [id, secret] = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"].map(variable);
        Ok(Visits {
            connection: Http::over(stream, &host),
            identity: Credentials::new(id?, secret?, None, None, "environment").into(),
            region: variable("AWS_REGION")?,
            endpoint_url,
            host,
        })
    }

    /// Counts a visit of `user`, and returns how many there were with this one.
    pub(crate) fn count(&mut self, user: &str, request: &str) -> Result<u64> {
        let key = json!({"userId": {"S": user}});
        let get = json!({"TableName": TABLE, "Key": key, "ConsistentRead": true});
        let answer = self.call("GetItem", &get)?;
        let item = &answer["Item"];
        let count = item["mapAttr"]["M"]["count"]["N"].as_str();
        let count = count.map_or(Ok(0), str::parse::<u64>)? + 1;
        // As many earlier requests as an item has after 32 turns.
        let earlier = BASE64_STANDARD.encode([0; 256]);
        let mut put = json!({
            "TableName": TABLE,
            "Item": {
                "userId": {"S": user},
                "mapAttr": {"M": {"count": {"N": count.to_string()}}},
                "version": {"N": count.to_string()},
                "requestId": {"S": request},
                "earlierRequests": {"B": earlier},
            },
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        });
        if item.is_null() {
            put["ConditionExpression"] = json!("attribute_not_exists(userId)");
        } else {
            put["ConditionExpression"] = json!("#version = :version AND #request = :request");
            put["ExpressionAttributeNames"] =
                json!({"#version": "version", "#request": "requestId"});
            put["ExpressionAttributeValues"] =
                json!({":version": item["version"], ":request": item["requestId"]});
        }
        self.call("PutItem", &put)?;
        Ok(count)
    }

    fn call(&mut self, operation: &str, body: &Json) -> Result<Json> {
        let body = serde_json::to_vec(body)?;
        let target = format!("DynamoDB_20120810.{operation}");
        let headers = [
            ("content-type", "application/x-amz-json-1.0"),
            ("host", &self.host),
            ("x-amz-target", &target),
        ];
        let key = v4::SigningParams::builder()
            .identity(&self.identity)
            .region(&self.region)
            .name("dynamodb")
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()?;
        let (request, signed) = (SignableBody::Bytes(&body), headers.into_iter());
        let request = SignableRequest::new("POST", &*self.endpoint_url, signed, request)?;
        let (signature, _) = sign(request, &key.into())?.into_parts();

        let mut head = "POST / HTTP/1.1\r\n".to_owned();
        let host = |(name, _): &(&str, &str)| *name != "host";
        let headers = headers.into_iter().filter(host);
        for (name, value) in headers.chain(signature.headers()) {
            head.extend([name, ": ", value, "\r\n"]);
        }
        let answer = self.connection.call(&head, &body)?;
        Ok(serde_json::from_str(answer.text()?)?)
    }
}

/// Starts TLS and trusts the root certificates that the system trusts.
fn encrypted(stream: TcpStream, host: &str) -> Result<StreamOwned<ClientConnection, TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let config = ClientConfig::builder()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let (name, _) = host.rsplit_once(':').unwrap_or((host, ""));
    let name = ServerName::try_from(name.to_owned())?;
    let connection = ClientConnection::new(Arc::new(config), name)?;
    Ok(StreamOwned::new(connection, stream))
}
