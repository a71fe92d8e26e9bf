//! What the environment variables that Lambda sets say about AWS.

use std::env;
use std::fmt;
use std::time::Duration;

use super::endpoint;
use super::sdk::config::timeout::TimeoutConfig;
use super::sdk::config::{Credentials, Region};
use crate::persistence::PersistenceError;

/// Alexa waits 8 s for an answer. A call that hangs is given up early enough to be sent again,
/// and all tries together leave time to say sorry.
const ONE_TRY: Duration = Duration::from_millis(1500);
const ALL_TRIES: Duration = Duration::from_secs(5);

/// Where and as whom a service is called.
pub(in crate::persistence) struct Environment {
    pub(in crate::persistence) region: Region,
    pub(in crate::persistence) credentials: Credentials,
    pub(in crate::persistence) endpoint_url: Option<String>,
}

impl Environment {
    /// Reads the variables; `endpoint_url` is the one that names the service's endpoint. An empty
    /// variable counts as not set.
    pub(in crate::persistence) fn read(
        endpoint_url: &'static str,
    ) -> Result<Environment, PersistenceError> {
        // A value that is not Unicode must not count as not set: its bad bytes become U+FFFD, which
        // `one_word` and the check of the endpoint refuse by the name of the variable.
        Environment::from(endpoint_url, |name| {
            Some(env::var_os(name)?.to_string_lossy().into_owned())
        })
    }

    fn from(
        endpoint_url: &'static str,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Environment, PersistenceError> {
        let set = |name: &'static str| {
            let value = variable(name).filter(|value| !value.is_empty())?;
            Some((name, value))
        };
        let region = set("AWS_REGION").or_else(|| set("AWS_DEFAULT_REGION"));
        let region = one_word(region.ok_or(PersistenceError::NoRegion)?)?;
        let required = |missing| {
            let value = set(missing).ok_or(PersistenceError::NoCredentials { missing })?;
            one_word(value)
        };
        let credentials = Credentials::new(
            required("AWS_ACCESS_KEY_ID")?,
            required("AWS_SECRET_ACCESS_KEY")?,
            set("AWS_SESSION_TOKEN").map(one_word).transpose()?,
            None,
            "environment",
        );
        let endpoint_url = set(endpoint_url).or_else(|| set("AWS_ENDPOINT_URL"));
        if let Some((variable, url)) = &endpoint_url {
            endpoint::check(variable, url)?;
        }
        Ok(Environment {
            region: Region::new(region),
            credentials,
            endpoint_url: endpoint_url.map(|(_, url)| url),
        })
    }
}

/// The value of a variable that has no blanks, line ends and quotation marks: the SDK puts it into
/// a header or a host's name, and panics on some of them.
fn one_word((variable, value): (&'static str, String)) -> Result<String, PersistenceError> {
    let is_allowed = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\'' | b'`');
    match value.bytes().all(is_allowed) {
        true => Ok(value),
        false => Err(PersistenceError::BadVariable { variable }),
    }
}

/// The credentials and the endpoint are nobody's to print.
impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Environment")
            .field("region", &self.region)
            .finish_non_exhaustive()
    }
}

/// One try of a call takes 1.5 s at most, and all tries 5 s.
pub(in crate::persistence) fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .operation_attempt_timeout(ONE_TRY)
        .operation_timeout(ALL_TRIES)
        .build()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(variables: &[(&str, &str)]) -> Result<Environment, PersistenceError> {
        Environment::from("AWS_ENDPOINT_URL_SERVICE", |name| {
            let variable = variables.iter().find(|(given, _)| *given == name);
            variable.map(|(_, value)| value.to_string())
        })
    }

    const KEYS: [(&str, &str); 2] = [
        ("AWS_ACCESS_KEY_ID", "id"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
    ];

    #[test]
    fn an_environment_without_a_region_is_a_named_error() {
        let error = environment(&KEYS).unwrap_err();
        assert!(matches!(error, PersistenceError::NoRegion), "{error}");
        assert!(error.to_string().contains("set AWS_REGION"), "{error}");
    }

    #[test]
    fn an_environment_without_credentials_is_an_error_that_names_the_variable() {
        let region = ("AWS_REGION", "eu-west-1");
        for (variables, missing) in [
            (vec![region], "AWS_ACCESS_KEY_ID"),
            (vec![region, ("AWS_ACCESS_KEY_ID", "")], "AWS_ACCESS_KEY_ID"),
            (vec![region, KEYS[0]], "AWS_SECRET_ACCESS_KEY"),
        ] {
            let error = environment(&variables).unwrap_err();
            assert!(
                matches!(error, PersistenceError::NoCredentials { .. }),
                "{error}"
            );
            assert!(error.to_string().contains(missing), "{error}");
        }
    }

    #[test]
    fn an_endpoint_that_is_no_url_is_an_error_that_names_the_variable() {
        for variable in ["AWS_ENDPOINT_URL_SERVICE", "AWS_ENDPOINT_URL"] {
            let endpoint = (variable, "secret:8000");
            let region = ("AWS_REGION", "eu-west-1");
            let error = environment(&[region, KEYS[0], KEYS[1], endpoint]).unwrap_err();
            let shown = format!("{error} {error:?}");
            assert_eq!(error.name(), "BadEndpoint");
            assert!(shown.contains(&format!("{variable} ")), "{shown}");
            assert!(!shown.contains("secret:"), "{shown}");
        }
    }

    #[test]
    fn a_value_that_is_not_one_word_is_an_error_that_names_the_variable() {
        let all = [
            ("AWS_REGION", "eu-west-1"),
            KEYS[0],
            KEYS[1],
            ("AWS_SESSION_TOKEN", "token"),
        ];
        assert!(environment(&all).is_ok());
        for (index, (variable, _)) in all.iter().enumerate() {
            for bad in [
                "planted\n",
                "planted value",
                "\"planted\"",
                "plant\u{e9}d",
                "planted\0",
            ] {
                let mut variables = all;
                variables[index].1 = bad;
                let error = environment(&variables).unwrap_err();
                let shown = format!("{error} {error:?}");
                assert_eq!(error.name(), "BadVariable", "{variable}");
                assert!(shown.contains(variable), "{shown}");
                assert!(!shown.contains("plant"), "{shown}");
            }
        }
    }

    #[test]
    fn the_region_comes_from_either_variable() {
        for name in ["AWS_REGION", "AWS_DEFAULT_REGION"] {
            let environment = environment(&[KEYS[0], KEYS[1], (name, "eu-west-1")]).unwrap();
            assert_eq!(environment.region.as_ref(), "eu-west-1");
        }
    }

    #[test]
    fn a_services_own_endpoint_goes_before_the_one_of_all_services() {
        let all = ("AWS_ENDPOINT_URL", "http://all");
        let own = ("AWS_ENDPOINT_URL_SERVICE", "http://own");
        let of = |more: &[_]| {
            let region = ("AWS_REGION", "eu-west-1");
            let variables = [&[region], KEYS.as_slice(), more].concat();
            environment(&variables).unwrap().endpoint_url
        };
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[all]).as_deref(), Some("http://all"));
        assert_eq!(of(&[all, own]).as_deref(), Some("http://own"));
    }
}
