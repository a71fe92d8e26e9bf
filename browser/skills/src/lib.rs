//! The starters in a reader's own browser: the same simulator as on the server, the real AWS SDK,
//! and the page's DynamoDB engine at the other end of its requests.
#![cfg(target_family = "wasm")]

mod engine;
mod time;

use std::cell::OnceCell;
use std::rc::Rc;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{BehaviorVersion, Config, Credentials, Region, SharedHttpClient};
use js_sys::Function;
use simulator::Simulator;
use wasm_bindgen::prelude::*;

use engine::Engine;
use time::{Clock, Timer};

thread_local! {
    static SIMULATOR: OnceCell<Rc<Simulator>> = const { OnceCell::new() };
}

/// Creates the starters' tables. `dispatch` takes what names the operation, the body and the
/// signature of a request, and promises its answer as JSON with `status` and `body`.
///
/// # Errors
///
/// When the engine does not answer.
#[wasm_bindgen]
pub async fn open(dispatch: Function) -> Result<(), String> {
    // Without, every page would think of the same numbers.
    fastrand::seed(js_sys::Math::random().to_bits());
    let engine = Engine::behind(dispatch);
    let http = SharedHttpClient::new(engine.clone());
    let simulator = Simulator::start(&client(http.clone()), &http, engine, starters::ALL).await;
    let simulator = Rc::new(simulator.map_err(|error| error.to_string())?);
    SIMULATOR.with(|opened| {
        let _ = opened.set(simulator);
    });
    Ok(())
}

/// Answers what the panel asks, as the server does: an HTTP status, a space and a body in JSON.
#[wasm_bindgen]
pub async fn answer(starter: String, action: Option<String>, body: String) -> String {
    let Some(simulator) = SIMULATOR.with(|opened| opened.get().cloned()) else {
        return r#"503 {"error":"the page's DynamoDB is not open"}"#.to_owned();
    };
    let answer = simulator.answer(&starter, action.as_deref(), body.as_bytes());
    match answer.await {
        Ok(body) => format!("200 {body}"),
        Err(error) => {
            let body = serde_json::json!({"error": error.to_string()});
            format!("{} {body}", error.status())
        }
    }
}

/// Has the starters draw the same numbers in every turn, for tests.
#[wasm_bindgen(js_name = fixNumbers)]
pub fn fix_numbers(first: u32) {
    if let Some(simulator) = SIMULATOR.with(|opened| opened.get().cloned()) {
        simulator.fix_numbers(first.into());
    }
}

/// As on the server, with the time of the browser.
fn client(http: SharedHttpClient) -> Client {
    let config = Config::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("page", "page", None, None, "page"))
        .endpoint_url("http://dynamodb.localhost")
        .http_client(http)
        .time_source(Clock)
        .sleep_impl(Timer)
        .build();
    Client::from_conf(config)
}
