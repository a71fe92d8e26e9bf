//! No variant of an error without a test that provokes it: the tests write each message into a
//! snapshot under the variant's name.

use crate::attributes::{NumberError, Problem};
use crate::error::Error;
use crate::persistence::PersistenceError;
use crate::skill::BuildError;
#[cfg(feature = "https")]
use crate::verify::VerifyError;

/// The names of an enum's variants. One that is not listed here does not compile; one that only
/// passes another enum's error on stands after the semicolon.
macro_rules! names {
    ($enum:ident: $($name:ident)+; $($passed_on:ident)*) => {{
        let _exhaustive = |error: &$enum| match error {
            $($enum::$name { .. } => {})+
            $($enum::$passed_on { .. } => {})*
        };
        [$(stringify!($name)),+]
    }};
}

#[track_caller]
fn assert_shown(names: &[&str], snapshots: &[&str]) {
    let snapshots = snapshots.concat();
    for name in names {
        let entry = format!("ANCHOR: {name}\n{name}: ");
        assert!(
            snapshots.contains(&entry),
            "no test provokes {name}: see tests/suite/errors.rs"
        );
    }
}

#[test]
fn every_error_of_a_turn_is_provoked() {
    let names = names! { Error:
        NotJson NotAnEnvelope WrongSkillId NoHandler WrongRequestType NoPartitionKey NoPersistence
        NoSession State StateOpen NotLoaded ReadOnly Slots NotKept NotProvided Panicked Handler;
        Persistence
    };
    let snapshots = [
        include_str!("../tests/snapshots/request-errors.txt"),
        include_str!("../tests/snapshots/handler-errors.txt"),
    ];
    assert_shown(&names, &snapshots);
}

#[test]
fn every_reason_not_to_build_a_skill_is_provoked() {
    let names = names! { BuildError: CannotGrow State NotProvided; Persistence };
    assert_shown(
        &names,
        &[include_str!("../tests/snapshots/build-errors.txt")],
    );
}

#[test]
fn every_error_of_attributes_is_provoked() {
    let snapshots = [include_str!("../tests/snapshots/handler-errors.txt")];
    assert_shown(
        &names! { Problem:
            NotAMap BadKey Twice MissingField UnknownField TypeMismatch InvalidValue InvalidLength
            UnknownVariant SomeOfNull SetElement MixedSet SetDuplicate ReadsDifferently Message;
            Number
        },
        &snapshots,
    );
    assert_shown(
        &names!(NumberError: NotANumber TooManyDigits OutOfRange;),
        &snapshots,
    );
}

#[test]
fn every_error_of_persistence_is_provoked() {
    let names = names! { PersistenceError:
        Conflict Uncertain NoTable NoBucket WrongKey AccessDenied BadCredentials NoCredentials
        NoRegion BadEndpoint BadVariable Throttled Unreachable TooLarge WrongType NoAttributes Other;
    };
    let snapshots = [
        include_str!("../tests/snapshots/table-errors.txt"),
        include_str!("../tests/snapshots/handler-errors.txt"),
    ];
    assert_shown(&names, &snapshots);
}

#[cfg(feature = "https")]
#[test]
fn every_reason_to_refuse_a_request_is_provoked() {
    let names = names! { VerifyError:
        BodyTooLarge BodyUnreadable HeaderMissing HeaderRepeated SignatureNotBase64 UrlUnreadable
        UrlScheme UrlHost UrlPort UrlUserInfo UrlPath UrlQuery TooManyChains ChainUnreachable ChainUnreadable
        CertificateExpired CertificateNotYetValid CertificateName CertificateUntrusted
        SignatureWrong TimestampUnreadable TimestampOutOfTolerance NoRoots NoTls;
    };
    assert_shown(
        &names,
        &[include_str!("../tests/snapshots/verify-errors.txt")],
    );
}
