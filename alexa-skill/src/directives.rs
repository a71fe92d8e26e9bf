//! Directives that skills use often, for [`Response::directive`](crate::Response::directive).
//!
//! A directive is JSON with a `type`; one that is not here can be given as such.

use serde_json::{Value as Json, json};

/// Lets Alexa ask for the next slot or confirmation of the dialog.
pub fn delegate_dialog() -> Json {
    json!({"type": "Dialog.Delegate"})
}

/// Asks the user for the slot `name`; the question is the answer's speech.
pub fn elicit_slot(name: &str) -> Json {
    json!({"type": "Dialog.ElicitSlot", "slotToElicit": name})
}

/// Asks the user to confirm the slot `name`; the question is the answer's speech.
pub fn confirm_slot(name: &str) -> Json {
    json!({"type": "Dialog.ConfirmSlot", "slotToConfirm": name})
}

/// Asks the user to confirm the intent; the question is the answer's speech.
pub fn confirm_intent() -> Json {
    json!({"type": "Dialog.ConfirmIntent"})
}

/// When an audio stream starts to play.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlayBehavior {
    /// Now, in place of what plays and of what waits.
    ReplaceAll,
    /// After what plays and what waits.
    Enqueue,
    /// After what plays, in place of what waits.
    ReplaceEnqueued,
}

/// Plays the audio stream at `url`, from `offset_in_milliseconds` on. Requests about it carry
/// `token`.
pub fn audio_player_play(
    behavior: PlayBehavior,
    url: &str,
    token: &str,
    offset_in_milliseconds: u64,
) -> Json {
    let behavior = match behavior {
        PlayBehavior::ReplaceAll => "REPLACE_ALL",
        PlayBehavior::Enqueue => "ENQUEUE",
        PlayBehavior::ReplaceEnqueued => "REPLACE_ENQUEUED",
    };
    json!({
        "type": "AudioPlayer.Play",
        "playBehavior": behavior,
        "audioItem": {"stream": {
            "url": url, "token": token, "offsetInMilliseconds": offset_in_milliseconds,
        }},
    })
}

/// Stops the audio that plays.
pub fn audio_player_stop() -> Json {
    json!({"type": "AudioPlayer.Stop"})
}

/// Plays the video at `url`. The answer carries no `shouldEndSession`: Alexa refuses both together.
pub fn video_app_launch(url: &str, title: &str) -> Json {
    json!({
        "type": VIDEO_APP_LAUNCH,
        "videoItem": {"source": url, "metadata": {"title": title}},
    })
}

pub(crate) const VIDEO_APP_LAUNCH: &str = "VideoApp.Launch";
