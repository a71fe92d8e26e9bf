//! What the adapters for AWS's services share. The SDK's crates have these types in common, each
//! under its own name.

pub(super) mod attempts;
#[cfg(any(feature = "dynamodb", feature = "s3"))]
pub(super) mod endpoint;
#[cfg(any(feature = "dynamodb", feature = "s3"))]
pub(super) mod environment;
pub(super) mod pause;
pub(super) mod reported;

#[cfg(feature = "dynamodb-core")]
use aws_sdk_dynamodb as sdk;
#[cfg(not(feature = "dynamodb-core"))]
use aws_sdk_s3 as sdk;
