//! Operations in a schedule: kept without the server, sent over a line on which anything happens, and counted where they arrive. None
//! is lost, and none is done twice.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use authority::Store;
use desk::outbox::Sends;
use domain::id::AccountId;
use tokio::sync::Notify;
use uuid::Uuid;
use wire::{
    Refusal, RefusalCode, Request, Workspace as _,
    address::CorrectName,
    outbox::{CanWait, WaitingState},
    seam::{Outcome, UseCaseName},
    support::SetChecklist,
};

use crate::world::{Desktop, Dice, Paired, World};

/// What goes wrong with one operation on its way.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fault {
    None,
    /// It does not leave.
    Cut,
    /// The answer does not arrive.
    Lost,
    /// It arrives twice.
    Twice,
    /// It arrives long after it was given up, when it was sent again or is not even decided.
    Late,
    /// The program ends while it waits for the answer.
    Died,
}

/// What all operations of a schedule left behind at the server.
#[derive(Default)]
pub(crate) struct Post {
    /// Entries that the journal got from them.
    entries: AtomicU64,
    /// Those that are still on their way.
    late: Mutex<Vec<(Paired, Uuid, UseCaseName, String)>>,
    /// How many were kept, by desktop.
    kept: Mutex<[usize; 3]>,
    number: AtomicU64,
}

struct Posting<'a, S> {
    world: &'a World<S>,
    paired: &'a Paired,
    post: &'a Post,
    fault: Fault,
    died: &'a Notify,
}

impl<S: Store> Sends for Posting<'_, S> {
    async fn send(&self, key: Uuid, request: Request) -> Result<Outcome, Refusal> {
        let (name, body) = (request.name(), serde_json::to_string(&request).expect("written"));
        let deliver = || self.post.deliver(self.world, self.paired, key, name, &body);
        match self.fault {
            Fault::None => deliver().await,
            Fault::Cut => Err(RefusalCode::Offline.into()),
            Fault::Lost => {
                let _lost = deliver().await;
                Err(RefusalCode::AnswerLost.into())
            }
            Fault::Twice => {
                let first = deliver().await;
                let second = deliver().await;
                assert_eq!(said(&first), said(&second), "the second answer is the first");
                second
            }
            Fault::Late => {
                self.post.late.lock().unwrap_or_else(PoisonError::into_inner).push((self.paired.clone(), key, name, body));
                Err(RefusalCode::AnswerLost.into())
            }
            Fault::Died => {
                let _lost = deliver().await;
                self.died.notify_one();
                std::future::pending().await
            }
        }
    }
}

fn said(answer: &Result<Outcome, Refusal>) -> Result<Option<u64>, Refusal> {
    answer.as_ref().map(|outcome| outcome.journalled).map_err(Clone::clone)
}

impl Post {
    /// One arrival at the server.
    async fn deliver<S: Store>(
        &self,
        world: &World<S>,
        paired: &Paired,
        key: Uuid,
        name: UseCaseName,
        body: &str,
    ) -> Result<Outcome, Refusal> {
        let before = world.authority.store().journal_size().await.expect("reads");
        let authority = world.through(paired).once(key, &format!("{name:?}"), body.as_bytes()).expect("through a device");
        let request = name.read(&mut serde_json::Deserializer::from_str(body)).expect("read");
        let answer = authority.call(Some(&paired.token), request).await;
        let after = world.authority.store().journal_size().await.expect("reads");
        self.entries.fetch_add(after - before, Ordering::SeqCst);
        answer
    }

    /// Somebody at a desktop corrects a name that they see, or what staff check. Whether it is kept.
    pub(crate) async fn keep(&self, dice: &mut Dice, which: usize, desktop: &Desktop, people: &[AccountId]) {
        let number = self.number.fetch_add(1, Ordering::SeqCst);
        let asked = if dice.below(5) == 0 {
            CanWait::SetChecklist(SetChecklist { entries: vec![format!("Entry {number}")], was: None })
        } else {
            let Some(person) = dice.one(people) else { return };
            CanWait::CorrectName(CorrectName { account: person.0, name: format!("Operation {number}"), was: None })
        };
        // Whom they do not see, or nothing before it was synced: that is not kept.
        if desktop.outbox.keep(&desktop.replica, asked).await.is_ok() {
            self.kept.lock().unwrap_or_else(PoisonError::into_inner)[which] += 1;
        }
    }

    /// Sends what waits, and whatever can go wrong goes wrong. Whether the program ended meanwhile.
    pub(crate) async fn send<S: Store>(&self, dice: &mut Dice, world: &World<S>, desktop: &Desktop) -> bool {
        use Fault::{Cut, Died, Late, Lost, None, Twice};
        let fault = [None, None, Cut, Lost, Twice, Late, Died][dice.below(7)];
        let died = Notify::new();
        let posting = Posting { world, paired: &desktop.paired, post: self, fault, died: &died };
        tokio::select! {
            sent = desktop.outbox.send(desktop.paired.person.0, &posting) => {
                assert!(sent.is_ok() || fault != None, "{sent:?}");
                false
            }
            () = died.notified() => true,
        }
    }

    /// One that was given up arrives after all.
    pub(crate) async fn arrive<S: Store>(&self, dice: &mut Dice, world: &World<S>) {
        let one = {
            let mut late = self.late.lock().unwrap_or_else(PoisonError::into_inner);
            if late.is_empty() {
                return;
            } else {
                let at = dice.below(late.len());
                late.swap_remove(at)
            }
        };
        let (paired, key, name, body) = one;
        let _nobody_hears = self.deliver(world, &paired, key, name, &body).await;
    }

    /// All is sent, and all that was on its way arrives. Each was done once, or refused once, and is in its outbox.
    pub(crate) async fn settle<S: Store>(&self, world: &World<S>, outboxes: [&Desktop; 3], dice: &mut Dice) {
        for desktop in outboxes {
            let died = Notify::new();
            let posting = Posting { world, paired: &desktop.paired, post: self, fault: Fault::None, died: &died };
            desktop.outbox.send(desktop.paired.person.0, &posting).await.expect("the line is fine");
        }
        while !self.late.lock().unwrap_or_else(PoisonError::into_inner).is_empty() {
            self.arrive(dice, world).await;
        }
        let (mut told, mut places) = (0, Vec::new());
        for (which, desktop) in outboxes.into_iter().enumerate() {
            let list = desktop.outbox.list().await.expect("reads");
            let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner)[which];
            assert_eq!((list.rows.len(), list.undecided, desktop.outbox.undecided()), (kept, 0, 0), "none is lost");
            for row in list.rows {
                match (row.state, row.refusal.map(|refusal| refusal.code)) {
                    (WaitingState::Accepted, None) => {
                        told += 1;
                        places.push(row.journalled.expect("an entry tells of it"));
                    }
                    (WaitingState::Refused, Some(code)) => told += u64::from(code == RefusalCode::NotAllowed),
                    (state, code) => panic!("{state:?} {code:?}"),
                }
            }
        }
        assert_eq!(self.entries.load(Ordering::SeqCst), told, "each is told of once");
        places.sort_unstable();
        let all = places.len();
        places.dedup();
        assert_eq!(places.len(), all, "and by an entry of its own");
    }
}
