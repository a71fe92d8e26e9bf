//! The calls between a skill and its table, recorded as they are sent and answered.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::http::{HttpRequest, HttpResponse};
use aws_sdk_dynamodb::config::interceptors::BeforeSerializationInterceptorContextMut;
use aws_sdk_dynamodb::config::{
    ConfigBag, HttpClient, Intercept, RuntimeComponents, SharedHttpClient,
};
use aws_sdk_dynamodb::error::BoxError;
use aws_sdk_dynamodb::operation::get_item::GetItemInput;
use aws_sdk_dynamodb::operation::put_item::PutItemInput;
use aws_sdk_dynamodb::types::ReturnConsumedCapacity;
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::http::Headers;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use serde::Serialize;
use serde_json::Value as Json;
use web_time::Instant;

use super::capacity;
use super::concurrent_turns::ConcurrentTurn;

/// A request to DynamoDB and its answer. Times are in microseconds.
#[derive(Debug, Clone, Serialize)]
pub struct CallTrace {
    /// The operation, such as `GetItem`.
    pub operation: String,
    /// When the request was sent, counted from the start of the exchange.
    pub begins: u64,
    /// How long the answer took.
    pub took: u64,
    /// How long the call was delayed so that two turns conflict: a write before it was sent, a read
    /// before its answer was handed on.
    pub held: u64,
    /// The request as it was sent.
    pub request: HttpMessage,
    /// The answer as it came.
    pub response: HttpMessage,
    /// What the call consumed.
    pub consumed: Option<ConsumedCapacity>,
}

/// One direction of a call.
#[derive(Debug, Clone, Serialize)]
pub struct HttpMessage {
    /// The request line or the status.
    pub start: String,
    /// Names and values, sorted by name.
    pub headers: Vec<(String, String)>,
    /// The body; a string where it is not JSON.
    pub body: Json,
}

/// What a call consumed.
#[derive(Debug, Clone, Serialize)]
pub struct ConsumedCapacity {
    /// The number of read or write units.
    pub units: f64,
    /// Where that number comes from.
    #[serde(rename = "toldBy")]
    pub source: CapacitySource,
}

/// Where the number of consumed units comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum CapacitySource {
    /// The answer, in `ConsumedCapacity`.
    Answer,
    /// DynamoDB's rules: the answer is an error, which names no units.
    Rule,
}

/// An HTTP client that records the calls of one turn at a time.
#[derive(Debug, Clone)]
pub struct CallRecorder {
    inner: SharedHttpClient,
    recording: Arc<Mutex<Recording>>,
}

#[derive(Debug)]
struct Recording {
    options: TurnOptions,
    concurrent: Option<Arc<ConcurrentTurn>>,
    calls: Vec<CallTrace>,
}

/// How the turn that is recorded runs.
#[derive(Debug, Clone, Copy)]
pub struct TurnOptions {
    /// When the exchange started, from which times are counted.
    pub start: Instant,
    /// What the numbers begin with that a handler draws after each answer; any numbers if not set.
    pub seed: Option<u64>,
}

impl CallRecorder {
    /// Records what goes through `inner`.
    pub fn new(inner: SharedHttpClient) -> CallRecorder {
        let recording = Recording {
            options: TurnOptions {
                start: Instant::now(),
                seed: None,
            },
            concurrent: None,
            calls: Vec::new(),
        };
        CallRecorder {
            inner,
            recording: Arc::new(Mutex::new(recording)),
        }
    }

    /// A client whose calls are recorded, and which asks each time what the call consumes.
    pub fn client(&self, like: &Client) -> Client {
        let config = like.config().to_builder();
        Client::from_conf(
            config
                .http_client(self.clone())
                .interceptor(AskForCapacity)
                .build(),
        )
    }

    /// Begins a turn: forgets earlier calls.
    pub fn begin(&self, options: TurnOptions, concurrent: Option<ConcurrentTurn>) {
        *self.recording() = Recording {
            options,
            concurrent: concurrent.map(Arc::new),
            calls: Vec::new(),
        };
    }

    /// Ends the turn, so that another one waits for it no longer. Returns its calls in the order of
    /// their answers.
    pub fn end(&self) -> Vec<CallTrace> {
        let mut recording = self.recording();
        recording.concurrent = None;
        std::mem::take(&mut recording.calls)
    }

    fn recording(&self) -> MutexGuard<'_, Recording> {
        // Nothing panics while it holds the lock.
        self.recording
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    async fn send(
        &self,
        connector: SharedHttpConnector,
        request: HttpRequest,
    ) -> Result<HttpResponse, ConnectorError> {
        let sent = HttpMessage {
            start: format!("{} {}", request.method(), request.uri()),
            headers: sorted(request.headers()),
            body: json(request.body().bytes().unwrap_or_default()),
        };
        let operation = operation(request.headers());
        let (TurnOptions { start, seed }, concurrent) = {
            let recording = self.recording();
            (recording.options, recording.concurrent.clone())
        };

        let mut held = Duration::ZERO;
        if let Some(turn) = concurrent.as_ref().filter(|_| operation == "PutItem") {
            let since = Instant::now();
            turn.before_write().await;
            held = since.elapsed();
        }
        let begins = start.elapsed();
        let (response, body) = whole(connector.call(request).await?).await?;
        let took = start.elapsed().saturating_sub(begins);
        if let Some(turn) = concurrent.as_ref().filter(|_| operation == "GetItem") {
            let since = Instant::now();
            turn.after_read().await;
            held = since.elapsed();
        }

        let answer = HttpMessage {
            start: response.status().as_u16().to_string(),
            headers: sorted(response.headers()),
            body,
        };
        let consumed = consumed(&operation, &sent.body, &answer);
        let mut recording = self.recording();
        // Anew after each answer, because the SDK draws numbers too, and in a browser not as many as
        // on a server.
        if let Some(seed) = seed {
            fastrand::seed(seed.wrapping_add(recording.calls.len() as u64));
        }
        recording.calls.push(CallTrace {
            operation,
            begins: microseconds(begins),
            took: microseconds(took),
            held: microseconds(held),
            request: sent,
            response: answer,
            consumed,
        });
        Ok(response)
    }
}

/// As microseconds, of which half a million years fit.
pub fn microseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

/// Reads the body, and puts it back for the SDK.
async fn whole(mut response: HttpResponse) -> Result<(HttpResponse, Json), ConnectorError> {
    let body = ByteStream::new(response.take_body()).collect().await;
    let bytes = body
        .map_err(|error| ConnectorError::io(error.into()))?
        .into_bytes();
    let body = json(&bytes);
    *response.body_mut() = SdkBody::from(bytes);
    Ok((response, body))
}

fn operation(headers: &Headers) -> String {
    let target = headers.get("x-amz-target").unwrap_or_default();
    target.split('.').next_back().unwrap_or_default().to_owned()
}

fn sorted(headers: &Headers) -> Vec<(String, String)> {
    let headers = headers.iter();
    let mut sorted: Vec<_> = headers
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    sorted.sort();
    sorted
}

fn json(bytes: &[u8]) -> Json {
    serde_json::from_slice(bytes)
        .unwrap_or_else(|_| Json::String(String::from_utf8_lossy(bytes).into_owned()))
}

fn consumed(operation: &str, sent: &Json, answer: &HttpMessage) -> Option<ConsumedCapacity> {
    let consumed = answer.body.get("ConsumedCapacity");
    if let Some(units) = consumed.and_then(|consumed| consumed.get("CapacityUnits")?.as_f64()) {
        let source = CapacitySource::Answer;
        return Some(ConsumedCapacity { units, source });
    }
    let kind = answer
        .body
        .get("__type")
        .and_then(Json::as_str)
        .unwrap_or_default();
    if operation == "PutItem" && kind.ends_with("ConditionalCheckFailedException") {
        let units = capacity::units_of_refused_write(answer.body.get("Item"), sent.get("Item"));
        let source = CapacitySource::Rule;
        return Some(ConsumedCapacity { units, source });
    }
    None
}

impl HttpClient for CallRecorder {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(RecordingConnector {
            inner: self.inner.http_connector(settings, components),
            recorder: self.clone(),
        })
    }
}

#[derive(Debug)]
struct RecordingConnector {
    inner: SharedHttpConnector,
    recorder: CallRecorder,
}

impl HttpConnector for RecordingConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (inner, recorder) = (self.inner.clone(), self.recorder.clone());
        HttpConnectorFuture::new(async move { recorder.send(inner, request).await })
    }
}

/// Asks each call what it consumes, which the library does not, as nothing in a skill depends on it.
///
/// This is set before the request is serialized and signed, so that the answer is DynamoDB's own.
#[derive(Debug)]
struct AskForCapacity;

impl Intercept for AskForCapacity {
    fn name(&self) -> &'static str {
        "AskForCapacity"
    }

    fn modify_before_serialization(
        &self,
        context: &mut BeforeSerializationInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let input = context.input_mut();
        if let Some(get) = input.downcast_mut::<GetItemInput>() {
            get.return_consumed_capacity = Some(ReturnConsumedCapacity::Total);
        } else if let Some(put) = input.downcast_mut::<PutItemInput>() {
            put.return_consumed_capacity = Some(ReturnConsumedCapacity::Total);
        }
        Ok(())
    }
}
