//! Whole conversations with the skill.

use alexa_skill::BoxError;
use alexa_skill::persistence::dynamodb::DynamoDb;
use alexa_skill::persistence::memory::Memory;
use alexa_skill::persistence::{Item, Key, PersistenceAdapter};
use high_low::skill;
use local_dynamodb::LocalDynamoDb;
use simulator::{Answer, Conversation};

const NEW_GAME: &str = "I am thinking of a number from 1 to 100. What is your guess?";

fn player_of(table: &Memory) -> Result<Conversation, BoxError> {
    let skill = skill().persistence(table.clone()).build()?;
    Ok(Conversation::with(skill).user("alice"))
}

async fn kept(table: &Memory) -> Result<Item, BoxError> {
    Ok(table.load(&Key::from("alice")).await?)
}

// ANCHOR: win
/// Halves the numbers that are left until the game is won; tells the answer and the guesses.
async fn win(player: &mut Conversation) -> Result<(Answer, u32), BoxError> {
    let (mut low, mut high) = (1, 100);
    for guesses in 1.. {
        let guess: u32 = (low + high) / 2;
        let answer = player
            .intent("GuessIntent", [("number", &guess.to_string())])
            .await?;
        if answer.speech().starts_with("Higher") {
            low = guess + 1;
        } else if answer.speech().starts_with("Lower") {
            high = guess - 1;
        } else {
            return Ok((answer, guesses));
        }
    }
    unreachable!("100 numbers are halved at most seven times")
}
// ANCHOR_END: win

/// Guesses 50, in a new game if that wins, until it is wrong; tells the hint.
async fn guess_wrong(player: &mut Conversation) -> Result<Answer, BoxError> {
    loop {
        let answer = player.intent("GuessIntent", [("number", "50")]).await?;
        if !answer.speech().starts_with("50 it is!") {
            return Ok(answer);
        }
        player.intent("AMAZON.YesIntent", []).await?;
    }
}

// ANCHOR: resume
#[tokio::test]
async fn a_game_in_progress_survives_the_session() -> Result<(), BoxError> {
    let local = LocalDynamoDb::start()?;
    let table = DynamoDb::new(local.client(), local.new_table().await?);
    let mut alice = Conversation::with(skill().persistence(table).build()?);

    assert_eq!(alice.launch().await?.speech(), NEW_GAME);
    let hint = guess_wrong(&mut alice).await?;
    assert!(alice.intent("AMAZON.StopIntent", []).await?.ends_session());

    assert_eq!(
        alice.launch().await?.speech(),
        "Welcome back! Your last game is not over, after 1 guess. Do you want to go on with it?"
    );
    let answer = alice.intent("AMAZON.YesIntent", []).await?;
    assert_eq!(answer.speech(), "We go on. What is your guess?");
    let again = alice.intent("GuessIntent", [("number", "50")]).await?;
    assert_eq!(again.speech(), hint.speech());
    Ok(())
}
// ANCHOR_END: resume

#[tokio::test]
async fn whoever_does_not_want_to_resume_gets_a_new_game() -> Result<(), BoxError> {
    let mut alice = player_of(&Memory::new())?;
    alice.launch().await?;
    guess_wrong(&mut alice).await?;
    alice.launch().await?;
    let answer = alice.intent("AMAZON.NoIntent", []).await?;
    assert_eq!(answer.speech(), NEW_GAME);
    let answer = alice.launch().await?;
    assert!(answer.speech().contains("after 0 guesses"));
    Ok(())
}

#[tokio::test]
async fn games_are_counted_and_the_best_score_is_kept() -> Result<(), BoxError> {
    let table = Memory::new();
    let mut alice = player_of(&table)?;
    let score = alice.intent("ScoreIntent", []).await?;
    assert_eq!(
        score.speech(),
        "You have not finished a game yet. What is your guess?"
    );

    alice.launch().await?;
    let mut best = u32::MAX;
    for games in 1..=5 {
        let (answer, guesses) = win(&mut alice).await?;
        let compared = match guesses {
            _ if games == 1 => "",
            _ if guesses < best => " That is your best game so far.",
            _ => &format!(" Your best game took {best}."),
        };
        best = best.min(guesses);
        let end = format!("{compared} Do you want to play a new game?");
        assert!(answer.speech().ends_with(&end), "{}", answer.speech());

        let score = alice.intent("ScoreIntent", []).await?;
        let games = if games == 1 {
            "1 game".into()
        } else {
            format!("{games} games")
        };
        let expected = format!(
            "You have finished {games}; the best took {best}. Do you want to play a new game?"
        );
        assert_eq!(score.speech(), expected);
        assert_eq!(
            alice.intent("AMAZON.YesIntent", []).await?.speech(),
            NEW_GAME
        );
    }
    Ok(())
}

#[tokio::test]
async fn after_a_game_no_says_goodbye() -> Result<(), BoxError> {
    let mut alice = player_of(&Memory::new())?;
    alice.launch().await?;
    win(&mut alice).await?;
    assert!(alice.intent("AMAZON.NoIntent", []).await?.ends_session());
    Ok(())
}

#[tokio::test]
async fn starting_over_forgets_the_game_in_progress() -> Result<(), BoxError> {
    let mut alice = player_of(&Memory::new())?;
    alice.launch().await?;
    guess_wrong(&mut alice).await?;
    let answer = alice.intent("AMAZON.StartOverIntent", []).await?;
    assert_eq!(answer.speech(), NEW_GAME);
    let answer = alice.launch().await?;
    assert!(answer.speech().contains("after 0 guesses"));
    Ok(())
}

#[tokio::test]
async fn a_guess_answers_the_question_whether_to_resume() -> Result<(), BoxError> {
    let mut alice = player_of(&Memory::new())?;
    alice.launch().await?;
    alice.launch().await?;
    win(&mut alice).await?;
    Ok(())
}

#[tokio::test]
async fn a_guess_without_a_game_leads_to_one() -> Result<(), BoxError> {
    let mut alice = player_of(&Memory::new())?;
    let answer = alice.intent("GuessIntent", [("number", "50")]).await?;
    assert_eq!(
        answer.speech(),
        "No game is in progress. Do you want to play a new game?"
    );
    let answer = alice.intent("AMAZON.YesIntent", []).await?;
    assert_eq!(answer.speech(), NEW_GAME);
    Ok(())
}

// ANCHOR: stages
/// The stages of a conversation: with a guess to make, asked to resume, asked to play again.
async fn at_every_stage() -> Result<Vec<(&'static str, Conversation, Memory)>, BoxError> {
    let mut stages = Vec::new();
    for stage in ["guess", "resume", "again"] {
        let table = Memory::new();
        let mut alice = player_of(&table)?;
        alice.launch().await?;
        match stage {
            "resume" => drop(alice.launch().await?),
            "again" => drop(win(&mut alice).await?),
            _ => {}
        }
        stages.push((stage, alice, table));
    }
    Ok(stages)
}

#[tokio::test]
async fn what_is_no_number_from_1_to_100_changes_nothing() -> Result<(), BoxError> {
    for said in ["0", "101", "-5", "3.5", "?", "", "99999999999999999999"] {
        for (stage, mut alice, table) in at_every_stage().await? {
            let before = kept(&table).await?;
            let answer = alice.intent("GuessIntent", [("number", said)]).await?;
            let expected = match stage {
                "again" => "No game is in progress. Do you want to play a new game?",
                _ => "My number is one from 1 to 100. What is your guess?",
            };
            assert_eq!(answer.speech(), expected, "{said} at {stage}");
            assert!(!answer.reprompt().is_empty());
            assert_eq!(kept(&table).await?, before, "{said} at {stage}");
        }
    }
    Ok(())
}
// ANCHOR_END: stages

#[tokio::test]
async fn an_empty_slot_changes_nothing() -> Result<(), BoxError> {
    for (stage, mut alice, table) in at_every_stage().await? {
        let before = kept(&table).await?;
        let answer = alice.intent("GuessIntent", []).await?;
        assert!(answer.speech().ends_with('?'), "{stage}");
        assert_eq!(kept(&table).await?, before, "{stage}");
    }
    Ok(())
}

#[tokio::test]
async fn help_and_fallback_ask_again_what_was_asked() -> Result<(), BoxError> {
    for intent in [
        "AMAZON.HelpIntent",
        "AMAZON.FallbackIntent",
        "UnknownIntent",
    ] {
        for (stage, mut alice, table) in at_every_stage().await? {
            let before = kept(&table).await?;
            let answer = alice.intent(intent, []).await?;
            let question = match stage {
                "resume" => "Do you want to go on with it?",
                "again" => "Do you want to play a new game?",
                _ => "What is your guess?",
            };
            assert!(answer.speech().ends_with(question), "{intent} at {stage}");
            assert!(!answer.reprompt().is_empty());
            assert_eq!(kept(&table).await?, before, "{intent} at {stage}");
            let next = alice.intent("AMAZON.YesIntent", []).await?;
            assert!(next.speech().ends_with("What is your guess?"));
        }
    }
    Ok(())
}

#[tokio::test]
async fn yes_and_no_without_a_question_change_nothing() -> Result<(), BoxError> {
    let table = Memory::new();
    let mut alice = player_of(&table)?;
    alice.launch().await?;
    let before = kept(&table).await?;
    for intent in ["AMAZON.YesIntent", "AMAZON.NoIntent"] {
        let answer = alice.intent(intent, []).await?;
        assert!(answer.speech().ends_with("What is your guess?"), "{intent}");
        assert_eq!(kept(&table).await?, before, "{intent}");
    }
    Ok(())
}

#[tokio::test]
async fn leaving_ends_the_session_and_keeps_the_game() -> Result<(), BoxError> {
    for intent in [
        "AMAZON.StopIntent",
        "AMAZON.CancelIntent",
        "AMAZON.NavigateHomeIntent",
    ] {
        for (stage, mut alice, table) in at_every_stage().await? {
            let before = kept(&table).await?;
            let answer = alice.intent(intent, []).await?;
            assert_eq!(answer.speech(), "See you next time.");
            assert!(answer.ends_session());
            assert_eq!(kept(&table).await?, before, "{intent} at {stage}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn silence_ends_the_session_and_keeps_the_game() -> Result<(), BoxError> {
    for (stage, mut alice, table) in at_every_stage().await? {
        let before = kept(&table).await?;
        let answer = alice.end_session("EXCEEDED_MAX_REPROMPTS").await?;
        assert_eq!(answer.speech(), "");
        assert_eq!(kept(&table).await?, before, "{stage}");
    }
    Ok(())
}

#[tokio::test]
async fn a_skill_without_its_table_says_sorry() -> Result<(), BoxError> {
    let mut alice = Conversation::with(skill().build()?);
    let answer = alice.launch().await?;
    assert!(answer.speech().starts_with("Sorry"));
    Ok(())
}
