//! The requests of the book's panels: JSON, from this book's own pages only.

use std::sync::Arc;

use axum::Router;
use axum::body::{self, Body};
use axum::extract::{Path, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tokio::sync::OnceCell;

use super::local::LocalSimulator;

/// Far more than any request of the panel has.
const MOST_BYTES: usize = 16 * 1024;

/// Started when the first reader comes to a starter's page.
type LazySimulator = Arc<OnceCell<LocalSimulator>>;

/// Why a panel's request is not answered. The message is for the reader who sees it.
#[derive(Debug, thiserror::Error)]
enum Refusal {
    /// Another site's page asks.
    #[error("only pages of this book may talk to its skills")]
    ForeignPage,
    /// The body is not declared as JSON, which a form on another site's page could not do.
    #[error("the body has to be of the type application/json")]
    NotJson,
    /// The body is longer than any real one.
    #[error("the body is longer than {MOST_BYTES} bytes")]
    LongBody,
    /// The simulator does not do what is asked.
    #[error(transparent)]
    Simulator(#[from] simulator::Error),
}

impl Refusal {
    fn status(&self) -> StatusCode {
        match self {
            Refusal::ForeignPage => StatusCode::FORBIDDEN,
            Refusal::NotJson => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Refusal::LongBody => StatusCode::PAYLOAD_TOO_LARGE,
            Refusal::Simulator(error) => {
                StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            }
        }
    }
}

/// The routes `/talk/{starter}` and `/talk/{starter}/{action}`.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/talk/{starter}", get(describe))
        .route("/talk/{starter}/{action}", post(act))
        .layer(middleware::from_fn(refuse_foreign_pages))
        .with_state(LazySimulator::default())
}

async fn describe(State(simulator): State<LazySimulator>, Path(starter): Path<String>) -> Response {
    respond(answer(&simulator, &starter, None, b"").await)
}

async fn act(
    State(simulator): State<LazySimulator>,
    Path((starter, action)): Path<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let answered = async {
        let body = read(&headers, body).await?;
        answer(&simulator, &starter, Some(&action), &body).await
    };
    respond(answered.await)
}

async fn answer(
    simulator: &LazySimulator,
    starter: &str,
    action: Option<&str>,
    body: &[u8],
) -> Result<String, Refusal> {
    let local = simulator.get_or_try_init(LocalSimulator::start).await?;
    Ok(local.simulator().answer(starter, action, body).await?)
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
        Err(_) => Err(Refusal::LongBody),
    }
}

fn respond(answer: Result<String, Refusal>) -> Response {
    match answer {
        Ok(body) => json(StatusCode::OK, body),
        Err(refusal) => refused(&refusal),
    }
}

fn refused(refusal: &Refusal) -> Response {
    let body = serde_json::json!({"error": refusal.to_string()});
    json(refusal.status(), body.to_string())
}

fn json(status: StatusCode, body: String) -> Response {
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (status, headers, body).into_response()
}

/// Another site's page may send requests here, even if it cannot read the answers.
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
