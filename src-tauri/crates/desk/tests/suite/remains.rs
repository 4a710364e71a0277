//! What opens anything never reaches a desktop: every byte that travels to it is searched, and what it keeps.

use std::{
    collections::BTreeSet,
    path::Path,
    sync::{Mutex, PoisonError},
};

use aho_corasick::AhoCorasick;
use authority::{Store, store::PeopleQuery};
use desk::sync::{Feed, Pages, Step};
use domain::{Change, Event, EventKind, factor::Sealed, readiness::Hour};
use wire::{Refusal, Request, Response};

use crate::{
    opening::secrets,
    schedule::settled,
    world::{Clock, Desktop, Dice, Line, NOW, Vaults, World, cheap},
};

/// A line that is listened to.
struct Tapped<'a, S> {
    line: Line<'a, S>,
    heard: Mutex<String>,
}

impl<S: Store> Feed for Tapped<'_, S> {
    async fn ask(&self, request: Request) -> Result<Response, Refusal> {
        let response = self.line.ask(request).await?;
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).push_str(&serde_json::to_string(&response).expect("written"));
        Ok(response)
    }
}

fn search(searched: &AhoCorasick, bytes: &[u8], what: &str) {
    assert!(searched.find(bytes).is_none(), "{what} holds a secret of the server");
}

fn files(folder: &Path, searched: &AhoCorasick) -> usize {
    let mut count = 0;
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            count += files(&path, searched);
        } else {
            search(searched, &std::fs::read(&path).expect("a file"), &path.display().to_string());
            count += 1;
        }
    }
    count
}

#[tokio::test(flavor = "multi_thread")]
async fn no_hash_no_code_and_no_sealed_secret_of_the_server_reaches_a_desktop() {
    let (vaults, root) = (Vaults::new().await, tempfile::tempdir().expect("a folder"));
    let dice = &mut Dice(11);
    let world = World::founded(vaults.copy(&root.path().join("server")).await, Clock::at(NOW)).await;
    let staff = settled(&world, dice).await;
    // Everything there can be at once: a naming key, codes of every kind, a case that was approved.
    let mut workspace = world.workspace().await;
    workspace.naming_key = Some(Sealed((40..90).collect()));
    let mut changes = vec![Change::Workspace(Box::new(workspace))];
    let mut events = Vec::new();
    for mut account in world.people().await {
        account.password_code = Some(domain::password_code::PasswordCode { hash: cheap(dice), issued_at: world.now(), by_mail: false });
        account.invitation = Some(domain::account::Invitation::new(cheap(dice), world.now()));
        events.push(Event::own(EventKind::PasswordCodeIssued, &account));
        changes.push(Change::Account(Box::new(account)));
    }
    assert!(world.write(changes, &events).await);
    let paired = world.pair(dice, staff[0]).await;
    let desktop = Desktop::begin(&vaults, root.path().join("desk"), &world, paired, Pages { people: 4, leaves: 7 }).await;
    let mut found = BTreeSet::new();
    let tapped = Tapped { line: Line { authority: world.through(&desktop.paired), token: &desktop.paired.token }, heard: Mutex::default() };
    for _ in 0..30 {
        for _ in 0..4 {
            world.act(dice, &staff).await;
            for account in world.people().await {
                secrets(&serde_json::to_value(&account).expect("written"), &mut found);
                for case in world.authority.store().cases_about(account.id).await.expect("reads") {
                    secrets(&serde_json::to_value(&case.record).expect("written"), &mut found);
                }
            }
            secrets(&serde_json::to_value(world.workspace().await).expect("written"), &mut found);
        }
        while !matches!(desktop.sync.step(&tapped).await.expect("a page"), Step::Current { .. }) {}
    }
    assert!(found.len() > 300, "only {} secrets were looked for", found.len());
    let searched = AhoCorasick::new(&found).expect("patterns");
    let heard = tapped.heard.into_inner().expect("nobody else");
    assert!(heard.len() > 50_000, "only {} bytes travelled", heard.len());
    search(&searched, heard.as_bytes(), "what travelled");
    let query = PeopleQuery::everybody(Hour::plain(world.now()), 10_000);
    let held = desktop.vault().people(&query).await.expect("reads").rows;
    assert!(held.len() > 5);
    search(&searched, serde_json::to_string(&held).expect("written").as_bytes(), "a record");
    let kept = desktop.vault().workspace().await.expect("reads").expect("there").record;
    search(&searched, serde_json::to_string(&kept).expect("written").as_bytes(), "the workspace's record");
    desktop.close().await;
    assert!(files(&root.path().join("desk"), &searched) >= 2, "there are files");
    // What is looked for can be found: the server's own records have all of it.
    let own = serde_json::to_string(&world.workspace().await).expect("written");
    assert!(searched.find(own.as_bytes()).is_some());
}
