//! A skill that thinks of a number, and says whether it is higher or lower than your guess.

// ANCHOR: state
use alexa_skill::{Error, Persistent, Response, Result, Session, Skill, SkillBuilder, Slots};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::ops::RangeInclusive;

/// What the skill remembers of a player.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Player {
    games: u32,
    /// The fewest guesses that a game took.
    best: Option<u32>,
    game: Option<Game>,
}

/// A game in progress.
#[derive(Clone, Copy, Default, Serialize, Deserialize)]
#[serde(default)]
struct Game {
    secret: u32,
    guesses: u32,
}
// ANCHOR_END: state

// ANCHOR: session
/// What the skill remembers until the session ends.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Dialogue {
    question: Option<Question>,
}

/// A question that is answered with yes or no.
#[derive(Clone, Copy, Serialize, Deserialize)]
enum Question {
    Resume,
    Play,
}
// ANCHOR_END: session

// ANCHOR: skill
/// The skill's id on your machine. On Lambda, the template sets another in `SKILL_ID`.
pub const SKILL_ID: &str = "amzn1.ask.skill.00000000-0000-0000-0000-000000000000";

/// The numbers that the skill thinks of.
const NUMBERS: RangeInclusive<u32> = 1..=100;

/// The skill, still without a memory.
pub fn skill() -> SkillBuilder {
    let id = std::env::var("SKILL_ID").unwrap_or(SKILL_ID.into());
    Skill::builder(id)
        .on_launch(welcome)
        .on_intent("GuessIntent", guess)
        .on_intent("ScoreIntent", score)
        .on_intent("AMAZON.StartOverIntent", start)
        .on_intent("AMAZON.YesIntent", yes)
        .on_intent("AMAZON.NoIntent", no)
        .on_intent("AMAZON.HelpIntent", help)
        .on_intent("AMAZON.FallbackIntent", help)
        .on_intent("AMAZON.StopIntent", goodbye)
        .on_intent("AMAZON.CancelIntent", goodbye)
        .on_intent("AMAZON.NavigateHomeIntent", goodbye)
        .fallback(help)
        .on_error(sorry)
}
// ANCHOR_END: skill

// ANCHOR: welcome
async fn welcome(mut player: Persistent<Player>, mut dialogue: Session<Dialogue>) -> Response {
    match player.game {
        Some(game) => {
            let guesses = counted(game.guesses, "guess", "guesses");
            let greeting = format!("Welcome back! Your last game is not over, after {guesses}.");
            dialogue.ask(Question::Resume, &greeting)
        }
        None => player.start(),
    }
}
// ANCHOR_END: welcome

async fn start(mut player: Persistent<Player>, mut dialogue: Session<Dialogue>) -> Response {
    dialogue.question = None;
    player.start()
}

// ANCHOR: guess
/// The slots of a GuessIntent.
#[derive(Deserialize)]
struct Guess {
    number: Option<u32>,
}

async fn guess(
    guess: Result<Slots<Guess>>,
    mut player: Persistent<Player>,
    mut dialogue: Session<Dialogue>,
) -> Response {
    // Whoever guesses a number plays on, whatever was asked.
    dialogue.question = None;
    let Some(game) = &mut player.game else {
        return dialogue.ask(Question::Play, "No game is in progress.");
    };
    // What is no number is no failure of the turn: the skill asks once more.
    let number = guess.ok().and_then(|Slots(guess)| guess.number);
    let Some(number) = number.filter(|number| NUMBERS.contains(number)) else {
        return ask_for_a_number("My number is one from 1 to 100.");
    };
    game.guesses += 1;
    match game.secret.cmp(&number) {
        Ordering::Greater => ask_for_a_number(&format!("Higher than {number}.")),
        Ordering::Less => ask_for_a_number(&format!("Lower than {number}.")),
        Ordering::Equal => dialogue.ask(Question::Play, &player.won()),
    }
}
// ANCHOR_END: guess

impl Player {
    /// Begins a game.
    fn start(&mut self) -> Response {
        let secret = fastrand::u32(NUMBERS);
        self.game = Some(Game { secret, guesses: 0 });
        ask_for_a_number("I am thinking of a number from 1 to 100.")
    }

    /// Ends the game in progress, and says how it went.
    fn won(&mut self) -> String {
        let Some(game) = self.game.take() else {
            return String::new();
        };
        let earlier = self.best;
        self.games += 1;
        self.best = Some(earlier.map_or(game.guesses, |best| best.min(game.guesses)));

        let guesses = counted(game.guesses, "guess", "guesses");
        let compared = match earlier {
            None => "",
            Some(best) if game.guesses < best => " That is your best game so far.",
            Some(best) => &format!(" Your best game took {best}."),
        };
        format!("{} it is! That took {guesses}.{compared}", game.secret)
    }
}

async fn score(player: Persistent<Player>, dialogue: Session<Dialogue>) -> Response {
    let games = counted(player.games, "game", "games");
    dialogue.ask_again(&match player.best {
        Some(best) => format!("You have finished {games}; the best took {best}."),
        None => "You have not finished a game yet.".to_owned(),
    })
}

// ANCHOR: yes
async fn yes(mut player: Persistent<Player>, mut dialogue: Session<Dialogue>) -> Response {
    match dialogue.question.take() {
        Some(Question::Resume) => ask_for_a_number("We go on."),
        Some(Question::Play) => player.start(),
        None => ask_for_a_number("Good."),
    }
}

async fn no(mut player: Persistent<Player>, mut dialogue: Session<Dialogue>) -> Response {
    match dialogue.question.take() {
        Some(Question::Resume) => player.start(),
        Some(Question::Play) => Response::tell(GOODBYE),
        None => ask_for_a_number("All right."),
    }
}
// ANCHOR_END: yes

async fn help(dialogue: Session<Dialogue>) -> Response {
    dialogue.ask_again(
        "I think of a number from 1 to 100, and tell you whether it is higher or lower than your \
         guess. You can ask for your score, start over, or stop: I keep the game for you.",
    )
}

async fn goodbye() -> &'static str {
    GOODBYE
}

async fn sorry(_: Error) -> &'static str {
    "Sorry, I cannot get at your game right now. Please try again later."
}

const GOODBYE: &str = "See you next time.";

// ANCHOR: ask
impl Dialogue {
    /// Asks a question, and remembers which one until it is answered.
    fn ask(&mut self, question: Question, before: &str) -> Response {
        self.question = Some(question);
        question.after(before)
    }

    /// Asks once more what was asked last.
    fn ask_again(&self, before: &str) -> Response {
        match self.question {
            Some(question) => question.after(before),
            None => ask_for_a_number(before),
        }
    }
}

impl Question {
    fn after(self, before: &str) -> Response {
        let question = match self {
            Question::Resume => "Do you want to go on with it?",
            Question::Play => "Do you want to play a new game?",
        };
        Response::ask(format!("{before} {question}")).reprompt(question)
    }
}
// ANCHOR_END: ask

fn ask_for_a_number(before: &str) -> Response {
    Response::ask(format!("{before} What is your guess?")).reprompt("Say a number from 1 to 100.")
}

fn counted(number: u32, one: &str, many: &str) -> String {
    match number {
        1 => format!("1 {one}"),
        _ => format!("{number} {many}"),
    }
}

#[cfg(test)]
mod tests;
