//! How long a sync takes, and how many bytes travel. `cargo test -p desk --test suite measure -- --ignored --nocapture`
#![allow(clippy::print_stdout, reason = "it measures, and tells")]

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Instant,
};

use authority::Store;
use desk::sync::{Feed, Pages, Step};
use domain::{Change, Event, EventKind, gate::Role, words::Name};
use wire::{Refusal, Request, Response};

use crate::world::{Clock, Desktop, Dice, Line, NOW, Vaults, World};

const PEOPLE: usize = 10_000;

struct Weighed<'a, S> {
    line: Line<'a, S>,
    bytes: AtomicUsize,
}

impl<S: Store> Feed for Weighed<'_, S> {
    async fn ask(&self, request: Request) -> Result<Response, Refusal> {
        let response = self.line.ask(request).await?;
        self.bytes.fetch_add(serde_json::to_string(&response).expect("written").len(), Ordering::SeqCst);
        Ok(response)
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "measures"]
async fn first_sync_and_one_change() {
    let (vaults, root) = (Vaults::new().await, tempfile::tempdir().expect("a folder"));
    let dice = &mut Dice(3);
    let world = World::founded(vaults.copy(&root.path().join("server")).await, Clock::at(NOW)).await;
    let owner = world.owners().await.pop().expect("an owner");
    let place = world.communities().await[0].id;
    for part in 0..PEOPLE / 500 {
        let people: Vec<_> =
            (0..500).map(|one| world.somebody(dice, &format!("Person {part} {one}"), Some((place, Role::Member)))).collect();
        let events: Vec<_> = people.iter().map(|one| Event::on(EventKind::PersonInvited, owner.id, one)).collect();
        assert!(world.write(people.into_iter().map(|one| Change::Account(Box::new(one))).collect(), &events).await);
    }
    world.authority.keep_checkpoint().await.expect("kept");
    let paired = world.pair(dice, owner.id).await;
    let desktop = Desktop::begin(&vaults, root.path().join("desk"), &world, paired, Pages::default()).await;
    let line =
        || Weighed { line: Line { authority: world.through(&desktop.paired), token: &desktop.paired.token }, bytes: AtomicUsize::new(0) };
    let (first, begun) = (line(), clock());
    while !matches!(desktop.sync.step(&first).await.expect("a page"), Step::Current { .. }) {}
    println!("first sync of {PEOPLE} people: {:?}, {} bytes", begun.elapsed(), first.bytes.load(Ordering::SeqCst));
    for _ in 0..5 {
        let target = dice.one(&world.people().await).expect("somebody").clone();
        let session = world.session(&owner);
        let name = Name::read(&format!("Other {}", dice.below(999))).expect("a name");
        assert!(world.settle(domain::address::correct_name(&owner, &session, target, name, None)).await);
        let (one, begun) = (line(), clock());
        while !matches!(desktop.sync.step(&one).await.expect("a page"), Step::Current { .. }) {}
        println!("after one change: {:?}, {} bytes", begun.elapsed(), one.bytes.load(Ordering::SeqCst));
    }
}

#[allow(clippy::disallowed_methods, reason = "what is measured is the time")]
fn clock() -> Instant {
    Instant::now()
}
