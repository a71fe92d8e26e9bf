//! The messages of errors, for a chapter to show one by one.

use std::fmt::{Display, Write};

use snapbox::{Assert, Data};

/// Messages as a function's log has them, each between the marks by which a chapter includes it.
///
/// `SNAPSHOTS=overwrite cargo test -p alexa-skill` writes the snapshots anew.
#[derive(Default)]
pub struct Messages(String);

impl Messages {
    pub fn add(&mut self, name: &str, message: impl Display) {
        // The number differs from system to system.
        let message = message.to_string().replace(" (os error 111)", "");
        let message = message.replace(" (os error 61)", "");
        writeln!(
            self.0,
            "ANCHOR: {name}\n{name}: {message}\nANCHOR_END: {name}\n"
        )
        .expect("a String takes any text");
    }

    #[track_caller]
    pub fn compare(&self, snapshot: Data) {
        Assert::new().action_env("SNAPSHOTS").eq(&self.0, snapshot);
    }
}
