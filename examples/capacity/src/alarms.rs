//! The alarms worth waking somebody for: the same for the template and for the program.

use std::fmt::Write;

/// What a period's values become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Statistic {
    Sum,
    Average,
    Maximum,
    /// Nine of ten values are not above it.
    P90,
}

impl Statistic {
    /// What CloudWatch calls it.
    pub fn name(self) -> &'static str {
        match self {
            Statistic::Sum => "Sum",
            Statistic::Average => "Average",
            Statistic::Maximum => "Maximum",
            Statistic::P90 => "p90",
        }
    }
}

/// An alarm. It rings when a metric was above the threshold in so many of the last periods; a
/// period without values counts as one that was not.
#[derive(Clone, Debug, PartialEq)]
pub struct Alarm {
    /// What it is called in the account.
    pub name: String,
    /// What its message says to do.
    pub advice: &'static str,
    /// Whose metric it watches.
    pub namespace: &'static str,
    /// The metric.
    pub metric: &'static str,
    /// Which of that metric.
    pub dimensions: Vec<(&'static str, String)>,
    /// What each period's values become.
    pub statistic: Statistic,
    /// Seconds of a period.
    pub period: u32,
    /// How many of the last periods must be above.
    pub datapoints: u32,
    /// How many periods are looked at.
    pub of: u32,
    /// What they must be above.
    pub threshold: f64,
}

/// The alarms for a table and the function that uses it.
pub fn all(table: &str, function: &str) -> Vec<Alarm> {
    let on_table = vec![("TableName", table.to_owned())];
    let on_operation = |operation: &str| {
        let operation = ("Operation", operation.to_owned());
        [on_table.clone(), vec![operation]].concat()
    };
    let on_function = vec![("FunctionName", function.to_owned())];
    let of_table = |what: &str| format!("{table} {what}");
    let of_function = |what: &str| format!("{function} {what}");
    let dynamodb = "AWS/DynamoDB";
    let lambda = "AWS/Lambda";
    let count = |name, advice, namespace, metric, dimensions| Alarm {
        name,
        advice,
        namespace,
        metric,
        dimensions,
        statistic: Statistic::Sum,
        period: 60,
        datapoints: 3,
        of: 15,
        threshold: 0.0,
    };
    let latency = |name, operation| Alarm {
        statistic: Statistic::Average,
        threshold: 100.0,
        ..count(
            name,
            SLOW_TABLE,
            dynamodb,
            "SuccessfulRequestLatency",
            on_operation(operation),
        )
    };
    let account = |name, metric| Alarm {
        statistic: Statistic::Maximum,
        period: 300,
        datapoints: 2,
        of: 2,
        threshold: 80.0,
        ..count(name, ACCOUNT, dynamodb, metric, Vec::new())
    };
    vec![
        count(
            of_table("read throttles"),
            THROTTLED,
            dynamodb,
            "ReadThrottleEvents",
            on_table.clone(),
        ),
        count(
            of_table("write throttles"),
            THROTTLED,
            dynamodb,
            "WriteThrottleEvents",
            on_table.clone(),
        ),
        count(
            of_table("GetItem errors"),
            SYSTEM,
            dynamodb,
            "SystemErrors",
            on_operation("GetItem"),
        ),
        count(
            of_table("PutItem errors"),
            SYSTEM,
            dynamodb,
            "SystemErrors",
            on_operation("PutItem"),
        ),
        latency(of_table("GetItem latency"), "GetItem"),
        latency(of_table("PutItem latency"), "PutItem"),
        count(
            of_table("account user errors"),
            USER,
            dynamodb,
            "UserErrors",
            Vec::new(),
        ),
        account(
            of_table("account read capacity"),
            "AccountProvisionedReadCapacityUtilization",
        ),
        account(
            of_table("account write capacity"),
            "AccountProvisionedWriteCapacityUtilization",
        ),
        count(
            of_function("errors"),
            FAILED,
            lambda,
            "Errors",
            on_function.clone(),
        ),
        count(
            of_function("throttles"),
            CONCURRENCY,
            lambda,
            "Throttles",
            on_function.clone(),
        ),
        Alarm {
            statistic: Statistic::P90,
            threshold: 4000.0,
            ..count(
                of_function("duration"),
                SLOW,
                lambda,
                "Duration",
                on_function,
            )
        },
    ]
}

const THROTTLED: &str = "Requests are refused: raise the capacity, or look for a hot key";
const SYSTEM: &str = "DynamoDB fails: see AWS Health, and wait";
const SLOW_TABLE: &str = "DynamoDB is slow: see AWS Health, and the size of the items";
const USER: &str = "Requests are wrong: compare the last deployment's table, key and policy";
const ACCOUNT: &str = "The account's capacity is nearly used up: ask for a higher quota";
const FAILED: &str = "Turns fail: read the function's log";
const CONCURRENCY: &str = "Lambda refuses turns: raise the function's or the account's concurrency";
const SLOW: &str = "Turns take half of the 8 s that Alexa waits: read the function's log";

// ANCHOR: rings
/// The minute in which an alarm first rings, if `datapoints` of the last `of` minutes must be above
/// the threshold. A minute in which nobody spoke to the skill has no value.
pub fn first_ring(
    minutes: &[Option<f64>],
    datapoints: usize,
    of: usize,
    threshold: f64,
) -> Option<usize> {
    let above = |minute: &&Option<f64>| minute.is_some_and(|value| value > threshold);
    (1..=minutes.len()).find(|now| {
        let last = &minutes[now.saturating_sub(of)..*now];
        last.iter().filter(above).count() >= datapoints
    })
}
// ANCHOR_END: rings

/// The alarms as a table to be read.
pub fn told(alarms: &[Alarm]) -> String {
    let width = alarms
        .iter()
        .map(|alarm| alarm.name.len())
        .max()
        .unwrap_or(0);
    let mut text = String::new();
    for alarm in alarms {
        let Alarm {
            name,
            metric,
            period,
            datapoints,
            of,
            threshold,
            ..
        } = alarm;
        let statistic = alarm.statistic.name();
        let when = format!("{datapoints} of {of} periods of {period} s");
        writeln!(
            text,
            "{name:width$}  {statistic} of {metric} > {threshold}, {when}"
        )
        .ok();
    }
    text
}
