//! A handler that is called by itself, and what earlier releases of the skill have saved.

use alexa_skill::Slots;
use alexa_skill::{persistent, session};
use simulator::remembers;

use super::{Dialogue, Game, Guess, Player, Question, guess};

#[tokio::test]
async fn the_right_number_ends_the_game() {
    let game = Game {
        secret: 42,
        guesses: 2,
    };
    let (player, held) = persistent(Player {
        game: Some(game),
        ..Player::default()
    });
    let (dialogue, _) = session(Dialogue::default());
    let said = Slots(Guess { number: Some(42) });

    let answer = guess(Ok(said), player, dialogue).await;
    let expected = Question::Play.after("42 it is! That took 3 guesses.");
    assert_eq!(answer, expected);
    assert!(held.get().game.is_none());
    assert_eq!((held.get().games, held.get().best), (1, Some(3)));
}

#[test]
fn what_earlier_releases_saved_is_still_read() {
    let game = Game {
        secret: 42,
        guesses: 3,
    };
    let player = Player {
        games: 5,
        best: Some(4),
        game: Some(game),
    };
    remembers("tests/remembered/player", &player);
}
