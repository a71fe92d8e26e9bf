//! Attributes kept as JSON in an S3 bucket, one object a user.

mod environment;
mod errors;
mod json;
mod object;

use std::fmt;

use aws_sdk_s3::Client;
use aws_sdk_s3::operation::get_object::GetObjectOutput;
use aws_sdk_s3::primitives::ByteStream;

pub use environment::client_from_env;

use super::aws::attempts::{LostAnswers, lost_an_answer};
use super::aws::pause::{pause_after, sleep};
use super::aws::reported::{Sent, broken_off};
use super::{
    BoxFuture, Contained, Item, Key, Location, PersistenceAdapter, PersistenceError, Revision,
    Save, Version,
};
use errors::{DELETE, GET, PUT};
use object::Object;

/// An S3 bucket, with the objects of the Node.js SDK v2's S3 adapter: the key is the user's id, a
/// prefix in front of it if there is one, the body the attributes as JSON.
///
/// Loading takes `s3:GetObject`, and `s3:ListBucket` so that S3 tells a missing object from a
/// denied one; saving takes `s3:PutObject`, deleting `s3:DeleteObject`. A save is conditional
/// (`If-None-Match`, `If-Match`), so that no update is lost. The object's metadata says which
/// request wrote it; other metadata survives a save, an object's tags do not.
///
/// S3 has no numbers that it would refuse and no limit that a state reaches. JSON has no sets and no
/// binary: they come back as lists.
#[derive(Clone)]
pub struct S3 {
    client: Client,
    bucket: String,
    prefix: String,
}

impl S3 {
    /// The bucket `name`, reached as the environment says; see [`client_from_env`].
    ///
    /// # Errors
    /// Fails when the environment names no Region or no credentials, or one of the variables cannot
    /// be used.
    pub fn from_env(name: impl Into<String>) -> Result<S3, PersistenceError> {
        let config = environment::config()?.interceptor(LostAnswers);
        Ok(S3::watched(Client::from_conf(config.build()), name.into()))
    }

    /// The bucket `name`, reached as `client` does: with its settings, and with the connections of
    /// its HTTP client if it was given one.
    pub fn new(client: Client, name: impl Into<String>) -> S3 {
        let config = client.config().to_builder().interceptor(LostAnswers);
        S3::watched(Client::from_conf(config.build()), name.into())
    }

    fn watched(client: Client, bucket: String) -> S3 {
        S3 {
            client,
            bucket,
            prefix: String::new(),
        }
    }

    /// Puts `prefix` and a slash in front of all keys, as the Node.js SDK's `pathPrefix` does; a
    /// slash at its end is the same as none.
    #[must_use]
    pub fn prefix(mut self, prefix: impl Into<String>) -> S3 {
        self.prefix = prefix.into();
        self
    }

    /// The bucket's name.
    pub fn bucket(&self) -> &str {
        &self.bucket
    }

    fn location(&self) -> Location {
        Location::Bucket(self.bucket.clone())
    }

    fn key_of(&self, key: &Key) -> String {
        match self.prefix.trim_end_matches('/') {
            "" => key.expose().to_owned(),
            prefix => format!("{prefix}/{}", key.expose()),
        }
    }

    async fn get(&self, key: &Key) -> Result<Item, PersistenceError> {
        let get = self.client.get_object().bucket(&self.bucket);
        match get.key(self.key_of(key)).send().await {
            Ok(answer) => self.collect(answer, key).await,
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(|error| error.is_no_such_key()) =>
            {
                Ok(Item::default())
            }
            Err(error) => Err(self.failed(GET, Sent::key(key), &error)),
        }
    }

    async fn collect(&self, answer: GetObjectOutput, key: &Key) -> Result<Item, PersistenceError> {
        let body = answer.body.collect().await;
        let body = body.map_err(|error| self.unreachable(broken_off(&error)))?;
        let object = Object {
            body: body.to_vec(),
            metadata: answer.metadata.unwrap_or_default(),
        };
        self.read(object, answer.e_tag, key)
    }

    async fn put(&self, save: Save<'_>) -> Result<Version, PersistenceError> {
        // Metadata travels in HTTP headers, which take ASCII.
        let request_id = save.request_id.escape_default().to_string();
        let mut version = save.read.revision.next(&request_id);
        let (key, location) = (save.key.clone(), self.location());
        let object = S3::write(&save, &version).map_err(|error| PersistenceError::Other {
            action: PUT,
            location: location.clone(),
            source: error.into(),
        })?;
        let put = self
            .client
            .put_object()
            .bucket(&self.bucket)
            .key(self.key_of(save.key))
            .content_type("application/json")
            .set_metadata(Some(object.metadata))
            .body(ByteStream::from(object.body));
        let put = match &save.read.revision {
            Revision::Absent => put.if_none_match("*"),
            Revision::Unversioned { tag: Some(tag), .. }
            | Revision::Version(Version { tag: Some(tag), .. }) => put.if_match(tag),
            // The answer that would have told the tag was lost, and others have written since.
            _ => return Err(PersistenceError::Conflict { key, location }),
        };
        let error = match put.send().await {
            Ok(answer) => {
                version.tag = answer.e_tag;
                return Ok(version);
            }
            Err(error) => error,
        };
        if !lost_an_answer(&error) {
            return Err(match errors::refused(&error) {
                true => PersistenceError::Conflict { key, location },
                false => self.failed(PUT, Sent::save(&save), &error),
            });
        }
        // The write may have happened, and what is there may be our own object, or one that others
        // built on it. Then the turn must not run again.
        let refused = errors::refused(&error);
        match self.get(save.key).await {
            Ok(there) => match there.revision.contains(&version) {
                Contained::Yes => Ok(told(there.revision, version)),
                Contained::No if refused => Err(PersistenceError::Conflict { key, location }),
                Contained::Unknown if refused => Err(PersistenceError::Uncertain { key, location }),
                _ => Err(self.failed(PUT, Sent::save(&save), &error)),
            },
            Err(error) if refused => Err(error),
            Err(_) => Err(self.failed(PUT, Sent::save(&save), &error)),
        }
    }

    async fn remove(&self, key: &Key) -> Result<(), PersistenceError> {
        let delete = self.client.delete_object().bucket(&self.bucket);
        let answer = delete.key(self.key_of(key)).send().await;
        answer.map_err(|error| self.failed(DELETE, Sent::key(key), &error))?;
        Ok(())
    }

    async fn wait(&self, conflicts: u32) {
        let told = self.client.config().sleep_impl();
        sleep(told, pause_after(conflicts)).await;
    }
}

/// `version` with the tag that it has where it is the last write.
fn told(there: Revision, version: Version) -> Version {
    match there {
        Revision::Version(last) if last.number == version.number => last,
        _ => version,
    }
}

/// The client has the credentials and is left out.
impl fmt::Debug for S3 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("S3")
            .field("bucket", &self.bucket)
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}

impl PersistenceAdapter for S3 {
    fn load<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, Result<Item, PersistenceError>> {
        Box::pin(self.get(key))
    }

    fn save<'a>(&'a self, save: Save<'a>) -> BoxFuture<'a, Result<Version, PersistenceError>> {
        Box::pin(self.put(save))
    }

    fn delete<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, Result<(), PersistenceError>> {
        Box::pin(self.remove(key))
    }

    fn store_identity(&self) -> Option<String> {
        let region = self.client.config().region().map(AsRef::as_ref);
        let bucket = ("S3", region, &self.bucket, self.key_of(&Key::from("")));
        Some(format!("{bucket:?}"))
    }

    fn pause(&self, conflicts: u32) -> BoxFuture<'_, ()> {
        Box::pin(self.wait(conflicts))
    }
}
