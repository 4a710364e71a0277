//! Importing people: what a list comes to, carrying it out, and taking it back.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Decision, Refusal as DomainRefusal,
    account::Account,
    gate::{self, Act},
    id::{AccountId, ImportId},
    import::{self, Batch, Facts, Flaw, Imported, Moved, Planned, Row, Verdict, What, Why},
    words::Email,
};
use sha2::{Digest, Sha256};
use wire::{
    Refusal, RefusalCode, SessionToken,
    import::{
        AllowImport, CheckPeople, CheckedRow, DraftRow, Holder, ImportDone, ImportPeople, Imports, ListImports, MovedBy, PastImport,
        PeopleChecked, RoleChanged, RowCounts, RowReason, RowVerdict, UndoImport,
    },
    people::PersonName,
    sign_in::Done,
};

use crate::{
    ground::{Acting, Ground},
    local::{Authority, settle_watched},
    refusals,
    store::{ImportedQuery, RecordKey, Store, Versioned},
    views,
};

/// Imports listed.
const LISTED: u32 = 50;
/// People of an import read at a time.
const STRIDE: u32 = 500;

/// A list as it was looked at.
struct Looked {
    verdicts: Vec<Verdict>,
    known: BTreeMap<String, Versioned<Account>>,
    rows: Vec<CheckedRow>,
    counts: RowCounts,
    seen: String,
}

impl<S: Store> Authority<S> {
    /// Whether somebody may import; answers who it is.
    pub(crate) async fn allow_import(&self, token: Option<&SessionToken>, request: AllowImport) -> Result<PersonName, Refusal> {
        let AllowImport {} = request;
        let mut ground = self.ground();
        let acting = ground.acting_fully(token).await?;
        match gate::may(&acting.account.standing(), Act::Import) {
            Ok(()) => Ok(views::person(&acting.account)),
            Err(denied) => Err(self.turned_away(ground, denied.into()).await),
        }
    }

    pub(crate) async fn check_people(&self, token: Option<&SessionToken>, request: CheckPeople) -> Result<PeopleChecked, Refusal> {
        let mut ground = self.ground();
        let acting = ground.acting_fully(token).await?;
        if let Err(denied) = gate::may(&acting.account.standing(), Act::Import) {
            return Err(self.turned_away(ground, denied.into()).await);
        }
        let Looked { rows, counts, seen, .. } = self.look(&mut ground, &acting, &request.rows).await?;
        Ok(PeopleChecked { seen, rows, counts })
    }

    pub(crate) async fn import_people(&self, token: Option<&SessionToken>, request: ImportPeople) -> Result<ImportDone, Refusal> {
        let id = ImportId::random(&mut self.entropy());
        let Imported { added, changed } =
            settle_watched!(self, request.told, ground => self.import_people_once(&mut ground, token, &request, id))?;
        Ok(ImportDone { import: id.0, added, changed })
    }

    async fn import_people_once(
        &self,
        ground: &mut Ground<'_, S>,
        token: Option<&SessionToken>,
        request: &ImportPeople,
        id: ImportId,
    ) -> Result<Decision<Imported>, Refusal> {
        let acting = ground.acting_fully(token).await?;
        // Who may not is told so before anybody is looked up.
        gate::may(&acting.account.standing(), Act::Import).map_err(|denied| refusals::domain(denied.into()))?;
        let proof = self.prove(ground, &acting, &request.proof).await?;
        let looked = self.look(ground, &acting, &request.rows).await?;
        let as_shown = looked.seen == request.seen;
        let mut before = Vec::new();
        for verdict in &looked.verdicts {
            let Verdict::Change(account, _) = verdict else { continue };
            let found = looked.known.get(&account.email.folded()).ok_or(RefusalCode::Unexpected)?;
            ground.read.push((RecordKey::Account(account.id), Some(found.version)));
            before.push(found.record.clone());
        }
        let Acting { account, session, policy, .. } = acting;
        let planned = Planned { id, file: &request.file, verdicts: looked.verdicts, before, as_shown };
        Ok(import::carry_out(&policy, account, session, planned, &proof, &mut self.entropy(), ground.now))
    }

    /// What each row comes to, for whoever acts. Whom the list touches is found out with one look at the store, and what of it
    /// is changed is checked again at the commit.
    async fn look(&self, ground: &mut Ground<'_, S>, acting: &Acting, drafts: &[DraftRow]) -> Result<Looked, Refusal> {
        let communities = ground.communities().await?;
        let rows: Vec<Row> = drafts.iter().map(row).collect();
        let addresses: BTreeSet<String> = rows.iter().filter_map(|row| Email::read(&row.email).ok()).map(|email| email.folded()).collect();
        let addresses: Vec<String> = addresses.into_iter().collect();
        let found = self.store.accounts_by_email(&addresses).await.map_err(refusals::store)?;
        let known: BTreeMap<String, Versioned<Account>> = found.into_iter().map(|found| (found.record.email.folded(), found)).collect();
        let records: BTreeMap<String, Account> = known.iter().map(|(address, found)| (address.clone(), found.record.clone())).collect();
        let facts = Facts { workspace: &acting.workspace, communities: &communities, known: &records };
        let verdicts = import::plan(&acting.account, &facts, &rows, ground.now);
        let names = |id| communities.iter().find(|community| community.id == id).map(|community| community.name.as_str().to_owned());
        let rows: Vec<CheckedRow> = drafts.iter().zip(&verdicts).map(|(draft, verdict)| checked(draft, verdict, names)).collect();
        let mut counts = RowCounts { added: 0, changed: 0, same: 0, refused: 0 };
        let mut digest = Sha256::new();
        for row in &rows {
            match row.verdict {
                RowVerdict::Added => counts.added += 1,
                RowVerdict::Changed => counts.changed += 1,
                RowVerdict::Same => counts.same += 1,
                RowVerdict::Refused => counts.refused += 1,
            }
            digest.update(format!("{row:?}"));
        }
        let seen = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Looked { verdicts, known, rows, counts, seen })
    }

    pub(crate) async fn list_imports(&self, token: Option<&SessionToken>, request: ListImports) -> Result<Imports, Refusal> {
        let ListImports {} = request;
        let mut ground = self.ground();
        let acting = ground.acting_fully(token).await?;
        let reader = &acting.account;
        if let Err(denied) = gate::may(&reader.standing(), Act::Import) {
            return Err(self.turned_away(ground, denied.into()).await);
        }
        let by = (!reader.owner).then_some(reader.id);
        let mut rows = Vec::new();
        for batch in self.store.imports(by, LISTED).await.map_err(refusals::store)? {
            rows.push(self.past(reader, batch).await?);
        }
        Ok(Imports { rows })
    }

    async fn past(&self, reader: &Account, batch: Batch) -> Result<PastImport, Refusal> {
        let held_by = if batch.undone.is_none() { self.held_by(batch.id).await? } else { None };
        let undo_refused = match (import::may_undo(reader, &batch), batch.undone, &held_by) {
            (Err(refusal), ..) => Some(refusal),
            (Ok(()), Some(_), _) => Some(DomainRefusal::ImportUndone),
            (Ok(()), None, Some(_)) => Some(DomainRefusal::ImportMoved),
            (Ok(()), None, None) => None,
        };
        Ok(PastImport {
            id: batch.id.0,
            by: self.named(batch.by).await?.ok_or(RefusalCode::VaultDamaged)?,
            at: batch.at.0,
            file: batch.file,
            counts: RowCounts { added: batch.added, changed: batch.changed, same: batch.same, refused: batch.refused },
            undone_at: batch.undone.map(|undone| undone.at.0),
            undone_by: match batch.undone {
                Some(undone) => self.named(undone.by).await?,
                None => None,
            },
            undo_refused: undo_refused.map(refusals::domain),
            held_by,
        })
    }

    /// The first of an import who cannot be put back. Only accounts that were written since are looked at.
    async fn held_by(&self, import: ImportId) -> Result<Option<Holder>, Refusal> {
        let mut query = ImportedQuery { import, written_since: true, after: None, limit: STRIDE };
        loop {
            let page = self.store.import_people(&query).await.map_err(refusals::store)?;
            let found = page.iter().find_map(|found| import::moved(&found.person).map(|moved| (found, moved)));
            if let Some((found, moved)) = found {
                let why = match moved {
                    Moved::SignedIn => MovedBy::SignedIn,
                    Moved::Changed => MovedBy::Changed,
                    Moved::Gone => MovedBy::Gone,
                };
                return Ok(Some(Holder { person: found.person.account.as_ref().map(views::person), why }));
            }
            match page.last() {
                Some(last) if page.len() == STRIDE as usize => query.after = Some(last.person.item.account),
                _ => return Ok(None),
            }
        }
    }

    async fn named(&self, id: AccountId) -> Result<Option<PersonName>, Refusal> {
        let found = self.store.account(id).await.map_err(refusals::store)?;
        Ok(found.map(|found| views::person(&found.record)))
    }

    pub(crate) async fn undo_import(&self, token: Option<&SessionToken>, request: UndoImport) -> Result<Done, Refusal> {
        settle_watched!(self, request.told, ground => self.undo_import_once(&mut ground, token, &request))?;
        Ok(Done {})
    }

    async fn undo_import_once(
        &self,
        ground: &mut Ground<'_, S>,
        token: Option<&SessionToken>,
        request: &UndoImport,
    ) -> Result<Decision<()>, Refusal> {
        let acting = ground.acting_fully(token).await?;
        let id = ImportId(request.import);
        gate::may(&acting.account.standing(), Act::Import).map_err(|denied| refusals::domain(denied.into()))?;
        let found = self.store.import(id).await.map_err(refusals::store)?.ok_or(RefusalCode::NotAllowed)?;
        import::may_undo(&acting.account, &found.record).map_err(refusals::domain)?;
        ground.read.push((RecordKey::Import(id), Some(found.version)));
        let proof = self.prove(ground, &acting, &request.proof).await?;
        let mut people = Vec::new();
        let mut query = ImportedQuery { import: id, written_since: false, after: None, limit: STRIDE };
        loop {
            let page = self.store.import_people(&query).await.map_err(refusals::store)?;
            query.after = page.last().map(|last| last.person.item.account);
            let full = page.len() == STRIDE as usize;
            for touched in page {
                ground.read.push((RecordKey::Account(touched.person.item.account), touched.version));
                people.push(touched.person);
            }
            if !full {
                break;
            }
        }
        let Acting { account, session, policy, .. } = acting;
        Ok(import::undo(&policy, account, session, found.record, people, &proof, ground.now))
    }
}

fn row(draft: &DraftRow) -> Row {
    Row {
        line: draft.line,
        email: draft.email.clone(),
        name: draft.name.clone(),
        role: draft.role.clone(),
        community: draft.community.clone(),
        language: draft.language.clone(),
        flaw: draft.flaw.map(|flaw| match flaw {
            RowReason::NoEmail => Flaw::NoEmail,
            RowReason::TooManyCells => Flaw::TooManyCells,
            RowReason::CellTooLong => Flaw::CellTooLong,
            _ => Flaw::ControlCharacter,
        }),
    }
}

fn checked(draft: &DraftRow, verdict: &Verdict, community: impl Fn(domain::id::CommunityId) -> Option<String>) -> CheckedRow {
    let mut row = CheckedRow {
        line: draft.line,
        name: draft.name.clone(),
        email: draft.email.clone(),
        verdict: RowVerdict::Same,
        reason: None,
        first_line: None,
        role: None,
        owner: false,
        community: None,
        name_before: None,
        language_after: None,
        role_changed: None,
    };
    match verdict {
        Verdict::Same => {}
        Verdict::Refused(why) => {
            row.verdict = RowVerdict::Refused;
            row.reason = Some(reason(*why));
            row.first_line = if let Why::Twice(line) = why { Some(*line) } else { None };
        }
        Verdict::Add(person) => {
            row.verdict = RowVerdict::Added;
            row.name = person.name.as_str().into();
            row.email = person.email.as_str().into();
            row.role = person.membership.map(|membership| views::role(membership.role));
            row.owner = person.membership.is_none();
            row.community = person.membership.and_then(|membership| community(membership.community));
            row.language_after = Some(views::language(person.language));
        }
        Verdict::Change(account, what) => {
            row.verdict = RowVerdict::Changed;
            row.name = account.name.as_str().into();
            row.email = account.email.as_str().into();
            for what in what {
                match what {
                    What::Name(before, _) => row.name_before = Some(before.as_str().into()),
                    What::Language(_, after) => row.language_after = Some(views::language(*after)),
                    What::Role(community, before, after) => {
                        let (before, after) = (before.map(views::role), views::role(*after));
                        row.role_changed = Some(RoleChanged { community: community.as_str().into(), before, after });
                    }
                }
            }
        }
    }
    row
}

fn reason(why: Why) -> RowReason {
    match why {
        Why::Unread(Flaw::NoEmail) => RowReason::NoEmail,
        Why::Unread(Flaw::TooManyCells) => RowReason::TooManyCells,
        Why::Unread(Flaw::CellTooLong) => RowReason::CellTooLong,
        Why::Unread(Flaw::ControlCharacter) => RowReason::ControlCharacter,
        Why::EmailInvalid => RowReason::EmailInvalid,
        Why::Twice(_) => RowReason::Twice,
        Why::EmailTaken => RowReason::EmailTaken,
        Why::NameEmpty => RowReason::NameEmpty,
        Why::NameTooLong => RowReason::NameTooLong,
        Why::RoleUnknown => RowReason::RoleUnknown,
        Why::LanguageUnknown => RowReason::LanguageUnknown,
        Why::CommunityMissing => RowReason::CommunityMissing,
        Why::CommunityUnknown => RowReason::CommunityUnknown,
        Why::OutOfReach => RowReason::OutOfReach,
        Why::OwnerByHand => RowReason::OwnerByHand,
        Why::SignedIn => RowReason::SignedIn,
        Why::NotAdmitted => RowReason::NotAdmitted,
    }
}
