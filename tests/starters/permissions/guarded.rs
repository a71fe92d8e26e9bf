//! A DynamoDB endpoint that asks a policy before it answers, as AWS does, and notes who asked what.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};

use aws_sdk_dynamodb::Client;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Request, Response, StatusCode};
use hyper_util::client::legacy::Client as HttpClient;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use local_dynamodb::LocalDynamoDb;
use serde_json::{Value as Json, json};

use super::policy::{Policy, table_arn};

/// One call that reached the endpoint.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The action, such as `dynamodb:GetItem`.
    pub action: String,
    /// The table's name.
    pub table: String,
    /// What the policy said.
    pub allowed: bool,
}

/// The endpoint; it ends with this value.
pub struct Guarded {
    guard: Arc<Guard>,
    endpoint_url: String,
    server: tokio::task::JoinHandle<()>,
}

struct Guard {
    policy: Policy,
    target: String,
    http: HttpClient<HttpConnector, Body>,
    calls: Mutex<Vec<Call>>,
}

impl Guarded {
    /// Stands in front of `local`, with the permissions of a role that has this policy alone.
    pub async fn start(local: &LocalDynamoDb, policy: &Policy) -> Guarded {
        let guard = Arc::new(Guard {
            policy: policy.clone(),
            target: format!("{}/", local.endpoint_url()),
            http: HttpClient::builder(TokioExecutor::new()).build_http(),
            calls: Mutex::default(),
        });
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .unwrap();
        let endpoint_url = format!("http://{}", listener.local_addr().unwrap());
        let service = Router::new().fallback(answer).with_state(guard.clone());
        let server = tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
        Guarded {
            guard,
            endpoint_url,
            server,
        }
    }

    /// A client that is allowed what the policy says.
    pub fn client(&self, local: &LocalDynamoDb) -> Client {
        let config = local.client().config().to_builder();
        Client::from_conf(config.endpoint_url(&self.endpoint_url).build())
    }

    /// The calls so far, in the order of their arrival.
    pub fn calls(&self) -> Vec<Call> {
        self.guard.calls.lock().unwrap().clone()
    }

    /// The actions that were called, each once, sorted.
    pub fn actions(&self) -> Vec<String> {
        let mut actions: Vec<String> = self.calls().into_iter().map(|call| call.action).collect();
        actions.sort();
        actions.dedup();
        actions
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn answer(
    State(guard): State<Arc<Guard>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let operation = headers["x-amz-target"].to_str().unwrap();
    let operation = operation.strip_prefix("DynamoDB_20120810.").unwrap();
    let action = format!("dynamodb:{operation}");
    let input: Json = serde_json::from_slice(&body).unwrap();
    let table = input["TableName"].as_str().unwrap().to_owned();
    let allowed = guard.policy.allows(&action, &table_arn(&table));
    guard.calls.lock().unwrap().push(Call {
        action: action.clone(),
        table: table.clone(),
        allowed,
    });
    if !allowed {
        return refused(&action, &table);
    }
    let mut request = Request::post(&guard.target).body(Body::from(body)).unwrap();
    *request.headers_mut() = headers;
    guard.http.request(request).await.unwrap().map(Body::new)
}

/// What DynamoDB says to a role that may not.
fn refused(action: &str, table: &str) -> Response<Body> {
    let role = "arn:aws:sts::123456789012:assumed-role/skill/function";
    let resource = table_arn(table);
    let body = json!({
        "__type": "com.amazon.coral.service#AccessDeniedException",
        "Message": format!(
            "User: {role} is not authorized to perform: {action} on resource: {resource} \
             because no identity-based policy allows the {action} action"
        ),
    });
    Response::builder()
        .status(StatusCode::BAD_REQUEST)
        .header("content-type", "application/x-amz-json-1.0")
        .body(Body::from(body.to_string()))
        .unwrap()
}
