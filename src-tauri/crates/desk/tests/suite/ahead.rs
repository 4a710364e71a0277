//! Reading ahead while pages are written.

use std::sync::atomic::{AtomicUsize, Ordering};

use authority::Store;
use desk::sync::{Feed, Pages, Step};
use domain::words::Name;
use wire::{Refusal, RefusalCode, Request, Response};

use crate::{
    schedule::{current, same, settled},
    world::{Clock, Desktop, Dice, Line, NOW, Vaults, World},
};

/// A line that breaks off after so many answers.
struct Short<'a, S> {
    line: Line<'a, S>,
    left: AtomicUsize,
}

impl<S: Store> Feed for Short<'_, S> {
    async fn ask(&self, request: Request) -> Result<Response, Refusal> {
        let took = self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        if took.is_err() { Err(RefusalCode::Offline.into()) } else { self.line.ask(request).await }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_read_ahead_is_never_taken_for_what_the_server_says_now() {
    let (vaults, root) = (Vaults::new().await, tempfile::tempdir().expect("a folder"));
    let dice = &mut Dice(5);
    let world = World::founded(vaults.copy(&root.path().join("server")).await, Clock::at(NOW)).await;
    let [owner, ..] = settled(&world, dice).await;
    let paired = world.pair(dice, owner).await;
    let desktop = Desktop::begin(&vaults, root.path().join("desk"), &world, paired, Pages { people: 3, leaves: 4 }).await;
    let owner = world.owners().await.pop().expect("an owner");
    // Something changes between any two steps: whenever it says that it is current, it knows of that.
    for number in 0..40 {
        let before = world.authority.store().journal_size().await.expect("counted");
        let line = Line { authority: world.through(&desktop.paired), token: &desktop.paired.token };
        if let Step::Current { size } = desktop.sync.step(&line).await.expect("a page") {
            assert!(size >= before, "it says that it is current with {size} entries, of {before}");
            if number > 20 {
                break;
            }
        }
        let target = dice.one(&world.people().await).expect("somebody").clone();
        let name = Name::read(&format!("Other {number}")).expect("a name");
        assert!(world.settle(domain::address::correct_name(&owner, &world.session(&owner), target, name, None)).await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_breaks_off_while_it_reads_ahead_loses_nothing() {
    let (vaults, root) = (Vaults::new().await, tempfile::tempdir().expect("a folder"));
    let dice = &mut Dice(6);
    let world = World::founded(vaults.copy(&root.path().join("server")).await, Clock::at(NOW)).await;
    let [owner, ..] = settled(&world, dice).await;
    for answers in 1..6 {
        let paired = world.pair(dice, owner).await;
        let pages = Pages { people: 2, leaves: 2 };
        let desktop = Desktop::begin(&vaults, root.path().join(format!("desk {answers}")), &world, paired, pages).await;
        let line = Line { authority: world.through(&desktop.paired), token: &desktop.paired.token };
        let short = Short { line, left: AtomicUsize::new(answers) };
        while desktop.sync.step(&short).await.is_ok() {}
        assert_eq!(short.left.into_inner(), 0, "every answer was asked for");
        current(&world, &desktop).await;
        same(&world, &desktop, true, &format!("after {answers} answers")).await;
        desktop.close().await;
    }
}
