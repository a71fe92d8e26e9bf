//! The templates say what the programs say, and nothing that AWS does not know.

use std::fs;
use std::path::Path;

use capacity::alarms::{self, Alarm, Statistic};
use capacity::autoscaling::{Kind, Range, policy_name};
use capacity::money::Money;
use capacity::prices;
use serde_json::{Value as Json, json};

const TABLE: &str = "Memories";
const FUNCTION: &str = "reminder";

fn read(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    fs::read_to_string(path).unwrap()
}

/// A template without the tags of CloudFormation's functions.
fn template(file: &str) -> Json {
    serde_saphyr::from_str(&read(file)).unwrap()
}

/// What the template's resource of this type becomes with these parameters.
fn resources(template: &Json, of: &str) -> Vec<Json> {
    let all = template["Resources"].as_object().unwrap().values();
    let all = all.filter(|resource| resource["Type"] == of);
    all.map(|resource| resource["Properties"].clone()).collect()
}

/// What the template would say, written from the program's alarm.
fn as_properties(alarm: &Alarm) -> Json {
    let dimension = |(name, value): &(&str, String)| {
        // A parameter's name stands for its value.
        let value = value.replace(TABLE, "TableName");
        json!({"Name": name, "Value": value.replace(FUNCTION, "FunctionName")})
    };
    let name = alarm.name.replace(TABLE, "${TableName}");
    let mut properties = json!({
        "AlarmName": name.replace(FUNCTION, "${FunctionName}"),
        "AlarmDescription": alarm.advice,
        "Namespace": alarm.namespace,
        "MetricName": alarm.metric,
        "Period": alarm.period,
        "EvaluationPeriods": alarm.of,
        "DatapointsToAlarm": alarm.datapoints,
        "ComparisonOperator": "GreaterThanThreshold",
        "Threshold": alarm.threshold as u32,
        "TreatMissingData": "notBreaching",
        "AlarmActions": ["Wake"],
    });
    let key = match alarm.statistic {
        Statistic::P90 => "ExtendedStatistic",
        _ => "Statistic",
    };
    properties[key] = alarm.statistic.name().into();
    if !alarm.dimensions.is_empty() {
        properties["Dimensions"] = alarm.dimensions.iter().map(dimension).collect();
    }
    properties
}

#[test]
fn template_and_program_make_the_same_alarms() {
    let by_name = |alarm: &Json| alarm["AlarmName"].to_string();
    let mut by_template = resources(&template("alarms.yaml"), "AWS::CloudWatch::Alarm");
    by_template.sort_by_key(by_name);
    let all = alarms::all(TABLE, FUNCTION);
    let mut by_program: Vec<Json> = all.iter().map(as_properties).collect();
    by_program.sort_by_key(by_name);
    assert_eq!(by_template.len(), by_program.len());
    for (by_template, by_program) in by_template.iter().zip(&by_program) {
        assert_eq!(by_template, by_program);
    }
}

/// What is wrong with an alarm, judged by the catalogue of AWS's metrics.
fn fault(alarm: &Alarm, catalogue: &Json) -> Option<&'static str> {
    let known = catalogue
        .as_array()
        .unwrap()
        .iter()
        .find(|known| known["namespace"] == alarm.namespace && known["metric"] == alarm.metric);
    let Some(known) = known else {
        return Some("no such metric");
    };
    let dimensions: Vec<&str> = alarm.dimensions.iter().map(|(name, _)| *name).collect();
    let has = |list: &str, value: Json| known[list].as_array().unwrap().contains(&value);
    if !has("dimensions", json!(dimensions)) {
        return Some("no such dimensions");
    }
    if !has("statistics", json!(alarm.statistic.name())) {
        return Some("no such statistic");
    }
    // A period that is shorter than the metric's, or no multiple of it, has periods without values.
    let seconds = known["seconds"].as_u64().unwrap();
    if !u64::from(alarm.period).is_multiple_of(seconds) {
        return Some("no such period");
    }
    if !(1..=alarm.of).contains(&alarm.datapoints) || alarm.period * alarm.of > 86_400 {
        return Some("never rings");
    }
    None
}

// ANCHOR: exists
#[test]
fn every_alarm_watches_something_that_exists() {
    let catalogue: Json = serde_json::from_str(&read("tests/metrics.json")).unwrap();
    for known in catalogue.as_array().unwrap() {
        assert!(known["source"].as_str().unwrap().contains("20"), "{known}");
    }
    for alarm in alarms::all(TABLE, FUNCTION) {
        assert_eq!(fault(&alarm, &catalogue), None, "{alarm:?}");
    }
}
// ANCHOR_END: exists

#[test]
fn an_alarm_that_would_stay_silent_is_found() {
    let catalogue: Json = serde_json::from_str(&read("tests/metrics.json")).unwrap();
    let good = alarms::all(TABLE, FUNCTION).remove(0);
    let found = |change: fn(&mut Alarm)| {
        let mut alarm = good.clone();
        change(&mut alarm);
        fault(&alarm, &catalogue)
    };
    assert_eq!(
        found(|alarm| alarm.metric = "ReadThrottles"),
        Some("no such metric")
    );
    assert_eq!(
        found(|alarm| alarm.namespace = "AWS/Lambda"),
        Some("no such metric")
    );
    assert_eq!(
        found(|alarm| alarm.dimensions.clear()),
        Some("no such dimensions")
    );
    assert_eq!(
        found(|alarm| alarm.statistic = Statistic::P90),
        Some("no such statistic")
    );
    assert_eq!(found(|alarm| alarm.period = 45), Some("no such period"));
    assert_eq!(found(|alarm| alarm.datapoints = 16), Some("never rings"));
}

#[test]
fn the_names_of_the_alarms_differ() {
    let mut names: Vec<String> = alarms::all(TABLE, FUNCTION)
        .into_iter()
        .map(|alarm| alarm.name)
        .collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 12);
    let month = prices::ALARM.each() * names.len() as u64;
    assert_eq!(month, Money::dollars("1.20"));
}

#[test]
fn template_and_program_scale_alike() {
    let template = template("scaling.yaml");
    let range = Range::new(5, 200, 70).unwrap();
    let targets = resources(&template, "AWS::ApplicationAutoScaling::ScalableTarget");
    let policies = resources(&template, "AWS::ApplicationAutoScaling::ScalingPolicy");
    assert_eq!((targets.len(), policies.len()), (2, 2));
    for kind in Kind::ALL {
        let target = json!({
            "ServiceNamespace": "dynamodb",
            "ResourceId": "table/${Table}",
            "ScalableDimension": kind.dimension(),
            "MinCapacity": range.least(),
            "MaxCapacity": range.most(),
        });
        assert!(targets.contains(&target), "{target}");
        let policy = policies
            .iter()
            .find(|policy| policy["PolicyName"] == policy_name(kind, &range));
        let tracking = &policy.unwrap()["TargetTrackingScalingPolicyConfiguration"];
        let expected = json!({
            "TargetValue": range.target_percent(),
            "PredefinedMetricSpecification": {"PredefinedMetricType": kind.metric()},
        });
        assert_eq!(*tracking, expected);
    }
}

#[test]
fn a_range_that_cannot_be_is_named() {
    for (least, most, target, message) in [
        (
            0,
            10,
            70,
            "the least capacity must be from 1 to 40,000, not 0",
        ),
        (
            10,
            5,
            70,
            "the most capacity must be from 10 to 40,000, not 5",
        ),
        (
            5,
            10,
            95,
            "the target in percent must be from 20 to 90, not 95",
        ),
    ] {
        let error = Range::new(least, most, target).unwrap_err();
        assert_eq!(error.to_string(), message);
    }
}
