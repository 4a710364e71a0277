//! A server that is not to be believed, a page that is none, and who gets any.

use std::sync::{
    Mutex,
    atomic::{AtomicU32, Ordering},
};

use authority::Store;
use desk::sync::{Feed, Pages, Step, SyncError, SyncStop};
use domain::{gate::Role, id::AccountId};
use tempfile::TempDir;
use vault::Vault;
use wire::{
    Refusal, RefusalCode, Request, Response, Workspace as _,
    feed::{FeedLeaf, FeedPage, ReadFeed, ReadSnapshot},
    people::ListPeople,
};

use crate::{
    schedule::{current, settled},
    world::{Clock, Desktop, Dice, Line, NOW, Vaults, World},
};

/// Changes what a server says.
struct Lying<'a, S, L> {
    line: Line<'a, S>,
    asked: AtomicU32,
    lie: Mutex<L>,
}

impl<S: Store, L: FnMut(&mut Response) + Send> Feed for Lying<'_, S, L> {
    async fn ask(&self, request: Request) -> Result<Response, Refusal> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let mut response = self.line.ask(request).await?;
        (self.lie.lock().expect("one task"))(&mut response);
        Ok(response)
    }
}

struct Stage {
    world: World<Vault>,
    desktop: Desktop,
    staff: [AccountId; 3],
    dice: Dice,
    _root: TempDir,
}

async fn stage(which: usize) -> Stage {
    let (vaults, root) = (Vaults::new().await, tempfile::tempdir().expect("a folder"));
    let mut dice = Dice(7);
    let world = World::founded(vaults.copy(&root.path().join("server")).await, Clock::at(NOW)).await;
    let staff = settled(&world, &mut dice).await;
    let paired = world.pair(&mut dice, staff[which]).await;
    let pages = Pages { people: 3, leaves: 4 };
    let desktop = Desktop::begin(&vaults, root.path().join("desk"), &world, paired, pages).await;
    current(&world, &desktop).await;
    Stage { world, desktop, staff, dice, _root: root }
}

impl Stage {
    /// Something happens, of which the desktop may be told a lie until it is current or stops.
    async fn lied_to(&mut self, lie: impl FnMut(&mut Response) + Send) -> Result<Step, SyncError> {
        for _ in 0..9 {
            self.world.act(&mut self.dice, &self.staff).await;
        }
        self.told(lie).await
    }

    async fn told(&self, lie: impl FnMut(&mut Response) + Send) -> Result<Step, SyncError> {
        let line = Line { authority: self.world.through(&self.desktop.paired), token: &self.desktop.paired.token };
        let lying = Lying { line, asked: AtomicU32::new(0), lie: Mutex::new(lie) };
        for _ in 0..500 {
            match self.desktop.sync.step(&lying).await {
                Ok(Step::Going { .. }) => {}
                other => return other,
            }
        }
        panic!("it never ends");
    }

    /// It asks for nothing any more, and is read as it is.
    async fn is_stopped(&self, stop: SyncStop) {
        assert_eq!(self.desktop.replica.standing().stopped, Some(stop));
        let line = Line { authority: self.world.through(&self.desktop.paired), token: &self.desktop.paired.token };
        let lying = Lying { line, asked: AtomicU32::new(0), lie: Mutex::new(|_: &mut Response| {}) };
        let again = self.desktop.sync.step(&lying).await;
        assert!(matches!(again, Err(SyncError::Stopped(found)) if found == stop), "{again:?}");
        assert_eq!(lying.asked.load(Ordering::SeqCst), 0, "nothing was asked");
        let listed = self.desktop.replica.call(ListPeople::default().into()).await;
        assert!(listed.is_ok(), "what is here is read: {listed:?}");
    }
}

fn pages(response: &mut Response, lie: impl FnOnce(&mut FeedPage)) {
    if let Response::ReadFeed(page) = response {
        lie(page);
    }
}

fn is(step: Result<Step, SyncError>, stop: SyncStop) {
    assert!(matches!(step, Err(SyncError::Stopped(found)) if found == stop), "{step:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_that_is_not_the_one_that_was_signed_stops_it() {
    let mut stage = stage(0).await;
    let told = stage
        .lied_to(|response| {
            pages(response, |page| {
                if let Some(leaf) = page.leaves.first_mut() {
                    *leaf = FeedLeaf::Hash(data_encoding::BASE64.encode(&[5; 32]));
                }
            });
        })
        .await;
    is(told, SyncStop::Rewritten);
    stage.is_stopped(SyncStop::Rewritten).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_journal_that_became_shorter_stops_it() {
    let mut stage = stage(0).await;
    let told = stage.lied_to(|response| pages(response, |page| page.common.size = page.from - 1)).await;
    is(told, SyncStop::WentBack);
    stage.is_stopped(SyncStop::WentBack).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checkpoint_of_another_key_and_none_at_all_stop_it() {
    for unsigned in [true, false] {
        let mut stage = stage(1).await;
        let key = journal::note::SigningKey::from_seed(&[1; 32]);
        let told = stage
            .lied_to(|response| {
                pages(response, |page| {
                    let Some(note) = page.checkpoint.take() else { return };
                    let mut lines = note.lines();
                    let (origin, size) = (lines.next().expect("an origin").to_owned(), lines.next().expect("a size"));
                    let root: [u8; 32] =
                        data_encoding::BASE64.decode(lines.next().expect("a root").as_bytes()).expect("a root").try_into().expect("a root");
                    let checkpoint = journal::Checkpoint { origin, size: size.parse().expect("a size"), root: root.into() };
                    page.checkpoint = checkpoint.sign(&key).filter(|_| !unsigned);
                });
            })
            .await;
        is(told, SyncStop::OtherKey);
        stage.is_stopped(SyncStop::OtherKey).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_begins_anew_still_demands_the_journal_of_before() {
    let mut stage = stage(1).await;
    let checked = stage.desktop.replica.standing().cursor;
    // Its person sees another part from now on: everything is read again, from the first leaf.
    let support = stage.world.account(stage.staff[1]).await.expect("there");
    let owner = stage.world.account(stage.staff[0]).await.expect("there");
    let places = stage.world.communities().await;
    let place = places.iter().find(|place| support.memberships.iter().all(|held| held.community != place.id)).expect("another");
    let change = domain::roles::RoleChange { target: support, community: place, role: Some(Role::Support) };
    let session = stage.world.session(&owner);
    let decision =
        domain::roles::change_role(&domain::policy::Policy::default(), owner, session, change, &crate::world::proof(), stage.world.now());
    assert!(stage.world.settle(decision).await);
    let mut anew = false;
    let told = stage
        .told(|response| {
            pages(response, |page| {
                anew |= page.from == 0;
                if page.from < checked && page.from > 0 {
                    page.leaves[0] = FeedLeaf::Hash(data_encoding::BASE64.encode(&[6; 32]));
                }
            });
        })
        .await;
    assert!(anew, "it read from the first leaf");
    is(told, SyncStop::Rewritten);
    let _ = &mut stage;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_page_that_does_not_read_nothing_is_written() {
    let mut stage = stage(0).await;
    let before = stage.desktop.replica.standing();
    let lies: [fn(&mut FeedPage); 4] = [
        |page| page.people.iter_mut().for_each(|one| one.account.body.truncate(40)),
        |page| page.people.iter_mut().for_each(|one| one.id = uuid::Uuid::from_u128(1)),
        |page| page.from += 1,
        |page| {
            for leaf in &mut page.leaves {
                if let FeedLeaf::Entry(entry) = leaf {
                    entry.facts.push(' ');
                }
            }
        },
    ];
    for lie in lies {
        let told = stage.lied_to(|response| pages(response, lie)).await;
        assert!(matches!(&told, Err(SyncError::Refused(refusal)) if refusal.code == RefusalCode::ServerDiffers), "{told:?}");
    }
    assert_eq!(stage.desktop.replica.standing(), before);
    current(&stage.world, &stage.desktop).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_came_through_no_device_gets_nothing() {
    let mut stage = stage(0).await;
    let token = &stage.desktop.paired.token;
    for request in [
        Request::from(ReadSnapshot { after: None, limit: 9, question: 1 }),
        Request::from(ReadFeed { after: 0, records_from: 0, limit: 9, question: 1, beside: None }),
    ] {
        // The session of a device is good through that device alone.
        let refused = stage.world.authority.call(Some(token), request).await;
        assert_eq!(refused.expect_err("refused").code, RefusalCode::SessionEnded);
    }
    let plain = stage.world.sign_in_without_device(&mut stage.dice, stage.staff[0]).await;
    for request in [
        Request::from(ReadSnapshot { after: None, limit: 9, question: 1 }),
        Request::from(ReadFeed { after: 0, records_from: 0, limit: 9, question: 1, beside: None }),
    ] {
        let refused = stage.world.authority.call(Some(&plain), request).await;
        assert_eq!(refused.expect_err("refused").code, RefusalCode::NotAllowed);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_gets_themselves_and_nobody_else() {
    let mut stage = stage(0).await;
    let member = stage.world.people().await.into_iter().find(|one| !one.standing().is_staff()).expect("a member");
    let paired = stage.world.pair(&mut stage.dice, member.id).await;
    let line = Line { authority: stage.world.through(&paired), token: &paired.token };
    let Ok(Response::ReadSnapshot(page)) = line.ask(ReadSnapshot { after: None, limit: 100, question: 1 }.into()).await else {
        panic!("a page")
    };
    assert_eq!(page.people.iter().map(|one| one.id).collect::<Vec<_>>(), [member.id.0]);
    let Ok(Response::ReadFeed(page)) = line.ask(ReadFeed { after: 0, records_from: 0, limit: 100, question: 2, beside: None }.into()).await
    else {
        panic!("a page")
    };
    let told = page.leaves.iter().filter_map(|leaf| if let FeedLeaf::Entry(entry) = leaf { entry.persons.as_deref() } else { None });
    assert!(told.clone().count() > 0 && told.clone().all(|persons| persons.contains(&member.id.0.to_string())), "their own entries alone");
    assert!(page.people.iter().all(|one| one.id == member.id.0));
}
