//! The panel's requests and answers, in JSON.

use std::collections::BTreeMap;

use serde::de::Error;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::faults::Fault;
use crate::refusal::Refusal;
use crate::stage::{Device, Stage, User, Who};

/// The page of faults asks by this name, as by a starter's.
const FAULTS: &str = "break-it";

/// All that a panel may ask with. One type, as each that is read makes the browser's module larger.
#[derive(Deserialize)]
struct Asked {
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

impl Asked {
    fn who(&self) -> Result<Who, Refusal> {
        Ok(Who {
            user: needed("user", self.user)?,
            device: needed("device", self.device)?,
            locale: self.locale.clone(),
        })
    }

    fn fault(self) -> Result<Fault, Refusal> {
        let (fault, value) = (needed("fault", self.fault)?, needed("value", self.value)?);
        Fault::named(&fault, &value).ok_or(Refusal::NoFault)
    }
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
        let Some(action) = action else {
            return match starter {
                FAULTS => written(&Fault::all()),
                _ => written(&self.about(starter).await?),
            };
        };
        let known = match starter {
            FAULTS => ["run"].as_slice(),
            _ => &["say", "choose", "at-once", "end", "reset"],
        };
        if !known.contains(&action) {
            return Err(Refusal::NoAction);
        }
        if action == "reset" {
            return written(&self.reset(starter).await?);
        }
        let asked: Asked = serde_json::from_slice(body).map_err(Refusal::Malformed)?;
        if action == "run" {
            return written(&self.break_it(&asked.fault()?).await?);
        }
        let scene = match action {
            "say" => {
                let text = needed("text", asked.text.as_deref())?;
                self.say(starter, &asked.who()?, text).await
            }
            "choose" => {
                let intent = needed("intent", asked.intent.as_deref())?;
                let slots: Vec<_> = asked
                    .slots
                    .clone()
                    .unwrap_or_default()
                    .into_iter()
                    .collect();
                self.choose(starter, &asked.who()?, intent, &slots).await
            }
            "at-once" => {
                let kitchen = needed("kitchen", asked.kitchen.as_deref())?;
                let bedroom = needed("bedroom", asked.bedroom.as_deref())?;
                let (user, locale) = (needed("user", asked.user)?, asked.locale.as_deref());
                self.at_once(starter, user, locale, [kitchen, bedroom])
                    .await
            }
            _ => self.end(starter, &asked.who()?).await,
        };
        written(&scene?)
    }
}

fn needed<T>(name: &'static str, value: Option<T>) -> Result<T, Refusal> {
    value.ok_or_else(|| Refusal::Malformed(serde_json::Error::missing_field(name)))
}

fn written<T: Serialize>(answer: &T) -> Result<String, Refusal> {
    serde_json::to_string(answer).map_err(|error| Refusal::Failed(error.to_string()))
}
