//! A client from the environment variables that Lambda sets.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::{BehaviorVersion, Builder, Config, StalledStreamProtectionConfig};

use crate::persistence::PersistenceError;
use crate::persistence::aws::endpoint::local_http_client;
use crate::persistence::aws::environment::{Environment, timeouts};

/// A DynamoDB client as the environment describes it, in the variables that Lambda sets:
/// `AWS_REGION` (or `AWS_DEFAULT_REGION`), `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`,
/// `AWS_SESSION_TOKEN`; and `AWS_ENDPOINT_URL_DYNAMODB` (or `AWS_ENDPOINT_URL`) for another
/// endpoint than AWS's. An empty variable counts as not set.
///
/// Profiles, single sign-on and instance roles are not read: that takes the crate `aws-config`,
/// which a function on Lambda does not need. To use it, hand its client to
/// [`DynamoDb::new`](super::DynamoDb::new).
///
/// One try may take 1.5 s and all tries of a call 5 s, so that a skill answers within Alexa's 8 s.
///
/// An endpoint on this machine is reached without a proxy, whatever `HTTP_PROXY` says.
///
/// # Errors
/// Fails when no Region or no credentials are set, or one of the variables cannot be used.
pub fn client_from_env() -> Result<Client, PersistenceError> {
    Ok(Client::from_conf(config()?.build()))
}

pub(super) fn config() -> Result<Builder, PersistenceError> {
    let environment = Environment::read("AWS_ENDPOINT_URL_DYNAMODB")?;
    let mut config = Config::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(environment.region)
        .credentials_provider(environment.credentials)
        .retry_config(RetryConfig::standard())
        // The time limit of each try ends a response that stalls too, and costs a turn less.
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .timeout_config(timeouts());
    let endpoint_url = environment.endpoint_url;
    config.set_http_client(endpoint_url.as_deref().and_then(local_http_client));
    config.set_endpoint_url(endpoint_url);
    Ok(config)
}
