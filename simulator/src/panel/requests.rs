//! A panel's requests and answers, in JSON.

use std::collections::BTreeMap;

use serde::de::Error as _;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::error::Error;
use super::faults::Fault;
use super::simulator::Simulator;
use super::users::{Device, Speaker, User};

/// All that a panel may send. One type, as each that is read makes the browser's module larger.
#[derive(Deserialize)]
struct PanelRequest {
    user: Option<User>,
    device: Option<Device>,
    locale: Option<String>,
    text: Option<String>,
    intent: Option<String>,
    slots: Option<BTreeMap<String, String>>,
    kitchen: Option<String>,
    bedroom: Option<String>,
    fault: Option<String>,
    value: Option<Json>,
}

impl PanelRequest {
    fn speaker(&self) -> Result<Speaker, Error> {
        Ok(Speaker {
            user: needed("user", self.user)?,
            device: needed("device", self.device)?,
        })
    }

    fn fault(self) -> Result<Fault, Error> {
        let (fault, value) = (needed("fault", self.fault)?, needed("value", self.value)?);
        Fault::named(&fault, &value).ok_or(Error::InvalidFault)
    }
}

impl Simulator {
    /// Does what the panel of a skill asks, and returns the answer in JSON; without an action,
    /// describes the skill.
    ///
    /// # Errors
    ///
    /// When the request makes no sense, or the skill fails.
    pub async fn answer(
        &self,
        skill: &str,
        action: Option<&str>,
        body: &[u8],
    ) -> Result<String, Error> {
        let Some(action) = action else {
            return to_json(&self.describe(skill).await?);
        };
        match action {
            "reset" => return to_json(&self.reset(skill).await?),
            "faults" => return to_json(&self.faults(skill).await?),
            "say" | "choose" | "at-once" | "end" | "run-with-fault" => {}
            _ => return Err(Error::UnknownAction),
        }
        let asked: PanelRequest = serde_json::from_slice(body).map_err(Error::Malformed)?;
        let locale = asked.locale.as_deref();
        let exchange = match action {
            "say" => {
                let text = needed("text", asked.text.as_deref())?;
                self.say(skill, asked.speaker()?, locale, text).await
            }
            "choose" => {
                let intent = needed("intent", asked.intent.as_deref())?;
                let slots: Vec<_> = asked
                    .slots
                    .clone()
                    .unwrap_or_default()
                    .into_iter()
                    .collect();
                self.choose(skill, asked.speaker()?, locale, intent, &slots)
                    .await
            }
            "at-once" => {
                let kitchen = needed("kitchen", asked.kitchen.as_deref())?;
                let bedroom = needed("bedroom", asked.bedroom.as_deref())?;
                let user = needed("user", asked.user)?;
                self.say_at_once(skill, user, locale, [kitchen, bedroom])
                    .await
            }
            "end" => self.end_session(skill, asked.speaker()?).await,
            _ => return to_json(&self.run_with_fault(skill, &asked.fault()?).await?),
        };
        to_json(&exchange?)
    }
}

fn needed<T>(name: &'static str, value: Option<T>) -> Result<T, Error> {
    value.ok_or_else(|| Error::Malformed(serde_json::Error::missing_field(name)))
}

fn to_json<T: Serialize>(answer: &T) -> Result<String, Error> {
    serde_json::to_string(answer).map_err(Error::Answer)
}
