//! Every call, by this client through DAX and by the AWS SDK straight to the store: the same
//! lines, the same answers.

mod support;

use support::script::{normalized, script, start};

#[tokio::test]
async fn the_script_says_what_the_store_answers() {
    let dax = start().await;
    let store = dax.store();
    for scripted in script().iter().filter(|scripted| !scripted.theirs) {
        let answer = make_call!(store, scripted);
        assert_eq!(answer, normalized(scripted.answer.clone()), "{scripted:?}");
    }
}

#[tokio::test]
async fn every_call_through_dax_answers_as_the_store_does() {
    let dax = start().await;
    let client = dax.client().unwrap();
    for scripted in script().iter().filter(|scripted| !scripted.theirs) {
        let answer = make_call!(client, scripted);
        assert_eq!(answer, normalized(scripted.answer.clone()), "{scripted:?}");
    }
}
