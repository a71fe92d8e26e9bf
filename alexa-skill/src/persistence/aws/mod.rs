//! What the adapters for AWS's services share. The SDK's crates have these types in common, each
//! under its own name.

pub(super) mod attempts;
pub(super) mod environment;
pub(super) mod pause;
pub(super) mod reported;

#[cfg(feature = "dynamodb")]
use aws_sdk_dynamodb as sdk;
#[cfg(not(feature = "dynamodb"))]
use aws_sdk_s3 as sdk;
