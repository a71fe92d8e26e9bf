//! Auto scaling for a table that exists.

use aws_sdk_applicationautoscaling::Client;
use aws_sdk_applicationautoscaling::config::{BehaviorVersion, Config};
use aws_sdk_applicationautoscaling::types::{
    MetricType, PolicyType, PredefinedMetricSpecification, ScalableDimension, ServiceNamespace,
    TargetTrackingScalingPolicyConfiguration as Tracking,
};

use super::{Environment, refused};
use crate::autoscaling::{Kind, Range, policy_name};
use crate::error::{Error, Result};

/// A client as the environment describes it.
pub fn client(environment: &Environment) -> Client {
    let mut config = Config::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(environment.region.clone())
        .credentials_provider(environment.credentials.clone());
    config.set_endpoint_url(environment.endpoint_url.clone());
    Client::from_conf(config.build())
}

/// Lets the capacity of a table follow its use; running it again replaces what it said before.
///
/// # Errors
///
/// [`Error::Refused`] with what AWS said.
// ANCHOR: scale
pub async fn scale(client: &Client, table: &str, kind: Kind, range: &Range) -> Result<()> {
    let dimension = ScalableDimension::from(kind.dimension());
    client
        .register_scalable_target()
        .service_namespace(ServiceNamespace::Dynamodb)
        .resource_id(format!("table/{table}"))
        .scalable_dimension(dimension.clone())
        .min_capacity(units(range.least()))
        .max_capacity(units(range.most()))
        .send()
        .await
        .map_err(|error| refused("RegisterScalableTarget", error))?;
    client
        .put_scaling_policy()
        .policy_name(policy_name(kind, range))
        .service_namespace(ServiceNamespace::Dynamodb)
        .resource_id(format!("table/{table}"))
        .scalable_dimension(dimension)
        .policy_type(PolicyType::TargetTrackingScaling)
        .target_tracking_scaling_policy_configuration(tracking(kind, range)?)
        .send()
        .await
        .map_err(|error| refused("PutScalingPolicy", error))?;
    Ok(())
}
// ANCHOR_END: scale

fn tracking(kind: Kind, range: &Range) -> Result<Tracking> {
    let unset = |error| Error::Refused {
        what: "TargetTrackingScalingPolicyConfiguration".into(),
        reason: format!("{error}"),
    };
    let metric = PredefinedMetricSpecification::builder()
        .predefined_metric_type(MetricType::from(kind.metric()))
        .build()
        .map_err(unset)?;
    Tracking::builder()
        .target_value(f64::from(range.target_percent()))
        .predefined_metric_specification(metric)
        .build()
        .map_err(unset)
}

fn units(units: u32) -> i32 {
    i32::try_from(units).unwrap_or(i32::MAX)
}
