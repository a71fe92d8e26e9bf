//! The server in front of the emulator's, for programs on this machine and for no web page.
//!
//! The emulator's own server lets every page in: it answers a preflight with
//! `access-control-allow-origin: *` and takes any `Host`, so that a name of the page's own that was
//! pointed at 127.0.0.1 reaches it too ("DNS rebinding").

use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::pin::Pin;
use std::time::Duration;

use dynoxide::Database;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Empty, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{CONTENT_TYPE, HOST, HeaderMap, HeaderValue, ORIGIN};
use hyper::http::uri::Authority;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Mutex;

type Body = BoxBody<Bytes, hyper::Error>;
type Server = Pin<Box<dyn Future<Output = ()> + Send>>;
type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// In the form of DynamoDB's errors, so that an SDK shows it.
const REFUSAL: &str = r#"{"__type":"com.amazon.coral.service#AccessDeniedException","message":"this DynamoDB is for programs on this machine and not for web pages"}"#;

/// Serves `database` until the future is dropped.
pub(crate) async fn serve(listener: TcpListener, database: Database) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(connection(stream, database.clone()));
            }
            // Out of file descriptors: others end in a moment.
            Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
        }
    }
}

async fn connection(stream: TcpStream, database: Database) -> Result<(), BoxError> {
    stream.set_nodelay(true)?;
    // Kept and never polled again: the emulator's server accepts connections when it is polled, and
    // closes those that it has when it is dropped.
    let (emulator, _server) = connect(database).await?;
    let emulator = Mutex::new(emulator);
    let service = service_fn(|request| async {
        if is_from_a_page(request.headers()) {
            return Ok(refusal());
        }
        let mut emulator = emulator.lock().await;
        emulator.ready().await?;
        let answer = emulator.send_request(request.map(BodyExt::boxed)).await?;
        Ok::<_, hyper::Error>(answer.map(BodyExt::boxed))
    });
    let server = hyper::server::conn::http1::Builder::new();
    let connection = server.serve_connection(TokioIo::new(stream), service);
    Ok(connection.await?)
}

/// Connects to a server of the emulator that takes no other connection.
///
/// The emulator serves nothing but a listener, which must not be a second way in. So there is one
/// for each connection, which nobody is told of, and whose server runs until it has accepted that
/// connection.
async fn connect(database: Database) -> Result<(SendRequest<Body>, Server), BoxError> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let mut server: Server = Box::pin(dynoxide::server::serve_on(listener, database));
    let (mut requests, connection) = handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let nothing = Empty::new().map_err(|never| match never {}).boxed();
    let health = Request::get("/").header(HOST, address.to_string());
    // An answer shows that the connection was accepted.
    tokio::select! {
        answer = requests.send_request(health.body(nothing)?) => {
            answer?.into_body().collect().await?;
        }
        () = &mut server => return Err(io::Error::other("the emulator ended").into()),
    }
    Ok((requests, server))
}

/// Whether a browser sends the request for a page. A browser adds `Origin` to each request of a
/// page that is not a plain GET, and `Sec-Fetch-Site` to all of them; `none` is an address that
/// somebody typed.
fn is_from_a_page(headers: &HeaderMap) -> bool {
    let has_site = headers
        .get_all("sec-fetch-site")
        .iter()
        .any(|site| site != "none");
    has_site || headers.contains_key(ORIGIN) || !headers.get(HOST).is_some_and(is_this_machine)
}

fn is_this_machine(host: &HeaderValue) -> bool {
    let Ok(authority) = Authority::try_from(host.as_bytes()) else {
        return false;
    };
    // Without the user's name, which a `Host` never has.
    if authority.as_str().contains('@') {
        return false;
    }
    let host = authority.host();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    match address.parse::<IpAddr>() {
        Ok(address) => address.is_loopback(),
        Err(_) => host.eq_ignore_ascii_case("localhost"),
    }
}

fn refusal() -> Response<Body> {
    let body = Full::from(REFUSAL).map_err(|never| match never {});
    let mut refusal = Response::new(body.boxed());
    *refusal.status_mut() = StatusCode::FORBIDDEN;
    let json = HeaderValue::from_static("application/x-amz-json-1.0");
    refusal.headers_mut().insert(CONTENT_TYPE, json);
    refusal
}
