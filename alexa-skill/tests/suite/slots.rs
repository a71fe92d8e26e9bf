//! What the user said, as the type that a handler asks for.

use std::collections::BTreeMap;
use std::fmt::Debug;

use alexa_skill::envelope::Slot;
use alexa_skill::{BoxError, Error, Skill, Slots};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};
use simulator::Conversation;

use crate::SKILL_ID;
use crate::turns::named;

/// What a handler that asks for `Slots<T>` makes of an intent with these slots.
async fn read<T: Debug + DeserializeOwned + Send + 'static>(
    slots: Json,
) -> Result<String, BoxError> {
    let skill = Skill::builder(SKILL_ID)
        .fallback(async |Slots(slots): Slots<T>| format!("{slots:?}"))
        .build()
        .unwrap();
    let intent = json!({"name": "AddIntent", "slots": slots});
    let request = json!({"type": "IntentRequest", "intent": intent});
    let answer = Conversation::with(skill).send(request).await?;
    Ok(answer.speech().replace("&gt;", ">").replace("&lt;", "<"))
}

fn slot(value: &str) -> Json {
    json!({"name": "slot", "value": value, "confirmationStatus": "NONE"})
}

/// One value as the interaction model resolves it.
fn resolved(value: &str, name: &str, id: &str) -> Json {
    let authority = json!({
        "authority": "a",
        "status": {"code": "ER_SUCCESS_MATCH"},
        "values": [{"value": {"name": name, "id": id}}, {"value": {"name": "other", "id": "OTHER"}}],
    });
    let unmatched = json!({"authority": "b", "status": {"code": "ER_SUCCESS_NO_MATCH"}});
    json!({
        "type": "Simple",
        "name": "slot",
        "value": value,
        "resolutions": {"resolutionsPerAuthority": [unmatched, authority]},
    })
}

/// Several values in one slot.
fn several<const N: usize>(values: [Json; N]) -> Json {
    let values = json!({"type": "List", "values": values.to_vec()});
    json!({"name": "slot", "slotValue": values})
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "only what serde makes of it counts")]
struct Of<T> {
    slot: T,
}

#[tokio::test]
async fn a_number_is_read_from_the_digits_that_alexa_sends() {
    for (digits, expected) in [("7", "7"), ("007", "7"), (" 7 ", "7"), ("255", "255")] {
        let answer = read::<Of<u8>>(json!({"slot": slot(digits)})).await;
        assert_eq!(answer.unwrap(), format!("Of {{ slot: {expected} }}"));
    }
    let answer = read::<Of<i64>>(json!({"slot": slot("-7")})).await;
    assert_eq!(answer.unwrap(), "Of { slot: -7 }");
    let answer = read::<Of<f64>>(json!({"slot": slot("98.6")})).await;
    assert_eq!(answer.unwrap(), "Of { slot: 98.6 }");
}

#[tokio::test]
async fn a_number_may_be_a_newtype() {
    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only what serde makes of it counts")]
    struct Guess(u8);

    let answer = read::<Of<Option<Guess>>>(json!({"slot": slot("7")})).await;
    assert_eq!(answer.unwrap(), "Of { slot: Some(Guess(7)) }");
}

#[tokio::test]
async fn what_is_not_filled_or_not_understood_is_none() {
    for slots in [
        json!({"slot": {"name": "slot"}}),
        json!({"slot": slot("?")}),
        json!({"slot": slot("")}),
        json!({"slot": several([])}),
        json!({}),
        Json::Null,
    ] {
        let answer = read::<Of<Option<u32>>>(slots.clone()).await.unwrap();
        assert_eq!(answer, "Of { slot: None }", "{slots}");
        let answer = read::<Of<Option<String>>>(slots.clone()).await.unwrap();
        assert_eq!(answer, "Of { slot: None }", "{slots}");
    }
}

#[tokio::test]
async fn a_default_of_serde_holds_for_what_is_not_filled() {
    #[derive(Debug, Deserialize)]
    #[serde(default)]
    struct Order {
        slot: u32,
    }
    impl Default for Order {
        fn default() -> Order {
            Order { slot: 1 }
        }
    }
    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only what serde makes of it counts")]
    struct Quantity {
        #[serde(default)]
        slot: u32,
    }
    for slots in [
        json!({"slot": {"name": "slot"}}),
        json!({"slot": slot("?")}),
    ] {
        let answer = read::<Order>(slots.clone()).await.unwrap();
        assert_eq!(answer, "Order { slot: 1 }", "{slots}");
        let answer = read::<Quantity>(slots.clone()).await.unwrap();
        assert_eq!(answer, "Quantity { slot: 0 }", "{slots}");
    }
}

#[tokio::test]
async fn several_values_are_a_list_of_what_the_model_calls_them() {
    let slots = json!({"slot": several([
        resolved("cokes", "cola", "COLA"),
        resolved("crisps", "chips", "CHIPS"),
        json!({"type": "Simple", "value": "tea"}),
    ])});
    let answer = read::<Of<Vec<String>>>(slots).await.unwrap();
    assert_eq!(answer, r#"Of { slot: ["cola", "chips", "tea"] }"#);
}

#[tokio::test]
async fn a_list_has_one_value_where_one_was_said_and_none_where_none_was() {
    let one = json!({"slot": slot("tea")});
    let answer = read::<Of<Vec<String>>>(one).await.unwrap();
    assert_eq!(answer, r#"Of { slot: ["tea"] }"#);
    for slots in [
        json!({"slot": {"name": "slot"}}),
        json!({"slot": slot("?")}),
    ] {
        let answer = read::<Of<Vec<String>>>(slots).await.unwrap();
        assert_eq!(answer, "Of { slot: [] }");
    }
}

#[tokio::test]
async fn a_list_may_be_of_numbers() {
    let numbers = ["1", "2"].map(|value| json!({"type": "Simple", "value": value}));
    let answer = read::<Of<Vec<u8>>>(json!({"slot": several(numbers)})).await;
    assert_eq!(answer.unwrap(), "Of { slot: [1, 2] }");
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum Drink {
    Cola,
    Tea,
}

#[tokio::test]
async fn an_enum_is_read_from_the_id_of_the_value_that_the_model_knows() {
    let slots = json!({"slot": resolved("coke", "a soft drink", "COLA")});
    let answer = read::<Of<Drink>>(slots).await.unwrap();
    assert_eq!(answer, "Of { slot: Cola }");
    let slots = json!({"slot": several([
        resolved("coke", "a soft drink", "COLA"),
        resolved("cha", "a hot drink", "TEA"),
    ])});
    let answer = read::<Of<Vec<Drink>>>(slots).await.unwrap();
    assert_eq!(answer, "Of { slot: [Cola, Tea] }");
    // The model knows nothing of it, and the words happen to be a variant.
    let answer = read::<Of<Drink>>(json!({"slot": slot("TEA")})).await;
    assert_eq!(answer.unwrap(), "Of { slot: Tea }");
}

#[tokio::test]
async fn an_enum_may_have_a_variant_for_whatever_else_was_said() {
    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "UPPERCASE")]
    enum Known {
        Cola,
        #[serde(other)]
        Unknown,
    }
    let slots = json!({"slot": slot("hemlock")});
    let answer = read::<Of<Known>>(slots).await.unwrap();
    assert_eq!(answer, "Of { slot: Unknown }");
    let slots = json!({"slot": resolved("coke", "cola", "COLA")});
    let answer = read::<Of<Known>>(slots).await.unwrap();
    assert_eq!(answer, "Of { slot: Cola }");
}

#[tokio::test]
async fn a_string_is_the_resolved_name_where_there_is_one_and_the_words_otherwise() {
    let slots = json!({"slot": resolved("coke", "cola", "COLA")});
    let answer = read::<Of<String>>(slots).await.unwrap();
    assert_eq!(answer, r#"Of { slot: "cola" }"#);
    let answer = read::<Of<String>>(json!({"slot": slot("ginger beer")})).await;
    assert_eq!(answer.unwrap(), r#"Of { slot: "ginger beer" }"#);
}

#[tokio::test]
async fn a_slot_has_the_words_and_what_the_model_makes_of_them() {
    #[derive(Deserialize)]
    struct Item {
        slot: Slot,
    }
    impl Debug for Item {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            let resolved = self.slot.resolved();
            let name = resolved.map(|resolved| (resolved.name, resolved.id));
            write!(f, "{:?} {name:?}", self.slot.values())
        }
    }
    let slots = json!({"slot": resolved("coke", "cola", "COLA")});
    let answer = read::<Item>(slots).await.unwrap();
    assert_eq!(answer, r#"["coke"] Some(("cola", Some("COLA")))"#);
    let slots = json!({"slot": several([resolved("coke", "cola", "COLA"), slot("tea")])});
    let answer = read::<Item>(slots).await.unwrap();
    assert_eq!(answer, r#"["coke", "tea"] None"#);
    // It is there for a slot that is not filled too.
    let answer = read::<Item>(json!({"slot": {"name": "slot"}})).await;
    assert_eq!(answer.unwrap(), "[] None");
}

#[tokio::test]
async fn slots_may_be_a_map() {
    let slots = json!({"a": slot("1"), "b": slot("2"), "c": {"name": "c"}});
    let answer = read::<BTreeMap<String, u32>>(slots).await.unwrap();
    assert_eq!(answer, r#"{"a": 1, "b": 2}"#);
}

#[tokio::test]
async fn slots_that_the_type_does_not_know_are_passed_over() {
    let slots = json!({"slot": slot("7"), "other": slot("words"), "third": {"name": "third"}});
    let answer = read::<Of<u32>>(slots).await.unwrap();
    assert_eq!(answer, "Of { slot: 7 }");
}

/// What the turn fails with, which names the slot and the type and nothing that was said.
async fn misfit<T: Debug + DeserializeOwned + Send + 'static>(slots: Json) -> String {
    let error = read::<T>(slots.clone()).await.unwrap_err();
    let error = error.downcast::<Error>().unwrap();
    assert!(matches!(*error, Error::Slots(_)), "{error}");
    let shown = format!("{error} {error:?}");
    for secret in ["a few", "hemlock", "poison", "HEMLOCK"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
    assert!(shown.contains("`AddIntent`"), "{shown}");
    error.to_string()
}

#[tokio::test]
async fn what_does_not_fit_is_named_by_slot_and_type_without_the_words() {
    let text = misfit::<Of<u32>>(json!({"slot": slot("a few")})).await;
    assert!(text.contains("`slot`") && text.contains("u32"), "{text}");
    let text = misfit::<Of<Option<u8>>>(json!({"slot": slot("256")})).await;
    assert!(text.contains("`slot`") && text.contains("u8"), "{text}");
    let text = misfit::<Of<bool>>(json!({"slot": slot("a few")})).await;
    assert!(text.contains("`slot`") && text.contains("bool"), "{text}");
    let hemlock = || resolved("poison", "hemlock", "HEMLOCK");
    let text = misfit::<Of<Drink>>(json!({"slot": hemlock()})).await;
    assert!(
        text.contains("`slot`") && text.contains("`COLA`, `TEA`"),
        "{text}"
    );
    let text = misfit::<Of<Vec<u32>>>(json!({"slot": several([slot("1"), slot("a few")])})).await;
    assert!(text.contains("`slot`") && text.contains("u32"), "{text}");
    let text = misfit::<Of<(u32,)>>(json!({"slot": several([slot("1"), slot("2")])})).await;
    assert!(text.contains("`slot`"), "{text}");
    let text = misfit::<Of<BTreeMap<String, u32>>>(json!({"slot": hemlock()})).await;
    assert!(text.contains("`slot`"), "{text}");
}

#[tokio::test]
async fn several_values_are_not_one_string() {
    let slots = json!({"slot": several([slot("hemlock"), slot("poison")])});
    let text = misfit::<Of<String>>(slots.clone()).await;
    assert!(text.contains("`slot`") && text.contains("`Vec`"), "{text}");
    let text = misfit::<Of<Option<String>>>(slots).await;
    assert!(text.contains("`slot`") && text.contains("`Vec`"), "{text}");
}

#[tokio::test]
async fn a_slot_that_must_be_filled_and_is_not_is_named() {
    for slots in [
        json!({"slot": {"name": "slot"}}),
        json!({"slot": slot("?")}),
        json!({"other": slot("7")}),
        json!({}),
    ] {
        let text = misfit::<Of<u32>>(slots.clone()).await;
        assert!(text.contains("`slot`"), "{slots}: {text}");
        let text = misfit::<Of<String>>(slots.clone()).await;
        assert!(text.contains("`slot`"), "{slots}: {text}");
    }
    let text = misfit::<Of<Slot>>(json!({})).await;
    assert!(text.contains("`slot`"), "{text}");
}

#[tokio::test]
async fn words_in_an_error_of_the_types_own_are_not_part_of_the_message() {
    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only what serde makes of it counts")]
    struct Strict {
        slot: Option<u32>,
    }
    let text = misfit::<Strict>(json!({"slot": slot("7"), "other": slot("hemlock")})).await;
    assert!(text.contains("other"), "{text}");
}

#[tokio::test]
async fn a_request_without_an_intent_has_no_slots() {
    let skill = Skill::builder(SKILL_ID).on_launch(async |_: Slots<Of<Option<u32>>>| "hello");
    assert_eq!(named(crate::launch(skill).await), "WrongRequestType");
}
