//! The book on this machine: served to this machine only, rebuilt when it changes.

use std::collections::BTreeSet;
use std::env;
use std::io::ErrorKind;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use axum::Router;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, HOST};
use axum::http::uri::Authority;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use manuscript::Book;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tower::ServiceExt;
use tower_http::services::{ServeDir, ServeFile};

use crate::error::Error;
use crate::simulator;
use crate::site::{self, Download};
use crate::watch::Watch;

/// Where mdBook's pages listen for the message `reload`.
const RELOAD_ENDPOINT: &str = "live-reload";

/// The newest build; an older one deletes itself when nobody reads it any more.
type Pages = watch::Receiver<Arc<TempDir>>;

/// The book, built and ready to be read.
pub struct Server {
    address: SocketAddr,
    listener: TcpListener,
    pages: Pages,
    /// Holds every build, and is deleted with the server.
    _builds: TempDir,
}

impl Server {
    /// Takes the port of 127.0.0.1, any free one for 0, and builds the book of the repository.
    ///
    /// # Errors
    ///
    /// When the port is taken, or the book cannot be built or watched.
    pub async fn start(repository: PathBuf, port: u16) -> Result<Server, Error> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .await
            .map_err(|source| match source.kind() {
                ErrorKind::AddrInUse => Error::PortTaken { port },
                _ => Error::Listen { port, source },
            })?;
        let address = listener.local_addr().map_err(Error::Serve)?;

        // Watching begins before the first build, so that no change falls between the two.
        let mut watch = Watch::new(&repository)?;
        let builds = new_folder(&env::temp_dir())?;
        let folder = builds.path().to_owned();
        let (sender, pages) = watch::channel(Arc::new(build(&repository, &folder, &mut watch)?));
        thread::spawn(move || rebuild_on_change(&repository, &folder, watch, &sender));
        Ok(Server {
            address,
            listener,
            pages,
            _builds: builds,
        })
    }

    /// The address that readers use.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until the future is dropped.
    ///
    /// # Errors
    ///
    /// When the system closes the port.
    pub async fn run(self) -> Result<(), Error> {
        let router = Router::new()
            .route(&format!("/{RELOAD_ENDPOINT}"), any(reload))
            .merge(simulator::router())
            .fallback(page)
            .layer(middleware::from_fn_with_state(
                self.address.port(),
                refuse_foreign_hosts,
            ))
            .with_state(self.pages);
        axum::serve(self.listener, router)
            .await
            .map_err(Error::Serve)
    }
}

fn build(repository: &Path, builds: &Path, watch: &mut Watch) -> Result<TempDir, Error> {
    let mut book = Book::load(repository)?;
    // Also when the build fails: the file that is missing may be the next to be saved.
    let directives = book.fences().flat_map(|fence| fence.directives());
    let listings: BTreeSet<PathBuf> = directives.map(|d| repository.join(d.file)).collect();
    watch.listings(listings);

    let folder = new_folder(builds)?;
    let endpoint = Some(RELOAD_ENDPOINT);
    site::write(&mut book, folder.path(), Download::None, endpoint)?;
    Ok(folder)
}

fn new_folder(parent: &Path) -> Result<TempDir, Error> {
    Ok(TempDir::with_prefix_in("skills-that-remember-", parent)?)
}

/// Readers keep the old pages while a rebuild runs and when it fails.
fn rebuild_on_change(
    repository: &Path,
    builds: &Path,
    mut watch: Watch,
    pages: &watch::Sender<Arc<TempDir>>,
) {
    loop {
        watch.changed();
        if pages.is_closed() {
            return;
        }
        match build(repository, builds, &mut watch) {
            Ok(folder) => {
                pages.send_replace(Arc::new(folder));
            }
            Err(error) => eprintln!("The pages stay as they were:\n{error}"),
        }
    }
}

async fn page(State(pages): State<Pages>, request: Request) -> Response {
    // Held until the file is open, so that a rebuild cannot delete it before.
    let folder = Arc::clone(&pages.borrow());
    let missing = ServeFile::new(folder.path().join("404.html"));
    let files = ServeDir::new(folder.path()).not_found_service(missing);
    let mut response = match files.oneshot(request).await {
        Ok(response) => response.into_response(),
        Err(never) => match never {},
    };
    // A browser may otherwise show the page from before the rebuild.
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

async fn reload(State(mut pages): State<Pages>, upgrade: WebSocketUpgrade) -> Response {
    pages.mark_unchanged();
    upgrade.on_upgrade(async move |mut socket| {
        tokio::select! {
            Ok(()) = pages.changed() => {
                // A page that was closed meanwhile has nothing to reload.
                let _ = socket.send("reload".into()).await;
            }
            _ = socket.recv() => {}
        }
    })
}

/// A page elsewhere could have its name resolve to this machine and read what is served here.
async fn refuse_foreign_hosts(State(port): State<u16>, request: Request, next: Next) -> Response {
    let host = request
        .headers()
        .get(HOST)
        .and_then(|host| host.to_str().ok());
    let ours = host
        .and_then(|host| host.parse::<Authority>().ok())
        .is_some_and(|host| {
            ["127.0.0.1", "localhost", "[::1]"].contains(&host.host())
                && host.port_u16().unwrap_or(80) == port
        });
    if ours {
        next.run(request).await
    } else {
        (
            StatusCode::FORBIDDEN,
            "This book is served to 127.0.0.1 only.\n",
        )
            .into_response()
    }
}
