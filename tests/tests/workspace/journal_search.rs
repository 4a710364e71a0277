//! Finding entries of the journal, within what each may read; and the entry that tells of an act.

use uuid::Uuid;
use wire::{
    Refusal, RefusalCode, Request, SessionToken, Workspace,
    communities::MakeCommunity,
    evidence::BeginExport,
    journal::{JournalFound, ReadMyActivity, SearchJournal},
    people::{ResetSecondFactor, RoleName},
    person::ChangeRole,
    sign_in::{SignIn, WhoAmI},
};

use crate::{
    communities::{join_in, south},
    played::{PASSWORD, Person, Played, secret, support},
};

async fn found(played: &Played, session: &SessionToken, search: SearchJournal) -> JournalFound {
    played.call(Some(session), search).await.expect("a page")
}

fn kinds(found: &JournalFound) -> Vec<&str> {
    found.rows.iter().map(|row| row.kind.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_are_combined() {
    let (played, owner) = Played::begin().await;
    let (id, member) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    played.clock.turn(24 * 3_600);
    let morning = played.clock.now().0;
    played.sign_in(&member.email, &member.codes[0]).await.expect("in");
    let session = played.sign_in_with_phone(&owner).await.expect("in");
    let owner = Person { session, ..owner };
    played.reset(&owner, id).await.expect("reset");

    let by_or_about =
        found(&played, &owner.session, SearchJournal { person: Some(id), since: Some(morning), ..SearchJournal::default() }).await;
    assert_eq!(kinds(&by_or_about), ["factor.reset", "sign-in.backup-code"]);
    assert_eq!(by_or_about.person.as_ref().map(|person| person.id), Some(id));
    let theirs = SearchJournal { person: Some(id), actor: Some(id), since: Some(morning), ..SearchJournal::default() };
    assert_eq!(kinds(&found(&played, &owner.session, theirs).await), ["sign-in.backup-code"]);
    let resets = SearchJournal { kinds: vec!["factor.reset".into(), "of.no-kind".into()], ..SearchJournal::default() };
    let resets = found(&played, &owner.session, resets).await;
    assert_eq!((kinds(&resets), resets.total), (vec!["factor.reset"], 1));
    let before = SearchJournal { person: Some(id), until: Some(morning), ..SearchJournal::default() };
    assert!(found(&played, &owner.session, before).await.rows.iter().all(|row| row.at < morning));
    let all = found(&played, &owner.session, SearchJournal::default()).await;
    assert_eq!(all.total, all.end);
    assert_eq!(all.rows[0].index, all.end - 1, "the newest first");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_filter_shows_what_is_out_of_reach() {
    let (played, owner) = Played::begin().await;
    let south = south(&played, &owner).await;
    let north = played.community(&owner.session).await;
    let (_, administrator) = played.join(&owner, "admin@example.org", RoleName::Administrator).await;
    let (_, helper) = played.join(&owner, "support@example.org", RoleName::Support).await;
    let (sam, _) = join_in(&played, &owner, south, "sam@example.org", RoleName::Member).await;
    let (both, member) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    let role = ChangeRole { account: both, community: south, role: Some(RoleName::Member), proof: played.proof(&owner) };
    played.call(Some(&owner.session), role).await.expect("in both");

    let everything = found(&played, &owner.session, SearchJournal::default()).await;
    assert!(everything.communities.len() == 2 && everything.rows.iter().any(|row| row.communities == [south]));
    let theirs = found(&played, &administrator.session, SearchJournal::default()).await;
    assert!(theirs.total > 0 && theirs.total < everything.total);
    assert!(theirs.rows.iter().all(|row| row.communities == [north]), "nor do they learn of the other community");
    assert_eq!(theirs.communities.iter().map(|community| community.id).collect::<Vec<_>>(), [north]);
    assert!(theirs.rows.iter().all(|row| row.subject.as_ref().is_none_or(|subject| subject.id != sam)));

    // Whoever acts somewhere else is found only where they acted within reach.
    let by = |actor| SearchJournal { actor: Some(actor), ..SearchJournal::default() };
    assert_eq!(found(&played, &administrator.session, by(sam)).await.total, 0);
    let kinds = SearchJournal { kinds: vec!["community.made".into()], ..SearchJournal::default() };
    assert_eq!(found(&played, &administrator.session, kinds).await.total, 0);
    // Somebody and some community out of reach are refused like those that do not exist.
    for account in [sam, Uuid::from_u128(0xdead)] {
        let asked = SearchJournal { person: Some(account), ..SearchJournal::default() };
        let refusal = played.call(Some(&administrator.session), asked).await.expect_err("refused");
        assert_eq!(refusal.code, RefusalCode::NotAllowed);
    }
    for community in [south, Uuid::from_u128(0xdead)] {
        let asked = SearchJournal { community: Some(community), ..SearchJournal::default() };
        let refusal = played.call(Some(&administrator.session), asked).await.expect_err("refused");
        assert_eq!(refusal.code, RefusalCode::NotAllowed);
    }
    for nobody in [&helper, &member] {
        let refusal = played.call(Some(&nobody.session), SearchJournal::default()).await.expect_err("refused");
        assert!(matches!(refusal.code, RefusalCode::NotAllowed | RefusalCode::SessionEnded), "{:?}", refusal.code);
    }
}

/// The entry that the answer to an act names is the one that says so, and reading names none.
#[tokio::test(flavor = "multi_thread")]
async fn every_act_is_answered_with_the_entry_that_tells_of_it() {
    let (played, owner) = Played::begin().await;
    let (id, member) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    let told = async |session: Option<&SessionToken>, request: Request| {
        played.authority.call(session, request).await.map(|outcome| outcome.journalled)
    };
    let entry = async |index: Option<u64>| {
        let page = found(
            &played,
            &owner.session,
            SearchJournal { end: Some(index.expect("an entry") + 1), limit: Some(1), ..SearchJournal::default() },
        )
        .await;
        let row = page.rows.into_iter().next().expect("there");
        (row.kind, row.actor.map(|actor| actor.email), row.subject.map(|subject| subject.id))
    };
    let olive = Some("olive@example.org".to_owned());

    let reset = ResetSecondFactor { account: id, proof: played.proof(&owner), support: support() };
    let reset = told(Some(&owner.session), reset.into()).await.expect("reset");
    assert_eq!(entry(reset).await, ("factor.reset".to_owned(), olive.clone(), Some(id)));
    let made = told(Some(&owner.session), MakeCommunity { name: "East".into() }.into()).await.expect("made");
    assert_eq!(entry(made).await.0, "community.made");
    for reading in [ReadMyActivity { before: None }.into(), SearchJournal::default().into(), WhoAmI {}.into()] {
        assert_eq!(told(Some(&owner.session), reading).await.expect("read"), None);
    }
    // The first export also makes the key that signs it, of itself: that is not what was asked for.
    let export = BeginExport { person: None, from: None, until: None, earlier: None };
    let exported = told(Some(&owner.session), export.into()).await.expect("exported");
    assert_eq!(entry(exported).await, ("journal.exported".to_owned(), olive, None));
    // Nothing is told at the first door to whoever does not come through it.
    let wrong = SignIn { email: member.email.clone(), password: secret("not the password at all") };
    let refused: Result<_, Refusal> = told(None, wrong.into()).await;
    assert!(refused.is_err());
    let right = SignIn { email: "mia@example.org".into(), password: secret(PASSWORD) };
    assert_eq!(told(None, right.into()).await.expect("the first door"), None, "nobody is in yet");
}
