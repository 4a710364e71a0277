//! The recovery kit: drawn, kept, used, replaced.

use domain::{
    Decision,
    code::{self, Code, Kind, Typed},
    gate::{self, Act, Role},
    kit::{
        OwnerVerifier,
        record::{self, Concerned, HeldKit, KitTry},
    },
    readiness::Hour,
    secret_hash::{Cost, Recipe},
    session::SessionId,
    sign_in::Next,
    words::{Email, NewPassword},
};
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;
use wire::{
    Refusal, RefusalCode, SessionToken,
    keeping::{BeginKit, KitUsed, NoteKitKept, RecoverOwner},
    sign_in::{Done, Step},
};

use crate::{
    doors::Opened,
    ground::{Acting, Ground},
    keeping::of_wire,
    local::{Authority, settle},
    own_account::saved,
    refusals,
    store::{Begin, Being, Only, PeopleQuery, Store},
    views,
};

/// People read at once while those are sought whom a use of the kit concerns.
const MANY: u32 = 1_000;
/// Keeps the failures of kits apart from those of passwords. No address holds it.
const APART: &str = "recovery kit\0";

/// Reads the code of a recovery kit.
///
/// # Errors
/// [`RefusalCode::KitMistyped`] for anything else. It costs no attempt: nothing secret was looked at.
pub fn read_kit(typed: &SecretString) -> Result<Code, Refusal> {
    match code::read(typed.expose_secret()) {
        Ok(Typed::Code(code)) if code.kind() == Kind::Kit => Ok(code),
        _ => Err(RefusalCode::KitMistyped.into()),
    }
}

impl<S: Store> Authority<S> {
    pub(crate) async fn begin_kit(&self, token: Option<&SessionToken>, request: BeginKit) -> Result<Done, Refusal> {
        settle!(self, ground => async {
            let acting = ground.acting_fully(token).await?;
            let proof = self.prove(&mut ground, &acting, &request.proof).await?;
            let drawn = HeldKit::drawn(request.kit.slot, OwnerVerifier::from_bytes(request.kit.verifier), ground.now);
            let asked = request.change.map(|change| of_wire(change).event());
            Ok(record::begin(acting.workspace, acting.account, acting.session, &proof, drawn, asked, ground.now))
        })?;
        Ok(Done {})
    }

    pub(crate) async fn note_kit_kept(&self, token: Option<&SessionToken>, request: NoteKitKept) -> Result<Done, Refusal> {
        let how = saved(request.how);
        settle!(self, ground => async {
            let acting = ground.acting(token).await?;
            Ok(record::note_kept(acting.workspace, &acting.account, &acting.session, request.slot, how, ground.now))
        })?;
        Ok(Done {})
    }

    /// Makes the record of the kits follow the vault's header, after a rotation and whenever the vault was opened: `slot`
    /// is the kit that opens it.
    ///
    /// # Errors
    /// A refusal of the store.
    pub async fn settle_kits(&self, slot: Option<Uuid>) -> Result<(), Refusal> {
        settle!(self, ground => async {
            // It is about the file, which is here also where the workspace has moved.
            ground.moving = true;
            Ok(record::settle(ground.workspace().await?, slot))
        })
    }

    /// Writes down that the recovery kit opened the vault, and tells those who administer anything.
    ///
    /// # Errors
    /// A refusal of the store.
    pub async fn note_opened_by_kit(&self) -> Result<(), Refusal> {
        let concerned = self.concerned().await?;
        settle!(self, ground => async {
            ground.moving = true;
            Ok(record::opened_vault(ground.workspace().await?, &concerned, ground.now))
        })
    }

    pub(crate) async fn recover_owner(&self, request: RecoverOwner) -> Result<Opened<Step>, Refusal> {
        let code = read_kit(&request.code)?;
        let new = NewPassword::read(&request.password).map_err(refusals::domain)?;
        let (token, session) = self.new_session();
        let next = settle!(self, ground => self.recover_owner_once(&mut ground, &request.email, &code, &new, session))?;
        Ok((Step { next: views::next(next) }, Some(token)))
    }

    async fn recover_owner_once(
        &self,
        ground: &mut Ground<'_, S>,
        email: &str,
        code: &Code,
        new: &NewPassword,
        session: SessionId,
    ) -> Result<Decision<Next>, Refusal> {
        let workspace = ground.workspace().await?;
        // An address that cannot be is counted like any other.
        let folded = Email::read(email).map_or_else(|_| email.trim().to_lowercase(), |email| email.folded());
        let account = ground.account_by_email(&folded).await?;
        let key = self.kit_key(&folded);
        let failures = ground.throttle(key).await?;
        if let Err(closed) = failures.open(&workspace.policy.limits.for_passwords(), ground.now) {
            return Ok(Decision::refuse(closed));
        }
        // Staff are looked up for the holder of the kit alone: a stranger has no such lever.
        let held = workspace.kits.held.as_ref();
        let proved = held.is_some_and(|held| held.verifier.is_proved_by(code)) && account.as_ref().is_some_and(|account| account.owner);
        let concerned = if proved { self.concerned().await? } else { Concerned::default() };
        // Hashed whoever asks: a wrong kit takes as long as the right one.
        let password = self.hash_password(new).await?;
        let nobody_has = Code::random(Kind::Recovery, &mut self.entropy());
        let closed = self.hash(Recipe::random(Cost::ONLINE, &mut self.entropy()), nobody_has.canonical()).await?;
        let tried = KitTry { code: code.clone(), key, failures, password, closed, session };
        Ok(record::recover_owner(workspace, account, tried, &concerned, ground.now))
    }

    /// Under which failures with kits for this address are counted, wherever one is typed.
    pub(crate) fn kit_key(&self, folded_email: &str) -> [u8; 32] {
        self.throttle_key(&format!("{APART}{folded_email}"))
    }

    pub(crate) async fn acknowledge_kit(&self, token: Option<&SessionToken>) -> Result<Done, Refusal> {
        settle!(self, ground => async {
            let acting = ground.acting_fully(token).await?;
            Ok(record::acknowledge(&acting.workspace.kits, acting.account, &acting.session))
        })?;
        Ok(Done {})
    }

    /// The use of the kit that this reader has not said yet that they know of.
    pub(crate) async fn kit_used(&self, ground: &mut Ground<'_, S>, reader: &Acting) -> Result<Option<KitUsed>, Refusal> {
        let Some(last) = reader.workspace.kits.untold(&reader.account) else { return Ok(None) };
        let owner = match last.owner {
            Some(id) => ground.account(id).await?,
            None => None,
        };
        let about = match last.case_of {
            Some(id) => ground.account(id).await?,
            None => None,
        };
        // Administrators of other communities are told too, and learn of nobody by it.
        let known = about.filter(|about| gate::may(&reader.account.standing(), Act::See(about.standing())).is_ok());
        Ok(Some(KitUsed {
            at: last.at.0,
            owner: owner.as_ref().map(views::person),
            for_case: last.case_of.is_some(),
            case_of: known.as_ref().map(views::person),
        }))
    }

    /// Whom a use of the kit concerns: every owner, and whoever administers anything.
    pub(crate) async fn concerned(&self) -> Result<Concerned, Refusal> {
        let mut people: Vec<_> = self.store.owners().await.map_err(refusals::store)?.into_iter().map(|found| found.record.id).collect();
        let only = Only { being: Some(Being::Holding(Role::Administrator)), state: None };
        let mut query = PeopleQuery { only, ..PeopleQuery::everybody(Hour::plain(self.ground().now), MANY) };
        loop {
            let page = self.store.people(&query).await.map_err(refusals::store)?;
            people.extend(page.rows.iter().filter(|account| !account.owner).map(|account| account.id));
            match page.next {
                Some((name, id)) => query.begin = Begin::After(name, id),
                None => break,
            }
        }
        let communities = self.ground().communities().await?.iter().map(|community| community.id).collect();
        Ok(Concerned { people, communities })
    }
}
