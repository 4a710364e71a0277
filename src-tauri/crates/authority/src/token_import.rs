//! Tokens on their way in: what would become of every row, and the import itself.

use std::{collections::HashSet, fmt::Write};

use domain::{
    account::Account,
    factor::{Clock, Counter},
    id::{AccountId, BatchId, CommunityId, TokenId},
    oath::{Algorithm, Digits, LEAST_BYTES, MOST_BYTES, Moving, OathSecret, Parameters},
    token::{self, Importing, Origin, Token, TokenState},
    words::{Email, Name},
};
use secrecy::ExposeSecret;
use sha2::{Digest, Sha256};
use wire::{
    Refusal, RefusalCode, SessionToken,
    tokens::{
        CheckTokens, ImportTokens, SeedChecked, SeedRow, SeedVerdict, TokenAlgorithm, TokenKind, TokenOrigin, TokensChecked, TokensImported,
    },
};

use crate::{
    ground::{Acting, Ground},
    local::{Authority, settle_watched},
    refusals,
    seal::Place,
    store::{Store, known_as},
    tokens::person_of,
};

/// What would become of one row.
struct Planned {
    verdict: SeedVerdict,
    /// What it brings, when it brings anything. Not sealed yet.
    token: Option<(Token, OathSecret)>,
    /// Whom it is assigned to.
    holder: Option<Account>,
}

/// Where rows come from, and where they go.
struct Destination<'a> {
    origin: Origin,
    community: Option<CommunityId>,
    batch: BatchId,
    acting: &'a Acting,
}

impl<S: Store> Authority<S> {
    pub(crate) async fn check_tokens(&self, session: Option<&SessionToken>, request: CheckTokens) -> Result<TokensChecked, Refusal> {
        let mut ground = self.ground();
        let acting = ground.acting_fully(session).await?;
        let (origin, community) = stock(request.origin, request.community);
        if let Err(refusal) = self.may_import(&mut ground, &acting, origin, community).await? {
            return Err(self.turned_away(ground, refusal).await);
        }
        let into = Destination { origin, community, batch: BatchId(uuid::Uuid::nil()), acting: &acting };
        let planned = self.plan(&mut ground, &request.rows, &into).await?;
        let count = |wanted: fn(&Planned) -> bool| u32::try_from(planned.iter().filter(|row| wanted(row)).count()).unwrap_or(u32::MAX);
        Ok(TokensChecked {
            added: count(|row| row.token.is_some()),
            assigned: count(|row| row.token.is_some() && row.holder.is_some()),
            left_out: count(|row| row.token.is_none()),
            seen: self.seen(&request.rows, &planned),
            rows: planned.iter().zip(&request.rows).zip(0..).map(|((planned, row), at)| checked(at, row, planned)).collect(),
        })
    }

    pub(crate) async fn import_tokens(&self, session: Option<&SessionToken>, request: ImportTokens) -> Result<TokensImported, Refusal> {
        let (origin, community) = stock(request.origin, request.community);
        let batch = BatchId::random(&mut self.entropy());
        let mut imported = TokensImported { batch: batch.0, added: 0, assigned: 0, left_out: 0 };
        settle_watched!(self, request.told, ground => async {
            let acting = ground.acting_fully(session).await?;
            if let Err(refusal) = self.may_import(&mut ground, &acting, origin, community).await? {
                return Err(refusals::domain(refusal));
            }
            let into = Destination { origin, community, batch, acting: &acting };
            let planned = self.plan(&mut ground, &request.rows, &into).await?;
            if self.seen(&request.rows, &planned) != request.seen {
                return Err(RefusalCode::PreflightStale.into());
            }
            let (mut tokens, mut holders) = (Vec::new(), Vec::<Account>::new());
            let mut given = HashSet::new();
            (imported.added, imported.assigned, imported.left_out) = (0, 0, 0);
            for row in planned {
                let Some((mut token, secret)) = row.token else {
                    imported.left_out += 1;
                    continue;
                };
                imported.added += 1;
                let place = Place::Token { workspace: acting.workspace.id, token: token.id };
                token.sealed = Some(self.key.seal(&secret, place, &mut self.entropy()));
                tokens.push(token);
                let Some(holder) = row.holder else { continue };
                imported.assigned += 1;
                if holder.id != acting.account.id && given.insert(holder.id) {
                    holders.push(holder);
                }
            }
            if tokens.is_empty() {
                return Err(RefusalCode::ImportEmpty.into());
            }
            let proof = self.prove(&mut ground, &acting, &request.proof).await?;
            let importing = Importing { origin, community, tokens, holders, file: &request.file_name };
            Ok(token::import(&acting.policy, acting.account, acting.session, importing, &proof, ground.now))
        })?;
        Ok(imported)
    }

    /// A community that is not there is refused like one out of reach.
    async fn may_import(
        &self,
        ground: &mut Ground<'_, S>,
        acting: &Acting,
        origin: Origin,
        community: Option<CommunityId>,
    ) -> Result<Result<(), domain::Refusal>, Refusal> {
        let communities = ground.communities().await?;
        if community.is_some_and(|id| communities.iter().all(|community| community.id != id)) {
            return Ok(Err(domain::Refusal::NotAllowed));
        }
        Ok(token::may_import(&acting.account, origin, community))
    }

    async fn plan(&self, ground: &mut Ground<'_, S>, rows: &[SeedRow], into: &Destination<'_>) -> Result<Vec<Planned>, Refusal> {
        let (mut secrets, mut names) = (HashSet::new(), HashSet::new());
        let mut planned = Vec::with_capacity(rows.len());
        for row in rows {
            let left_out = |verdict| Planned { verdict, token: None, holder: None };
            let (mut token, secret) = match self.read(row, into, ground) {
                Ok(read) => read,
                Err(verdict) => {
                    planned.push(left_out(verdict));
                    continue;
                }
            };
            let known = known_as(&token);
            let twice = !secrets.insert(token.fingerprint) || known.as_ref().is_some_and(|known| !names.insert(known.clone()));
            if twice || self.store.token_like(token.fingerprint, known.as_deref()).await.map_err(refusals::store)?.is_some() {
                planned.push(left_out(if twice { SeedVerdict::Twice } else { SeedVerdict::Here }));
                continue;
            }
            let (verdict, holder) = match (into.origin, &row.holder) {
                (Origin::Brought, _) => (SeedVerdict::New, Some(into.acting.account.clone())),
                (Origin::Hardware, Some(email)) if !email.trim().is_empty() => match self.holder(ground, into, email).await? {
                    Some(holder) => (SeedVerdict::NewForPerson, Some(holder)),
                    None => (SeedVerdict::NewForNobody, None),
                },
                (Origin::Hardware, _) => (SeedVerdict::New, None),
            };
            if let Some(holder) = &holder {
                token.state = TokenState::Assigned { to: holder.id, wrong: 0 };
            }
            planned.push(Planned { verdict, token: Some((token, secret)), holder });
        }
        Ok(planned)
    }

    async fn holder(&self, ground: &mut Ground<'_, S>, into: &Destination<'_>, email: &str) -> Result<Option<Account>, Refusal> {
        let Ok(email) = Email::read(email) else { return Ok(None) };
        let found = ground.account_by_email(&email.folded()).await?;
        Ok(found.filter(|found| token::may_give(&into.acting.account, found, ground.now).is_ok()))
    }

    /// A token of a row, free and without a seal; or why there is none.
    fn read(&self, row: &SeedRow, into: &Destination<'_>, ground: &Ground<'_, S>) -> Result<(Token, OathSecret), SeedVerdict> {
        let bytes = row.secret.expose_secret();
        if bytes.len() < LEAST_BYTES {
            return Err(SeedVerdict::SecretTooShort);
        }
        if bytes.len() > MOST_BYTES {
            return Err(SeedVerdict::SecretTooLong);
        }
        let digits = Digits::read(row.digits).ok_or(SeedVerdict::Digits)?;
        let (moving, counter) = match row.moving {
            wire::tokens::Moving::Time { step_seconds: step @ (30 | 60), .. } => (Moving::Time(step), Counter::default()),
            wire::tokens::Moving::Time { .. } => return Err(SeedVerdict::Step),
            wire::tokens::Moving::Counter { next } => (Moving::Counter, Counter::at(next)),
        };
        let algorithm = match row.algorithm {
            TokenAlgorithm::Sha1 => Algorithm::Sha1,
            TokenAlgorithm::Sha256 => Algorithm::Sha256,
            TokenAlgorithm::Sha512 => Algorithm::Sha512,
        };
        let parameters = Parameters { moving, digits, algorithm };
        let secret = OathSecret::of(bytes, parameters).ok_or(SeedVerdict::SecretTooShort)?;
        let token = Token {
            id: TokenId::random(&mut self.entropy()),
            origin: into.origin,
            community: into.community,
            serial: word(row.serial.as_deref())?,
            label: word(row.label.as_deref())?,
            maker: word(row.maker.as_deref())?,
            parameters,
            sealed: None,
            fingerprint: self.key.fingerprint(bytes),
            batch: into.batch,
            imported_at: ground.now,
            imported_by: into.acting.account.id,
            state: TokenState::Free,
            since: ground.now,
            last_holder: None,
            used: false,
            clock: Clock::default(),
            counter,
        };
        Ok((token, secret))
    }

    /// Names an outcome: the rows in their order, what becomes of each, and for whom.
    fn seen(&self, rows: &[SeedRow], planned: &[Planned]) -> String {
        let mut hash = Sha256::new();
        for (row, planned) in rows.iter().zip(planned) {
            hash.update(self.key.fingerprint(row.secret.expose_secret()));
            hash.update([planned.verdict as u8]);
            hash.update(planned.holder.as_ref().map_or(AccountId(uuid::Uuid::nil()), |holder| holder.id).0.as_bytes());
        }
        hash.finalize().iter().fold(String::new(), |mut text, byte| {
            let _written = write!(text, "{byte:02x}");
            text
        })
    }
}

fn stock(origin: TokenOrigin, community: Option<uuid::Uuid>) -> (Origin, Option<CommunityId>) {
    match origin {
        TokenOrigin::Hardware => (Origin::Hardware, community.map(CommunityId)),
        TokenOrigin::Brought => (Origin::Brought, None),
    }
}

fn word(text: Option<&str>) -> Result<Option<Name>, SeedVerdict> {
    match text.map(Name::read) {
        None | Some(Err(domain::Refusal::NameEmpty)) => Ok(None),
        Some(Ok(name)) => Ok(Some(name)),
        Some(Err(_)) => Err(SeedVerdict::TooLong),
    }
}

fn checked(at: u32, row: &SeedRow, planned: &Planned) -> SeedChecked {
    SeedChecked {
        row: at,
        verdict: planned.verdict,
        serial: row.serial.clone(),
        label: row.label.clone(),
        maker: row.maker.clone(),
        kind: match row.moving {
            wire::tokens::Moving::Time { .. } => TokenKind::Time,
            wire::tokens::Moving::Counter { .. } => TokenKind::Counter,
        },
        digits: row.digits,
        person: person_of(planned.holder.as_ref()),
    }
}
