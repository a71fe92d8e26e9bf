//! The panel's requests and answers, in JSON.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::faults::Fault;
use crate::refusal::Refusal;
use crate::stage::{Stage, User, Who};

/// The page of faults asks by this name, as by a starter's.
const FAULTS: &str = "break-it";

#[derive(Deserialize)]
struct Say {
    #[serde(flatten)]
    who: Who,
    text: String,
}

#[derive(Deserialize)]
struct Choose {
    #[serde(flatten)]
    who: Who,
    intent: String,
    #[serde(default)]
    slots: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct AtOnce {
    user: User,
    locale: Option<String>,
    kitchen: String,
    bedroom: String,
}

impl Stage {
    /// Does what the panel of a starter asks, and answers it; without an action, describes the
    /// starter.
    ///
    /// # Errors
    ///
    /// When the request makes no sense, or the skill fails.
    pub async fn answer(
        &self,
        starter: &str,
        action: Option<&str>,
        body: &[u8],
    ) -> Result<String, Refusal> {
        if starter == FAULTS {
            return match action {
                None => written(&Fault::all()),
                Some("run") => written(&self.break_it(&parsed(body)?).await?),
                Some(_) => Err(Refusal::NoAction),
            };
        }
        match action {
            None => written(&self.about(starter).await?),
            Some("say") => {
                let Say { who, text } = parsed(body)?;
                written(&self.say(starter, &who, &text).await?)
            }
            Some("choose") => {
                let Choose { who, intent, slots } = parsed(body)?;
                let slots: Vec<_> = slots.into_iter().collect();
                written(&self.choose(starter, &who, &intent, &slots).await?)
            }
            Some("at-once") => {
                let AtOnce {
                    user,
                    locale,
                    kitchen,
                    bedroom,
                } = parsed(body)?;
                let texts = [kitchen.as_str(), bedroom.as_str()];
                let meeting = self.at_once(starter, user, locale.as_deref(), texts);
                written(&meeting.await?)
            }
            Some("end") => {
                let who: Who = parsed(body)?;
                written(&self.end(starter, &who).await?)
            }
            Some("reset") => written(&self.reset(starter).await?),
            Some(_) => Err(Refusal::NoAction),
        }
    }
}

fn parsed<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(Refusal::Malformed)
}

fn written<T: Serialize>(answer: &T) -> Result<String, Refusal> {
    serde_json::to_string(answer).map_err(|error| Refusal::Failed(error.to_string()))
}
