//! A reader talks to the starters, and pages elsewhere do not.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;

use regex::Regex;
use serde_json::{Value as Json, json};

use crate::reader::{Served, get, post, send};
use crate::small_book::small_book;

const ALICE: [&str; 2] = ["alice", "kitchen"];

fn say(address: SocketAddr, starter: &str, [user, device]: [&str; 2], text: &str) -> Json {
    let body = json!({"user": user, "device": device, "text": text});
    let (status, exchange) = post(
        address,
        &format!("/talk/{starter}/say"),
        &[],
        &body.to_string(),
    );
    assert_eq!(status, 200, "{text}: {exchange}");
    exchange
}

fn speech(exchange: &Json) -> &str {
    exchange["turns"][0]["speech"].as_str().unwrap()
}

fn operations(turn: &Json) -> Vec<&str> {
    let calls = turn["calls"].as_array().unwrap();
    calls
        .iter()
        .map(|call| call["operation"].as_str().unwrap())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_turn_is_shown_as_it_went_over_the_wire() {
    let served = Served::start(small_book().path()).await;
    let exchange = say(served.address, "visit-counter", ALICE, "open visit counter");
    assert_eq!(speech(&exchange), "Welcome! This is your first visit.");
    let turn = &exchange["turns"][0];
    assert_eq!(turn["request"]["request"]["type"], "LaunchRequest");
    assert_eq!(operations(turn), ["GetItem", "PutItem"]);

    let [get, put] = [&turn["calls"][0], &turn["calls"][1]];
    let user = json!({"S": "amzn1.ask.account.ALICE"});
    assert_eq!(get["request"]["body"]["Key"]["userId"], user);
    assert_eq!(get["response"]["body"].get("Item"), None);
    let sent = &put["request"]["body"];
    assert_eq!(sent["Item"]["mapAttr"]["M"]["count"], json!({"N": "1"}));
    assert!(sent["ConditionExpression"].is_string(), "{sent}");
    assert_eq!(put["response"]["start"], "200");
    for call in [get, put] {
        assert_eq!(call["consumed"], json!({"units": 1.0, "toldBy": "answer"}));
        let headers = call["request"]["headers"].to_string();
        assert!(
            headers.contains("DynamoDB_20120810") && headers.contains("authorization"),
            "{headers}"
        );
    }

    let lines = exchange["item"].as_array().unwrap();
    let count = lines.iter().find(|line| line["path"] == "mapAttr.count");
    let after =
        json!({"path": "mapAttr.count", "after": {"type": "N", "text": "1"}, "changed": true});
    assert_eq!(count, Some(&after));
}

#[tokio::test(flavor = "multi_thread")]
async fn users_and_devices_have_items_and_sessions_of_their_own() {
    let served = Served::start(small_book().path()).await;
    let hear = |who, text| speech(&say(served.address, "shared-list", who, text)).to_owned();
    hear(ALICE, "open shared list");
    assert_eq!(hear(ALICE, "add milk"), "Added: milk. What shall I do?");
    let bedroom = ["alice", "bedroom"];
    assert_eq!(
        hear(bedroom, "open shared list"),
        "There is 1 thing on your list. What shall I do?"
    );
    let exchange = say(
        served.address,
        "shared-list",
        ["bob", "bedroom"],
        "open shared list",
    );
    assert_eq!(speech(&exchange), "Your list is empty. What shall I do?");
    let open = |user, device| json!({"user": user, "device": device});
    let sessions = [
        open("alice", "kitchen"),
        open("alice", "bedroom"),
        open("bob", "bedroom"),
    ];
    assert_eq!(exchange["sessions"], json!(sessions));
}

#[tokio::test(flavor = "multi_thread")]
async fn session_attributes_come_back_with_the_next_request() {
    let served = Served::start(small_book().path()).await;
    say(served.address, "high-low", ALICE, "open high low");
    let exchange = say(served.address, "high-low", ALICE, "open high low");
    assert!(speech(&exchange).ends_with("Do you want to go on with it?"));
    let kept = exchange["turns"][0]["response"]["sessionAttributes"].clone();
    let exchange = say(served.address, "high-low", ALICE, "yes");
    let turn = &exchange["turns"][0];
    assert_eq!(turn["request"]["session"]["attributes"], kept);
    assert_eq!(turn["opensSession"], false);
    assert_eq!(speech(&exchange), "We go on. What is your guess?");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_when_the_skill_or_the_user_ends_it() {
    let served = Served::start(small_book().path()).await;
    say(served.address, "high-low", ALICE, "open high low");
    let exchange = say(served.address, "high-low", ALICE, "stop");
    assert_eq!(exchange["sessions"], json!([]));

    say(served.address, "high-low", ALICE, "open high low");
    let who = json!({"user": "alice", "device": "kitchen"}).to_string();
    let (status, exchange) = post(served.address, "/talk/high-low/end", &[], &who);
    assert_eq!(status, 200);
    assert_eq!(exchange["turns"][0]["understood"], "SessionEndedRequest");
    assert_eq!(exchange["sessions"], json!([]));
    let (status, refusal) = post(served.address, "/talk/high-low/end", &[], &who);
    assert_eq!(
        (status, &refusal["error"]),
        (409, &json!("no session is open here"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_name_the_skill_needs_a_session() {
    let served = Served::start(small_book().path()).await;
    let body = json!({"user": "alice", "device": "kitchen", "text": "count my visits"});
    let (status, refusal) = post(
        served.address,
        "/talk/visit-counter/say",
        &[],
        &body.to_string(),
    );
    assert_eq!(status, 409);
    let error = refusal["error"].as_str().unwrap();
    assert!(error.contains("open visit counter"), "{error}");
    let exchange = say(
        served.address,
        "visit-counter",
        ALICE,
        "ask visit counter how often I have been here",
    );
    assert_eq!(exchange["turns"][0]["understood"], "VisitsIntent");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_intent_can_be_picked_with_words_for_its_slots() {
    let served = Served::start(small_book().path()).await;
    let body = json!({
        "user": "bob", "device": "bedroom", "intent": "AddIntent", "slots": {"items": "milk and figs"},
    });
    let (status, exchange) = post(
        served.address,
        "/talk/shared-list/choose",
        &[],
        &body.to_string(),
    );
    assert_eq!(status, 200);
    assert_eq!(speech(&exchange), "Added: milk and figs. What shall I do?");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_devices_at_once_collide_and_lose_nothing() {
    let served = Served::start(small_book().path()).await;
    let body = json!({"user": "alice", "kitchen": "add bread", "bedroom": "add olive oil"});
    let (status, exchange) = post(
        served.address,
        "/talk/shared-list/at-once",
        &[],
        &body.to_string(),
    );
    assert_eq!(status, 200, "{exchange}");
    let [kitchen, bedroom] = [&exchange["turns"][0], &exchange["turns"][1]];
    assert_eq!(operations(kitchen), ["GetItem", "PutItem"]);
    assert_eq!(
        operations(bedroom),
        ["GetItem", "PutItem", "GetItem", "PutItem"]
    );
    let refused = &bedroom["calls"][1];
    assert_eq!(refused["response"]["start"], "400");
    assert_eq!(refused["consumed"], json!({"units": 1.0, "toldBy": "rule"}));
    assert_eq!(bedroom["calls"][3]["response"]["start"], "200");
    for turn in [kitchen, bedroom] {
        assert!(turn["speech"].as_str().unwrap().starts_with("Added: "));
    }
    let names: Vec<&Json> = exchange["item"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|line| line["path"].as_str().unwrap().ends_with(".name"))
        .map(|line| &line["after"]["text"])
        .collect();
    assert_eq!(names, ["bread", "olive oil"]);
}

/// A panel on a starter's page, and what it proposes to say to two devices at once, if that is not
/// what opens the skill.
struct Panel {
    starter: String,
    at_once: Option<[String; 2]>,
}

fn panels() -> Vec<Panel> {
    let place =
        r#"<div class="talk" data-starter="([^"]+)"(?: data-at-once="([^"|]+)\|([^"|]+)")?>"#;
    let place = Regex::new(place).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("book/src/starters");
    let paths = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let pages = paths.filter(|path| path.extension().is_some_and(|extension| extension == "md"));
    let panels = pages.filter_map(|page| {
        let page = fs::read_to_string(page).unwrap();
        let found = place.captures(&page)?;
        let text = |group| found.get(group).map(|text| text.as_str().to_owned());
        Some(Panel {
            starter: text(1)?,
            at_once: text(2).zip(text(3)).map(|(one, other)| [one, other]),
        })
    });
    panels.collect()
}

fn describe(address: SocketAddr, starter: &str) -> Json {
    let (status, described) = get(address, &format!("/talk/{starter}"));
    assert_eq!(status, 200, "{starter}");
    serde_json::from_slice(&described).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_starter_collides_as_its_panel_proposes() {
    let served = Served::start(small_book().path()).await;
    for Panel { starter, at_once } in panels() {
        let described = describe(served.address, &starter);
        let opening = || described["locales"][0]["open"].as_str().unwrap().to_owned();
        let [kitchen, bedroom] = at_once.unwrap_or_else(|| [opening(), opening()]);
        let body = json!({"user": "bob", "kitchen": kitchen, "bedroom": bedroom});
        let url = format!("/talk/{starter}/at-once");
        let (_, exchange) = post(served.address, &url, &[], &body.to_string());
        assert_eq!(
            operations(&exchange["turns"][1]).len(),
            4,
            "{starter}: {exchange}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_devices_collide_in_every_language() {
    let served = Served::start(small_book().path()).await;
    let described = describe(served.address, "facts");
    for known in described["locales"].as_array().unwrap() {
        post(served.address, "/talk/facts/reset", &[], "{}");
        let body = json!({
            "user": "alice", "locale": known["locale"], "kitchen": known["open"], "bedroom": known["open"],
        });
        let url = "/talk/facts/at-once";
        let (_, exchange) = post(served.address, url, &[], &body.to_string());
        assert_eq!(
            operations(&exchange["turns"][1]).len(),
            4,
            "{known}: {exchange}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_turns_that_write_nothing_do_not_wait_for_each_other() {
    let served = Served::start(small_book().path()).await;
    for [kitchen, bedroom] in [
        ["stop", "help"],
        ["stop", "open high low"],
        ["my score", "stop"],
    ] {
        let body = json!({"user": "alice", "kitchen": kitchen, "bedroom": bedroom});
        let url = "/talk/high-low/at-once";
        let (status, exchange) = post(served.address, url, &[], &body.to_string());
        assert_eq!(status, 200, "{exchange}");
        assert_eq!(exchange["turns"].as_array().unwrap().len(), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn starting_afresh_forgets_items_and_sessions() {
    let served = Served::start(small_book().path()).await;
    say(served.address, "shared-list", ALICE, "open shared list");
    say(served.address, "shared-list", ALICE, "add milk");
    let (status, about) = post(served.address, "/talk/shared-list/reset", &[], "{}");
    assert_eq!((status, &about["sessions"]), (200, &json!([])));
    let exchange = say(served.address, "shared-list", ALICE, "open shared list");
    assert_eq!(speech(&exchange), "Your list is empty. What shall I do?");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_starter_meets_the_faults_that_its_panel_would_propose() {
    let served = Served::start(small_book().path()).await;
    for starter in starters::ALL {
        let act = |action: &str, body: &Json| {
            let url = format!("/talk/{}/{action}", starter.name);
            post(served.address, &url, &[], &body.to_string())
        };
        let (status, faults) = act("faults", &json!({}));
        assert_eq!(status, 200, "{faults}");
        let table = faults
            .as_array()
            .unwrap()
            .iter()
            .find(|fault| fault["fault"] == "table");
        let (status, faulty) = act("run-with-fault", table.unwrap());
        assert_eq!(status, 200, "{faulty}");
        assert_eq!(faulty["error"]["name"], "NoTable", "{}", starter.name);

        let policy = json!({"fault": "policy", "value": "x".repeat(4001)});
        let (status, refusal) = act("run-with-fault", &policy);
        let expected = "the policy has more than 4000 characters";
        assert_eq!((status, &refusal["error"]), (422, &json!(expected)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_elsewhere_cannot_talk_to_the_skills() {
    let served = Served::start(small_book().path()).await;
    let body =
        json!({"user": "alice", "device": "kitchen", "text": "open visit counter"}).to_string();
    let url = "/talk/visit-counter/say";
    let ours = format!("http://{}", served.address);
    for headers in [
        vec![("origin", "http://example.com")],
        vec![("origin", "null")],
        vec![("origin", "http://127.0.0.1:1")],
        vec![("sec-fetch-site", "cross-site")],
        vec![("sec-fetch-site", "same-site"), ("origin", &ours)],
    ] {
        let (status, refusal) = post(served.address, url, &headers, &body);
        assert_eq!(status, 403, "{headers:?}: {refusal}");
    }
    let headers = [("sec-fetch-site", "same-origin"), ("origin", ours.as_str())];
    assert_eq!(post(served.address, url, &headers, &body).0, 200);
    // A form elsewhere can send these types without asking first.
    for kind in ["text/plain", "application/x-www-form-urlencoded", ""] {
        let (status, _) = send(
            served.address,
            url,
            &[("content-type", kind)],
            body.as_bytes(),
        );
        assert_eq!(status, 415, "{kind}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_makes_no_sense_is_refused_and_named() {
    let served = Served::start(small_book().path()).await;
    let deep = "[".repeat(10_000);
    let long = json!({"user": "alice", "device": "kitchen", "text": "a".repeat(201)}).to_string();
    let huge =
        json!({"user": "alice", "device": "kitchen", "text": "a".repeat(20_000)}).to_string();
    let said = |text: &str| json!({"user": "alice", "device": "kitchen", "text": text}).to_string();
    let elsewhere =
        json!({"user": "alice", "device": "kitchen", "locale": "xx-XX", "text": "hi"}).to_string();
    let picked = json!({"user": "alice", "device": "kitchen", "intent": "Moon"}).to_string();
    for (url, body, expected) in [
        ("/talk/moon/say", said("hi").as_str(), 404),
        ("/talk/visit-counter/fly", "{}", 404),
        ("/talk/visit-counter/say", "", 400),
        ("/talk/visit-counter/say", "{}", 400),
        ("/talk/visit-counter/say", "\u{0}", 400),
        ("/talk/visit-counter/say", &deep, 400),
        (
            "/talk/visit-counter/say",
            r#"{"user":"eve","device":"kitchen","text":""}"#,
            400,
        ),
        (
            "/talk/visit-counter/say",
            r#"{"user":"alice","device":"moon","text":""}"#,
            400,
        ),
        (
            "/talk/visit-counter/say",
            r#"{"user":"alice","device":"kitchen","text":1}"#,
            400,
        ),
        ("/talk/visit-counter/say", &long, 422),
        ("/talk/visit-counter/say", &huge, 413),
        ("/talk/visit-counter/say", &elsewhere, 422),
        ("/talk/visit-counter/choose", &picked, 422),
        ("/talk/visit-counter/say", &said(""), 409),
    ] {
        let (status, refusal) = post(served.address, url, &[], body);
        assert_eq!(status, expected, "{url}: {refusal}");
        assert!(
            refusal["error"]
                .as_str()
                .is_some_and(|error| !error.is_empty())
        );
    }
    let invalid = [("content-type", "application/json")];
    let (status, _) = send(
        served.address,
        "/talk/visit-counter/say",
        &invalid,
        b"{\"text\": \"\xff\"}",
    );
    assert_eq!(status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_words_reach_the_skill_as_words() {
    let served = Served::start(small_book().path()).await;
    say(served.address, "shared-list", ALICE, "open shared list");
    for words in [
        "add <script>alert(1)</script>",
        "add </speak><speak>",
        "add \u{0} \u{202e} 🥛",
        "add {items}",
        "add \"}]}",
        "add , and , and",
    ] {
        let exchange = say(served.address, "shared-list", ALICE, words);
        assert!(!speech(&exchange).is_empty(), "{words}");
    }
    let exchange = say(served.address, "shared-list", ALICE, "read the list");
    assert!(
        speech(&exchange).contains("script>alert(1)</script"),
        "{exchange}"
    );
}
