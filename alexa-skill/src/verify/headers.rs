//! The two headers that Alexa signs a request with.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderValue};

use super::chain_url::ChainUrl;
use super::error::VerifyError;

const URL: &str = "SignatureCertChainUrl";
const SIGNATURE: &str = "Signature-256";

/// What a request says about its signer, before anything of it is believed.
pub(super) struct SignedHeaders {
    pub(super) url: ChainUrl,
    pub(super) signature: Vec<u8>,
}

impl SignedHeaders {
    pub(super) fn read(headers: &HeaderMap) -> Result<SignedHeaders, VerifyError> {
        let (url, signature) = (only(headers, URL)?, only(headers, SIGNATURE)?);
        let url = url.to_str().map_err(|_| VerifyError::UrlUnreadable)?;
        Ok(SignedHeaders {
            url: ChainUrl::parse(url)?,
            signature: STANDARD
                .decode(signature)
                .map_err(|_| VerifyError::SignatureNotBase64)?,
        })
    }
}

fn only<'a>(headers: &'a HeaderMap, header: &'static str) -> Result<&'a HeaderValue, VerifyError> {
    let mut values = headers.get_all(header).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => Ok(value),
        (Some(_), Some(_)) => Err(VerifyError::HeaderRepeated { header }),
        (None, _) => Err(VerifyError::HeaderMissing { header }),
    }
}
