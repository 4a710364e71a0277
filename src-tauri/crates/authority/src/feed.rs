//! The change feed for the replicas of desktops: what their person may see, redacted, and the journal with it.

use data_encoding::BASE64;
use domain::{Refusal as DomainRefusal, account::Account, gate::Role, id::AccountId};
use journal::tree::Span;
use serde::Serialize;
use sha2::{Digest, Sha256};
use wire::{
    Refusal, RefusalCode, SessionToken,
    feed::{FeedBeside, FeedCommon, FeedEntry, FeedLeaf, FeedName, FeedPage, FeedPerson, FeedRecord, ReadFeed, ReadSnapshot, SnapshotPage},
};

use crate::{
    evidence::origin,
    local::Authority,
    refusals,
    store::{
        Store, Versioned,
        feed::{Fed, FedEntry, FedPerson, FeedPart, FeedQuery},
    },
};

/// People of a page at most.
const PEOPLE: u32 = 1_000;
/// Leaves of a page at most.
const LEAVES: u32 = 1_000;

impl<S: Store> Authority<S> {
    pub(crate) async fn read_snapshot(&self, token: Option<&SessionToken>, request: ReadSnapshot) -> Result<SnapshotPage, Refusal> {
        let part = FeedPart::People(request.after.map(AccountId), request.limit.clamp(1, PEOPLE));
        let (fed, now) = self.fed(token, part).await?;
        Ok(SnapshotPage {
            question: request.question,
            after: request.after,
            common: common(&fed, now)?,
            people: fed.people.iter().map(person).collect::<Result<_, _>>()?,
            next: fed.next.map(|next| next.0),
        })
    }

    pub(crate) async fn read_feed(&self, token: Option<&SessionToken>, request: ReadFeed) -> Result<FeedPage, Refusal> {
        let ReadFeed { after, records_from, limit, question, beside: kept } = request;
        // The key that signs is made before anything is read: making it is an entry.
        let (_, key) = self.signing().await?;
        let part = FeedPart::Entries { after, records_from, limit: limit.clamp(1, LEAVES) };
        let (fed, now) = self.fed(token, part).await?;
        let upto = after + fed.entries.len() as u64;
        let checkpoint = if upto == fed.size {
            let origin = origin(&fed.workspace.record);
            let root = self.tree_hash(Span::first(upto)).await?;
            Some(journal::Checkpoint { origin, size: upto, root }.sign(&key).ok_or(RefusalCode::Unexpected)?)
        } else {
            None
        };
        Ok(FeedPage {
            question,
            from: after,
            common: common(&fed, now)?,
            leaves: fed.entries.iter().map(leaf).collect(),
            people: fed.people.iter().map(person).collect::<Result<_, _>>()?,
            gone: fed.gone.iter().map(|id| id.0).collect(),
            beside: beside(&fed.beside, kept.as_deref()),
            names: fed.names.iter().map(|one| FeedName { id: one.id.0, name: one.name.clone(), email: one.email.clone() }).collect(),
            erased: fed.erased.iter().map(ToString::to_string).collect(),
            again: fed.again,
            checkpoint,
        })
    }

    /// Reads for whoever came through both doors, and nobody else.
    async fn fed(&self, token: Option<&SessionToken>, part: FeedPart) -> Result<(Fed, i64), Refusal> {
        let mut ground = self.ground();
        let (reader, now) = (ground.acting_fully(token).await?.account.id, ground.now);
        // Only a desktop that was paired has a replica.
        if self.through.device().is_none() {
            return Err(self.turned_away(ground, DomainRefusal::NotAllowed).await);
        }
        let fed = self.store.feed(&FeedQuery { reader, part }).await.map_err(refusals::store)?;
        Ok((fed.ok_or(RefusalCode::SessionEnded)?, now.0))
    }
}

fn common(fed: &Fed, now: i64) -> Result<FeedCommon, Refusal> {
    let reach = fed.reader.record.standing().reach(Role::Support);
    let standing = fed.reader.record.standing();
    let reached = |id| reach.as_ref().is_none_or(|reach| reach.contains(&id)) || standing.role_in(id).is_some();
    let (workspace, communities) = fed.tell;
    let community =
        |found: &Versioned<domain::workspace::Community>| record(found.version, &found.record.for_replica(reached(found.record.id)));
    Ok(FeedCommon {
        workspace: if workspace { Some(record(fed.workspace.version, &fed.workspace.record.for_replica())?) } else { None },
        communities: if communities { Some(fed.communities.iter().map(community).collect::<Result<_, _>>()?) } else { None },
        scope: scope(&fed.reader.record),
        size: fed.size,
        now,
    })
}

/// Whom a reader keeps beside those whom they see, unless this is the digest of them.
fn beside(people: &[AccountId], kept: Option<&str>) -> Option<FeedBeside> {
    let mut hash = Sha256::new();
    hash.update(b"sallyport/beside/v1\0");
    people.iter().for_each(|id| hash.update(id.0.as_bytes()));
    let digest = BASE64.encode(&hash.finalize()[..18]);
    (kept != Some(digest.as_str())).then(|| FeedBeside { digest, people: people.iter().map(|id| id.0).collect() })
}

/// What of the workspace somebody sees, in a word: another one wherever they see another part of it.
fn scope(reader: &Account) -> String {
    let mut hash = Sha256::new();
    hash.update(b"sallyport/scope/v1\0");
    hash.update(reader.id.0.as_bytes());
    match reader.standing().reach(Role::Support) {
        None => hash.update([1]),
        Some(mut reach) => {
            reach.sort_unstable();
            hash.update([0]);
            reach.iter().for_each(|id| hash.update(id.0.as_bytes()));
        }
    }
    BASE64.encode(&hash.finalize()[..18])
}

fn record(version: u64, redacted: &impl Serialize) -> Result<FeedRecord, Refusal> {
    let body = serde_json::to_string(redacted).map_err(|_| RefusalCode::Unexpected)?;
    Ok(FeedRecord { version, body })
}

fn person(fed: &FedPerson) -> Result<FeedPerson, Refusal> {
    let case = |case: &Versioned<domain::case::Case>| record(case.version, &case.record.for_replica());
    let failures = fed.failures.as_ref().map(serde_json::to_string).transpose();
    Ok(FeedPerson {
        id: fed.account.record.id.0,
        account: record(fed.account.version, &fed.account.record.for_replica())?,
        failures: failures.map_err(|_| RefusalCode::Unexpected)?,
        request: fed.request.as_ref().map(|one| record(one.version, &one.record)).transpose()?,
        report: fed.report.as_ref().map(|one| record(one.version, &one.record)).transpose()?,
        cases: fed.cases.iter().map(case).collect::<Result<_, _>>()?,
    })
}

fn leaf(fed: &FedEntry) -> FeedLeaf {
    let FedEntry { entry, told } = fed;
    if !told {
        return FeedLeaf::Hash(BASE64.encode(journal::LeafHash::of(&entry.leaf).as_bytes()));
    }
    FeedLeaf::Entry(FeedEntry {
        facts: entry.facts.clone(),
        facts_key: BASE64.encode(&entry.facts_key),
        persons: entry.persons.clone(),
        persons_key: entry.persons_key.as_ref().map(|key| BASE64.encode(key)),
        leaf: BASE64.encode(&entry.leaf),
    })
}
