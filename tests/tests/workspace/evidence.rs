//! The journal as evidence, through the seam: whoever may read it takes it out, and anybody can verify what they took.

use journal::{
    export,
    note::PublicKey,
    verify::{Report, Verifier},
};
use wire::{
    Refusal, RefusalCode, SessionToken,
    communities::MakeCommunity,
    evidence::{BeginExport, BeginVerification, LinesBegun, LinesHead, ProveEntry, ReadEvidence, ReadLines, TakeCheckpoint},
    journal::ReadJournal,
    people::RoleName,
};

use crate::played::Played;

pub(crate) const EVERYTHING: BeginExport = BeginExport { person: None, from: None, until: None, earlier: None };

pub(crate) async fn file(played: &Played, session: &SessionToken, asked: BeginExport) -> Result<(LinesHead, String), Refusal> {
    let head = played.call(Some(session), asked).await?;
    let (mut text, mut entries, mut start) = (head.line.clone(), 0, 0);
    loop {
        let lines = played.call(Some(session), ReadLines { begun: head.begun, start }).await?;
        text.push_str(&lines.text);
        entries += lines.entries;
        match lines.next {
            Some(next) => start = next,
            None => break,
        }
    }
    text.push_str(&export::end(entries));
    Ok((head, text))
}

/// As an auditor verifies: with a key they were given by hand, and a checkpoint they kept.
pub(crate) fn verify(file: &str, key: &str, kept: &[String]) -> Report {
    let mut verifier = Verifier::new(vec![key.parse::<PublicKey>().expect("a key")], kept).expect("a checkpoint of this key");
    file.lines().for_each(|line| verifier.line(line));
    verifier.finish()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_verifies_with_the_public_key_and_an_earlier_checkpoint() {
    let (played, owner) = Played::begin().await;
    let evidence = played.call(Some(&owner.session), ReadEvidence {}).await.expect("evidence");
    let kept = played.call(Some(&owner.session), TakeCheckpoint {}).await.expect("a checkpoint").note;
    let (id, member) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    let (_, text) = file(&played, &owner.session, EVERYTHING).await.expect("an export");
    let report = verify(&text, &evidence.public_key, std::slice::from_ref(&kept));
    assert!(report.is_sound(), "{:?}", report.findings);
    assert_eq!((report.earlier, report.hashes), (1, 0));
    assert!(text.contains("journal.exported"), "the export is in the journal that it took out");
    for code in owner.codes.iter().chain(&member.codes) {
        assert!(!text.contains(code.as_str()));
    }

    let asked = BeginExport { person: Some(id), earlier: Some(kept.replace('\n', "  ")), ..EVERYTHING };
    let (_, text) = file(&played, &owner.session, asked).await.expect("an export");
    let report = verify(&text, &evidence.public_key, &[kept]);
    assert!(report.is_sound(), "{:?}", report.findings);
    assert_eq!(report.earlier, 1, "the proof for the earlier checkpoint is in the file");
    assert!(report.entries >= 3 && report.entries < evidence.size + 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_takes_out_the_words_of_their_own_communities_alone() {
    let (played, owner) = Played::begin().await;
    let (_, administrator) = played.join(&owner, "ada@example.org", RoleName::Administrator).await;
    played.call(Some(&owner.session), MakeCommunity { name: "A secret plan".into() }).await.expect("made");
    let (head, text) = file(&played, &administrator.session, EVERYTHING).await.expect("an export");
    assert!(!text.contains("A secret plan") && !text.contains("Olive Owner"), "{text}");
    let report = verify(&text, &head.keys[0], &[]);
    assert!(report.is_sound(), "{:?}", report.findings);
    assert!(report.hashes > 0 && report.entries > report.hashes);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_not_read_the_journal_takes_nothing_out_of_it() {
    let (played, owner) = Played::begin().await;
    let (owner_id, _) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    let begun = LinesBegun { size: 9, whole: true, person: None, from: None, until: None };
    for role in [RoleName::Member, RoleName::Support] {
        let (_, person) = played.join(&owner, &format!("{role:?}@example.org"), role).await;
        let session = Some(&person.session);
        let refusals = [
            played.call(session, ReadEvidence {}).await.err(),
            played.call(session, TakeCheckpoint {}).await.err(),
            played.call(session, BeginVerification { earlier: None }).await.err(),
            played.call(session, EVERYTHING).await.err(),
            played.call(session, BeginExport { person: Some(owner_id), ..EVERYTHING }).await.err(),
            played.call(session, ReadLines { begun, start: 0 }).await.err(),
            played.call(session, ProveEntry { index: 0 }).await.err(),
        ];
        for refusal in refusals {
            assert_eq!(refusal.map(|refusal| refusal.code), Some(RefusalCode::NotAllowed));
        }
    }
    assert!(played.call(None, ReadEvidence {}).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn one_proves_ones_own_entries_and_those_that_one_may_read() {
    let (played, owner) = Played::begin().await;
    let (_, member) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    let page = played.call(Some(&owner.session), ReadJournal { person: None, before: None }).await.expect("a page");
    let mine = page.rows.iter().find(|row| row.kind == "factor.authenticator-added").expect("an entry").index;
    for (session, index) in [(&owner.session, 0), (&owner.session, mine), (&member.session, mine)] {
        let proof = played.call(Some(session), ProveEntry { index }).await.expect("a proof");
        assert!(proof.proved && proof.size > index, "{proof:?}");
    }
    assert_eq!(played.call(Some(&member.session), ProveEntry { index: 0 }).await.expect_err("not theirs").code, RefusalCode::NotAllowed);
    let beyond = played.call(Some(&owner.session), ProveEntry { index: 10_000 }).await.expect("an answer");
    assert!(!beyond.proved);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_checkpoint_of_this_journal_is_told_before_anything_is_written() {
    let (played, owner) = Played::begin().await;
    let (other, stranger) = Played::begin().await;
    let foreign = other.call(Some(&stranger.session), TakeCheckpoint {}).await.expect("a checkpoint").note;
    let size = played.call(Some(&owner.session), ReadEvidence {}).await.expect("evidence").size;
    for earlier in [foreign, "nonsense".into(), String::new()] {
        let refused =
            played.call(Some(&owner.session), BeginExport { earlier: Some(earlier), ..EVERYTHING }).await.expect_err("no checkpoint");
        assert_eq!(refused.code, RefusalCode::CheckpointUnknown);
    }
    assert_eq!(played.call(Some(&owner.session), ReadEvidence {}).await.expect("evidence").size, size, "nothing was exported");
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_takes_a_checkpoint_and_nothing_new_takes_none() {
    let (played, owner) = Played::begin().await;
    let first = played.authority.keep_checkpoint().await.expect("a checkpoint");
    let again = played.authority.keep_checkpoint().await.expect("the same");
    assert_eq!(first, again);
    played.join(&owner, "mia@example.org", RoleName::Member).await;
    played.authority.keep_daily_checkpoint().await.expect("not due");
    assert_eq!(played.call(Some(&owner.session), ReadEvidence {}).await.expect("evidence").checkpoints.len(), 1);
    played.clock.turn(25 * 3_600);
    played.authority.keep_daily_checkpoint().await.expect("due");
    let session = played.sign_in_with_phone(&owner).await.expect("in");
    assert_eq!(played.call(Some(&session), ReadEvidence {}).await.expect("evidence").checkpoints.len(), 2);
}
