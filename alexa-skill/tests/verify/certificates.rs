//! Certificate chains as Amazon's are: a root, one intermediate, a leaf with an RSA key.

use std::sync::LazyLock;

use alexa_skill::verify::Roots;
use rcgen::{
    BasicConstraints, Certificate, CertificateParams, CertifiedIssuer, DnType,
    ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose, PKCS_RSA_SHA256, RsaKeySize,
};
use time::{Duration, OffsetDateTime};

use crate::alexa::NOW;

pub const SIGNER: &str = "echo-api.amazon.com";

pub type Issuer = CertifiedIssuer<'static, KeyPair>;

/// RSA keys take longest to make, so that each is made once a process.
pub static KEY: LazyLock<KeyPair> = LazyLock::new(rsa_key);
pub static OTHER_KEY: LazyLock<KeyPair> = LazyLock::new(rsa_key);

pub static ROOT: LazyLock<Issuer> = LazyLock::new(|| root("Root"));
pub static INTERMEDIATE: LazyLock<Issuer> = LazyLock::new(|| intermediate(|_| {}));

fn rsa_key() -> KeyPair {
    KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).unwrap()
}

pub fn now() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(NOW.cast_signed()).unwrap()
}

pub fn roots() -> Roots {
    Roots::from_pem(ROOT.pem().as_bytes()).unwrap()
}

pub fn root(name: &str) -> Issuer {
    Issuer::self_signed(authority(name), KeyPair::generate().unwrap()).unwrap()
}

/// An authority under [`ROOT`], after `change`.
pub fn intermediate(change: impl FnOnce(&mut CertificateParams)) -> Issuer {
    let mut params = authority("Intermediate");
    change(&mut params);
    Issuer::signed_by(params, KeyPair::generate().unwrap(), &ROOT).unwrap()
}

fn authority(name: &str) -> CertificateParams {
    let mut params = valid_for(365);
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    params
}

/// A certificate under `issuer` for `name` and `key`, after `change`.
pub fn leaf(
    issuer: &Issuer,
    name: &str,
    key: &KeyPair,
    change: impl FnOnce(&mut CertificateParams),
) -> Certificate {
    let mut params = valid_for(30);
    params.subject_alt_names = CertificateParams::new([name.to_owned()])
        .unwrap()
        .subject_alt_names;
    params.distinguished_name.push(DnType::CommonName, name);
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    change(&mut params);
    params.signed_by(key, issuer).unwrap()
}

fn valid_for(days: i64) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.not_before = now() - Duration::days(days);
    params.not_after = now() + Duration::days(days);
    params
}

/// Alexa's chain, whose leaf `change` may spoil.
pub fn chain(change: impl FnOnce(&mut CertificateParams)) -> String {
    leaf(&INTERMEDIATE, SIGNER, &KEY, change).pem() + &INTERMEDIATE.pem()
}
