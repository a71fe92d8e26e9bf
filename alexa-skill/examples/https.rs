//! A skill on an HTTPS endpoint of one's own, with axum.
//!
//! ```console
//! $ cargo run -p alexa-skill --features https --example https -- 8080
//! listening on http://127.0.0.1:8080
//! ```
//!
//! Alexa calls port 443 and wants a certificate that it trusts for the name of the endpoint. This
//! service speaks plain HTTP to its own machine: a reverse proxy in front of it holds that
//! certificate, ends TLS, bounds how long a request may take, and passes the headers and the body
//! on as they came.

use std::env;
use std::net::Ipv4Addr;

use alexa_skill::persistence::memory::Memory;
use alexa_skill::verify::{Endpoint, Verifier};
use alexa_skill::{BoxError, Persistent, Skill};
use axum::Router;
use axum::extract::{Request, State};
use axum::response::IntoResponse;
use axum::routing::post;
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Visits {
    count: u32,
}

/// Forgets when the service stops; `.table("YourTableName")` in place of `.persistence(…)`
/// remembers.
pub fn skill() -> Result<Skill, BoxError> {
    let skill = Skill::builder("amzn1.ask.skill.…")
        .persistence(Memory::new())
        .on_launch(welcome)
        .build()?;
    Ok(skill)
}

async fn welcome(mut visits: Persistent<Visits>) -> String {
    visits.count += 1;
    format!("This is visit {}.", visits.count)
}

// ANCHOR: service
/// The one route that Alexa posts to.
pub fn service(endpoint: Endpoint) -> Router {
    Router::new().route("/", post(alexa)).with_state(endpoint)
}

async fn alexa(State(endpoint): State<Endpoint>, request: Request) -> axum::response::Response {
    match endpoint.answer(request).await {
        Ok(response) => response.into_response(),
        Err(error) => {
            eprintln!("{} {}: {error}", error.status().as_u16(), error.name());
            error.response().into_response()
        }
    }
}
// ANCHOR_END: service

// ANCHOR: main
#[tokio::main]
async fn main() -> Result<(), BoxError> {
    let port = env::args().nth(1).map_or(Ok(8080), |port| port.parse())?;
    let endpoint = Endpoint::new(skill()?, Verifier::new()?);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, service(endpoint)).await?;
    Ok(())
}
// ANCHOR_END: main
