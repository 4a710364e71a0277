//! Policies: what holds for whom and from which day, and what saving a change asks first.

use authority::{Commit, Store};
use domain::{
    Change,
    account::Account,
    id::AccountId,
    words::{Email, Name},
};
use uuid::Uuid;
use wire::{
    Refusal, RefusalCode, SessionToken,
    account::{ChangePassword, DisableSecondFactor, ReadProfile},
    journal::ReadJournal,
    people::{ResetSecondFactor, RoleName},
    policies::{PolicyDraft, PolicyEffect, PolicyValues, Preflight, PreflightPolicy, ReadPolicies, RequiredOf, SavePolicy},
    proof::Proof,
    sign_in::{AcceptInvitation, Lock, Next, Reach, Unlock, WhoAmI},
};

use crate::played::{PASSWORD, Person, Played, secret, support};

const DAY: i64 = 24 * 60 * 60;

/// The whole of a policy as a draft, to be changed.
fn draft(values: &PolicyValues) -> PolicyDraft {
    PolicyDraft {
        required: Some(values.required),
        grace_days: Some(values.grace_days),
        may_disable: Some(values.may_disable),
        backup_codes: Some(values.backup_codes),
        recovery_hours: Some(values.recovery_hours),
        totp_window: Some(values.totp_window),
        lock_failures: Some(values.lock_failures),
        lock_minutes: Some(values.lock_minutes),
        idle_minutes: Some(values.idle_minutes),
        unlock_asks_code: Some(values.unlock_asks_code),
        offline_budget: Some(values.offline_budget),
    }
}

/// What a community says that asks nothing.
fn nothing() -> PolicyDraft {
    PolicyDraft {
        required: None,
        grace_days: None,
        may_disable: None,
        backup_codes: None,
        recovery_hours: None,
        totp_window: None,
        lock_failures: None,
        lock_minutes: None,
        idle_minutes: None,
        unlock_asks_code: None,
        offline_budget: None,
    }
}

impl Played {
    async fn policy(&self, session: &SessionToken) -> PolicyDraft {
        draft(&self.call(Some(session), ReadPolicies {}).await.expect("the policies").workspace)
    }

    async fn preflight(&self, session: &SessionToken, community: Option<Uuid>, draft: &PolicyDraft) -> Result<Preflight, Refusal> {
        let request = PreflightPolicy { community, draft: draft.clone(), search: String::new(), after: None };
        self.call(Some(session), request).await
    }

    /// Looks, and saves what was shown.
    async fn set(&self, by: &Person, community: Option<Uuid>, draft: PolicyDraft) -> Result<(), Refusal> {
        // Signed in anew: days may have passed.
        let session = self.sign_in_with_phone(by).await?;
        let seen = self.preflight(&session, community, &draft).await?.seen.expect("a first page");
        let proof = self.proof(by);
        let saved = self.call(Some(&session), SavePolicy { community, draft, seen, proof }).await;
        self.clock.turn(30);
        saved.map(|_| ())
    }

    /// Somebody who came in with a password alone.
    async fn join_without_factor(&self, by: &Person, email: &str, role: RoleName) -> (Uuid, SessionToken) {
        let (id, code) = self.invite(by, email, role).await;
        let request = AcceptInvitation { email: email.into(), code: secret(&code), password: secret(PASSWORD) };
        let (_, session) = self.call_opening(None, request).await.expect("accepted");
        (id, session.expect("a session"))
    }
}

fn effects(preflight: &Preflight) -> Vec<(&str, Vec<PolicyEffect>)> {
    preflight.rows.iter().map(|row| (row.person.email.as_str(), row.effects.clone())).collect()
}

fn code<T>(outcome: Result<T, Refusal>) -> RefusalCode {
    outcome.err().expect("a refusal").code
}

#[tokio::test(flavor = "multi_thread")]
async fn days_of_grace_pass_one_by_one_and_then_signing_in_leads_to_enrolling() {
    let (played, owner) = Played::begin().await;
    let (_, member) = played.join_without_factor(&owner, "mia@example.org", RoleName::Member).await;
    let present = played.policy(&owner.session).await;
    played.set(&owner, None, PolicyDraft { required: Some(RequiredOf::Everyone), grace_days: Some(5), ..present }).await.expect("saved");
    let profile = played.call(Some(&member), ReadProfile {}).await.expect("still in");
    let ends = profile.grace_until.expect("days of grace");
    for _day in 0..4 {
        played.clock.turn(DAY);
        let (next, session) = played.first_door("mia@example.org").await.expect("the password alone");
        assert_eq!(next, Next::In);
        assert_eq!(played.call(Some(&session), ReadProfile {}).await.expect("a profile").grace_until, Some(ends));
    }
    played.clock.turn(ends - played.clock.now().0 - 1);
    assert_eq!(played.first_door("mia@example.org").await.expect("the last second").0, Next::In);
    played.clock.turn(1);
    let (next, session) = played.first_door("mia@example.org").await.expect("the password");
    assert_eq!(next, Next::Enrol);
    assert_eq!(code(played.call(Some(&session), ReadProfile {}).await), RefusalCode::SessionStage);
    // Somebody who comes later has as many days of their own.
    let late = played.sign_in_with_phone(&owner).await.expect("the owner");
    let owner = Person { session: late, ..owner };
    let (_, newcomer) = played.join_without_factor(&owner, "lea@example.org", RoleName::Member).await;
    let theirs = played.call(Some(&newcomer), ReadProfile {}).await.expect("in").grace_until;
    assert_eq!(theirs, Some(played.clock.now().0 + 5 * DAY));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_session_whose_grace_has_ended_is_unlocked_into_enrolling() {
    let (played, owner) = Played::begin().await;
    let (_, member) = played.join_without_factor(&owner, "mia@example.org", RoleName::Member).await;
    let present = played.policy(&owner.session).await;
    played.set(&owner, None, PolicyDraft { required: Some(RequiredOf::Everyone), ..present }).await.expect("saved");
    played.call(Some(&member), Lock {}).await.expect("locked");
    let proof = Proof { password: secret(PASSWORD), code: None };
    played.call(Some(&member), Unlock { proof }).await.expect("back");
    assert_eq!(played.call(Some(&member), WhoAmI {}).await.expect("alive").reach, Reach::Enrol);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_enrolment_begun_before_a_policy_was_tightened_is_verified_after() {
    use wire::account::{BeginEnrolment, VerifyEnrolment};
    let (played, owner) = Played::begin().await;
    let (_, member) = played.join_without_factor(&owner, "mia@example.org", RoleName::Member).await;
    let proof = Some(Proof { password: secret(PASSWORD), code: None });
    let offer = played.call(Some(&member), BeginEnrolment { name: "Phone".into(), proof }).await.expect("begun");
    let present = played.policy(&owner.session).await;
    let strict = PolicyDraft { required: Some(RequiredOf::Everyone), backup_codes: Some(false), ..present };
    played.set(&owner, None, strict).await.expect("saved");
    let phone = crate::played::phone(offer.secret.expose());
    let code = secret(&phone.code(played.clock.now()));
    let enrolled = played.call(Some(&member), VerifyEnrolment { code }).await.expect("verified");
    assert!(enrolled.codes.is_empty(), "the new policy makes no backup codes");
    let profile = played.call(Some(&member), ReadProfile {}).await.expect("in");
    assert!(profile.factor.is_some() && profile.grace_until.is_none() && !profile.backup_codes);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_community_tightens_and_cannot_loosen_and_the_strictest_wins() {
    let (played, owner) = Played::begin().await;
    let community = played.community(&owner.session).await;
    let (target, mia) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    for looser in [
        PolicyDraft { grace_days: Some(1), ..nothing() },
        PolicyDraft { idle_minutes: Some(11), ..nothing() },
        PolicyDraft { lock_failures: Some(6), ..nothing() },
        PolicyDraft { lock_minutes: Some(29), ..nothing() },
        PolicyDraft { required: Some(RequiredOf::Nobody), ..nothing() },
    ] {
        assert_eq!(code(played.preflight(&owner.session, Some(community), &looser).await), RefusalCode::PolicyLoosened, "{looser:?}");
    }
    let bounds = PolicyDraft { lock_failures: Some(2), ..nothing() };
    assert_eq!(code(played.preflight(&owner.session, Some(community), &bounds).await), RefusalCode::PolicyOutOfBounds);
    let strict = PolicyDraft {
        may_disable: Some(false),
        backup_codes: Some(false),
        recovery_hours: Some(2),
        idle_minutes: Some(2),
        unlock_asks_code: Some(true),
        ..nothing()
    };
    let shown = played.preflight(&owner.session, Some(community), &strict).await.expect("a preflight");
    assert_eq!(effects(&shown), [("mia@example.org", vec![PolicyEffect::LosesBackupCodes, PolicyEffect::MayNoLongerDisable])]);
    played.set(&owner, Some(community), strict).await.expect("saved");

    let owner = Person { session: played.sign_in_with_phone(&owner).await.expect("owner"), ..owner };
    let session = played.sign_in_with_phone(&mia).await.expect("her phone still opens");
    let profile = played.call(Some(&session), ReadProfile {}).await.expect("in");
    assert_eq!(
        (profile.disable_refused, profile.disable_refused_by.as_slice()),
        (Some(RefusalCode::DisableForbidden), &["Harbour".to_owned()][..])
    );
    let proof = played.proof(&mia);
    assert_eq!(code(played.call(Some(&session), DisableSecondFactor { proof }).await), RefusalCode::DisableForbidden);
    assert_eq!(code(played.sign_in("mia@example.org", &mia.codes[0]).await), RefusalCode::BackupCodesOff);

    // The password alone no longer unlocks, and the window locks after two minutes.
    played.call(Some(&session), Lock {}).await.expect("locked");
    let alone = Proof { password: secret(PASSWORD), code: None };
    assert_eq!(code(played.call(Some(&session), Unlock { proof: alone }).await), RefusalCode::FactorNeeded);
    let proof = played.proof(&mia);
    played.call(Some(&session), Unlock { proof }).await.expect("back with a code");
    played.clock.turn(2 * 60);
    assert_eq!(code(played.call(Some(&session), ReadProfile {}).await), RefusalCode::SessionIdle);

    // The owner is no member of it: the workspace's rules hold.
    assert!(played.is_signed_in(&owner.session).await);
    let proof = played.proof(&owner);
    let issued = played.call(Some(&owner.session), ResetSecondFactor { account: target, support: support(), proof }).await.expect("reset");
    assert_eq!(issued.expires_at - played.clock.now().0, 2 * 60 * 60, "the validity is that of the one who is to use it");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_locks_out_the_last_one_able_to_administer() {
    let (played, owner) = Played::begin().await;
    let present = played.policy(&owner.session).await;
    played.set(&owner, None, PolicyDraft { required: Some(RequiredOf::Nobody), ..present.clone() }).await.expect("saved");
    let session = played.sign_in_with_phone(&owner).await.expect("in");
    let proof = played.proof(&owner);
    played.call(Some(&session), DisableSecondFactor { proof }).await.expect("nobody is asked to");
    let (_, session) = played.first_door(&owner.email).await.expect("the password alone");

    let strict = PolicyDraft { required: Some(RequiredOf::Staff), grace_days: Some(0), ..present };
    let shown = played.preflight(&session, None, &strict).await.expect("a preflight");
    assert_eq!(shown.refused, Some(RefusalCode::LastAdministrator));
    assert_eq!(effects(&shown), [("olive@example.org", vec![PolicyEffect::LockedOut])]);
    let proof = Proof { password: secret(PASSWORD), code: None };
    let save = SavePolicy { community: None, draft: strict.clone(), seen: shown.seen.expect("shown"), proof: proof.clone() };
    assert_eq!(code(played.call(Some(&session), save).await), RefusalCode::LastAdministrator);

    let graceful = PolicyDraft { grace_days: Some(3), ..strict };
    let shown = played.preflight(&session, None, &graceful).await.expect("a preflight");
    assert_eq!((shown.refused, shown.rows[0].until), (None, Some(played.clock.now().0 + 3 * DAY)));
    let save = SavePolicy { community: None, draft: graceful, seen: shown.seen.expect("shown"), proof };
    played.call(Some(&session), save).await.expect("with days of grace");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_shown_is_what_is_saved_or_it_is_asked_again() {
    let (played, owner) = Played::begin().await;
    let present = played.policy(&owner.session).await;
    let everyone = PolicyDraft { required: Some(RequiredOf::Everyone), grace_days: Some(2), ..present };
    let before = played.preflight(&owner.session, None, &everyone).await.expect("a preflight");
    assert_eq!((before.total, before.rows.len()), (Some(0), 0), "nobody is affected");
    played.join_without_factor(&owner, "mia@example.org", RoleName::Member).await;
    let proof = played.proof(&owner);
    let save = |seen: Option<String>, proof| SavePolicy { community: None, draft: everyone.clone(), seen: seen.expect("shown"), proof };
    let stale = played.call(Some(&owner.session), save(before.seen, proof)).await;
    assert_eq!(code(stale), RefusalCode::PreflightStale);
    let again = played.preflight(&owner.session, None, &everyone).await.expect("a preflight");
    assert_eq!(effects(&again), [("mia@example.org", vec![PolicyEffect::Obliged])]);
    // Another minute does not make it another list; another draft does.
    played.clock.turn(60);
    let other = PolicyDraft { grace_days: Some(1), ..everyone.clone() };
    let proof = played.proof(&owner);
    let wrong = SavePolicy { community: None, draft: other, seen: again.seen.clone().expect("shown"), proof };
    assert_eq!(code(played.call(Some(&owner.session), wrong).await), RefusalCode::PreflightStale);
    let proof = played.proof(&owner);
    played.call(Some(&owner.session), save(again.seen, proof)).await.expect("as shown");
    let journal = played.call(Some(&owner.session), ReadJournal { person: None, before: None }).await.expect("the journal");
    let entry = journal.rows.iter().find(|row| row.kind == "policy.changed").expect("written down");
    assert_eq!(entry.words.get("required").map(String::as_str), Some("staff → everyone"));
}

#[tokio::test(flavor = "multi_thread")]
async fn policies_are_changed_by_those_who_may_and_refusals_are_journalled() {
    let (played, owner) = Played::begin().await;
    let community = played.community(&owner.session).await;
    let present = played.policy(&owner.session).await;
    let (_, administrator) = played.join(&owner, "ada@example.org", RoleName::Administrator).await;
    let (_, support) = played.join(&owner, "sam@example.org", RoleName::Support).await;
    let tight = PolicyDraft { idle_minutes: Some(5), ..nothing() };
    for (who, whose, draft) in
        [(&administrator, None, &present), (&support, Some(community), &tight), (&administrator, Some(Uuid::from_u128(7)), &tight)]
    {
        assert_eq!(code(played.preflight(&who.session, whose, draft).await), RefusalCode::NotAllowed);
        let proof = played.proof(who);
        let save = SavePolicy { community: whose, draft: draft.clone(), seen: String::new(), proof };
        assert_eq!(code(played.call(Some(&who.session), save).await), RefusalCode::NotAllowed);
    }
    assert_eq!(code(played.call(Some(&support.session), ReadPolicies {}).await), RefusalCode::NotAllowed);
    let seen = played.call(Some(&administrator.session), ReadPolicies {}).await.expect("her community's");
    assert_eq!((seen.may_change, seen.communities.len()), (false, 1));
    played.set(&administrator, Some(community), tight).await.expect("her own community");
    let journal = played.call(Some(&owner.session), ReadJournal { person: None, before: None }).await.expect("the journal");
    assert_eq!(journal.rows.iter().filter(|row| row.kind == "gate.refused").count(), 7);
    assert_eq!(journal.rows.iter().filter(|row| row.kind == "policy.community-changed").count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_too_short_to_stand_alone_has_no_days_of_grace() {
    let (played, owner) = Played::begin().await;
    let (_, session) = played.join_without_factor(&owner, "mia@example.org", RoleName::Member).await;
    let short = secret("granite-otter");
    let proof = Proof { password: secret(PASSWORD), code: None };
    let refused = played.call(Some(&session), ChangePassword { proof, password: short.clone() }).await;
    assert_eq!(code(refused), RefusalCode::PasswordCannotStandAlone);
    let present = played.policy(&owner.session).await;
    played.set(&owner, None, PolicyDraft { required: Some(RequiredOf::Everyone), grace_days: Some(9), ..present }).await.expect("saved");
    let owner = Person { session: played.sign_in_with_phone(&owner).await.expect("in"), ..owner };
    let (_, invitation) = played.invite(&owner, "lea@example.org", RoleName::Member).await;
    let request = AcceptInvitation { email: "lea@example.org".into(), code: secret(&invitation), password: short };
    let (step, _) = played.call_opening(None, request).await.expect("accepted");
    assert_eq!(step.next, Next::Enrol);
}

/// So many more accounts like this one, in the store itself.
async fn crowd(played: &Played, like: Uuid, count: u128) {
    let store = played.authority.store();
    let model = store.account(AccountId(like)).await.expect("a read").expect("an account").record;
    let numbers: Vec<u128> = (0..count).collect();
    for chunk in numbers.chunks(1_000) {
        let changes = chunk.iter().map(|number| {
            let email = Email::read(&format!("crowd{number}@example.org")).expect("an address");
            let name = Name::read(&format!("Crowd {}", number % 7)).expect("a name");
            Change::Account(Box::new(Account { id: AccountId(Uuid::from_u128(number + 1)), name, email, ..model.clone() }))
        });
        let at = played.clock.now();
        let commit = Commit { at, read: Vec::new(), changes: changes.collect(), entries: Vec::new(), notices: Vec::new() };
        store.commit(commit).await.expect("written");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_person_affected_is_counted_and_listed_once_however_many() {
    let (played, owner) = Played::begin().await;
    let (mia, _) = played.join_without_factor(&owner, "mia@example.org", RoleName::Member).await;
    crowd(&played, mia, 1_200).await;
    let present = played.policy(&owner.session).await;
    let everyone = PolicyDraft { required: Some(RequiredOf::Everyone), ..present };
    let first = played.preflight(&owner.session, None, &everyone).await.expect("a preflight");
    let counts: Vec<_> = first.counts.iter().flatten().map(|count| (count.effect, count.people)).collect();
    assert_eq!(first.total, Some(1_201));
    assert_eq!(counts[0], (PolicyEffect::LockedOut, 1_201));
    assert!(counts[1..].iter().all(|(_, people)| *people == 0));
    let mut listed: Vec<_> = first.rows.iter().map(|row| row.person.id).collect();
    let mut next = first.next;
    while let Some(after) = next {
        let request = PreflightPolicy { community: None, draft: everyone.clone(), search: String::new(), after: Some(after) };
        let page = played.call(Some(&owner.session), request).await.expect("a page");
        assert!(page.seen.is_none(), "only the whole can be saved");
        listed.extend(page.rows.iter().map(|row| row.person.id));
        next = page.next;
    }
    let all = listed.len();
    listed.sort_unstable();
    listed.dedup();
    assert_eq!((all, listed.len()), (1_201, 1_201));
    let search = PreflightPolicy { community: None, draft: everyone, search: "crowd1199@".into(), after: None };
    let found = played.call(Some(&owner.session), search).await.expect("a page");
    assert_eq!(effects(&found), [("crowd1199@example.org", vec![PolicyEffect::LockedOut])]);
}
