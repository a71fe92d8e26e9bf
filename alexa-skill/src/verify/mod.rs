//! Who may call a skill on an HTTPS endpoint of its own.
//!
//! On Lambda the function's policy keeps strangers out. Anybody can call an HTTPS endpoint, so
//! Alexa signs each request, and a skill has to refuse what is not signed. [`Verifier`] makes the
//! checks that Amazon asks for; [`Endpoint`] makes them before it lets a [`Skill`](crate::Skill)
//! answer:
//!
//! ```no_run
//! use alexa_skill::verify::{Endpoint, Verifier};
//! use alexa_skill::{BoxError, Skill};
//! use axum::extract::Request;
//! use axum::response::IntoResponse;
//! use axum::routing::post;
//!
//! async fn welcome() -> &'static str {
//!     "Welcome."
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), BoxError> {
//! let skill = Skill::builder("amzn1.ask.skill.…").on_launch(welcome).build()?;
//! let endpoint = Endpoint::new(skill, Verifier::new()?);
//! let service = axum::Router::new().route(
//!     "/",
//!     post(async move |request: Request| match endpoint.answer(request).await {
//!         Ok(response) => response.into_response(),
//!         Err(error) => error.response().into_response(),
//!     }),
//! );
//! # let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
//! axum::serve(listener, service).await?;
//! # Ok(())
//! # }
//! ```
//!
//! # The checks, in their order
//! 1. The headers `SignatureCertChainUrl` and `Signature-256` are there, once each.
//! 2. The URL is one that Amazon keeps its certificates under; see [`ChainUrl`].
//! 3. The certificate is valid now, is for `echo-api.amazon.com` and has a chain to a
//!    [trusted root](Roots). Requests that need the same chain share one fetch. A chain is kept once
//!    it has signed a request, and checked again each time.
//! 4. The signature is by the certificate's RSA key over the SHA-256 hash of the body as it came.
//! 5. The request's timestamp is at most 150 seconds from now, in either direction; 3,600 for an
//!    `AlexaSkillEvent`.
//!
//! Whether the request is for this skill, [`Skill::answer_json`](crate::Skill::answer_json) checks.
//! Whether a certificate was revoked is not checked; ask-sdk-express-adapter does not check it either.
//!
//! Source of the rules: "Host a Custom Skill as a Web Service" in Amazon's documentation, and the
//! verifier of ask-sdk-express-adapter 2.14.0.

mod cache;
mod chain;
mod chain_url;
mod endpoint;
mod error;
mod fetches;
mod headers;
mod roots;
mod source;
mod timestamp;
mod verifier;

pub use chain_url::ChainUrl;
pub use endpoint::{Endpoint, EndpointError};
pub use error::VerifyError;
pub use roots::Roots;
pub use source::{CertificateSource, HttpsSource};
pub use verifier::Verifier;
