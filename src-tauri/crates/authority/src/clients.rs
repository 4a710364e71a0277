//! Programs that ask whether codes are right: kept at a server's console, and answered.

use std::sync::{Mutex, PoisonError};

use domain::{
    Decision,
    account::Account,
    check::{self, is_for_here},
    client::{self, Client, Realms},
    code::{self, Code, Typed},
    decision::ThrottleKey,
    draw,
    factor::SecondFactor,
    id::ClientId,
    moving::out,
    oath::{DRIFT_REACH, OathSecret},
    secret_hash::{Hashed, Opaque, Recipe},
    sign_in::CodeTry,
    throttle::Failures,
    time::Moment,
    words::{Email, Name},
    workspace::Workspace,
};
use secrecy::{ExposeSecret, SecretSlice, SecretString};
use sha2::{Digest, Sha256};
use wire::{Refusal, RefusalCode};

use crate::{
    ground::Ground,
    local::{Authority, Counted, settle},
    refusals,
    store::Store,
};

/// What a client shows to be who it is: 32 random bytes.
pub type ClientKey = SecretSlice<u8>;

/// What a program asks.
#[derive(Debug)]
pub struct Check {
    /// The address of somebody.
    pub user: String,
    /// What they typed: a code of an authenticator, or a backup code.
    pub code: SecretString,
    /// The realm to look for them in, by name or identifier: a community, or the workspace. Empty: wherever the client may.
    pub realm: String,
}

/// A program that may ask, as the console lists it.
#[derive(Debug)]
pub struct KnownClient {
    /// Its identifier.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The names of its communities; none where it may ask about the whole workspace.
    pub realms: Option<Vec<String>>,
    /// When it was added, in seconds since 1970.
    pub made_at: i64,
    /// When it last asked, to a day.
    pub used_at: Option<i64>,
}

/// What was typed, hashed as it was the last time.
#[derive(Default)]
struct Tried(Mutex<Option<Hashed>>);

fn hashed(key: &ClientKey) -> Opaque<32> {
    Opaque(Sha256::digest(key.expose_secret()).into())
}

impl<S: Store> Authority<S> {
    /// Adds a program that may ask about people of these realms, by name or identifier; of the whole workspace where none is named.
    /// Answers its key, which is kept nowhere.
    ///
    /// # Errors
    /// [`RefusalCode::RealmUnknown`], [`RefusalCode::ClientNameTaken`], [`RefusalCode::ClientsFull`], or what is wrong with the name.
    pub async fn add_client(&self, name: &str, realms: &[String]) -> Result<ClientKey, Refusal> {
        let name = Name::read(name).map_err(refusals::domain)?;
        let key = ClientKey::from(draw::<32>(&mut self.entropy()).to_vec());
        let id = ClientId::random(&mut self.entropy());
        settle!(self, ground => async {
            let workspace = ground.workspace().await?;
            let communities = ground.communities().await?;
            let mut its = Vec::new();
            let mut all = realms.is_empty();
            for realm in realms {
                match client::named(realm, &workspace, &communities).ok_or(RefusalCode::RealmUnknown)? {
                    Realms::Workspace => all = true,
                    Realms::Communities(named) => its.extend(named),
                }
            }
            its.sort_unstable();
            its.dedup();
            let realms = if all { Realms::Workspace } else { Realms::Communities(its) };
            let client = Client { id, name: name.clone(), key: hashed(&key), realms, made_at: ground.now, used_at: None };
            Ok::<_, Refusal>(client::add(workspace, &communities, client))
        })?;
        Ok(key)
    }

    /// Removes a program, by its name or identifier.
    ///
    /// # Errors
    /// [`RefusalCode::ClientGone`].
    pub async fn remove_client(&self, which: &str) -> Result<(), Refusal> {
        settle!(self, ground => async {
            let workspace = ground.workspace().await?;
            let communities = ground.communities().await?;
            Ok::<_, Refusal>(client::remove(workspace, &communities, which))
        })
    }

    /// The programs that may ask.
    ///
    /// # Errors
    /// What kept the store from reading them.
    pub async fn clients(&self) -> Result<Vec<KnownClient>, Refusal> {
        let mut ground = self.ground();
        let workspace = ground.workspace().await?;
        let communities = ground.communities().await?;
        let known = workspace.clients.iter().map(|client| {
            let realms = match &client.realms {
                Realms::Workspace => None,
                Realms::Communities(its) => {
                    let named = communities.iter().filter(|community| its.contains(&community.id));
                    Some(named.map(|community| community.name.as_str().to_owned()).collect())
                }
            };
            let (id, name) = (client.id.to_string(), client.name.as_str().to_owned());
            KnownClient { id, name, realms, made_at: client.made_at.0, used_at: client.used_at.map(|at| at.0) }
        });
        Ok(known.collect())
    }

    /// Whether what somebody typed is right, spent by that. No answer leaves before the commit that counts it. Everything that is
    /// not right is one and the same.
    ///
    /// # Errors
    /// [`RefusalCode::ClientUnknown`] for the key of nobody; busy, or a store that could not.
    pub async fn check(&self, key: &ClientKey, asked: &Check) -> Result<bool, Refusal> {
        let hash = hashed(key);
        // Hashed once, however often it must be decided anew.
        let tried = Tried::default();
        settle!(self, ground => self.check_once(&mut ground, &hash, asked, &tried))
    }

    async fn check_once(
        &self,
        ground: &mut Ground<'_, S>,
        key: &Opaque<32>,
        asked: &Check,
        before: &Tried,
    ) -> Result<Decision<bool>, Refusal> {
        // An address that cannot be is counted like any other.
        let folded = Email::read(&asked.user).map_or_else(|_| asked.user.trim().to_lowercase(), |email| email.folded());
        // A program knows two answers: where the workspace has left this server, nobody is known here.
        ground.also_out = true;
        let (workspace, account) = ground.door(&folded).await?;
        let client = Client::of_key(&workspace.clients, key).ok_or(RefusalCode::ClientUnknown)?;
        let no = || Decision::accept(false);
        if out::is_out(&workspace) {
            return Ok(no());
        }
        // Nothing secret is looked at for what has no form of a code, or another kind's: it costs nothing, whosever address it is.
        let Some(typed) = code::read(asked.code.expose_secret()).ok().filter(is_for_here) else { return Ok(no()) };
        let policy = ground.policy_at_the_door(&workspace, account.as_ref()).await?;
        let communities = ground.communities().await?;
        let realms = client.asks_about(&asked.realm, &workspace, &communities);
        let person =
            account.zip(realms).filter(|(account, realms)| check::may_answer(&policy, account, realms)).map(|(account, _)| account);

        let counted_under = self.at(&format!("client {}", client.id)).throttle_key_of(Counted::Check, &folded);
        let mut failures = None;
        if check::is_counted(person.as_ref(), client.id) {
            let counted = ground.throttle(counted_under).await?;
            // During a wait nothing is evaluated.
            if counted.open(&policy.limits.for_passwords(), ground.now).is_err() {
                return Ok(no());
            }
            failures = Some(counted);
        }
        let mut decision = match person {
            Some(mut person) => {
                let tried = self.try_at_client(&workspace, &person, typed, before).await?;
                match check::judge(&policy, &mut person, &tried, ground.now) {
                    Some(right) => check::accept(client, person, right, failures.map(|_| counted_under)),
                    None => {
                        let failures = self.counted(ground, counted_under, failures).await?;
                        check::refuse(&policy, client, Some(person), (counted_under, failures), ground.now)
                    }
                }
            }
            None => {
                self.try_for_nobody(typed, ground.now, before).await?;
                let failures = self.counted(ground, counted_under, failures).await?;
                check::refuse(&policy, client, None, (counted_under, failures), ground.now)
            }
        };
        decision.changes.extend(client::used(&workspace, client.id, ground.now));
        Ok(decision)
    }

    async fn counted(&self, ground: &mut Ground<'_, S>, key: ThrottleKey, known: Option<Failures>) -> Result<Failures, Refusal> {
        match known {
            Some(known) => Ok(known),
            None => ground.throttle(key).await,
        }
    }

    async fn try_at_client(&self, workspace: &Workspace, person: &Account, typed: Typed, before: &Tried) -> Result<CodeTry, Refusal> {
        let (secrets, hashed) = match (&typed, &person.second_factor) {
            (Typed::Totp(_), SecondFactor::Active(factors)) => (self.opened(workspace, person, factors), None),
            (Typed::Code(code), factor) => {
                let recipe = factor.recipe(code.kind()).unwrap_or(self.decoy);
                (Vec::new(), Some(self.hash_once(recipe, code, before).await?))
            }
            _ => (Vec::new(), None),
        };
        Ok(CodeTry { typed, secrets, hashed, out_of_reach: None })
    }

    /// The work of somebody, for nobody.
    async fn try_for_nobody(&self, typed: Typed, now: Moment, before: &Tried) -> Result<(), Refusal> {
        match typed {
            Typed::Totp(digits) => {
                let secret = OathSecret::random(&mut self.entropy());
                std::hint::black_box(secret.matching_steps(&digits, now, DRIFT_REACH));
            }
            Typed::Code(code) => {
                std::hint::black_box(self.hash_once(self.decoy, &code, before).await?);
            }
        }
        Ok(())
    }

    async fn hash_once(&self, recipe: Recipe, code: &Code, before: &Tried) -> Result<Hashed, Refusal> {
        let known = *before.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.filter(|known| *known.recipe() == recipe) {
            return Ok(known);
        }
        let hashed = self.hash(recipe, code.canonical()).await?;
        *before.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(hashed);
        Ok(hashed)
    }
}
