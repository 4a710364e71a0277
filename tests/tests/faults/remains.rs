//! What is left in the file, compared with what was told before the kill.

use crate::played::{PASSWORD, Played, secret};
use crate::worker::{Stage, Word};
use authority::{Store, store::JournalQuery};
use domain::{account::Account, factor::SecondFactor};
use std::collections::BTreeMap;
use wire::{
    SessionToken,
    sign_in::{AcceptInvitation, GiveCode, Next, WhoAmI},
};

/// What each stage leaves in the journal and among the notices.
const TRACES: &[(Stage, &str, Option<&str>)] = &[
    (Stage::Invited, "person.invited", None),
    (Stage::Accepted, "person.invitation-accepted", None),
    (Stage::Enrolled, "factor.authenticator-added", Some("factor-enabled")),
    (Stage::Renewed, "factor.backup-codes-renewed", Some("backup-codes-renewed")),
    (Stage::Reset, "factor.reset", Some("factor-reset")),
];

/// The last that was answered and the last that was asked, of each person.
#[derive(Default)]
pub(crate) struct People(BTreeMap<String, (Option<Word>, Option<Word>)>);

impl People {
    pub(crate) fn hear(&mut self, word: Word) {
        let entry = self.0.entry(word.email.clone()).or_default();
        if word.answered {
            *entry = (Some(word), None);
        } else {
            entry.1 = Some(word);
        }
    }

    /// Every answered change is there; the one under way is there whole or not at all.
    pub(crate) async fn are_whole(&self, played: &Played) {
        played.authority.store().verify().await.expect("every page is sound");
        for (email, (answered, asked)) in &self.0 {
            let found = is_whole(played, email).await;
            let least = answered.as_ref().map_or(Stage::Unknown, |word| word.stage);
            let most = asked.as_ref().map_or(least, |word| word.stage);
            assert!((least..=most).contains(&found), "{email}: answered {least:?}, asked {most:?}, found {found:?}");
            let Some(answered) = answered else { continue };
            played.clock.turn(answered.at - played.clock.now().0);
            has_session(played, answered, found).await;
            if found == answered.stage && asked.is_some() {
                codes_are_good(played, answered).await;
            }
        }
    }

    pub(crate) fn answered(&self) -> usize {
        self.0.values().filter_map(|(answered, _)| answered.as_ref()).map(|word| word.stage as usize).sum()
    }

    /// The latest hour that anybody named.
    pub(crate) fn latest(&self) -> Option<i64> {
        self.0.values().filter_map(|(answered, _)| answered.as_ref()).map(|word| word.at).max()
    }
}

/// The stage at which record, journal and notices agree that a person is.
async fn is_whole(played: &Played, email: &str) -> Stage {
    let store = played.authority.store();
    let Some(account) = store.account_by_email(email).await.expect("a read").map(|found| found.record) else { return Stage::Unknown };
    let stage = stage_of(&account);
    let reached = || TRACES.iter().filter(|(at, ..)| *at <= stage);
    let query = JournalQuery { person: Some(account.id), communities: None, before: None, limit: 100 };
    let lines = store.journal(&query).await.expect("every entry fits its leaf");
    let mut kinds: Vec<_> = lines.into_iter().map(|line| line.entry.kind().to_owned()).collect();
    kinds.reverse();
    assert_eq!(kinds, reached().map(|(_, kind, _)| *kind).collect::<Vec<_>>(), "the journal of {email}, {stage:?}");
    let notices = store.pending_notices(account.id).await.expect("a read");
    assert_eq!(notices, reached().filter_map(|(.., notice)| *notice).collect::<Vec<_>>(), "the notices to {email}, {stage:?}");
    stage
}

fn stage_of(account: &Account) -> Stage {
    match (&account.password, &account.second_factor) {
        (None, _) => Stage::Invited,
        (_, SecondFactor::None) => Stage::Accepted,
        (_, SecondFactor::Reset(_)) => Stage::Reset,
        // The worker's clock moves on between the two.
        (_, SecondFactor::Active(factors)) if factors.backup.made_at > factors.authenticators[0].added_at => Stage::Renewed,
        (_, SecondFactor::Active(_)) => Stage::Enrolled,
    }
}

async fn has_session(played: &Played, word: &Word, found: Stage) {
    let Some(token) = &word.session else { return };
    let alive = played.call(Some(&SessionToken::from(token.clone())), WhoAmI {}).await.is_ok();
    assert_eq!(alive, found < Stage::Reset, "the session of {}, {found:?}", word.email);
}

/// What was answered opens what it should.
async fn codes_are_good(played: &Played, word: &Word) {
    let email = &word.email;
    match word.stage {
        Stage::Invited => {
            let request = AcceptInvitation { email: email.clone(), code: secret(&word.codes[0]), password: secret(PASSWORD) };
            played.call_opening(None, request).await.expect("the invitation that was answered is good");
        }
        Stage::Enrolled | Stage::Renewed => {
            played.sign_in(email, &word.codes[3]).await.expect("the backup codes that were answered are good");
        }
        Stage::Reset => {
            let (next, session) = played.first_door(email).await.expect("the password stands");
            assert_eq!(next, Next::RecoveryCode);
            played.call(Some(&session), GiveCode { code: secret(&word.codes[0]) }).await.expect("the recovery code is good");
        }
        Stage::Accepted | Stage::Unknown => {
            played.first_door(email).await.expect("the password that was chosen is good");
        }
    }
}
