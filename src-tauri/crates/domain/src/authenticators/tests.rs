use super::*;
use crate::{
    enrolment,
    gate::Role,
    oath::OathSecret,
    sign_in::{Next, with_code},
    testing::*,
};

/// Somebody with as many authenticators as there are names; the first is asked first.
fn with(names: &[&str]) -> (Account, Vec<AuthenticatorId>) {
    let mut account = enrolled(person(1, Some(Role::Member))).account;
    let SecondFactor::Active(factors) = &mut account.second_factor else { panic!("active") };
    let pattern = factors.authenticators[0].clone();
    factors.authenticators = (0u64..)
        .zip(names)
        .map(|(n, name)| crate::factor::Authenticator {
            id: AuthenticatorId::random(&mut Counting(900 + n)),
            name: Name::read(name).expect("a name"),
            added_at: NOW.plus(n.cast_signed()),
            used_at: None,
            ..pattern.clone()
        })
        .collect();
    factors.preferred = factors.authenticators[0].id;
    let ids = factors.authenticators.iter().map(|each| each.id).collect();
    (account, ids)
}

fn active(account: &Account) -> &Factors {
    let SecondFactor::Active(factors) = &account.second_factor else { panic!("active") };
    factors
}

fn full(account: &Account) -> Session {
    Session { factor_at: Some(NOW), ..session(account, Stage::Full) }
}

fn name(text: &str) -> Name {
    Name::read(text).expect("a name")
}

fn try_remove(account: &Account, id: AuthenticatorId) -> Decision<()> {
    remove(&Policy::default(), account.clone(), full(account), &proof(true, None), id, false, NOW)
}

#[test]
fn names_are_unique_whatever_their_case() {
    let (account, ids) = with(&["Phone", "Éclair"]);
    let try_rename = |id, text| rename(account.clone(), &full(&account), id, name(text)).verdict;
    assert_eq!(try_rename(ids[0], "ÉCLAIR"), Err(Refusal::AuthenticatorNameTaken));
    assert_eq!(try_rename(ids[0], "PHONE"), Ok(()), "one's own name in another case is no other's");
    assert_eq!(try_rename(ids[0], "Tablet 🦀"), Ok(()));

    let pending = |text| crate::factor::PendingEnrolment { name: name(text), ..begun_enrolment(&full(&account), NOW) };
    let begin = |text| enrolment::begin(&Policy::default(), account.clone(), full(&account), Some(&proof(true, None)), pending(text), NOW);
    assert_eq!(begin("phone").verdict, Err(Refusal::AuthenticatorNameTaken));
    let begun = written(&begin("Tablet")).expect("begun");
    let renamed = written(&rename(begun, &full(&account), ids[0], name("TABLET"))).expect("renamed");
    let secret = OathSecret::random(&mut Counting(3));
    let verified = enrolment::verify(&Policy::default(), renamed, full(&account), &secret, &secret.code_at(NOW), hashed_set(&[]), NOW);
    assert_eq!(verified.verdict, Err(Refusal::AuthenticatorNameTaken), "also when the name was given away meanwhile");
}

#[test]
fn renaming_is_journalled_with_both_names_and_naming_it_the_same_is_nothing() {
    let (account, ids) = with(&["Phone", "Tablet"]);
    let decision = rename(account.clone(), &full(&account), ids[1], name("Safe"));
    let words = &decision.events[0].words;
    assert_eq!(
        (decision.events[0].kind, words["authenticator"].as_str(), words["before"].as_str()),
        (EventKind::AuthenticatorRenamed, "Safe", "Tablet")
    );
    let same = rename(account.clone(), &full(&account), ids[1], name("Tablet"));
    assert!(same.verdict.is_ok() && same.changes.is_empty() && same.events.is_empty());
}

#[test]
fn the_last_one_is_not_removed_here() {
    let (account, ids) = with(&["Phone"]);
    let decision = try_remove(&account, ids[0]);
    assert_eq!(decision.verdict, Err(Refusal::LastAuthenticator));
    assert!(decision.changes.is_empty());
}

#[test]
fn removing_asks_for_the_password_and_a_fresh_factor() {
    let (account, ids) = with(&["Phone", "Tablet"]);
    let mut stale = full(&account);
    stale.factor_at = None;
    let policy = Policy::default();
    let try_with = |session: &Session, proof: &Proof| remove(&policy, account.clone(), session.clone(), proof, ids[1], true, NOW).verdict;
    assert_eq!(try_with(&full(&account), &proof(false, None)), Err(Refusal::WrongPassword));
    assert_eq!(try_with(&stale, &proof(true, None)), Err(Refusal::FactorNeeded));
    assert_eq!(try_with(&full(&account), &proof(true, None)), Ok(()));
}

#[test]
fn a_removed_one_is_told_journalled_and_opens_nothing() {
    let held = enrolled(person(1, Some(Role::Member)));
    let (mut account, _) = with(&["Phone", "Tablet"]);
    let SecondFactor::Active(factors) = &mut account.second_factor else { panic!("active") };
    let lost = active(&held.account).authenticators[0].id;
    factors.authenticators[0].id = lost;
    let decision = try_remove(&account, lost);
    assert_eq!(decision.events[0].words["authenticator"], "Phone");
    assert!(matches!(decision.notices[..], [crate::Notice { kind: NoticeKind::AuthenticatorRemoved, to, .. }] if to == account.id));
    let account = written(&decision).expect("written");
    let mut tried = digits(&held.account, &held.secret, held.secret.code_at(NOW.plus(90)));
    tried.secrets[0].0 = lost;
    let session = session(&account, Stage::SecondFactor);
    assert_eq!(
        with_code(&Policy::default(), account, session, &tried, NOW.plus(90)).verdict.map(|next| next == Next::In),
        Err(Refusal::CodeWrong)
    );
}

#[test]
fn other_sessions_end_only_when_that_is_asked_for_and_never_ones_own() {
    let (account, ids) = with(&["Phone", "Tablet"]);
    let own = full(&account);
    for elsewhere in [false, true] {
        let decision = remove(&Policy::default(), account.clone(), own.clone(), &proof(true, None), ids[0], elsewhere, NOW);
        let ended = decision
            .changes
            .iter()
            .any(|change| matches!(change, Change::EndSessions(id, Some(kept)) if *id == account.id && *kept == own.id));
        assert_eq!(ended, elsewhere);
        assert!(!decision.changes.iter().any(|change| matches!(change, Change::EndSessions(_, None))));
    }
}

#[test]
fn removing_the_preferred_one_falls_back_to_the_one_used_last() {
    let (mut account, ids) = with(&["A", "B", "C", "D"]);
    let SecondFactor::Active(factors) = &mut account.second_factor else { panic!("active") };
    factors.authenticators[1].used_at = Some(NOW.plus(500));
    factors.authenticators[2].used_at = Some(NOW.plus(900));
    let fallback = |account: &Account, id| written(&try_remove(account, id)).map(|account| active(&account).preferred).expect("written");
    assert_eq!(fallback(&account, ids[0]), ids[2]);
    assert_eq!(fallback(&account, ids[2]), ids[0], "another's removal leaves it");
    let SecondFactor::Active(factors) = &mut account.second_factor else { panic!("active") };
    factors.authenticators.iter_mut().for_each(|each| each.used_at = None);
    assert_eq!(fallback(&account, ids[0]), ids[3], "none was used: the one added last");
}

#[test]
fn the_preferred_one_stays_when_another_is_added_or_codes_are_renewed() {
    let (account, ids) = with(&["Phone", "Tablet"]);
    let account = written(&prefer(account.clone(), &full(&account), ids[1])).expect("preferred");
    let session = full(&account);
    let pending = crate::factor::PendingEnrolment { name: name("Third"), ..begun_enrolment(&session, NOW) };
    let begun =
        written(&enrolment::begin(&Policy::default(), account, session.clone(), Some(&proof(true, None)), pending, NOW)).expect("begun");
    let secret = OathSecret::random(&mut Counting(3));
    let added =
        written(&enrolment::verify(&Policy::default(), begun, session.clone(), &secret, &secret.code_at(NOW), hashed_set(&[]), NOW))
            .expect("added");
    assert_eq!((active(&added).authenticators.len(), active(&added).preferred), (3, ids[1]));
    let renewed = crate::profile::renew_backup_codes(&Policy::default(), added, session, &proof(true, None), hashed_set(&[]), NOW);
    assert_eq!(active(&written(&renewed).expect("renewed")).preferred, ids[1]);
}

#[test]
fn nothing_of_it_before_both_doors_nor_with_an_authenticator_of_somebody_else() {
    let (account, ids) = with(&["Phone", "Tablet"]);
    let stranger = AuthenticatorId::random(&mut Counting(1));
    for stage in [Stage::SecondFactor, Stage::Enrol { by_recovery: false }, Stage::Locked] {
        let early = session(&account, stage);
        let answers = [
            rename(account.clone(), &early, ids[0], name("X")).verdict,
            prefer(account.clone(), &early, ids[1]).verdict,
            remove(&Policy::default(), account.clone(), early, &proof(true, None), ids[0], false, NOW).verdict,
        ];
        assert!(answers.iter().all(|answer| *answer == Err(Refusal::SessionStage)));
    }
    let answers = [
        rename(account.clone(), &full(&account), stranger, name("X")).verdict,
        prefer(account.clone(), &full(&account), stranger).verdict,
        try_remove(&account, stranger).verdict,
    ];
    assert!(answers.iter().all(|answer| *answer == Err(Refusal::AuthenticatorGone)));
}

proptest::proptest! {
    /// Whatever is done, in whatever order: there is one, the one asked first is there, and no two have the same name.
    #[test]
    fn there_is_always_one_to_ask_first_and_no_two_have_a_name(acts in proptest::collection::vec((0u8..4, 0usize..6, 0usize..4), 1..40)) {
        let names = ["phone", "Phone", "TABLET", "safe"];
        let (mut account, _) = with(&["Phone"]);
        for (n, (act, which, text)) in (1_000u64..).zip(acts) {
            let ids: Vec<_> = active(&account).authenticators.iter().map(|each| each.id).collect();
            let (id, session) = (ids[which % ids.len()], full(&account));
            let text = name(names[text]);
            let decision = match act {
                0 => rename(account.clone(), &session, id, text),
                1 => prefer(account.clone(), &session, id),
                2 => try_remove(&account, id),
                _ => {
                    let pending = crate::factor::PendingEnrolment { id: AuthenticatorId::random(&mut Counting(n)), name: text, ..begun_enrolment(&session, NOW) };
                    let begun = enrolment::begin(&Policy::default(), account.clone(), session.clone(), Some(&proof(true, None)), pending, NOW);
                    let Ok(()) = begun.verdict else { continue };
                    let secret = OathSecret::random(&mut Counting(n));
                    let verified = enrolment::verify(&Policy::default(), written(&begun).expect("begun"), session, &secret, &secret.code_at(NOW), hashed_set(&[]), NOW);
                    account = written(&verified).expect("verified");
                    continue;
                }
            };
            if decision.verdict.is_ok() {
                account = written(&decision).unwrap_or(account);
            }
            let factors = active(&account);
            let distinct: std::collections::BTreeSet<_> = factors.authenticators.iter().map(|each| each.name.folded()).collect();
            proptest::prop_assert_eq!(distinct.len(), factors.authenticators.len());
            proptest::prop_assert!(factors.first_asked().is_some());
        }
    }
}
