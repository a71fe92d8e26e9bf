//! The visit counter with nothing but the standard library.

use std::io;

use contenders::std_only::{Visits, string_after};
use contenders::{TABLE, runtime_client, variable, welcome};

fn main() -> io::Result<()> {
    let endpoint_url = variable("AWS_ENDPOINT_URL_DYNAMODB")?;
    let address = endpoint_url.trim_start_matches("http://");
    let address = address.trim_end_matches('/');
    let mut visits: Option<Visits> = None;
    runtime_client::run(|event| {
        let user = string_after(event, r#""userId":""#).unwrap_or_default();
        // The first turn connects, as it does where the AWS SDK makes the calls.
        let visits = match &mut visits {
            Some(visits) => visits,
            none => none.insert(Visits::connect(address, TABLE)?),
        };
        let speech = welcome(visits.count(user)?);
        Ok(format!(
            r#"{{"version":"1.0","response":{{"outputSpeech":{{"type":"SSML","ssml":"<speak>{speech}</speak>"}}}}}}"#
        ))
    })
}
