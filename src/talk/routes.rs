//! The panel's requests: JSON, from this book's own pages only.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::{self, Body};
use axum::extract::{Path, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::sync::OnceCell;

use super::refusal::Refusal;
use super::scene::{About, Scene};
use super::stage::{Stage, User, Who};

/// Far more than any request of the panel has.
const MOST_BYTES: usize = 16 * 1024;

/// Started when the first reader comes to a starter's page.
type Theatre = Arc<OnceCell<Stage>>;

/// The routes `/talk/{starter}` and `/talk/{starter}/{action}`.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/talk/{starter}", get(about))
        .route("/talk/{starter}/{action}", post(act))
        .layer(middleware::from_fn(refuse_foreign_pages))
        .with_state(Theatre::default())
}

#[derive(Deserialize)]
struct Say {
    #[serde(flatten)]
    who: Who,
    text: String,
}

#[derive(Deserialize)]
struct Choose {
    #[serde(flatten)]
    who: Who,
    intent: String,
    #[serde(default)]
    slots: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct AtOnce {
    user: User,
    locale: Option<String>,
    kitchen: String,
    bedroom: String,
}

async fn about(State(theatre): State<Theatre>, Path(starter): Path<String>) -> Response {
    let about = async { stage(&theatre).await?.about(&starter).await };
    answer(about.await)
}

async fn act(
    State(theatre): State<Theatre>,
    Path((starter, action)): Path<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let body = match read(&headers, body).await {
        Ok(body) => body,
        Err(refusal) => return refusal.into_response(),
    };
    match action.as_str() {
        "say" => answer(say(&theatre, &starter, &body).await),
        "choose" => answer(choose(&theatre, &starter, &body).await),
        "at-once" => answer(at_once(&theatre, &starter, &body).await),
        "end" => answer(end(&theatre, &starter, &body).await),
        "reset" => answer(reset(&theatre, &starter).await),
        _ => Refusal::NoAction.into_response(),
    }
}

async fn say(theatre: &Theatre, starter: &str, body: &[u8]) -> Result<Scene, Refusal> {
    let Say { who, text } = parsed(body)?;
    stage(theatre).await?.say(starter, &who, &text).await
}

async fn choose(theatre: &Theatre, starter: &str, body: &[u8]) -> Result<Scene, Refusal> {
    let Choose { who, intent, slots } = parsed(body)?;
    let slots: Vec<_> = slots.into_iter().collect();
    stage(theatre)
        .await?
        .choose(starter, &who, &intent, &slots)
        .await
}

async fn at_once(theatre: &Theatre, starter: &str, body: &[u8]) -> Result<Scene, Refusal> {
    let AtOnce {
        user,
        locale,
        kitchen,
        bedroom,
    } = parsed(body)?;
    let texts = [kitchen.as_str(), bedroom.as_str()];
    stage(theatre)
        .await?
        .at_once(starter, user, locale.as_deref(), texts)
        .await
}

async fn end(theatre: &Theatre, starter: &str, body: &[u8]) -> Result<Scene, Refusal> {
    let who: Who = parsed(body)?;
    stage(theatre).await?.end(starter, &who).await
}

async fn reset(theatre: &Theatre, starter: &str) -> Result<About, Refusal> {
    stage(theatre).await?.reset(starter).await
}

async fn stage(theatre: &Theatre) -> Result<&Stage, Refusal> {
    theatre.get_or_try_init(Stage::start).await
}

async fn read(headers: &HeaderMap, body: Body) -> Result<Vec<u8>, Refusal> {
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    let kind = kind
        .and_then(|kind| kind.split(';').next())
        .unwrap_or_default();
    if !kind.trim().eq_ignore_ascii_case("application/json") {
        return Err(Refusal::NotJson);
    }
    match body::to_bytes(body, MOST_BYTES).await {
        Ok(bytes) => Ok(bytes.into()),
        Err(_) => Err(Refusal::LongBody { most: MOST_BYTES }),
    }
}

fn parsed<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(Refusal::Malformed)
}

fn answer<T: serde::Serialize>(result: Result<T, Refusal>) -> Response {
    let body = result.and_then(|value| {
        serde_json::to_vec(&value).map_err(|error| Refusal::Failed(error.to_string()))
    });
    match body {
        Ok(body) => json(StatusCode::OK, body),
        Err(refusal) => refusal.into_response(),
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = serde_json::json!({"error": self.to_string()});
        json(self.status(), body.to_string().into_bytes())
    }
}

fn json(status: StatusCode, body: Vec<u8>) -> Response {
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (status, headers, body).into_response()
}

/// A page elsewhere may send requests here, even if it cannot read the answers.
async fn refuse_foreign_pages(request: Request, next: Next) -> Response {
    let headers = request.headers();
    let text = |name: &str| {
        headers
            .get(name)
            .map(|value| value.to_str().unwrap_or_default())
    };
    let site = text("sec-fetch-site").is_none_or(|site| ["same-origin", "none"].contains(&site));
    let host = text(HOST.as_str()).unwrap_or_default();
    let origin = text(ORIGIN.as_str()).is_none_or(|origin| origin == format!("http://{host}"));
    if site && origin {
        next.run(request).await
    } else {
        Refusal::ForeignPage.into_response()
    }
}
