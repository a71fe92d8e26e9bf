//! The same alarms and policies as in the templates, for a table that exists.
//!
//! Behind the feature `aws`: with all that they need, the SDK's crates take minutes to build, and
//! nothing else here needs them.

pub mod alarms;
pub mod scale;

use std::env;

use aws_sdk_cloudwatch::config::{Credentials, Region};

use crate::error::{Error, Result};

/// Where and as whom AWS is called: the variables that a starter on Lambda reads as well.
#[derive(Clone, Debug)]
pub struct Environment {
    /// The Region.
    pub region: Region,
    /// The credentials.
    pub credentials: Credentials,
    /// Another endpoint than AWS's.
    pub endpoint_url: Option<String>,
}

impl Environment {
    /// Reads `AWS_REGION`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN` and
    /// `AWS_ENDPOINT_URL`. An empty variable counts as not set.
    ///
    /// # Errors
    ///
    /// [`Error::NotSet`] names the variable that is missing.
    pub fn read() -> Result<Environment> {
        let variable = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
        let required = |name| variable(name).ok_or(Error::NotSet(name));
        Ok(Environment {
            region: Region::new(required("AWS_REGION")?),
            credentials: Credentials::new(
                required("AWS_ACCESS_KEY_ID")?,
                required("AWS_SECRET_ACCESS_KEY")?,
                variable("AWS_SESSION_TOKEN"),
                None,
                "environment",
            ),
            endpoint_url: variable("AWS_ENDPOINT_URL"),
        })
    }
}

/// What AWS said, with the code and not only "service error".
fn refused<E>(what: &str, error: aws_sdk_cloudwatch::error::SdkError<E>) -> Error
where
    E: std::error::Error + Send + Sync + 'static,
{
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    Error::Refused {
        what: what.to_owned(),
        reason: text,
    }
}
