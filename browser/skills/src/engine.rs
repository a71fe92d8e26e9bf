//! The SDK's way out: a request goes to the page's DynamoDB engine.

use alexa_skill::persistence::BoxFuture;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use futures_channel::{mpsc, oneshot};
use futures_util::StreamExt;
use js_sys::{Function, Promise};
use serde_json::{Value as Json, json};
use simulator::Tables;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// The engine looks whether a request is signed, and not by whom.
const UNSIGNED: &str = "AWS4-HMAC-SHA256 Credential=page/20261122/us-east-1/dynamodb/aws4_request, \
                        SignedHeaders=host, Signature=none";

/// An HTTP client whose every request goes to one engine.
///
/// The SDK wants a client that may move between threads, and nothing of JavaScript may. So the
/// engine stays in a task of this thread, and requests go there through a channel.
#[derive(Debug, Clone)]
pub(crate) struct Engine {
    requests: mpsc::UnboundedSender<(Request, Answer)>,
}

#[derive(Debug)]
struct Request {
    target: String,
    body: String,
    authorization: String,
}

type Answer = oneshot::Sender<Result<HttpResponse, String>>;

impl Engine {
    /// Hands requests to `dispatch`.
    pub(crate) fn behind(dispatch: Function) -> Engine {
        let (requests, mut asked) = mpsc::unbounded::<(Request, Answer)>();
        spawn_local(async move {
            while let Some((request, answer)) = asked.next().await {
                let dispatch = dispatch.clone();
                spawn_local(async move {
                    // Whoever asked may have given up meanwhile.
                    let _ = answer.send(dispatched(&dispatch, request).await);
                });
            }
        });
        Engine { requests }
    }

    async fn exchange(self, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let header = |name| request.headers().get(name).unwrap_or_default().to_owned();
        let body = request.body().bytes().unwrap_or_default();
        let body = str::from_utf8(body).map_err(|error| ConnectorError::user(error.into()))?;
        let request = Request {
            target: header("x-amz-target"),
            body: body.to_owned(),
            authorization: header("authorization"),
        };
        self.ask(request).await
    }

    async fn ask(&self, request: Request) -> Result<HttpResponse, ConnectorError> {
        let (answer, answered) = oneshot::channel();
        let lost = |_| ConnectorError::io("the page's DynamoDB engine is gone".into());
        let sent = self.requests.unbounded_send((request, answer));
        sent.map_err(|error| ConnectorError::io(error.into_send_error().into()))?;
        let answer = answered.await.map_err(lost)?;
        answer.map_err(|error| ConnectorError::io(error.into()))
    }
}

/// Past the SDK: a skill creates no table, and what the SDK takes for it is a tenth of the module.
impl Tables for Engine {
    fn create<'a>(&'a self, name: &'a str, key: &'a str) -> BoxFuture<'a, Result<(), String>> {
        let table = json!({
            "TableName": name,
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": key, "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": key, "KeyType": "HASH"}],
        });
        let request = Request {
            target: "DynamoDB_20120810.CreateTable".into(),
            body: table.to_string(),
            authorization: UNSIGNED.into(),
        };
        Box::pin(async move {
            let response = self.ask(request).await.map_err(|error| error.to_string())?;
            let body = response.body().bytes().unwrap_or_default();
            let body = String::from_utf8_lossy(body);
            match response.status().as_u16() {
                200 => Ok(()),
                _ if body.contains("ResourceInUseException") => Ok(()),
                _ => Err(format!("the table {name} cannot be created: {body}")),
            }
        })
    }
}

async fn dispatched(dispatch: &Function, request: Request) -> Result<HttpResponse, String> {
    let failed = |error: JsValue| {
        let message = js_sys::Error::from(error).message();
        format!(
            "the page's DynamoDB engine failed: {}",
            String::from(message)
        )
    };
    let promised = dispatch.call3(
        &JsValue::NULL,
        &request.target.into(),
        &request.body.into(),
        &request.authorization.into(),
    );
    let promised = promised.map_err(failed)?;
    let answer = JsFuture::from(promised.unchecked_into::<Promise>()).await;
    let answer = answer.map_err(failed)?.as_string().unwrap_or_default();
    response(&answer).ok_or_else(|| format!("the page's DynamoDB engine answers: {answer}"))
}

fn response(answer: &str) -> Option<HttpResponse> {
    let answer: Json = serde_json::from_slice(answer.as_bytes()).ok()?;
    let status = u16::try_from(answer.get("status")?.as_u64()?).ok()?;
    let body = answer.get("body")?.as_str()?;
    let status = StatusCode::try_from(status).ok()?;
    let mut response = HttpResponse::new(status, SdkBody::from(body));
    let headers = response.headers_mut();
    headers.insert("content-type", "application/x-amz-json-1.0");
    Some(response)
}

impl HttpClient for Engine {
    fn http_connector(
        &self,
        _settings: &HttpConnectorSettings,
        _components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Engine {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        HttpConnectorFuture::new(self.clone().exchange(request))
    }
}
