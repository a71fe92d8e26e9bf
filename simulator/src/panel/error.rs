//! Why the simulator does not do what a panel asks.

use alexa_skill::BuildError;

/// Why the simulator does not do what a panel asks. The message is for the reader who sees it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The request's body is not the JSON that its action takes.
    #[error("the body is not what is expected here: {0}")]
    Malformed(#[source] serde_json::Error),
    /// There is no skill of this name.
    #[error("there is no skill of this name")]
    UnknownSkill,
    /// A panel has no such action.
    #[error("a panel has no action of this name")]
    UnknownAction,
    /// The skill has no interaction model for the locale.
    #[error("the skill has no interaction model for this locale")]
    UnknownLocale,
    /// The interaction model has no such intent.
    #[error("the interaction model has no intent of this name")]
    UnknownIntent,
    /// A text is longer than any that makes sense.
    #[error("{what} has more than {most} characters")]
    TooLong {
        /// Which text.
        what: &'static str,
        /// The most characters that it may have.
        most: usize,
    },
    /// Words that do not name the skill were said where no session with it is open.
    #[error("No session is open here, so this does not reach the skill. Say “{opening}” first.")]
    NotInSession {
        /// What opens the skill.
        opening: String,
    },
    /// There is no session to end.
    #[error("no session is open here")]
    NoSession,
    /// There is no such fault, or not with this value.
    #[error("there is no such fault, or not with this value")]
    InvalidFault,
    /// The text is not a policy that the simulator can evaluate.
    #[error("this is no policy that can be evaluated here: {0}")]
    InvalidPolicy(String),
    /// The name cannot be that of a partition key.
    #[error("a key's name is made of letters, digits, dots, hyphens and underscores here")]
    InvalidKeyName,
    /// An interaction model cannot be read.
    #[error("the interaction model of {skill} for {locale} cannot be read: {source}")]
    InteractionModel {
        /// The skill.
        skill: &'static str,
        /// The locale.
        locale: &'static str,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// The skill cannot be built.
    #[error("the skill cannot be built: {0}")]
    Build(#[from] BuildError),
    /// The skill failed, as an error of Lambda's would say.
    #[error("the skill failed: {0}")]
    Skill(String),
    /// The DynamoDB that the simulator runs on does not answer as it should.
    #[error("the DynamoDB behind this page does not answer: {0}")]
    DynamoDb(String),
    /// What a panel is answered cannot be written as JSON.
    #[error("the answer cannot be written: {0}")]
    Answer(#[source] serde_json::Error),
}

impl Error {
    /// The HTTP status of an answer with this error.
    pub fn status(&self) -> u16 {
        match self {
            Error::Malformed(_) => 400,
            Error::UnknownSkill | Error::UnknownAction => 404,
            Error::NotInSession { .. } | Error::NoSession => 409,
            Error::UnknownLocale
            | Error::UnknownIntent
            | Error::TooLong { .. }
            | Error::InvalidFault
            | Error::InvalidPolicy(_)
            | Error::InvalidKeyName => 422,
            Error::InteractionModel { .. }
            | Error::Build(_)
            | Error::Skill(_)
            | Error::Answer(_) => 500,
            Error::DynamoDb(_) => 503,
        }
    }
}
