//! How long opening takes beyond the passphrase.

use std::time::{Duration, Instant};

use vault::{Unlock, open_with};

use crate::{
    places::{PASSPHRASE, Place, entropy, found_people},
    slots::LATER,
};

#[tokio::test]
#[ignore = "a measurement: run it alone, with --nocapture"]
#[expect(clippy::disallowed_methods, clippy::print_stdout, reason = "it measures and tells")]
async fn unlocking_costs_little_beyond_the_derivation() {
    let place = Place::founded().await;
    let (mut derivations, mut openings, mut closings) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..25 {
        let begun = Instant::now();
        place.open("another passphrase").await.expect_err("the derivation and nothing else");
        derivations.push(begun.elapsed());
        let begun = Instant::now();
        let vault = place.open(PASSPHRASE).await.expect("a vault");
        openings.push(begun.elapsed());
        let begun = Instant::now();
        vault.close().await;
        closings.push(begun.elapsed());
    }
    // The least of each: whatever else the machine does only ever adds.
    let least = |times: &[Duration]| times.iter().min().copied().unwrap_or_default();
    let (derivation, opening, closing) = (least(&derivations), least(&openings), least(&closings));
    println!("derivation {derivation:?}, opening {opening:?}, overhead {:?}, closing {closing:?}", opening.saturating_sub(derivation));
}

/// A vault of so many people takes this long to back up, to restore and to rotate.
#[tokio::test]
#[ignore = "a measurement: run it alone, with --nocapture, in a release build"]
#[expect(clippy::disallowed_methods, clippy::print_stdout, reason = "it measures and tells")]
async fn backing_up_and_restoring_ten_thousand_people() {
    let place = Place::founded().await;
    let vault = place.vault().await;
    found_people(&vault, 10_000).await;
    let kit = vault::Kit::draw(&mut entropy());
    vault.add_kit(&kit, LATER, &mut entropy()).await.expect("a kit");
    let out = tempfile::TempDir::new().expect("a folder");
    let file = out.path().join("workspace.backup");
    let begun = Instant::now();
    vault.back_up(&file, &PASSPHRASE.into(), LATER, &mut entropy(), vault::unwatched()).await.expect("a backup");
    println!("backup of {} bytes {:?}", file.metadata().expect("a file").len(), begun.elapsed());
    let begun = Instant::now();
    let rotation = vault::Rotation { passphrase: PASSPHRASE.into(), without: Vec::new(), kit: vault::KitAfter::Same(kit.code().clone()) };
    vault.rotate(rotation, LATER, &mut entropy(), vault::unwatched()).await.expect("rotated");
    println!("rotation {:?}", begun.elapsed());
    vault.close().await;
    for (name, key) in [("passphrase", vault::BackupKey::Passphrase(PASSPHRASE.into())), ("kit", vault::BackupKey::Kit(kit.code().clone()))]
    {
        let begun = Instant::now();
        let restoring = vault::restore(out.path(), &file, key, &PASSPHRASE.into(), LATER, &mut entropy(), vault::unwatched());
        restoring.await.expect("restored").publish().await.expect("published").close().await;
        println!("restore by {name} {:?}", begun.elapsed());
    }
    let unlocks = [("passphrase", Unlock::Passphrase(PASSPHRASE.into())), ("kit", Unlock::Kit(kit.code().clone()))];
    for (name, unlock) in unlocks {
        let begun = Instant::now();
        let vault = open_with(place.root.path(), place.id, unlock).await.expect("a vault");
        println!("open by {name} {:?}", begun.elapsed());
        vault.close().await;
    }
}
