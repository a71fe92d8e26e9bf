//! The calls to AWS have the shape that a stand-in for it accepts. moto accepts nonsense too: that
//! the alarms watch something that exists is for `tests/suite/templates.rs` to say.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use aws_sdk_applicationautoscaling::types::ServiceNamespace;
use aws_sdk_cloudwatch::config::{Credentials, Region};
use aws_sdk_cloudwatch::types::MetricAlarm;
use capacity::alarms::{self, Alarm};
use capacity::autoscaling::{Kind, Range};
use capacity::aws::{self, Environment};
use capacity::error::Error;

/// The program.
const CAPACITY: &str = env!("CARGO_BIN_EXE_capacity");

const TOPIC: &str = "arn:aws:sns:us-east-1:123456789012:wake";

/// moto, which ends with its standard input.
struct Moto {
    process: Child,
    url: String,
}

impl Moto {
    fn start() -> Moto {
        let package = Path::new(env!("CARGO_MANIFEST_DIR"));
        let packages = package.join("../../alexa-skill/tests/interop/python/.venv");
        let mut command = Command::new(packages.join("bin/python"));
        command.arg(package.join("tests/moto/endpoint.py"));
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().expect("python; .ci/run shows its packages");
        let mut port = String::new();
        let output = process.stdout.take().unwrap();
        BufReader::new(output).read_line(&mut port).unwrap();
        let url = format!("http://127.0.0.1:{}", port.trim());
        Moto { process, url }
    }

    fn environment(&self) -> Environment {
        Environment {
            region: Region::new("us-east-1"),
            credentials: Credentials::new("local", "local", None, None, "test"),
            endpoint_url: Some(self.url.clone()),
        }
    }

    /// Runs a command as a reader does.
    fn run(&self, name: &str, arguments: &[&str]) -> Output {
        let mut command = Command::new(CAPACITY);
        command.arg(name).args(arguments).env_clear();
        command.env("AWS_REGION", "us-east-1");
        command.env("AWS_ACCESS_KEY_ID", "local");
        command.env("AWS_SECRET_ACCESS_KEY", "local");
        command.env("AWS_ENDPOINT_URL", &self.url);
        command.output().unwrap()
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

#[tokio::test]
#[ignore = "needs Python and the packages of alexa-skill/tests/interop/python, which .ci/run installs"]
async fn the_alarms_are_made_once_however_often_they_are_put() {
    let moto = Moto::start();
    let arguments = ["--table", "T", "--function", "f", "--topic", TOPIC];
    for _ in 0..2 {
        let output = moto.run("put-alarms", &arguments);
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{output:?}");
        assert_eq!(said.lines().count(), 12, "{said}");
    }
    let client = aws::alarms::client(&moto.environment());
    let kept = client.describe_alarms().send().await.unwrap();
    let kept = kept.metric_alarms();
    let expected = alarms::all("T", "f");
    assert_eq!(kept.len(), expected.len());
    for alarm in expected {
        let kept = kept
            .iter()
            .find(|kept| kept.alarm_name() == Some(&alarm.name));
        is_as_it_was_put(kept.unwrap(), &alarm);
    }
}

fn is_as_it_was_put(kept: &MetricAlarm, alarm: &Alarm) {
    let name = &alarm.name;
    assert_eq!(kept.namespace(), Some(alarm.namespace), "{name}");
    assert_eq!(kept.metric_name(), Some(alarm.metric), "{name}");
    let dimensions = kept.dimensions().iter();
    let dimensions: Vec<_> = dimensions
        .map(|dimension| {
            let value = dimension.value().unwrap_or_default();
            (dimension.name().unwrap_or_default(), value.to_owned())
        })
        .collect();
    assert_eq!(dimensions, alarm.dimensions, "{name}");
    let statistic = kept.statistic().map(|statistic| statistic.as_str());
    let statistic = statistic.or(kept.extended_statistic());
    assert_eq!(statistic, Some(alarm.statistic.name()), "{name}");
    let numbers = [
        kept.period(),
        kept.evaluation_periods(),
        kept.datapoints_to_alarm(),
    ];
    let expected = [alarm.period, alarm.of, alarm.datapoints];
    assert_eq!(
        numbers,
        expected.map(|number| Some(number as i32)),
        "{name}"
    );
    assert_eq!(kept.threshold(), Some(alarm.threshold), "{name}");
    assert_eq!(kept.treat_missing_data(), Some("notBreaching"), "{name}");
    assert_eq!(kept.alarm_actions(), [TOPIC], "{name}");
}

#[tokio::test]
#[ignore = "needs Python and the packages of alexa-skill/tests/interop/python, which .ci/run installs"]
async fn a_table_has_one_target_and_one_policy_of_each_kind() {
    let moto = Moto::start();
    let environment = moto.environment();
    let client = aws::scale::client(&environment);
    for most in ["200", "300"] {
        let arguments = ["--table", "T", "--most", most];
        let output = moto.run("scale-table", &arguments);
        assert!(output.status.success(), "{output:?}");
    }
    let describe = client.describe_scalable_targets();
    let targets = describe.service_namespace(ServiceNamespace::Dynamodb);
    let targets = targets.send().await.unwrap();
    let describe = client.describe_scaling_policies();
    let policies = describe.service_namespace(ServiceNamespace::Dynamodb);
    let policies = policies.send().await.unwrap();
    assert_eq!(targets.scalable_targets().len(), 2);
    assert_eq!(policies.scaling_policies().len(), 2);
    for kind in Kind::ALL {
        let mut all = targets.scalable_targets().iter();
        let target = all.find(|target| target.scalable_dimension().as_str() == kind.dimension());
        let target = target.unwrap();
        assert_eq!(target.resource_id(), "table/T");
        assert_eq!((target.min_capacity(), target.max_capacity()), (5, 300));
        let mut all = policies.scaling_policies().iter();
        let policy = all.find(|policy| policy.scalable_dimension().as_str() == kind.dimension());
        let tracking = policy
            .unwrap()
            .target_tracking_scaling_policy_configuration();
        let tracking = tracking.unwrap();
        assert_eq!(tracking.target_value(), 70.0);
        let metric = tracking.predefined_metric_specification().unwrap();
        assert_eq!(metric.predefined_metric_type().as_str(), kind.metric());
    }
}

#[tokio::test]
#[ignore = "needs Python and the packages of alexa-skill/tests/interop/python, which .ci/run installs"]
async fn what_is_refused_is_said() {
    let moto = Moto::start();
    let output = moto.run("scale-table", &["--table", "T", "--least", "0"]);
    let said = String::from_utf8_lossy(&output.stderr);
    let message = "the least capacity must be from 1 to 40,000, not 0";
    assert!(said.contains(message), "{said}");

    let mut nowhere = moto.environment();
    nowhere.endpoint_url = Some("http://127.0.0.1:9".into());
    let client = aws::scale::client(&nowhere);
    let range = Range::new(5, 200, 70).unwrap();
    let error = aws::scale::scale(&client, "T", Kind::Read, &range).await;
    let error = error.unwrap_err();
    assert!(matches!(error, Error::Refused { .. }), "{error}");
    assert!(
        error
            .to_string()
            .starts_with("RegisterScalableTarget was refused: "),
        "{error}"
    );
}

#[test]
fn a_missing_variable_is_named() {
    let mut command = Command::new(CAPACITY);
    command
        .args(["put-alarms", "--table", "T", "--function", "f"])
        .env_clear();
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        said.contains("AWS_REGION is not set: set it to call AWS"),
        "{said}"
    );
}
