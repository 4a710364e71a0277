use secrecy::ExposeSecret;

use super::*;
use crate::{
    code::{Code, Kind},
    gate::Role,
    policy::Policy,
    session::Stage,
    testing::{Counting, NOW, enrolled, person, proof, session, session_id},
};

fn id(number: u128) -> DeviceId {
    DeviceId(uuid::Uuid::from_u128(number))
}

fn code(seed: u64) -> PairingCode {
    PairingCode::new(Code::random(Kind::Pairing, &mut Counting(seed)), None).expect("a pairing code")
}

fn new(seed: u64) -> NewDevice {
    NewDevice { id: id(u128::from(seed)), name: Name::read("Desk of Sam").expect("a name"), hash: code(seed).hash() }
}

fn key() -> PublicKey {
    PublicKey::from_bytes(ed25519_dalek::SigningKey::from_bytes(&[7; 32]).verifying_key().to_bytes()).expect("a key")
}

fn written<T>(decision: &Decision<T>) -> Option<Device> {
    decision.changes.iter().rev().find_map(|change| if let Change::Device(device) = change { Some((**device).clone()) } else { None })
}

fn counted<T>(decision: &Decision<T>) -> Option<Failures> {
    decision.changes.iter().find_map(|change| if let Change::Throttle(_, failures) = change { Some(failures.clone()) } else { None })
}

fn invited() -> Device {
    written(&invite_at_console(new(1), NOW)).expect("invited")
}

fn tried() -> PairTry {
    PairTry { key: [0; 32], failures: Failures::default(), shown: key(), name: None }
}

fn paired() -> Device {
    written(&pair(tried(), Some(invited()), &[], NOW)).expect("paired")
}

fn kinds<T>(decision: &Decision<T>) -> Vec<&'static str> {
    decision.events.iter().map(|event| event.kind.as_str()).collect()
}

#[test]
fn only_an_owner_who_proves_it_invites_and_revokes() {
    let policy = Policy::default();
    let invite = |actor: &Account, right| invite(&policy, actor.clone(), session(actor, Stage::Full), new(1), &proof(right, None), NOW);
    let revoke = |actor: &Account, right| {
        revoke(&policy, actor.clone(), session(actor, Stage::Full), Some((paired(), Vec::new())), &proof(right, None), NOW.plus(9))
    };
    let owner = person(1, None);
    let done = invite(&owner, true);
    assert_eq!((done.verdict.clone(), kinds(&done)), (Ok(NOW.plus(15 * MINUTE)), vec!["device.invited"]));
    assert_eq!((done.events[0].actor, done.events[0].words["name"].as_str()), (Some(owner.id), "Desk of Sam"));
    assert_eq!(written(&done).expect("written").invited_by, Some(owner.id));
    assert_eq!(kinds(&revoke(&owner, true)), ["device.revoked"]);
    assert_eq!(invite(&owner, false).verdict, Err(Refusal::WrongPassword));
    assert_eq!(revoke(&owner, false).verdict, Err(Refusal::WrongPassword));
    assert!(written(&invite(&owner, false)).is_none() && written(&revoke(&owner, false)).is_none());
    for role in [Role::Administrator, Role::Support, Role::Member] {
        let other = person(2, Some(role));
        assert_eq!(invite(&other, true).verdict, Err(Refusal::NotAllowed), "{role:?}");
        assert_eq!(revoke(&other, true).verdict, Err(Refusal::NotAllowed), "{role:?}");
    }
}

#[test]
fn inviting_and_revoking_ask_for_a_fresh_second_factor() {
    let owner = enrolled(person(1, None)).account;
    let stale = || session(&owner, Stage::Full);
    let policy = Policy::default();
    let asked = invite(&policy, owner.clone(), stale(), new(1), &proof(true, None), NOW);
    assert_eq!(asked.verdict, Err(Refusal::FactorNeeded));
    let asked = revoke(&policy, owner.clone(), stale(), Some((paired(), Vec::new())), &proof(true, None), NOW);
    assert_eq!(asked.verdict, Err(Refusal::FactorNeeded));
    let fresh = Session { factor_at: Some(NOW.plus(-60)), ..stale() };
    assert!(invite(&policy, owner.clone(), fresh, new(1), &proof(true, None), NOW).verdict.is_ok());
}

#[test]
fn a_code_pairs_once_and_every_owner_is_told() {
    let owners = [AccountId(uuid::Uuid::from_u128(1)), AccountId(uuid::Uuid::from_u128(2))];
    let done = pair(tried(), Some(invited()), &owners, NOW.plus(60));
    assert_eq!((done.verdict.clone(), kinds(&done)), (Ok(id(1)), vec!["device.paired"]));
    let told: Vec<_> = done.notices.iter().map(|notice| (notice.to, notice.kind, notice.words["name"].as_str())).collect();
    assert_eq!(told, owners.map(|owner| (owner, NoticeKind::DevicePaired, "Desk of Sam")));
    let device = written(&done).expect("written");
    assert!(matches!(device.state, State::Paired { key: kept, paired_at } if kept == key() && paired_at == NOW.plus(60)));
    assert_eq!((device.code_hash(), device.person), (None, None), "nothing finds it by its code any more, and it is nobody's yet");
    let again = pair(tried(), Some(device), &owners, NOW.plus(61));
    assert_eq!((again.verdict, again.notices.len()), (Err(Refusal::PairingCodeWrong), 0));
}

#[test]
fn the_desktop_may_call_itself_otherwise_and_the_journal_says_both() {
    let name = Name::read("Front desk 2").expect("a name");
    let done = pair(PairTry { name: Some(name.clone()), ..tried() }, Some(invited()), &[], NOW);
    assert_eq!(written(&done).expect("written").name, name);
    let words = &done.events[0].words;
    assert_eq!((words["name"].as_str(), words["before"].as_str()), ("Front desk 2", "Desk of Sam"));
}

/// Unknown, used, late, taken back, and invited by a clock that ran ahead: one answer, one count.
#[test]
fn codes_that_do_not_pair_are_answered_and_counted_alike() {
    let owner = person(1, None);
    let policy = Policy::default();
    let invited_once = Some((invited(), Vec::new()));
    let back = revoke(&policy, owner.clone(), session(&owner, Stage::Full), invited_once, &proof(true, None), NOW);
    let taken_back = written(&back).expect("written");
    assert_eq!(taken_back.code_hash(), None);
    let far_ahead = written(&invite_at_console(new(1), NOW.plus(3 * HOUR))).expect("invited");
    let cases =
        [(None, NOW), (Some(invited()), NOW.plus(15 * MINUTE)), (Some(paired()), NOW), (Some(taken_back), NOW), (Some(far_ahead), NOW)];
    let answers: Vec<_> = cases
        .into_iter()
        .map(|(found, now)| {
            let refused = pair(tried(), found, &[owner.id], now);
            assert!(written(&refused).is_none() && refused.events.is_empty() && refused.notices.is_empty());
            (refused.verdict.clone(), counted(&refused).map(|failures| failures.in_a_row()))
        })
        .collect();
    assert_eq!(answers, vec![(Err(Refusal::PairingCodeWrong), Some(1)); 5]);
    assert!(pair(tried(), Some(invited()), &[], NOW.plus(15 * MINUTE - 1)).verdict.is_ok(), "to the last second");
}

#[test]
fn after_five_wrong_codes_a_right_one_waits_too() {
    let mut failures = Failures::default();
    for _ in 0..5 {
        failures = counted(&pair(PairTry { failures, ..tried() }, None, &[], NOW)).expect("counted");
    }
    let waits = pair(PairTry { failures: failures.clone(), ..tried() }, Some(invited()), &[], NOW.plus(1));
    assert!(matches!(waits.verdict, Err(Refusal::Wait(_))) && waits.changes.is_empty());
    assert!(open(&failures, NOW.plus(1)).is_err());
    let later = pair(PairTry { failures, ..tried() }, Some(invited()), &[], NOW.plus(5 * MINUTE));
    assert!(later.verdict.is_ok() && counted(&later).is_some_and(|failures| failures.is_empty()));
}

#[test]
fn revoking_ends_the_sessions_of_the_device_after_all_else_and_happens_once() {
    let owner = enrolled(person(1, None));
    let own = Session { factor_at: Some(NOW), device: Some(id(1)), ..session(&owner.account, Stage::Full) };
    let policy = Policy::default();
    let there = vec![AccountId(uuid::Uuid::from_u128(3))];
    let revoke = |device: Option<Device>, session| {
        let device = device.map(|device| (device, there.clone()));
        revoke(&policy, owner.account.clone(), session, device, &proof(true, None), NOW.plus(9))
    };
    let done = revoke(Some(paired()), own.clone());
    assert!(done.verdict.is_ok());
    assert!(matches!(done.changes.last(), Some(Change::EndSessionsThrough(ended)) if *ended == id(1)), "also the one it was done in");
    let device = written(&done).expect("written");
    assert!(matches!(device.state, State::Revoked { at, by, paired: Some(_) } if at == NOW.plus(9) && by == Some(owner.account.id)));
    assert_eq!(device.signed_in, there, "whoever was signed in there is known afterwards");
    let again = revoke(Some(device), own.clone());
    assert!(again.verdict.is_ok() && again.changes.is_empty() && again.events.is_empty());
    assert_eq!(revoke(None, own).verdict, Err(Refusal::DeviceGone), "nothing is said of the device that asks");
}

#[test]
fn a_device_is_whose_first_came_in_by_it_and_is_noted_by_the_hour() {
    let (ada, grace) = (AccountId(uuid::Uuid::from_u128(1)), AccountId(uuid::Uuid::from_u128(2)));
    let seen = paired().noted(None, NOW).expect("never seen before");
    assert_eq!((seen.person, seen.seen_at), (None, Some(NOW)));
    assert!(seen.noted(None, NOW.plus(HOUR - 1)).is_none());
    assert_eq!(seen.noted(None, NOW.plus(HOUR)).expect("an hour later").seen_at, Some(NOW.plus(HOUR)));
    assert!(seen.noted(None, NOW.plus(-HOUR)).is_some(), "a clock that was ahead is put right");
    let hers = seen.noted(Some(ada), NOW.plus(1)).expect("hers at once");
    assert_eq!(hers.person, Some(ada));
    assert!(hers.noted(Some(grace), NOW.plus(2)).is_none(), "and nobody else's");
    assert_eq!(hers.noted(Some(grace), NOW.plus(2 * HOUR)).expect("noted").person, Some(ada), "not later either");
}

#[test]
fn a_device_proves_itself_with_its_own_key_over_this_very_request() {
    use ed25519_dalek::{Signer, SigningKey};
    let own = SigningKey::from_bytes(&[7; 32]);
    let workspace = crate::id::WorkspaceId(uuid::Uuid::from_u128(9));
    let (device, token) = (paired(), Some(session_id(1)));
    let asked = Asked { workspace, device: device.id, path: "/v1/who-am-i", body: [1; 32], session: token };
    let signature = own.sign(&asked.text()).to_bytes();
    assert_eq!(device.proved(&asked, &signature), Ok(()));
    let others = [
        Asked { workspace: crate::id::WorkspaceId(uuid::Uuid::from_u128(8)), ..asked },
        Asked { device: id(2), ..asked },
        Asked { path: "/v1/who-am-j", ..asked },
        Asked { body: [2; 32], ..asked },
        Asked { session: None, ..asked },
        Asked { session: Some(session_id(2)), ..asked },
    ];
    for other in &others {
        assert_eq!(device.proved(other, &signature), Err(Refusal::DeviceUnknown), "{other:?}");
    }
    let elsewhere = own.sign(&others[1].text()).to_bytes();
    assert_eq!(device.proved(&others[1], &elsewhere), Err(Refusal::DeviceUnknown), "its key, and another's name");
    let stolen = SigningKey::from_bytes(&[8; 32]).sign(&asked.text()).to_bytes();
    assert_eq!(device.proved(&asked, &stolen), Err(Refusal::DeviceUnknown));
    assert_eq!(invited().proved(&asked, &signature), Err(Refusal::DeviceUnknown), "not before it is paired");

    let owner = person(1, None);
    let end = |device| {
        let device = Some((device, Vec::new()));
        let done = revoke(&Policy::default(), owner.clone(), session(&owner, Stage::Full), device, &proof(true, None), NOW);
        written(&done).expect("written")
    };
    assert_eq!(end(paired()).proved(&asked, &signature), Err(Refusal::DeviceRevoked), "whoever has the key is told");
    assert_eq!(end(paired()).proved(&asked, &stolen), Err(Refusal::DeviceUnknown), "and nobody else");
    assert_eq!(end(invited()).proved(&asked, &signature), Err(Refusal::DeviceUnknown));
    assert_eq!(end(paired()).in_use(), Err(Refusal::DeviceRevoked));
    assert_eq!((paired().in_use(), invited().in_use()), (Ok(()), Err(Refusal::DeviceRevoked)));
}

#[test]
fn a_record_comes_back_as_it_was_written_and_shows_no_hash() {
    for device in [invited(), paired()] {
        let text = serde_json::to_string(&device).expect("written");
        let read: Device = serde_json::from_str(&text).expect("read");
        assert_eq!(serde_json::to_string(&read).expect("written"), text);
    }
    let hash = data_encoding::BASE64.encode(&invited().code_hash().expect("a hash").0);
    assert!(!format!("{:?}", invited()).contains(&hash));
    assert!(!format!("{:?}", code(1)).contains(code(1).canonical().expose_secret()));
}
