//! What the skill answers: the response envelope.

use std::fmt;

use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::attributes::{Attributes, Count};
use crate::directives::VIDEO_APP_LAUNCH;
use crate::log;
use crate::ssml::{self, Ssml};

/// An answer, built up call by call.
///
/// ```
/// use alexa_skill::Response;
///
/// let answer = Response::new().speak("Guess a number.").reprompt("Which number?");
/// let json = serde_json::to_value(&answer)?;
/// assert_eq!(json["outputSpeech"]["ssml"], "<speak>Guess a number.</speak>");
/// assert_eq!(json["shouldEndSession"], false);
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// `Debug` shows what the answer has and not what it says, which may be about the user.
#[derive(Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[must_use]
pub struct Response {
    #[serde(skip_serializing_if = "Option::is_none")]
    output_speech: Option<OutputSpeech>,
    #[serde(skip_serializing_if = "Option::is_none")]
    card: Option<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reprompt: Option<Reprompt>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    directives: Vec<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    should_end_session: Option<bool>,
}

#[derive(Clone, PartialEq, Serialize)]
struct OutputSpeech {
    r#type: &'static str,
    ssml: String,
}

#[derive(Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Reprompt {
    output_speech: OutputSpeech,
}

impl From<Speech> for OutputSpeech {
    fn from(speech: Speech) -> OutputSpeech {
        OutputSpeech {
            r#type: "SSML",
            ssml: format!("<speak>{}</speak>", speech.0),
        }
    }
}

/// What is said: a string as plain text, or [`Ssml`].
#[derive(Clone, PartialEq, Eq)]
pub struct Speech(String);

impl From<&str> for Speech {
    /// Plain text, each character of which is said.
    fn from(text: &str) -> Speech {
        let text = text.trim();
        log::line(|| {
            let element = ssml::element_in(text)?;
            Some(format!(
                "warning: a string with the SSML element `{element}` is said as plain text: \
                 use alexa_skill::ssml::Ssml for markup"
            ))
        });
        Speech(ssml::plain(text))
    }
}

impl From<String> for Speech {
    fn from(text: String) -> Speech {
        Speech::from(text.as_str())
    }
}

impl From<&String> for Speech {
    fn from(text: &String) -> Speech {
        Speech::from(text.as_str())
    }
}

impl From<Ssml> for Speech {
    fn from(markup: Ssml) -> Speech {
        Speech(markup.content().to_owned())
    }
}

impl Response {
    /// An answer that says nothing, as for a session that has ended.
    pub fn new() -> Response {
        Response::default()
    }

    /// Says `speech` and ends the session: what a handler answers that returns a string.
    pub fn tell(speech: impl Into<Speech>) -> Response {
        Response::new().speak(speech).end_session()
    }

    /// Says `speech` and keeps the session open for the user's answer; see also
    /// [`reprompt`](Response::reprompt).
    pub fn ask(speech: impl Into<Speech>) -> Response {
        Response::new().speak(speech).keep_session_open()
    }

    /// Says `speech`: a string as plain text, or [`Ssml`]. The session ends unless
    /// [`reprompt`](Response::reprompt) or [`keep_session_open`](Response::keep_session_open) is
    /// called: that is Alexa's rule for an answer without `shouldEndSession`, on a device without
    /// a screen.
    pub fn speak(mut self, speech: impl Into<Speech>) -> Response {
        self.output_speech = Some(speech.into().into());
        self
    }

    /// Says `speech` when the user stays silent for about 8 s, and keeps the session open.
    pub fn reprompt(mut self, speech: impl Into<Speech>) -> Response {
        self.reprompt = Some(Reprompt {
            output_speech: speech.into().into(),
        });
        self.with_should_end_session(false)
    }

    /// Shows a card with a title and text in the Alexa app.
    pub fn simple_card(self, title: impl Into<String>, text: impl Into<String>) -> Response {
        self.card(json!({"type": "Simple", "title": title.into(), "content": text.into()}))
    }

    /// Shows a card with a title, text and a picture, whose address is at most 2,000 characters
    /// long.
    pub fn standard_card(
        self,
        title: impl Into<String>,
        text: impl Into<String>,
        small_image_url: Option<&str>,
        large_image_url: Option<&str>,
    ) -> Response {
        let mut card = json!({"type": "Standard", "title": title.into(), "text": text.into()});
        let images = [
            ("smallImageUrl", small_image_url),
            ("largeImageUrl", large_image_url),
        ];
        for (name, url) in images {
            if let Some(url) = url {
                card["image"][name] = url.into();
            }
        }
        self.card(card)
    }

    /// Shows a card on which the user links an account.
    pub fn link_account_card(self) -> Response {
        self.card(json!({"type": "LinkAccount"}))
    }

    /// Shows a card on which the user grants permissions, such as `alexa::profile:email:read`.
    pub fn ask_for_permissions_card<'a>(
        self,
        permissions: impl IntoIterator<Item = &'a str>,
    ) -> Response {
        let permissions: Vec<&str> = permissions.into_iter().collect();
        self.card(json!({"type": "AskForPermissionsConsent", "permissions": permissions}))
    }

    /// Adds a directive, in its JSON form, behind those that are there; see
    /// [`directives`](crate::directives).
    pub fn directive(mut self, directive: Json) -> Response {
        self.directives.push(directive);
        match self.should_end_session {
            Some(end) => self.with_should_end_session(end),
            None => self,
        }
    }

    /// Ends the session after this answer.
    pub fn end_session(self) -> Response {
        self.with_should_end_session(true)
    }

    /// Keeps the session open after this answer.
    pub fn keep_session_open(self) -> Response {
        self.with_should_end_session(false)
    }

    /// Alexa refuses `shouldEndSession` beside a video, whichever was added first.
    fn with_should_end_session(mut self, end: bool) -> Response {
        let video = |directive: &Json| directive["type"] == VIDEO_APP_LAUNCH;
        self.should_end_session = (!self.directives.iter().any(video)).then_some(end);
        self
    }

    /// Whether the session certainly ends after this answer.
    pub(crate) fn ends_session(&self) -> bool {
        self.should_end_session == Some(true)
    }

    fn card(mut self, card: Json) -> Response {
        self.card = Some(card);
        self
    }
}

/// An answer with what surrounds it, as Alexa reads it.
#[derive(Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ResponseEnvelope {
    version: &'static str,
    /// The attributes that Alexa brings back with the session's next request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_attributes: Option<Attributes>,
    /// The answer.
    pub response: Response,
    user_agent: &'static str,
}

impl ResponseEnvelope {
    pub(crate) fn new(response: Response, session_attributes: Option<Attributes>) -> Self {
        let user_agent = concat!("alexa-skill/", env!("CARGO_PKG_VERSION"));
        ResponseEnvelope {
            version: "1.0",
            session_attributes,
            response,
            user_agent,
        }
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("speaks", &self.output_speech.is_some())
            .field("card", &self.card.as_ref().map(kind))
            .field("reprompts", &self.reprompt.is_some())
            .field(
                "directives",
                &self.directives.iter().map(kind).collect::<Vec<_>>(),
            )
            .field("should_end_session", &self.should_end_session)
            .finish()
    }
}

impl fmt::Debug for ResponseEnvelope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let attributes = self.session_attributes.as_ref();
        f.debug_struct("ResponseEnvelope")
            .field("session_attributes", &attributes.map(Count))
            .field("response", &self.response)
            .finish_non_exhaustive()
    }
}

/// The type of a card or directive.
fn kind(json: &Json) -> &str {
    json["type"].as_str().unwrap_or("none")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directives::{delegate_dialog, video_app_launch};

    fn json_of(response: Response) -> Json {
        serde_json::to_value(response).unwrap()
    }

    #[test]
    fn an_empty_answer_says_nothing_and_leaves_the_session_to_alexa() {
        assert_eq!(json_of(Response::new()), json!({}));
    }

    #[test]
    fn markup_is_trimmed_and_wrapped_once() {
        for text in [
            "Hello",
            "  Hello ",
            "<speak>Hello</speak>",
            " <speak> Hello </speak>\n",
        ] {
            let json = json_of(Response::new().speak(Ssml::new(text)));
            assert_eq!(
                json["outputSpeech"],
                json!({"type": "SSML", "ssml": "<speak>Hello</speak>"})
            );
            assert_eq!(json.get("shouldEndSession"), None);
        }
    }

    #[test]
    fn a_string_is_said_as_it_is() {
        let json = json_of(Response::new().speak("Tom & Jerry").reprompt("1 < 2"));
        assert_eq!(
            json["outputSpeech"]["ssml"],
            "<speak>Tom &amp; Jerry</speak>"
        );
        let reprompt = &json["reprompt"]["outputSpeech"]["ssml"];
        assert_eq!(*reprompt, "<speak>1 &lt; 2</speak>");
    }

    #[test]
    fn what_is_told_ends_the_session_and_what_is_asked_keeps_it_open() {
        assert_eq!(json_of(Response::tell("Bye."))["shouldEndSession"], true);
        assert_eq!(json_of(Response::ask("Well?"))["shouldEndSession"], false);
    }

    #[test]
    fn a_reprompt_keeps_the_session_open() {
        let json = json_of(Response::new().speak("One?").reprompt("Two?"));
        assert_eq!(
            json["reprompt"]["outputSpeech"]["ssml"],
            "<speak>Two?</speak>"
        );
        assert_eq!(json["shouldEndSession"], false);
    }

    #[test]
    fn directives_are_kept_in_order() {
        let json = json_of(
            Response::new()
                .directive(json!({"type": "A"}))
                .directive(delegate_dialog()),
        );
        assert_eq!(
            json["directives"],
            json!([{"type": "A"}, {"type": "Dialog.Delegate"}])
        );
    }

    #[test]
    fn a_video_leaves_no_should_end_session_in_either_order() {
        let video = || video_app_launch("https://example.com/video.mp4", "A video");
        let after = Response::new().reprompt("More?").directive(video());
        let before = Response::new().directive(video()).end_session();
        for response in [after, before] {
            assert_eq!(json_of(response).get("shouldEndSession"), None);
        }
    }

    #[test]
    fn cards_have_the_fields_that_alexa_reads() {
        let card = |response| json_of(response)["card"].take();
        assert_eq!(
            card(Response::new().simple_card("T", "text")),
            json!({"type": "Simple", "title": "T", "content": "text"})
        );
        let large = "https://example.com/large.png";
        assert_eq!(
            card(Response::new().standard_card("T", "text", None, Some(large))),
            json!({"type": "Standard", "title": "T", "text": "text", "image": {"largeImageUrl": large}})
        );
        let without_image = card(Response::new().standard_card("T", "text", None, None));
        assert_eq!(without_image.get("image"), None);
        assert_eq!(
            card(Response::new().link_account_card()),
            json!({"type": "LinkAccount"})
        );
        let permission = "alexa::profile:email:read";
        assert_eq!(
            card(Response::new().ask_for_permissions_card([permission])),
            json!({"type": "AskForPermissionsConsent", "permissions": [permission]})
        );
    }
}
