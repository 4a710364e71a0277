//! Everything is in the journal, and each reads their own part.

use wire::{
    journal::{ReadJournal, ReadMyActivity},
    people::RoleName,
};

use crate::played::Played;

#[tokio::test(flavor = "multi_thread")]
async fn the_main_job_is_written_down_with_actor_and_subject() {
    let (played, owner) = Played::begin().await;
    let (id, member) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    played.sign_in(&member.email, &member.codes[0]).await.expect("in");
    played.reset(&owner, id).await.expect("reset");
    let page = played.call(Some(&owner.session), ReadJournal { person: Some(id), before: None }).await.expect("a page");
    let kinds: Vec<&str> = page.rows.iter().rev().map(|row| row.kind.as_str()).collect();
    assert_eq!(
        kinds,
        ["person.invited", "person.invitation-accepted", "factor.authenticator-added", "sign-in.backup-code", "factor.reset"]
    );
    let reset = &page.rows[0];
    assert_eq!(reset.actor.as_ref().map(|actor| actor.email.as_str()), Some("olive@example.org"));
    assert_eq!(reset.subject.as_ref().map(|subject| subject.id), Some(id));
    let indices: Vec<u64> = page.rows.iter().map(|row| row.index).collect();
    assert!(indices.is_sorted_by(|a, b| a > b), "newest first");
}

#[tokio::test(flavor = "multi_thread")]
async fn my_activity_is_mine_alone() {
    let (played, owner) = Played::begin().await;
    let (id, member) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    played.join(&owner, "tom@example.org", RoleName::Member).await;
    let page = played.call(Some(&member.session), ReadMyActivity { before: None }).await.expect("a page");
    assert!(!page.rows.is_empty());
    let mine = |person: &Option<wire::people::PersonName>| person.as_ref().is_some_and(|person| person.id == id);
    assert!(page.rows.iter().all(|row| mine(&row.actor) || mine(&row.subject)));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_word_of_the_journal_is_a_secret() {
    let (played, owner) = Played::begin().await;
    let (id, _) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    let code = played.reset(&owner, id).await.expect("reset");
    let page = played.call(Some(&owner.session), ReadJournal { person: None, before: None }).await.expect("a page");
    let text = format!("{page:?}");
    for secret in owner.codes.iter().chain([&code]) {
        assert!(!text.contains(secret.as_str()));
    }
}
