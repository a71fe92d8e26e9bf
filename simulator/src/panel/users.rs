//! The users and devices that a reader speaks as.

use serde::{Deserialize, Serialize};

/// Somebody with an account of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum User {
    /// The first one.
    Alice,
    /// The second one.
    Bob,
    /// The one whose turns run under a fault.
    Carol,
}

/// A device that all users speak to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Device {
    /// The one in the kitchen.
    Kitchen,
    /// The one in the bedroom.
    Bedroom,
}

/// A user at a device, who can have one session with a skill there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Speaker {
    /// The user.
    pub user: User,
    /// The device.
    pub device: Device,
}

impl User {
    /// Short, so that it can be read in an envelope; Amazon's have up to 255 characters.
    pub(super) fn id(self) -> &'static str {
        match self {
            User::Alice => "amzn1.ask.account.ALICE",
            User::Bob => "amzn1.ask.account.BOB",
            User::Carol => "amzn1.ask.account.CAROL",
        }
    }
}

impl Device {
    pub(super) fn id(self) -> &'static str {
        match self {
            Device::Kitchen => "amzn1.ask.device.KITCHEN",
            Device::Bedroom => "amzn1.ask.device.BEDROOM",
        }
    }
}
