//! The panel's requests: JSON, from this book's own pages only.

use std::sync::Arc;

use axum::Router;
use axum::body::{self, Body};
use axum::extract::{Path, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use simulator::Refusal;
use tokio::sync::OnceCell;

use super::local::Local;

/// Far more than any request of the panel has.
const MOST_BYTES: usize = 16 * 1024;

/// Started when the first reader comes to a starter's page.
type Theatre = Arc<OnceCell<Local>>;

/// The routes `/talk/{starter}` and `/talk/{starter}/{action}`.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/talk/{starter}", get(about))
        .route("/talk/{starter}/{action}", post(act))
        .layer(middleware::from_fn(refuse_foreign_pages))
        .with_state(Theatre::default())
}

async fn about(State(theatre): State<Theatre>, Path(starter): Path<String>) -> Response {
    respond(play(&theatre, &starter, None, b"").await)
}

async fn act(
    State(theatre): State<Theatre>,
    Path((starter, action)): Path<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let played = async {
        let body = read(&headers, body).await?;
        play(&theatre, &starter, Some(&action), &body).await
    };
    respond(played.await)
}

async fn play(
    theatre: &Theatre,
    starter: &str,
    action: Option<&str>,
    body: &[u8],
) -> Result<String, Refusal> {
    let local = theatre.get_or_try_init(Local::start).await?;
    local.stage().answer(starter, action, body).await
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

fn respond(answer: Result<String, Refusal>) -> Response {
    match answer {
        Ok(body) => json(StatusCode::OK, body),
        Err(refusal) => refused(&refusal),
    }
}

fn refused(refusal: &Refusal) -> Response {
    let status = StatusCode::from_u16(refusal.status());
    let body = serde_json::json!({"error": refusal.to_string()});
    json(
        status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
        body.to_string(),
    )
}

fn json(status: StatusCode, body: String) -> Response {
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
        refused(&Refusal::ForeignPage)
    }
}
