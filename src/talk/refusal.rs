//! Why a request of the panel is not answered.

use axum::http::StatusCode;

/// Why a request of the panel is not answered. The message is for the reader who sees it.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// A page elsewhere asks.
    #[error("only pages of this book may talk to its skills")]
    ForeignPage,
    /// The body is not declared as JSON, as a form of a page elsewhere could not.
    #[error("the body has to be of the type application/json")]
    NotJson,
    /// The body is longer than any real one.
    #[error("the body is longer than {most} bytes")]
    LongBody {
        /// The most that is read.
        most: usize,
    },
    /// The body says something else than was asked.
    #[error("the body is not what is expected here: {0}")]
    Malformed(#[source] serde_json::Error),
    /// Nobody says so much in one breath.
    #[error("what is said has over {most} characters")]
    LongSpeech {
        /// The most characters.
        most: usize,
    },
    /// No such starter.
    #[error("there is no starter called like this")]
    NoStarter,
    /// No such thing to do.
    #[error("this cannot be asked of a starter")]
    NoAction,
    /// The starter does not speak so.
    #[error("the skill has no interaction model for this locale")]
    NoLocale,
    /// The model knows no such intent.
    #[error("the interaction model has no intent called like this")]
    NoIntent,
    /// Nothing is said to the skill, as no session is open.
    #[error("No session is open here, so this does not reach the skill. Say “{open}” first.")]
    NotToTheSkill {
        /// What opens the skill.
        open: String,
    },
    /// There is no session to end.
    #[error("no session is open here")]
    NoSession,
    /// The embedded DynamoDB is not there.
    #[error("the DynamoDB in this process does not answer: {0}")]
    NoTable(String),
    /// The skill answered with an error.
    #[error("the skill failed: {0}")]
    Failed(String),
}

impl Refusal {
    /// The status that says whose fault it is.
    pub fn status(&self) -> StatusCode {
        match self {
            Refusal::ForeignPage => StatusCode::FORBIDDEN,
            Refusal::NotJson => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Refusal::LongBody { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Refusal::Malformed(_) => StatusCode::BAD_REQUEST,
            Refusal::LongSpeech { .. } | Refusal::NoLocale | Refusal::NoIntent => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Refusal::NoStarter | Refusal::NoAction => StatusCode::NOT_FOUND,
            Refusal::NotToTheSkill { .. } | Refusal::NoSession => StatusCode::CONFLICT,
            Refusal::NoTable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Refusal::Failed(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}
