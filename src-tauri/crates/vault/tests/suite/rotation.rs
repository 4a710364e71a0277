//! Rotation: everything is there, under another key, for those who stay.

use std::{
    fs,
    ops::ControlFlow,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use authority::Store;
use vault::{ChangeError, Kit, KitAfter, OpenError, Rotation, SlotKind, Stage, Unlock, Watch, open_with, unwatched};

use crate::{
    places::{PASSPHRASE, Place, entries, entropy, files, found_again, is_founded, names},
    slots::LATER,
};

fn rotation(kit: KitAfter) -> Rotation {
    Rotation { passphrase: PASSPHRASE.into(), without: Vec::new(), kit }
}

#[tokio::test]
async fn a_rotated_vault_holds_the_same_under_another_key_and_goes_on() {
    let place = Place::founded().await;
    let vault = place.vault().await;
    found_again(&vault, 30).await.expect("a commit");
    let old = fs::read(place.file("vault.json")).expect("a header");
    let sealing = |vault: &vault::Vault| format!("{:?}", vault.sealing_key().is_some());
    let before = sealing(&vault);
    let told: Arc<Mutex<Vec<Stage>>> = Arc::default();
    let watch: Watch = {
        let told = Arc::clone(&told);
        Arc::new(move |progress| {
            assert!(progress.done <= progress.total);
            told.lock().expect("stages").push(progress.stage);
            ControlFlow::Continue(())
        })
    };
    let dropped = vault.rotate(rotation(KitAfter::None), LATER, &mut entropy(), watch).await.expect("rotated");
    assert_eq!(dropped, []);
    let stages = told.lock().expect("stages").clone();
    assert!(stages.is_sorted_by_key(|stage| *stage as u8) && stages.contains(&Stage::Checking), "{stages:?}");
    assert!(is_founded(&vault).await);
    assert_eq!(entries(&vault).await, 31);
    assert_eq!(sealing(&vault), before);
    found_again(&vault, 1).await.expect("a commit into the new generation");
    vault.verify().await.expect("sound");
    vault.close().await;
    assert_eq!(names(&place.folder()), ["vault-2.db", "vault.json", "vault.lock"]);
    let vault = place.vault().await;
    assert_eq!(entries(&vault).await, 32);
    vault.close().await;

    // The header of before names a database that is gone, and its slot does not open the new one.
    let new = fs::read_to_string(place.file("vault.json")).expect("a header");
    fs::write(place.file("vault.json"), String::from_utf8(old).expect("text").replace("\"generation\": 1", "\"generation\": 2"))
        .expect("a file");
    assert_eq!(place.refuses(PASSPHRASE).await, OpenError::PassphraseWrong);
    fs::write(place.file("vault.json"), new).expect("a file");
    assert!(is_founded(&place.vault().await).await);
}

#[tokio::test]
async fn a_kit_stays_when_it_is_typed_is_replaced_or_goes() {
    let place = Place::founded().await;
    let vault = place.vault().await;
    let (first, second) = (Kit::draw(&mut entropy()), Kit::draw(&mut entropy()));
    vault.add_kit(&first, LATER, &mut entropy()).await.expect("a kit");
    let before = files(&place.folder());
    let wrong = vault.rotate(rotation(KitAfter::Same(second.code().clone())), LATER, &mut entropy(), unwatched()).await;
    assert_eq!(wrong, Err(ChangeError::KitWrong));
    let wrong = Rotation { passphrase: "another".into(), ..rotation(KitAfter::None) };
    assert_eq!(vault.rotate(wrong, LATER, &mut entropy(), unwatched()).await, Err(ChangeError::PassphraseWrong));
    assert!(before.keys().eq(files(&place.folder()).keys()));

    let slots = vault.slots();
    vault.rotate(rotation(KitAfter::Same(first.code().clone())), LATER, &mut entropy(), unwatched()).await.expect("rotated");
    assert_eq!(vault.slots()[1], slots[1], "the same kit, made when it was made");
    vault.rotate(rotation(KitAfter::New(second.clone())), LATER, &mut entropy(), unwatched()).await.expect("rotated");
    vault.close().await;
    let open = async |kit: &Kit| open_with(place.root.path(), place.id, Unlock::Kit(kit.code().clone())).await;
    assert_eq!(open(&first).await.err(), Some(OpenError::KitWrong), "the old kit died");
    let vault = open(&second).await.expect("the new kit");
    let slot = |kind| vault.slots().iter().find(|slot| slot.kind == kind).and_then(|slot| slot.id).expect("a slot");
    let (passphrase, kit) = (slot(SlotKind::Passphrase), slot(SlotKind::Kit));
    let remove = async |id| vault.remove_slot(id, &PASSPHRASE.into(), KitAfter::None, LATER, &mut entropy(), unwatched()).await;
    assert_eq!(remove(passphrase).await, Err(ChangeError::NoSuchSlot));
    assert_eq!(remove(uuid::Uuid::from_u128(1)).await, Err(ChangeError::NoSuchSlot));
    remove(kit).await.expect("removed");
    assert_eq!(vault.slots().len(), 1);
    vault.close().await;
    assert_eq!(open(&second).await.err(), Some(OpenError::KitWrong));
    assert!(is_founded(&place.vault().await).await);
}

#[tokio::test]
async fn a_rotation_can_be_stopped_early_and_late() {
    let place = Place::founded().await;
    let vault = place.vault().await;
    found_again(&vault, 1_000).await.expect("a commit");
    let header = fs::read(place.file("vault.json")).expect("a header");
    let mut stopped = 0;
    for power in 0.. {
        let left = AtomicUsize::new((1 << power) - 1);
        let watch: Watch = Arc::new(move |_| {
            let goes_on = left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok();
            if goes_on { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        match vault.rotate(rotation(KitAfter::None), LATER, &mut entropy(), watch).await {
            Ok(_) => break,
            Err(error) => assert_eq!(error, ChangeError::Cancelled),
        }
        stopped += 1;
        assert_eq!(fs::read(place.file("vault.json")).expect("a header"), header);
        assert!(!place.file("vault-2.db").exists());
        found_again(&vault, 1).await.expect("a commit");
    }
    assert!(stopped >= 4, "{stopped}");
    assert_eq!(entries(&vault).await, 1_001 + stopped);
    vault.close().await;
    assert_eq!(entries(&place.vault().await).await, 1_001 + stopped);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_committed_meanwhile_is_never_lost() {
    let place = Place::founded().await;
    let vault = place.vault().await;
    let rotating = vault.rotate(rotation(KitAfter::None), LATER, &mut entropy(), unwatched());
    let committing = async {
        for _ in 0..200 {
            found_again(&vault, 1).await.expect("a commit, before or after");
            assert!(vault.workspace().await.expect("reading goes on").is_some());
        }
    };
    let (rotated, ()) = tokio::join!(tokio::spawn(rotating), committing);
    rotated.expect("no panic").expect("rotated");
    assert_eq!(entries(&vault).await, 201);
    vault.close().await;
    assert_eq!(entries(&place.vault().await).await, 201);
}

#[tokio::test]
async fn nobody_waiting_for_it_does_not_leave_it_half_done() {
    let place = Place::founded().await;
    let vault = place.vault().await;
    let (told, mut begun) = tokio::sync::mpsc::unbounded_channel();
    let watch: Watch = Arc::new(move |_| {
        // Nobody may be listening any more.
        let _sent = told.send(());
        ControlFlow::Continue(())
    });
    tokio::select! {
        biased;
        told = begun.recv() => told.expect("begun"),
        _ = vault.rotate(rotation(KitAfter::None), LATER, &mut entropy(), watch) => unreachable!("it was seen to begin"),
    }
    // Closing waits for it.
    vault.close().await;
    assert_eq!(names(&place.folder()), ["vault-2.db", "vault.json", "vault.lock"]);
    assert!(is_founded(&place.vault().await).await);
}

#[tokio::test]
async fn several_ways_in_go_in_one_rotation_or_none_does() {
    let place = Place::founded().await;
    let vault = place.vault().await;
    let kit = Kit::draw(&mut entropy());
    vault.add_kit(&kit, LATER, &mut entropy()).await.expect("a kit");
    assert_eq!(vault.kit_slot(), Some(kit.slot()));
    let stranger = uuid::Uuid::from_u128(1);
    let both = Rotation { without: vec![kit.slot(), stranger], ..rotation(KitAfter::None) };
    assert_eq!(vault.rotate(both, LATER, &mut entropy(), unwatched()).await, Err(ChangeError::NoSuchSlot));
    assert_eq!(vault.kit_slot(), Some(kit.slot()), "nothing was changed");
    assert!(!place.file("vault-2.db").exists());

    let next = Kit::draw(&mut entropy());
    let replaced = Rotation { without: vec![kit.slot()], ..rotation(KitAfter::New(next.clone())) };
    vault.rotate(replaced, LATER, &mut entropy(), unwatched()).await.expect("rotated");
    assert_eq!(vault.kit_slot(), Some(next.slot()), "the slot is the kit's own");
    assert_eq!(names(&place.folder()).iter().filter(|name| name.ends_with(".db")).count(), 1);
    let gone = Rotation { without: vec![next.slot()], ..rotation(KitAfter::Same(next.code().clone())) };
    assert_eq!(vault.rotate(gone, LATER, &mut entropy(), unwatched()).await, Err(ChangeError::KitWrong));
    vault.close().await;
}
