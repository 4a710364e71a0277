//! How long opening takes beyond the passphrase.

use std::time::{Duration, Instant};

use crate::places::{PASSPHRASE, Place};

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
