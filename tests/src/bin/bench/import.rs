//! An import of ten thousand people, through the seam, in the encrypted vault: looking, doing, and taking it back; and how long
//! anybody else waits meanwhile for a change of their own.

use crate::played::{PASSWORD, Played, secret};
use crate::rows::Row;
use crate::{milliseconds, timed, wait_for};
use authority::{Commit, Store};
use domain::{Change, throttle::Failures};
use sallyport_tests::{Error, Result};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use wire::{
    import::{CheckPeople, DraftRow, ImportPeople, Told, UndoImport},
    proof::Proof,
};

const ROWS: u64 = 10_000;

pub(crate) fn rows() -> Result<Vec<Row>> {
    wait_for(async {
        let (played, owner) = Played::begin().await;
        let session = Some(&owner.session);
        let list: Vec<DraftRow> = (0..ROWS).map(row).collect();
        let said = |error: wire::Refusal| Error::said(error.to_string());
        let (looking, checked) = timed(played.call(session, CheckPeople { rows: list.clone() })).await;
        let checked = checked.map_err(said)?;
        let proof = || Proof { password: secret(PASSWORD), code: None };
        let told = Told::default();
        let request = ImportPeople { file: "bench.csv".into(), rows: list, seen: checked.seen, proof: proof(), told: told.clone() };
        let over = AtomicBool::new(false);
        let ((doing, done), waited) = tokio::join!(
            async {
                let done = timed(played.call(session, request)).await;
                over.store(true, Ordering::Relaxed);
                done
            },
            async {
                let mut longest = Duration::ZERO;
                while !over.load(Ordering::Relaxed) {
                    let changes = vec![Change::Throttle([7; 32], Failures::default())];
                    let small = Commit { at: played.clock.now(), read: Vec::new(), changes, entries: Vec::new(), notices: Vec::new() };
                    longest = longest.max(timed(played.authority.store().commit(small)).await.0);
                }
                longest
            }
        );
        let import = done.map_err(said)?.import;
        let (undoing, undone) = timed(played.call(session, UndoImport { import, proof: proof(), told })).await;
        undone.map_err(said)?;
        played.close().await;
        Ok(vec![
            Row::new("import of 10,000: what each row comes to", milliseconds(looking), None, "ms"),
            Row::new("import of 10,000", milliseconds(doing), None, "ms"),
            Row::new("longest wait of another change meanwhile", milliseconds(waited), None, "ms"),
            Row::new("import of 10,000, undone", milliseconds(undoing), None, "ms"),
        ])
    })?
}

fn row(number: u64) -> DraftRow {
    let bad = number.is_multiple_of(20);
    let email = if bad { "not an address".to_owned() } else { format!("person{number}@example.org") };
    let (role, community, language) = (String::new(), String::new(), String::new());
    DraftRow { line: number + 2, email, name: format!("Person {number}"), role, community, language, flaw: None }
}
