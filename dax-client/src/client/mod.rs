//! The client: calls as the AWS SDK has them, and what is done when one fails.

mod answers;
mod builder;
mod calls;
mod errors;
mod operations;
mod requests;
mod schemas;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::config::retry::RetryConfig;
use tokio::time::{sleep, timeout};

pub use builder::Builder;
pub use calls::{BatchGetItem, DeleteItem, GetItem, PutItem, Query, UpdateItem};

use crate::cluster::{Access, Cluster, Connection, Node, Write};
use crate::error::Error;
use schemas::Schemas;

/// A client for a DAX cluster. Its calls are those of `aws_sdk_dynamodb::Client`, with the same
/// inputs, outputs and errors. A clone is cheap and shares the connections.
///
/// A call goes to the cluster's leader if it writes and to any node if it reads. A read that fails
/// is tried again, on another node if there is one. A write is tried again only if it certainly did
/// not happen. If its answer is lost, the call returns an error, and the caller has to read the item to
/// learn whether it happened.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    cluster: Arc<Cluster>,
    schemas: Schemas,
    retry: RetryConfig,
    attempt: Duration,
    operation: Duration,
}

/// What a call does on a connection; another attempt does it again.
trait Call: Sync {
    type Output: Send;

    const ACCESS: Access;

    fn run<'c>(
        &'c self,
        schemas: &'c Schemas,
        connection: &'c mut Connection,
    ) -> impl Future<Output = Result<Self::Output, Error>> + Send + 'c;
}

/// What to do after an attempt that failed.
enum Next {
    Fail(Error),
    /// Again, after a pause if the cluster is loaded.
    Again {
        pause: bool,
        error: Error,
    },
    /// Again, once, with credentials asked for anew.
    Authorize(Error),
}

impl Client {
    /// A client for the cluster behind a discovery endpoint: `dax://host:8111`, `daxs://host:9111`
    /// (encrypted), or `host:8111`.
    pub fn builder(endpoint_url: impl Into<String>) -> Builder {
        Builder::new(endpoint_url.into())
    }

    async fn call<C: Call>(&self, call: &C) -> Result<C::Output, Error> {
        let inner = &*self.inner;
        let attempts = self.attempts(call);
        timeout(inner.operation, attempts)
            .await
            .unwrap_or(Err(Error::Timeout(inner.operation)))
    }

    async fn attempts<C: Call>(&self, call: &C) -> Result<C::Output, Error> {
        let inner = &*self.inner;
        let mut tries = 0;
        let mut authorized_again = false;
        loop {
            tries += 1;
            let next = match inner.cluster.route(C::ACCESS).await {
                Ok(node) => match self.attempt(call, &node).await {
                    Ok(output) => return Ok(output),
                    Err(next) => next,
                },
                Err(error @ (Error::Refused(_) | Error::Credentials(_))) => Next::Fail(error),
                Err(error) => Next::Again { pause: true, error },
            };
            let pause = match next {
                Next::Fail(error) => return Err(error),
                Next::Authorize(error) if authorized_again => return Err(error),
                Next::Authorize(_) => {
                    authorized_again = true;
                    tries -= 1;
                    continue;
                }
                Next::Again { error, .. } if tries >= inner.retry.max_attempts() => {
                    return Err(error);
                }
                Next::Again { pause, .. } => pause,
            };
            if pause {
                sleep(self.pause_after(tries)).await;
            }
        }
    }

    async fn attempt<C: Call>(&self, call: &C, node: &Node) -> Result<C::Output, Next> {
        let mut lease = match node.lease().await {
            Ok(lease) => lease,
            // Nothing was sent yet, so that even a write can go to another node.
            Err(error) => {
                return Err(Next::Again {
                    pause: false,
                    error,
                });
            }
        };
        let running = call.run(&self.inner.schemas, &mut lease.connection);
        let limit = self.inner.attempt;
        let error = match timeout(limit, running)
            .await
            .unwrap_or(Err(Error::Timeout(limit)))
        {
            Ok(output) => {
                lease.give_back();
                return Ok(output);
            }
            Err(error) => error,
        };
        let write = lease.connection.write();
        if is_of_node(&error) {
            node.failed();
            return Err(next(error, C::ACCESS, write));
        }
        let next = next(error, C::ACCESS, write);
        if let Next::Authorize(_) = next {
            lease.connection.deauthorize();
        }
        lease.give_back();
        Err(next)
    }

    /// The limit of the pause doubles with each try, and the pause is chosen at random below it ("full
    /// jitter"), so that clients which were throttled together do not come back together.
    fn pause_after(&self, tries: u32) -> Duration {
        let retry = &self.inner.retry;
        let doubled = 2u32.saturating_pow(tries.saturating_sub(1));
        let longest = retry
            .initial_backoff()
            .saturating_mul(doubled)
            .min(retry.max_backoff());
        longest.mul_f64(fastrand::f64())
    }
}

/// What to do after an error of an attempt. A write that may have happened is not sent again, because
/// nobody would notice that it happened twice.
fn next(error: Error, access: Access, write: Write) -> Next {
    if write == Write::Done {
        return Next::Fail(Error::ReturnValues(Box::new(error)));
    }
    let reads = access == Access::Read;
    match &error {
        Error::Refused(refusal) if refusal.is_authentication() => Next::Authorize(error),
        Error::Refused(refusal) if refusal.is_throttling() || (reads && refusal.is_transient()) => {
            Next::Again { pause: true, error }
        }
        _ if is_of_node(&error) && (reads || write == Write::Unsent) => Next::Again {
            pause: false,
            error,
        },
        _ => Next::Fail(error),
    }
}

/// Whether the node is to blame, so that another may succeed.
fn is_of_node(error: &Error) -> bool {
    matches!(
        error,
        Error::Timeout(_) | Error::Broken { .. } | Error::Malformed(_) | Error::Unexpected(_)
    )
}
