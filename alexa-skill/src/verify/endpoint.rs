//! A skill behind the checks, in the types that HTTP servers share.

use std::sync::Arc;

use http::header::CONTENT_TYPE;
use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Body, Bytes};

use super::error::VerifyError;
use super::headers::SignedHeaders;
use super::verifier::Verifier;
use crate::boxed::BoxError;
use crate::error::Error;
use crate::skill::Skill;

/// A skill that answers requests by HTTP, once they are verified. Clones are cheap and share
/// everything.
#[derive(Debug, Clone)]
pub struct Endpoint {
    skill: Skill,
    verifier: Arc<Verifier>,
}

/// Why a request got no answer from the skill.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EndpointError {
    /// The request cannot be shown to come from Alexa.
    #[error(transparent)]
    Refused(#[from] VerifyError),

    /// The skill failed.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl Endpoint {
    /// Puts `skill` behind `verifier`.
    pub fn new(skill: Skill, verifier: Verifier) -> Endpoint {
        let verifier = Arc::new(verifier);
        Endpoint { skill, verifier }
    }

    /// Answers one POST request. Its headers are checked before its body is read, and its body is
    /// read up to the verifier's limit.
    ///
    /// # Errors
    /// Tells a request that was refused from a skill that failed.
    /// [`response`](EndpointError::response) is what to answer; who reads the log should see the
    /// error itself.
    pub async fn answer<B>(
        &self,
        request: Request<B>,
    ) -> Result<Response<Full<Bytes>>, EndpointError>
    where
        B: Body<Error: Into<BoxError>>,
    {
        let (head, body) = request.into_parts();
        let signed = SignedHeaders::read(&head.headers)?;
        let body = self.read(body).await?;
        self.verifier.verify_body(&signed, &body).await?;
        let answer = self.skill.answer_json(&body).await?;
        Ok(response(
            StatusCode::OK,
            "application/json;charset=UTF-8",
            answer,
        ))
    }

    async fn read<B>(&self, body: B) -> Result<Bytes, VerifyError>
    where
        B: Body<Error: Into<BoxError>>,
    {
        let limit = self.verifier.limit();
        match Limited::new(body, limit).collect().await {
            Ok(body) => Ok(body.to_bytes()),
            Err(error) if error.is::<LengthLimitError>() => {
                Err(VerifyError::BodyTooLarge { limit })
            }
            Err(source) => Err(VerifyError::BodyUnreadable { source }),
        }
    }
}

impl EndpointError {
    /// A stable name of the kind of error, for metrics and logs.
    pub fn name(&self) -> &'static str {
        match self {
            EndpointError::Refused(error) => error.name(),
            EndpointError::Failed(error) => error.name(),
        }
    }

    /// 400 where the request was refused, which includes one that Alexa made for another skill,
    /// 503 where nothing could be said about it because too many others name certificates, and 500
    /// where the skill failed.
    pub fn status(&self) -> StatusCode {
        match self {
            EndpointError::Refused(VerifyError::TooManyChains) => StatusCode::SERVICE_UNAVAILABLE,
            EndpointError::Refused(_) | EndpointError::Failed(Error::WrongSkillId { .. }) => {
                StatusCode::BAD_REQUEST
            }
            EndpointError::Failed(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// What to answer: the status and the name. The message stays here, as it may name tables and
    /// items, and the caller may be anybody.
    pub fn response(&self) -> Response<Full<Bytes>> {
        response(self.status(), "text/plain", self.name().into())
    }
}

fn response(
    status: StatusCode,
    content_type: &'static str,
    body: Vec<u8>,
) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(body));
    *response.status_mut() = status;
    let content_type = HeaderValue::from_static(content_type);
    response.headers_mut().insert(CONTENT_TYPE, content_type);
    response
}
