//! Why a request of the panel is not answered.

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
    /// The policy that a reader wrote is none.
    #[error("this is no policy that can be evaluated here: {0}")]
    NoPolicy(String),
    /// The key that a reader named is none.
    #[error("a key for this page is made of letters, digits, dots and hyphens")]
    NoKey,
    /// So much cannot be broken.
    #[error("nothing can be broken like this")]
    NoFault,
    /// Nothing is said to the skill, as no session is open.
    #[error("No session is open here, so this does not reach the skill. Say “{open}” first.")]
    NotToTheSkill {
        /// What opens the skill.
        open: String,
    },
    /// There is no session to end.
    #[error("no session is open here")]
    NoSession,
    /// The DynamoDB behind the stage is not there.
    #[error("the DynamoDB behind this page does not answer: {0}")]
    NoTable(String),
    /// The skill answered with an error.
    #[error("the skill failed: {0}")]
    Failed(String),
}

impl Refusal {
    /// The HTTP status that says whose fault it is.
    pub fn status(&self) -> u16 {
        match self {
            Refusal::Malformed(_) => 400,
            Refusal::ForeignPage => 403,
            Refusal::NoStarter | Refusal::NoAction => 404,
            Refusal::NotToTheSkill { .. } | Refusal::NoSession => 409,
            Refusal::LongBody { .. } => 413,
            Refusal::NotJson => 415,
            Refusal::LongSpeech { .. }
            | Refusal::NoLocale
            | Refusal::NoIntent
            | Refusal::NoPolicy(_)
            | Refusal::NoKey
            | Refusal::NoFault => 422,
            Refusal::Failed(_) => 500,
            Refusal::NoTable(_) => 503,
        }
    }
}
