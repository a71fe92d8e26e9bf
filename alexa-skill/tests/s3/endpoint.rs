//! An S3 in the process, as far as the adapter calls it: objects with metadata, an ETag that is a
//! digest of the body, conditional writes. It can lose answers, throttle and refuse.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use aws_sdk_s3::Client;
use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::config::{BehaviorVersion, Config, Credentials, Region};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{HeaderMap, Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;

pub const BUCKET: &str = "memories";

#[derive(Debug, Clone, Default)]
pub struct Object {
    pub body: Vec<u8>,
    pub metadata: HeaderMap,
}

impl Object {
    fn tag(&self) -> String {
        let mut hasher = DefaultHasher::new();
        self.body.hash(&mut hasher);
        format!("\"{:016x}\"", hasher.finish())
    }
}

/// What happens to one call.
#[derive(Debug, Clone, PartialEq)]
pub enum Fault {
    None,
    /// It is carried out, then another writes this body, if any, and no answer arrives.
    LoseAnswer(Option<&'static str>),
    /// It is refused with this status and code.
    Refuse(u16, &'static str),
}

type Faults = Box<dyn FnMut(&Method) -> Fault + Send>;

pub struct Endpoint {
    address: SocketAddr,
    state: Arc<State>,
    server: tokio::task::JoinHandle<()>,
}

struct State {
    objects: Mutex<BTreeMap<String, Object>>,
    faults: Mutex<Faults>,
}

impl Endpoint {
    pub async fn start() -> Endpoint {
        Endpoint::with(|_| Fault::None).await
    }

    pub async fn with(faults: impl FnMut(&Method) -> Fault + Send + 'static) -> Endpoint {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(State {
            objects: Mutex::default(),
            faults: Mutex::new(Box::new(faults)),
        });
        let server = tokio::spawn({
            let state = state.clone();
            async move {
                while let Ok((stream, _)) = listener.accept().await {
                    let state = state.clone();
                    let service = service_fn(move |request| answer(state.clone(), request));
                    let connection = hyper::server::conn::http1::Builder::new();
                    // An error here is an answer that is lost on purpose.
                    tokio::spawn(connection.serve_connection(TokioIo::new(stream), service));
                }
            }
        });
        Endpoint {
            address,
            state,
            server,
        }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn client(&self) -> Client {
        let retries = RetryConfig::standard()
            .with_max_attempts(3)
            .with_initial_backoff(std::time::Duration::from_millis(1));
        let config = Config::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new("a", "b", None, None, "test"))
            .retry_config(retries)
            .force_path_style(true)
            .endpoint_url(self.url());
        Client::from_conf(config.build())
    }

    pub fn object(&self, key: &str) -> Option<Object> {
        let path = format!("/{BUCKET}/{key}");
        self.state.objects.lock().unwrap().get(&path).cloned()
    }

    /// Puts an object there as another SDK would, without metadata.
    pub fn put(&self, key: &str, body: &str) {
        let object = Object {
            body: body.into(),
            metadata: HeaderMap::new(),
        };
        let path = format!("/{BUCKET}/{key}");
        self.state.objects.lock().unwrap().insert(path, object);
    }
}

impl Drop for Endpoint {
    fn drop(&mut self) {
        self.server.abort();
    }
}

type Answer = Response<Full<Bytes>>;

fn refusal(status: u16, code: &str) -> Answer {
    let body = format!("<Error><Code>{code}</Code><Message>no</Message></Error>");
    let answer = Response::builder().status(status);
    answer.body(body.into()).unwrap()
}

async fn answer(state: Arc<State>, request: Request<Incoming>) -> Result<Answer, BrokenOff> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.unwrap().to_bytes().to_vec();
    let path = parts.uri.path().to_owned();
    let fault = (state.faults.lock().unwrap())(&parts.method);
    if let Fault::Refuse(status, code) = fault {
        return Ok(refusal(status, code));
    }
    if !path.starts_with(&format!("/{BUCKET}/")) {
        return Ok(refusal(404, "NoSuchBucket"));
    }
    let mut objects = state.objects.lock().unwrap();
    let there = objects.get(&path).cloned();
    let answer = match parts.method {
        Method::GET => match there {
            None => refusal(404, "NoSuchKey"),
            Some(object) => {
                let mut answer = Response::new(object.body.clone().into());
                *answer.headers_mut() = object.metadata.clone();
                let tag = object.tag().parse().unwrap();
                answer.headers_mut().insert("etag", tag);
                answer
            }
        },
        Method::PUT => match refused(&parts.headers, there.as_ref()) {
            Some(refused) => refused,
            None => {
                let metadata = parts.headers.into_iter().filter_map(|(name, value)| {
                    let name = name?;
                    name.as_str()
                        .starts_with("x-amz-meta-")
                        .then_some((name, value))
                });
                let object = Object {
                    body,
                    metadata: metadata.collect(),
                };
                let tag = object.tag();
                objects.insert(path.clone(), object);
                let answer = Response::builder().header("etag", tag);
                answer.body(Full::default()).unwrap()
            }
        },
        Method::DELETE => {
            objects.remove(&path);
            let answer = Response::builder().status(StatusCode::NO_CONTENT);
            answer.body(Full::default()).unwrap()
        }
        _ => refusal(405, "MethodNotAllowed"),
    };
    if let Fault::LoseAnswer(then) = fault {
        if let Some(body) = then {
            let object = Object {
                body: body.into(),
                metadata: HeaderMap::new(),
            };
            objects.insert(path, object);
        }
        return Err(BrokenOff);
    }
    Ok(answer)
}

#[derive(Debug, PartialEq)]
struct BrokenOff;

impl std::fmt::Display for BrokenOff {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the answer is lost")
    }
}

impl std::error::Error for BrokenOff {}

/// Whether S3 refuses a conditional write (User Guide, "How to prevent object overwrites").
fn refused(headers: &HeaderMap, there: Option<&Object>) -> Option<Answer> {
    match (headers.get("if-none-match"), headers.get("if-match"), there) {
        (Some(_), _, Some(_)) => Some(refusal(412, "PreconditionFailed")),
        (_, Some(_), None) => Some(refusal(404, "NoSuchKey")),
        (_, Some(tag), Some(object)) if tag.as_bytes() != object.tag().as_bytes() => {
            Some(refusal(412, "PreconditionFailed"))
        }
        _ => None,
    }
}
