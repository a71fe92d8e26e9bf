//! A skill that thinks of a number, and says whether it is higher or lower than your guess.

// ANCHOR: state
use alexa_skill::{Error, Response, Result, Skill, SkillBuilder, Turn};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::ops::RangeInclusive;
use std::sync::Arc;

/// What the skill remembers of a player.
#[derive(Default, Serialize, Deserialize)]
struct Player {
    games: u32,
    /// The fewest guesses that a game took.
    best: Option<u32>,
    game: Option<Game>,
}

/// A game in progress.
#[derive(Clone, Copy, Serialize, Deserialize)]
struct Game {
    secret: u32,
    guesses: u32,
}
// ANCHOR_END: state

// ANCHOR: session
/// What the skill remembers until the session ends.
#[derive(Default, Serialize, Deserialize)]
struct Session {
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
/// The skill's id, from the developer console.
pub const SKILL_ID: &str = "amzn1.ask.skill.00000000-0000-0000-0000-000000000000";

/// The numbers that the skill thinks of.
const NUMBERS: RangeInclusive<u32> = 1..=100;

/// The skill, still without a memory.
pub fn skill() -> SkillBuilder {
    Skill::builder(SKILL_ID)
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
async fn welcome(turn: Turn) -> Result {
    let game = turn.persistent::<Player>().await?.game;
    match game {
        Some(game) => {
            let guesses = counted(game.guesses, "guess", "guesses");
            let greeting = format!("Welcome back! Your last game is not over, after {guesses}.");
            ask(&turn, Question::Resume, &greeting)
        }
        None => start(turn).await,
    }
}
// ANCHOR_END: welcome

// ANCHOR: start
async fn start(turn: Turn) -> Result {
    turn.session::<Session>()?.question = None;
    let secret = fastrand::u32(NUMBERS);
    turn.persistent::<Player>().await?.game = Some(Game { secret, guesses: 0 });
    Ok(ask_for_a_number("I am thinking of a number from 1 to 100."))
}
// ANCHOR_END: start

// ANCHOR: guess
async fn guess(turn: Turn) -> Result {
    // Whoever guesses a number plays on, whatever was asked.
    turn.session::<Session>()?.question = None;
    let mut player = turn.persistent::<Player>().await?;
    let Some(game) = &mut player.game else {
        return ask(&turn, Question::Play, "No game is in progress.");
    };
    let number = turn.slot("number").and_then(|said| said.parse().ok());
    let Some(number) = number.filter(|number| NUMBERS.contains(number)) else {
        return Ok(ask_for_a_number("My number is one from 1 to 100."));
    };
    game.guesses += 1;
    match game.secret.cmp(&number) {
        Ordering::Greater => Ok(ask_for_a_number(&format!("Higher than {number}."))),
        Ordering::Less => Ok(ask_for_a_number(&format!("Lower than {number}."))),
        Ordering::Equal => ask(&turn, Question::Play, &player.won()),
    }
}
// ANCHOR_END: guess

// ANCHOR: won
impl Player {
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
// ANCHOR_END: won

// ANCHOR: score
async fn score(turn: Turn) -> Result {
    let score = {
        let player = turn.persistent::<Player>().await?;
        let games = counted(player.games, "game", "games");
        match player.best {
            Some(best) => format!("You have finished {games}; the best took {best}."),
            None => "You have not finished a game yet.".to_owned(),
        }
    };
    ask_again(&turn, &score)
}
// ANCHOR_END: score

// ANCHOR: yes
async fn yes(turn: Turn) -> Result {
    let question = turn.session::<Session>()?.question.take();
    match question {
        Some(Question::Resume) => Ok(ask_for_a_number("We go on.")),
        Some(Question::Play) => start(turn).await,
        None => ask_again(&turn, "Good."),
    }
}

async fn no(turn: Turn) -> Result {
    let question = turn.session::<Session>()?.question.take();
    match question {
        Some(Question::Resume) => start(turn).await,
        Some(Question::Play) => goodbye(turn).await,
        None => ask_again(&turn, "All right."),
    }
}
// ANCHOR_END: yes

async fn help(turn: Turn) -> Result {
    let rules = "I think of a number from 1 to 100, and tell you whether it is higher or lower \
                 than your guess. You can ask for your score, start over, or stop: \
                 I keep the game for you.";
    ask_again(&turn, rules)
}

async fn goodbye(_: Turn) -> Result {
    Ok(Response::new().speak("See you next time.").end_session())
}

async fn sorry(_: Turn, error: Arc<Error>) -> Result {
    eprintln!("{}: {error}", error.name());
    Ok(
        Response::new()
            .speak("Sorry, I cannot get at your game right now. Please try again later."),
    )
}

// ANCHOR: ask
/// Asks a question, and remembers which one until it is answered.
fn ask(turn: &Turn, question: Question, before: &str) -> Result {
    turn.session::<Session>()?.question = Some(question);
    let question = match question {
        Question::Resume => "Do you want to go on with it?",
        Question::Play => "Do you want to play a new game?",
    };
    Ok(Response::new()
        .speak(format!("{before} {question}"))
        .reprompt(question))
}
// ANCHOR_END: ask

/// Asks once more what was asked last.
fn ask_again(turn: &Turn, before: &str) -> Result {
    let question = turn.session::<Session>()?.question;
    match question {
        Some(question) => ask(turn, question, before),
        None => Ok(ask_for_a_number(before)),
    }
}

fn ask_for_a_number(before: &str) -> Response {
    Response::new()
        .speak(format!("{before} What is your guess?"))
        .reprompt("Say a number from 1 to 100.")
}

fn counted(number: u32, one: &str, many: &str) -> String {
    match number {
        1 => format!("1 {one}"),
        _ => format!("{number} {many}"),
    }
}
