//! The starters that can be talked to, as they were compiled: their code and their models.

use alexa_skill::SkillBuilder;

use crate::model::Model;

/// A skill in `examples/`.
pub struct Starter {
    /// Its folder, and its name in an address.
    pub name: &'static str,
    /// Its table, as its `main` names it.
    pub table: &'static str,
    /// The skill itself, without a memory.
    pub skill: fn() -> SkillBuilder,
    /// A locale and its interaction model, in JSON.
    models: &'static [(&'static str, &'static str)],
    /// Words to the skill that need no session, in each of its languages.
    asks: &'static [(&'static str, &'static str)],
    /// What two devices say at once in English, unless a reader has them say something else.
    pub at_once: [&'static str; 2],
}

macro_rules! models {
    ($starter:literal: $($locale:literal),+) => {
        &[$((
            $locale,
            include_str!(concat!(
                "../../examples/", $starter,
                "/skill-package/interactionModels/custom/", $locale, ".json"
            )),
        )),+]
    };
}

/// All starters that can be talked to, in the order of the book.
pub const STARTERS: &[Starter] = &[
    Starter {
        name: "visit-counter",
        table: "VisitCounter",
        skill: starters::visit_counter::skill,
        models: models!("visit-counter": "en-US"),
        asks: &[("en", "ask visit counter how often I have been here")],
        at_once: ["open visit counter", "open visit counter"],
    },
    Starter {
        name: "high-low",
        table: "HighLow",
        skill: starters::high_low::skill,
        models: models!("high-low": "en-US"),
        asks: &[("en", "ask high low what is my score")],
        at_once: ["new game", "new game"],
    },
    Starter {
        name: "facts",
        table: "Facts",
        skill: starters::facts::skill,
        models: models!(
            "facts": "en-US", "en-GB", "en-AU", "en-CA", "en-IN", "fr-FR", "fr-CA", "es-ES", "es-MX", "es-US"
        ),
        asks: &[
            ("en", "ask dynamo facts for a fact"),
            ("fr", "demande à anecdotes dynamo une anecdote"),
            ("es", "pide a datos dynamo un dato"),
        ],
        at_once: ["open dynamo facts", "open dynamo facts"],
    },
    Starter {
        name: "shared-list",
        table: "SharedList",
        skill: starters::shared_list::skill,
        models: models!("shared-list": "en-US"),
        asks: &[("en", "ask shared list to add milk and bread")],
        at_once: ["add bread", "add olive oil"],
    },
];

impl Starter {
    /// The starter of this name.
    pub fn named(name: &str) -> Option<&'static Starter> {
        STARTERS.iter().find(|starter| starter.name == name)
    }

    /// The locales that it has a model for, the first one to begin with.
    pub fn locales(&self) -> impl Iterator<Item = &'static str> {
        self.models.iter().map(|(locale, _)| *locale)
    }

    /// Words to the skill that need no session.
    pub fn ask(&self, model: &Model) -> Option<&'static str> {
        let mut asks = self.asks.iter();
        let ask = asks.find(|(language, _)| *language == model.language())?;
        Some(ask.1)
    }

    /// The interaction model of a locale; `None` where there is none, or none that can be read.
    pub fn model(&self, locale: &str) -> Option<Model> {
        let (locale, json) = self.models.iter().find(|(known, _)| *known == locale)?;
        Model::parse(locale, json).ok()
    }
}
