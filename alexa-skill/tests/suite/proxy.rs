//! A proxy in front of a DynamoDB endpoint that does to calls what networks and tables do.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::retry::{RetryConfig, RetryPartition, TokenBucket};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::client::legacy::Client as HttpClient;
use hyper_util::rt::{TokioExecutor, TokioIo};

use local_dynamodb::LocalDynamoDb;

/// What happens to one call.
#[allow(dead_code, reason = "each suite needs some of them")]
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Fault {
    /// Nothing.
    None,
    /// It is carried out, and its answer never arrives.
    LoseAnswer,
    /// It is refused as too much for the table.
    Throttle,
    /// It is refused with this code and message.
    Refuse(&'static str, &'static str),
    /// It is carried out, or not, and answered with HTTP 500.
    ServerError { carried_out: bool },
    /// It is carried out late.
    Delay(Duration),
}

/// Decides by the operation, such as `PutItem`, and is asked in the order of arrival.
pub type Faults = Box<dyn FnMut(&str) -> Fault + Send>;

pub struct Proxy {
    address: SocketAddr,
    server: tokio::task::JoinHandle<()>,
}

impl Proxy {
    pub async fn start(local: &LocalDynamoDb, faults: Faults) -> Proxy {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let target = Arc::new(local.endpoint_url().trim_end_matches('/').to_owned());
        let faults = Arc::new(Mutex::new(faults));
        let http: HttpClient<_, Full<Bytes>> =
            HttpClient::builder(TokioExecutor::new()).build_http();
        let server = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (target, faults, http) = (target.clone(), faults.clone(), http.clone());
                let service = service_fn(move |request| {
                    let (target, faults, http) = (target.clone(), faults.clone(), http.clone());
                    async move { carry(request, &target, &faults, &http).await }
                });
                let connection = hyper::server::conn::http1::Builder::new();
                // An error here is an answer that the proxy loses on purpose.
                tokio::spawn(connection.serve_connection(TokioIo::new(stream), service));
            }
        });
        Proxy { address, server }
    }

    /// A client that goes through the proxy and tries a call five times, without long pauses, and
    /// without the SDK's quota on retries, which so many faults would use up.
    pub fn client(&self, local: &LocalDynamoDb) -> Client {
        let retries = RetryConfig::standard()
            .with_max_attempts(5)
            .with_initial_backoff(Duration::from_millis(10));
        let quota = RetryPartition::custom("faults").token_bucket(TokenBucket::unlimited());
        let config = local.client().config().to_builder();
        let config = config.endpoint_url(format!("http://{}", self.address));
        Client::from_conf(
            config
                .retry_config(retries)
                .retry_partition(quota.build())
                .build(),
        )
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn carry(
    request: Request<Incoming>,
    target: &str,
    faults: &Mutex<Faults>,
    http: &HttpClient<hyper_util::client::legacy::connect::HttpConnector, Full<Bytes>>,
) -> Result<Response<Full<Bytes>>, Box<dyn std::error::Error + Send + Sync>> {
    let operation = request.headers()["x-amz-target"].to_str()?;
    let operation = operation.rsplit('.').next().unwrap_or_default().to_owned();
    let fault = (faults.lock().unwrap())(&operation);
    if fault == (Fault::ServerError { carried_out: false }) {
        return refusal(StatusCode::INTERNAL_SERVER_ERROR, SERVER_ERROR);
    }
    let refused = match fault {
        Fault::Throttle => Some(("ProvisionedThroughputExceededException", "slow down")),
        Fault::Refuse(code, message) => Some((code, message)),
        _ => None,
    };
    if let Some(refused) = refused {
        return refusal(StatusCode::BAD_REQUEST, refused);
    }
    if let Fault::Delay(duration) = fault {
        tokio::time::sleep(duration).await;
    }
    let (mut parts, body) = request.into_parts();
    parts.uri = format!("{target}/").parse()?;
    let body = body.collect().await?.to_bytes();
    let answer = http
        .request(Request::from_parts(parts, Full::new(body)))
        .await?;
    let (parts, body) = answer.into_parts();
    let body = body.collect().await?.to_bytes();
    match fault {
        Fault::LoseAnswer => Err("the answer is lost".into()),
        Fault::ServerError { .. } => refusal(StatusCode::INTERNAL_SERVER_ERROR, SERVER_ERROR),
        _ => Ok(Response::from_parts(parts, Full::new(body))),
    }
}

const SERVER_ERROR: (&str, &str) = ("InternalServerError", "Internal server error");

fn refusal(
    status: StatusCode,
    (code, message): (&str, &str),
) -> Result<Response<Full<Bytes>>, Box<dyn std::error::Error + Send + Sync>> {
    let code = format!("com.amazonaws.dynamodb.v20120810#{code}");
    let body = serde_json::json!({"__type": code, "message": message}).to_string();
    let answer = Response::builder().status(status);
    Ok(answer
        .header("content-type", "application/x-amz-json-1.0")
        .body(body.into())?)
}
