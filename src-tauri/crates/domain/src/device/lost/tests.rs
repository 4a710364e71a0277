use super::*;
use crate::{
    gate::Role,
    id::DeviceId,
    testing::{NOW, person},
};

fn who(number: u128) -> AccountId {
    AccountId(uuid::Uuid::from_u128(number))
}

fn device(state: State) -> Device {
    Device {
        id: DeviceId(uuid::Uuid::from_u128(1)),
        name: Name::read("Quay").expect("a name"),
        state,
        invited_by: None,
        invited_at: NOW,
        person: None,
        seen_at: None,
        signed_in: Vec::new(),
        told: Vec::new(),
    }
}

fn key() -> crate::device::PublicKey {
    let key = ed25519_dalek::SigningKey::from_bytes(&[5; 32]).verifying_key();
    crate::device::PublicKey::read(&data_encoding::BASE64.encode(key.as_bytes())).expect("a key")
}

fn revoked() -> Device {
    device(State::Revoked { at: NOW, by: None, paired: Some((key(), NOW)) })
}

fn concerned(numbers: &[u128]) -> Vec<Concerned> {
    let by = Some((who(90), Name::read("Sam").expect("a name")));
    numbers.iter().map(|number| Concerned { person: who(*number), why: Concern::Issued, by: by.clone() }).collect()
}

fn written(decision: &Decision<Tally>) -> Option<Device> {
    decision.changes.iter().find_map(|change| if let Change::Device(device) = change { Some((**device).clone()) } else { None })
}

#[test]
fn each_is_told_once_and_the_journal_says_how_many() {
    let owner = person(1, None);
    let done = tell(&owner, Some(revoked()), &concerned(&[11, 12]), NOW.plus(60));
    assert_eq!(done.verdict, Ok(Tally { now: 2, before: None }));
    let told: Vec<_> = done.notices.iter().map(|notice| (notice.to, notice.kind, notice.about)).collect();
    assert_eq!(told, [11, 12].map(|number| (who(number), NoticeKind::DeviceLost, Some(who(90)))));
    let words = &done.notices[0].words;
    assert_eq!((words["device"].as_str(), words["to"].as_str(), words["by"].as_str()), ("Quay", "issued", "Sam"));
    let event = &done.events[0];
    assert_eq!((event.kind, event.actor, event.words["people"].as_str()), (EventKind::DeviceLostTold, Some(owner.id), "2"));

    let device = written(&done).expect("written");
    let again = tell(&owner, Some(device.clone()), &concerned(&[11, 12]), NOW.plus(90));
    assert_eq!(again.verdict, Ok(Tally { now: 0, before: Some(NOW.plus(60)) }));
    assert!(again.changes.is_empty() && again.events.is_empty() && again.notices.is_empty());

    let more = tell(&owner, Some(device), &concerned(&[12, 13]), NOW.plus(90));
    assert_eq!(more.verdict, Ok(Tally { now: 1, before: Some(NOW.plus(60)) }));
    assert_eq!(more.notices.iter().map(|notice| notice.to).collect::<Vec<_>>(), [who(13)], "nobody twice");
}

#[test]
fn whoever_tells_is_not_told_and_only_owners_tell() {
    let owner = person(1, None);
    let done = tell(&owner, Some(revoked()), &concerned(&[11, owner.id.0.as_u128()]), NOW);
    assert_eq!(done.notices.iter().map(|notice| notice.to).collect::<Vec<_>>(), [who(11)]);
    for role in [Role::Member, Role::Support, Role::Administrator] {
        let refused = tell(&person(2, Some(role)), Some(revoked()), &concerned(&[11]), NOW);
        assert_eq!(refused.verdict, Err(Refusal::NotAllowed), "{role:?}");
        assert!(refused.changes.is_empty() && refused.notices.is_empty());
    }
}

#[test]
fn nobody_is_told_of_a_device_that_is_in_use_or_that_nobody_ever_had() {
    let owner = person(1, None);
    let tell = |device| tell(&owner, device, &concerned(&[11]), NOW).verdict;
    assert_eq!(tell(Some(device(State::Paired { key: key(), paired_at: NOW }))), Err(Refusal::DeviceStillPaired));
    assert_eq!(tell(Some(device(State::Revoked { at: NOW, by: None, paired: None }))), Err(Refusal::DeviceGone));
    assert_eq!(tell(None), Err(Refusal::DeviceGone));
}

#[test]
fn somebody_erased_is_forgotten_and_what_is_blank_is_not_written() {
    let text = serde_json::to_string(&revoked()).expect("written");
    assert!(!text.contains("told") && !text.contains("signed_in"), "{text}");
    let mut device = revoked();
    device.told = vec![LostTold { person: who(11), at: NOW }, LostTold { person: who(12), at: NOW }];
    device.signed_in = vec![who(11), who(13)];
    device.forget(who(11));
    assert_eq!((device.told.len(), device.told_at(who(11)), device.signed_in), (1, None, vec![who(13)]));
}
