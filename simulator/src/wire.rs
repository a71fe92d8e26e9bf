//! What goes over the wire between a skill and its table, written down as it passes.

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

use crate::capacity;
use crate::meeting::Lane;

/// A request to DynamoDB and its answer. Times are in microseconds.
#[derive(Debug, Clone, Serialize)]
pub struct Call {
    /// The operation, such as `GetItem`.
    pub operation: String,
    /// When the request was sent, counted from the start of what the reader asked for.
    pub begins: u64,
    /// How long the answer took.
    pub took: u64,
    /// How long the call was kept back, so that two turns meet: a write before it was sent, a read
    /// before its answer was handed on.
    pub held: u64,
    /// The request as it was sent.
    pub request: Message,
    /// The answer as it came.
    pub response: Message,
    /// What the call consumed.
    pub consumed: Option<Consumed>,
}

/// One direction of a call.
#[derive(Debug, Clone, Serialize)]
pub struct Message {
    /// The request line or the status.
    pub start: String,
    /// Names and values, sorted by name.
    pub headers: Vec<(String, String)>,
    /// The body; a text where it is no JSON.
    pub body: Json,
}

/// Read or write units.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Consumed {
    /// How many.
    pub units: f64,
    /// Who says so.
    pub told_by: Source,
}

/// Where a number of units comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Source {
    /// The answer, in `ConsumedCapacity`.
    Answer,
    /// DynamoDB's rules: the answer is an error, which names no units.
    Rule,
}

/// A wire to the table, for one turn at a time.
#[derive(Debug, Clone)]
pub struct Wire {
    inner: SharedHttpClient,
    record: Arc<Mutex<Record>>,
}

#[derive(Debug)]
struct Record {
    start: Instant,
    lane: Option<Arc<Lane>>,
    numbers: Option<u64>,
    calls: Vec<Call>,
}

impl Wire {
    /// A wire on top of a real HTTP client.
    pub fn over(inner: SharedHttpClient) -> Wire {
        let record = Record {
            start: Instant::now(),
            lane: None,
            numbers: None,
            calls: Vec::new(),
        };
        Wire {
            inner,
            record: Arc::new(Mutex::new(record)),
        }
    }

    /// A client that sends through this wire, and asks each time what the call consumes.
    pub fn client(&self, like: &Client) -> Client {
        let config = like.config().to_builder();
        Client::from_conf(
            config
                .http_client(self.clone())
                .interceptor(AskForCapacity)
                .build(),
        )
    }

    /// Forgets earlier calls, and counts time from `start`. With `numbers`, those that a handler
    /// draws after an answer are always the same.
    pub fn begin(&self, start: Instant, lane: Option<Lane>, numbers: Option<u64>) {
        *self.record() = Record {
            start,
            lane: lane.map(Arc::new),
            numbers,
            calls: Vec::new(),
        };
    }

    /// The calls since the beginning, in the order of their answers. Leaves the lane.
    pub fn end(&self) -> Vec<Call> {
        let mut record = self.record();
        record.lane = None;
        std::mem::take(&mut record.calls)
    }

    fn record(&self) -> MutexGuard<'_, Record> {
        // Nothing panics while it holds the lock.
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn exchange(
        &self,
        connector: SharedHttpConnector,
        request: HttpRequest,
    ) -> Result<HttpResponse, ConnectorError> {
        let sent = Message {
            start: format!("{} {}", request.method(), request.uri()),
            headers: sorted(request.headers()),
            body: json(request.body().bytes().unwrap_or_default()),
        };
        let operation = operation(request.headers());
        let (start, lane) = {
            let record = self.record();
            (record.start, record.lane.clone())
        };

        let mut held = Duration::ZERO;
        if let Some(lane) = lane.as_ref().filter(|_| operation == "PutItem") {
            let since = Instant::now();
            lane.will_write().await;
            held = since.elapsed();
        }
        let begins = start.elapsed();
        let (response, body) = whole(connector.call(request).await?).await?;
        let took = start.elapsed().saturating_sub(begins);
        if let Some(lane) = lane.as_ref().filter(|_| operation == "GetItem") {
            let since = Instant::now();
            lane.has_read().await;
            held = since.elapsed();
        }

        let answer = Message {
            start: response.status().as_u16().to_string(),
            headers: sorted(response.headers()),
            body,
        };
        let consumed = consumed(&operation, &sent.body, &answer);
        let mut record = self.record();
        // Here, as the SDK draws numbers too, and not as many in a browser as on a server.
        if let Some(numbers) = record.numbers {
            fastrand::seed(numbers.wrapping_add(record.calls.len() as u64));
        }
        record.calls.push(Call {
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

fn consumed(operation: &str, sent: &Json, answer: &Message) -> Option<Consumed> {
    let told = answer.body.get("ConsumedCapacity");
    if let Some(units) = told.and_then(|told| told.get("CapacityUnits")?.as_f64()) {
        let told_by = Source::Answer;
        return Some(Consumed { units, told_by });
    }
    let kind = answer
        .body
        .get("__type")
        .and_then(Json::as_str)
        .unwrap_or_default();
    if operation == "PutItem" && kind.ends_with("ConditionalCheckFailedException") {
        let units = capacity::units_of_refused_write(answer.body.get("Item"), sent.get("Item"));
        let told_by = Source::Rule;
        return Some(Consumed { units, told_by });
    }
    None
}

impl HttpClient for Wire {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(Tapped {
            inner: self.inner.http_connector(settings, components),
            wire: self.clone(),
        })
    }
}

#[derive(Debug)]
struct Tapped {
    inner: SharedHttpConnector,
    wire: Wire,
}

impl HttpConnector for Tapped {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (inner, wire) = (self.inner.clone(), self.wire.clone());
        HttpConnectorFuture::new(async move { wire.exchange(inner, request).await })
    }
}

/// The library does not ask what its calls consume, as nothing in a skill depends on it. Here it is
/// asked before the request is written and signed, so that the answer is DynamoDB's own.
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
