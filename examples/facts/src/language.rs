//! What the skill says besides facts, in each of its languages.

use alexa_skill::{FromTurn, Locale, Result, Turn};
use serde::{Deserialize, Serialize};

/// A language that the skill speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Language {
    English,
    French,
    Spanish,
}

use Language::{English, French, Spanish};

// ANCHOR: of
/// A handler asks for the language as for any other argument.
impl FromTurn for Language {
    async fn from_turn(turn: &Turn) -> Result<Language> {
        Ok(match Locale::from_turn(turn).await?.language() {
            "fr" => French,
            "es" => Spanish,
            _ => English,
        })
    }
}
// ANCHOR_END: of

impl Language {
    // ANCHOR: another
    pub(crate) fn another(self) -> &'static str {
        match self {
            English => "Would you like another one?",
            French => "En voulez-vous une autre ?",
            Spanish => "¿Quieres otro?",
        }
    }
    // ANCHOR_END: another

    pub(crate) fn shall_i(self) -> &'static str {
        match self {
            English => "Would you like to hear a fact?",
            French => "Voulez-vous entendre une anecdote ?",
            Spanish => "¿Quieres oír un dato?",
        }
    }

    pub(crate) fn last_of_the_day(self) -> &'static str {
        match self {
            English => "That was the last one for today.",
            French => "C'était la dernière pour aujourd'hui.",
            Spanish => "Ese fue el último por hoy.",
        }
    }

    pub(crate) fn come_back_tomorrow(self, limit: u32) -> String {
        match self {
            English => format!(
                "You have heard today's {limit} facts. Come back tomorrow: the next day begins at \
                 midnight, universal time."
            ),
            French => format!(
                "Vous avez entendu les {limit} anecdotes du jour. Revenez demain : le jour suivant \
                 commence à minuit, temps universel."
            ),
            Spanish => format!(
                "Ya has oído los {limit} datos de hoy. Vuelve mañana: el día siguiente empieza a \
                 medianoche, hora universal."
            ),
        }
    }

    pub(crate) fn no_facts(self) -> &'static str {
        match self {
            English => "I have no facts yet.",
            French => "Je n'ai pas encore d'anecdotes.",
            Spanish => "Todavía no tengo datos.",
        }
    }

    pub(crate) fn help(self, limit: u32) -> String {
        match self {
            English => format!(
                "I tell facts about DynamoDB and the paper behind it, up to {limit} a day, and none \
                 twice until you have heard them all."
            ),
            French => format!(
                "Je raconte des anecdotes sur DynamoDB et sur l'article dont il est issu, jusqu'à \
                 {limit} par jour, sans répétition avant que vous les ayez toutes entendues."
            ),
            Spanish => format!(
                "Cuento datos sobre DynamoDB y el artículo del que procede, hasta {limit} al día, y \
                 no repito ninguno hasta que los hayas oído todos."
            ),
        }
    }

    pub(crate) fn goodbye(self) -> &'static str {
        match self {
            English => "See you next time.",
            French => "À bientôt.",
            Spanish => "Hasta la próxima.",
        }
    }

    pub(crate) fn sorry(self) -> &'static str {
        match self {
            English => "Sorry, I cannot look up what you have heard. Please try again later.",
            French => {
                "Excusez-moi, je ne retrouve pas ce que vous avez entendu. Réessayez plus tard."
            }
            Spanish => "Lo siento, no puedo consultar lo que has oído. Inténtalo más tarde.",
        }
    }
}
