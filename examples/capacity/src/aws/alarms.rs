//! The alarms, put into an account.

use aws_sdk_cloudwatch::Client;
use aws_sdk_cloudwatch::config::{BehaviorVersion, Config};
use aws_sdk_cloudwatch::operation::put_metric_alarm::builders::PutMetricAlarmFluentBuilder;
use aws_sdk_cloudwatch::types::{ComparisonOperator, Dimension, Statistic as Sent};

use super::{Environment, refused};
use crate::alarms::{Alarm, Statistic};
use crate::error::Result;

/// A client as the environment describes it.
pub fn client(environment: &Environment) -> Client {
    let mut config = Config::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(environment.region.clone())
        .credentials_provider(environment.credentials.clone());
    config.set_endpoint_url(environment.endpoint_url.clone());
    Client::from_conf(config.build())
}

// ANCHOR: put
/// Makes the alarm, or changes the one of that name to it; `topic` is told when it rings.
///
/// # Errors
///
/// [`Error::Refused`](crate::error::Error::Refused) with what AWS said.
pub async fn put(client: &Client, alarm: &Alarm, topic: Option<&str>) -> Result<()> {
    let dimensions = alarm.dimensions.iter().map(|(name, value)| {
        let dimension = Dimension::builder().name(*name).value(value);
        dimension.build()
    });
    let call = client
        .put_metric_alarm()
        .alarm_name(&alarm.name)
        .alarm_description(alarm.advice)
        .namespace(alarm.namespace)
        .metric_name(alarm.metric)
        .set_dimensions(Some(dimensions.collect()))
        .period(whole(alarm.period))
        .evaluation_periods(whole(alarm.of))
        .datapoints_to_alarm(whole(alarm.datapoints))
        .comparison_operator(ComparisonOperator::GreaterThanThreshold)
        .threshold(alarm.threshold)
        .treat_missing_data("notBreaching")
        .set_alarm_actions(topic.map(|topic| vec![topic.to_owned()]));
    let sent = with_statistic(call, alarm.statistic).send().await;
    sent.map_err(|error| refused(&alarm.name, error))?;
    Ok(())
}
// ANCHOR_END: put

/// CloudWatch takes a percentile under another name than the other statistics.
fn with_statistic(
    call: PutMetricAlarmFluentBuilder,
    statistic: Statistic,
) -> PutMetricAlarmFluentBuilder {
    match statistic {
        Statistic::P90 => call.extended_statistic(statistic.name()),
        _ => call.statistic(Sent::from(statistic.name())),
    }
}

fn whole(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
