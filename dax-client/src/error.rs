//! Why a call failed.

use std::io;
use std::time::Duration;

/// Why a call failed, before it becomes one of the AWS SDK's errors.
///
/// The calls of [`Client`](crate::Client) return `SdkError`; this is its source where the failure
/// is not DynamoDB's answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The URL is not a DAX endpoint.
    #[error("`{url}` is not a DAX endpoint: {reason}; write dax://host:8111 or daxs://host:9111")]
    Endpoint {
        /// What was given.
        url: String,
        /// What is wrong with it.
        reason: &'static str,
    },

    /// The root certificates that were given cannot be used.
    #[error("a root certificate cannot be used: {0}; give each one's DER to the builder")]
    RootCertificate(#[source] io::Error),

    /// There is no Region to sign for.
    #[error("there is no Region: give the cluster's to the builder, such as us-east-1")]
    NoRegion,

    /// There are no credentials to sign with.
    #[error("there are no credentials: give a credentials provider to the builder")]
    NoCredentials,

    /// The credentials provider failed.
    #[error("the credentials provider failed: {0}")]
    Credentials(#[source] Box<dyn std::error::Error + Send + Sync>),

    /// A request that DynamoDB would refuse; nothing was sent.
    #[error("{0}")]
    Invalid(String),

    /// A number that DynamoDB does not take; nothing was sent.
    #[error(
        "`{0}` is not a number that DynamoDB takes: at most 38 digits, between 1E-130 and 9.9E+125"
    )]
    Number(String),

    /// Bytes that no node sends: something else listens at the endpoint.
    #[error("the other side does not speak the DAX protocol: {0}; check the endpoint's port")]
    Malformed(&'static str),

    /// A node's answer that is none to what it was asked.
    #[error("the node's answer does not fit the request: {0}")]
    Unexpected(&'static str),

    /// A write was done, but something in its answer cannot be read. It is not sent again.
    #[error("the write was done, but the values that it returns cannot be read: {0}")]
    ReturnValues(#[source] Box<Error>),

    /// No connection could be made.
    #[error("cannot connect to {address}: {source}")]
    Connect {
        /// Where the connection should have gone.
        address: String,
        /// What the operating system or TLS said.
        source: io::Error,
    },

    /// The connection broke before the whole answer was there.
    #[error("the connection to {address} broke before the answer: {source}")]
    Broken {
        /// The node.
        address: String,
        /// What the operating system said.
        source: io::Error,
    },

    /// No answer in time.
    #[error("no answer within {} ms", .0.as_millis())]
    Timeout(Duration),

    /// No node of the cluster can be reached.
    #[error(
        "no node of the cluster can be reached through {seeds}: {source}; check the endpoint, \
         that this runs in the cluster's VPC, and the security group"
    )]
    NoRoute {
        /// The endpoints that were asked.
        seeds: String,
        /// What the last of them said.
        source: Box<Error>,
    },

    /// A discovery was answered, with an empty list.
    #[error("the cluster's answer to a discovery names no node")]
    NoNodes,

    /// Nodes are known, but none that takes writes.
    #[error("no node of the cluster is its leader at present, and only the leader takes writes")]
    NoLeader,

    /// The node answered with an error.
    #[error("{0}")]
    Refused(Refusal),
}

/// Bytes that cannot be read as what they should be: what is wrong with them.
///
/// Who reads them knows what that means: that the other side speaks another protocol, that an
/// answer does not fit, or that a request is invalid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct DecodeError(pub(crate) &'static str);

/// An error that a node answered with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {message}", self.code())]
pub struct Refusal {
    /// The protocol's path to the error, the most general number first.
    pub codes: Vec<i64>,
    /// What the node said.
    pub message: String,
    /// The id of the request, if the node gave one.
    pub request_id: Option<String>,
    /// DynamoDB's own code, if the node gave one.
    pub dynamodb_code: Option<String>,
}

/// The path to DynamoDB's own errors; one of [`DYNAMODB_ERRORS`] follows it.
pub(crate) const DYNAMODB: [i64; 4] = [4, 37, 38, 39];

/// The last number of a path that begins with [`DYNAMODB`], and the code under which the SDKs know
/// the error.
pub(crate) const DYNAMODB_ERRORS: [(i64, &str); 11] = [
    (40, "ProvisionedThroughputExceededException"),
    (41, "ResourceNotFoundException"),
    (43, "ConditionalCheckFailedException"),
    (45, "ResourceInUseException"),
    (46, "ValidationException"),
    (47, "InternalServerError"),
    (48, "ItemCollectionSizeLimitExceededException"),
    (49, "LimitExceededException"),
    (50, "ThrottlingException"),
    (58, "TransactionCanceledException"),
    (61, "RequestLimitExceeded"),
];

impl Refusal {
    /// The error's code as the AWS SDK names it, such as `ConditionalCheckFailedException`.
    pub fn code(&self) -> &str {
        match self.codes[..] {
            [4, 23, 24] => "ResourceNotFoundException",
            [4, 23, 31, ..] => "UnrecognizedClientException",
            [4, 37, 38, 42] => "AccessDeniedException",
            [4, 37, 38, 44] => "ValidationException",
            [3, 37, 54] => "InternalServerError",
            [4, 37, 38, 39, last] => DYNAMODB_ERRORS
                .iter()
                .find(|(number, _)| *number == last)
                .map_or(self.unmapped(), |(_, code)| code),
            _ => self.unmapped(),
        }
    }

    fn unmapped(&self) -> &str {
        self.dynamodb_code.as_deref().unwrap_or("DaxServiceError")
    }

    /// The HTTP status with which DynamoDB sends the error.
    pub(crate) fn status(&self) -> u16 {
        match self.code() {
            "InternalServerError" => 500,
            _ => 400,
        }
    }

    /// Whether the node did not accept who is asking.
    pub(crate) fn is_authentication(&self) -> bool {
        matches!(self.codes[..], [_, 23, 31, ..])
    }

    /// Whether the request was turned away because of load, and did nothing.
    pub(crate) fn is_throttling(&self) -> bool {
        matches!(self.codes[..], [4, 37, 38, 39, 40 | 49 | 50 | 61])
    }

    /// Whether the same read may succeed on another try.
    pub(crate) fn is_transient(&self) -> bool {
        matches!(
            self.codes[..],
            [1 | 2, ..] | [3, 37, 54] | [4, 37, 38, 39, 47]
        )
    }
}

impl From<minicbor::decode::Error> for DecodeError {
    fn from(error: minicbor::decode::Error) -> Self {
        if error.is_end_of_input() {
            return DecodeError("a value ends too early");
        }
        DecodeError("a value has another type than the protocol says")
    }
}

/// In the midst of a conversation the other side is a node, so that its answer is what is wrong.
impl From<DecodeError> for Error {
    fn from(DecodeError(what): DecodeError) -> Self {
        Error::Unexpected(what)
    }
}

#[cfg(test)]
mod tests {
    use super::Error;

    /// A variant that is missing here does not compile.
    macro_rules! names {
        ($($name:ident)+) => {{
            let _exhaustive = |error: &Error| match error {
                $(Error::$name { .. } => {})+
            };
            [$(stringify!($name)),+]
        }};
    }

    #[test]
    fn every_error_is_in_the_snapshot_that_the_guide_shows() {
        let shown = include_str!("../tests/snapshots/dax-errors.txt");
        for name in names! {
            Endpoint RootCertificate NoRegion NoCredentials Credentials Invalid Number Malformed Unexpected
            ReturnValues Connect Broken Timeout NoRoute NoNodes NoLeader Refused
        } {
            assert!(shown.contains(&format!("ANCHOR: {name}\n")), "{name}");
        }
    }
}
