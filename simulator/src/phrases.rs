//! What users say to Alexa herself: to open a skill, and for the intents that she brings along.
//!
//! Amazon publishes no complete list of these. Here are a few of each, enough for a conversation
//! by keyboard; a device understands many more.

/// A few ways to say one of Alexa's own intents.
pub fn of(intent: &str, language: &str) -> &'static [&'static str] {
    let Some(name) = intent.strip_prefix("AMAZON.") else {
        return &[];
    };
    match (name, language) {
        ("YesIntent", "fr") => &["oui", "d'accord"],
        ("YesIntent", "es") => &["sí", "si", "claro"],
        ("YesIntent", _) => &["yes", "yes please", "sure", "okay", "ok"],
        ("NoIntent", "fr") => &["non", "non merci"],
        ("NoIntent", "es") => &["no", "no gracias"],
        ("NoIntent", _) => &["no", "no thanks"],
        ("StopIntent", "fr") => &["arrête", "stop"],
        ("StopIntent", "es") => &["para", "detente"],
        ("StopIntent", _) => &["stop", "goodbye", "quit"],
        ("CancelIntent", "fr") => &["annule"],
        ("CancelIntent", "es") => &["cancela"],
        ("CancelIntent", _) => &["cancel", "never mind"],
        ("HelpIntent", "fr") => &["aide", "aide-moi"],
        ("HelpIntent", "es") => &["ayuda", "ayúdame"],
        ("HelpIntent", _) => &["help", "help me", "what can I say"],
        ("NavigateHomeIntent", "fr") => &["accueil"],
        ("NavigateHomeIntent", "es") => &["inicio"],
        ("NavigateHomeIntent", _) => &["go home", "home"],
        ("StartOverIntent", "en") => &["start over", "restart"],
        ("NextIntent", "en") => &["next", "go on", "continue"],
        _ => &[],
    }
}

/// Before the name of a skill: opens it.
pub fn open(language: &str) -> &'static [&'static str] {
    match language {
        "fr" => &["ouvre", "lance", "démarre"],
        "es" => &["abre", "inicia"],
        _ => &["open", "launch", "start"],
    }
}

/// Before and after the name of a skill: says something to it without opening it first.
pub fn ask(language: &str) -> &'static [(&'static str, &'static [&'static str])] {
    match language {
        "fr" => &[("demande à", &[])],
        "es" => &[("pregunta a", &[]), ("pide a", &[])],
        _ => &[("ask", &["for", "to"]), ("tell", &["to"])],
    }
}
