//! Ways in: the passphrase changed, and the recovery kit.

use domain::{
    code::{Code, Kind},
    time::Moment,
};
use vault::{ChangeError, Kit, OpenError, SlotKind, Unlock, open_with, prepare};

use crate::places::{NAME, PASSPHRASE, Place, entropy, files, is_founded};

pub(crate) const LATER: Moment = Moment(1_790_000_500);

#[tokio::test]
async fn a_changed_passphrase_opens_and_the_one_before_does_not() {
    let place = Place::founded().await;
    let vault = place.vault().await;
    let before = files(&place.folder());
    let wrong = vault.change_passphrase(&"another".into(), &"new one".into(), LATER, &mut entropy()).await;
    assert_eq!(wrong, Err(ChangeError::PassphraseWrong));
    assert!(before == files(&place.folder()));
    let id = vault.slots()[0].id;
    vault.change_passphrase(&PASSPHRASE.into(), &"new one".into(), LATER, &mut entropy()).await.expect("changed");
    let slots = vault.slots();
    assert_eq!((slots.len(), slots[0].kind, slots[0].made_at), (1, SlotKind::Passphrase, Some(LATER)));
    assert_ne!(slots[0].id, id);
    assert!(is_founded(&vault).await);
    vault.close().await;
    assert_eq!(place.refuses(PASSPHRASE).await, OpenError::PassphraseWrong);
    assert!(is_founded(&place.open("new one").await.expect("the new one")).await);
}

#[tokio::test]
async fn a_recovery_kit_opens_the_vault_as_soon_as_it_was_added() {
    let place = Place::founded().await;
    let vault = place.vault().await;
    let kit = Kit::draw(&mut entropy());
    let slot = vault.add_kit(&kit, LATER, &mut entropy()).await.expect("a kit");
    assert_eq!((slot.kind, slot.made_at), (SlotKind::Kit, Some(LATER)));
    assert_eq!(vault.slots()[1..], [slot]);
    let again = vault.add_kit(&Kit::draw(&mut entropy()), LATER, &mut entropy()).await;
    assert_eq!(again, Err(ChangeError::KitThere));
    vault.close().await;
    assert_eq!(vault.add_kit(&kit, LATER, &mut entropy()).await, Err(ChangeError::Closed));

    let open = async |unlock| open_with(place.root.path(), place.id, unlock).await;
    let before = files(&place.folder());
    for kind in [Kind::Kit, Kind::Recovery] {
        let other = Code::random(kind, &mut entropy());
        assert_eq!(open(Unlock::Kit(other)).await.err(), Some(OpenError::KitWrong));
    }
    assert!(before == files(&place.folder()));
    let vault = open(Unlock::Kit(kit.code().clone())).await.expect("the kit");
    assert!(is_founded(&vault).await);
    assert!(kit.verifier().is_proved_by(kit.code()));
    vault.close().await;
    assert!(is_founded(&place.vault().await).await, "the passphrase opens it as before");
}

#[tokio::test]
async fn a_vault_that_is_being_made_takes_a_kit_and_is_not_published_by_it() {
    let root = tempfile::TempDir::new().expect("a folder");
    let unpublished = prepare(root.path(), NAME, &PASSPHRASE.into(), &mut entropy()).await.expect("a vault");
    let kit = Kit::draw(&mut entropy());
    unpublished.store().add_kit(&kit, LATER, &mut entropy()).await.expect("a kit");
    assert_eq!(vault::known(root.path()), []);
    let vault = unpublished.publish().await.expect("published");
    vault.close().await;
    let opened = open_with(root.path(), vault.id(), Unlock::Kit(kit.code().clone())).await;
    opened.expect("the kit").close().await;
}

#[tokio::test]
async fn a_vault_without_a_slot_for_it_is_opened_by_no_keyring() {
    let place = Place::new().await;
    let before = files(&place.folder());
    let error = open_with(place.root.path(), place.id, Unlock::Keyring).await.err();
    assert_eq!(error, Some(OpenError::KeyringEntryMissing));
    assert!(before == files(&place.folder()));
}

#[tokio::test]
async fn the_kit_puts_a_passphrase_in_the_place_of_one_that_nobody_knows() {
    let place = Place::founded().await;
    let vault = place.vault().await;
    let (kit, other) = (Kit::draw(&mut entropy()), Kit::draw(&mut entropy()));
    vault.add_kit(&kit, LATER, &mut entropy()).await.expect("a kit");
    let before = files(&place.folder());
    let wrong = vault.change_passphrase_by_kit(other.code(), &"new one".into(), LATER, &mut entropy()).await;
    assert_eq!((wrong, vault.check_kit(other.code())), (Err(ChangeError::KitWrong), Err(ChangeError::KitWrong)));
    assert!(before == files(&place.folder()));
    assert_eq!(vault.check_passphrase(&"new one".into()).await, Err(ChangeError::PassphraseWrong));
    vault.change_passphrase_by_kit(kit.code(), &"new one".into(), LATER, &mut entropy()).await.expect("changed");
    assert_eq!((vault.check_passphrase(&"new one".into()).await, vault.check_kit(kit.code())), (Ok(()), Ok(())));
    vault.close().await;
    assert_eq!(place.refuses(PASSPHRASE).await, OpenError::PassphraseWrong);
    assert!(is_founded(&place.open("new one").await.expect("the new one")).await);
}
