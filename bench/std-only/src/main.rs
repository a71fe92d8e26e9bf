//! The visit counter as a Lambda function, with nothing but the standard library.

use std::{env, io};

use std_only::{Http, Visits, after};

const NEXT: &str = "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\n";

fn main() -> io::Result<()> {
    let mut lambda = Http::connect(&variable("AWS_LAMBDA_RUNTIME_API")?)?;
    let table = variable("AWS_ENDPOINT_URL_DYNAMODB")?;
    let table = table.trim_start_matches("http://").trim_end_matches('/');
    let mut visits: Option<Visits> = None;
    loop {
        let event = lambda.call(NEXT, b"")?;
        let id = event.header("lambda-runtime-aws-request-id");
        let id = id.unwrap_or_default().to_owned();
        let envelope = event.text()?;
        let user = after(envelope, r#""userId":""#).unwrap_or_default();
        // The first turn connects, as it does where the AWS SDK makes the calls.
        let visits = match &mut visits {
            Some(visits) => visits,
            none => none.insert(Visits::connect(table, "VisitCounter")?),
        };
        let speech = match visits.count(user)? {
            1 => "Welcome! This is your first visit.".to_owned(),
            count => format!("Welcome back! This is visit {count}."),
        };
        let answer = format!(
            r#"{{"version":"1.0","response":{{"outputSpeech":{{"type":"SSML","ssml":"<speak>{speech}</speak>"}}}}}}"#
        );
        let respond = format!(
            "POST /2018-06-01/runtime/invocation/{id}/response HTTP/1.1\r\n\
             content-type: application/json\r\n"
        );
        lambda.call(&respond, answer.as_bytes())?;
    }
}

fn variable(name: &str) -> io::Result<String> {
    env::var(name).map_err(|error| io::Error::other(format!("{name}: {error}")))
}
