//! A sample workspace, on which a lockout is rehearsed: made in an empty store by the use cases that make any other, with
//! people who do not exist.
//!
//! Its people came at different hours of the past, so its clock is [`Past`]: set back while it is made, and let go after.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use domain::{oath::OathSecret, time::Moment};
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;
use wire::{
    Refusal, RefusalCode, SessionToken, UseCase, Workspace,
    account::{BeginEnrolment, NoteCodesSaved, SavedAs, VerifyEnrolment},
    communities::MakeCommunity,
    people::{Invite, ListPeople, PersonName, RoleName},
    person::ChangeRole,
    proof::Proof,
    sign_in::{AcceptInvitation, GiveCode, SignIn},
};

use crate::{Authority, Founding, Store, Surroundings, System};

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;
/// When the workspace was made, when its newest people were invited, when the caller was locked out: so many seconds ago.
const FOUNDED: i64 = 200 * DAY;
const LATELY: i64 = 3 * HOUR;
const LOCKED: i64 = 4 * 60;
/// Between two steps of the same hour: a code is good once.
const STEP: i64 = 30;
/// What a sample person's password is made of, so that it can be read off a card and typed.
const PASSWORD_WORDS: [&str; 16] = [
    "amber", "barley", "cobalt", "dahlia", "ember", "fathom", "garnet", "hazel", "indigo", "juniper", "kelp", "lantern", "marble",
    "nettle", "orchid", "pebble",
];

/// The system's clock, set back by so many seconds.
#[derive(Clone, Debug, Default)]
pub struct Past(Arc<AtomicI64>);

impl Past {
    fn go_back(&self, seconds: i64) {
        self.0.store(seconds, Ordering::SeqCst);
    }

    fn pass(&self, seconds: i64) {
        self.0.fetch_sub(seconds, Ordering::SeqCst);
    }
}

impl Surroundings for Past {
    fn now(&self) -> Moment {
        System.now().plus(-self.0.load(Ordering::SeqCst))
    }

    fn fill(&self, bytes: &mut [u8]) {
        System.fill(bytes);
    }
}

/// How far somebody of the sample has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// Invited this morning, and never in.
    Invited,
    /// In, with a password alone.
    Password,
    /// In, with an authenticator and backup codes.
    Enrolled,
}

/// Somebody of the sample.
#[derive(Clone, Copy, Debug)]
pub struct Figure {
    /// The name.
    pub name: &'static str,
    /// The e-mail address, of a domain that nobody can have (RFC 2606).
    pub email: &'static str,
    /// In the second community instead of the first.
    pub elsewhere: bool,
    /// As what.
    pub role: RoleName,
    /// How far.
    pub arrival: Arrival,
}

/// What a sample workspace is to be.
#[derive(Debug)]
pub struct Plan<'a> {
    /// Whether it speaks French.
    pub french: bool,
    /// Its name, and that of its first community.
    pub name: &'a str,
    /// The name of its second community.
    pub community: &'a str,
    /// What its people call their authenticators.
    pub device: &'a str,
    /// Name and address of its owner.
    pub owner: (&'a str, &'a str),
    /// Name and address of the support staff who rehearses, in both communities.
    pub staff: (&'a str, &'a str),
    /// Everybody else.
    pub figures: &'a [Figure],
    /// The one who calls, by their place among the figures: enrolled, whatever stands there.
    pub caller: usize,
    /// Whether wrong codes have locked the caller out.
    pub locked: bool,
}

/// Somebody of the sample who can come in.
#[derive(Debug)]
pub struct SamplePerson {
    /// Who.
    pub person: PersonName,
    /// The password.
    pub password: SecretString,
    phone: OathSecret,
}

impl SamplePerson {
    /// What their authenticator shows at this moment, in seconds since 1970.
    #[must_use]
    pub fn code_at(&self, at: i64) -> SecretString {
        self.phone.code_at(Moment(at))
    }
}

/// A sample workspace.
#[derive(Debug)]
pub struct Sample {
    /// Its owner, who sees the whole journal.
    pub owner: SamplePerson,
    /// The support staff who rehearses.
    pub staff: SamplePerson,
    /// The one who calls.
    pub caller: PersonName,
}

impl<S: Store> Authority<S> {
    /// Makes a sample workspace in an empty store whose clock is `past`, and signs its support staff in, now.
    ///
    /// # Errors
    /// A refusal of the store, or of a plan that the rules do not allow: a second caller, a taken address.
    pub async fn make_sample(&self, past: &Past, plan: &Plan<'_>) -> Result<(Sample, SessionToken), Refusal> {
        let making = Making { authority: self, past, plan, password: password(self.surroundings.as_ref()) };
        let made = making.make().await;
        past.go_back(0);
        let sample = made?;
        let session = self.sign_in_sample(&sample.staff, -STEP).await?;
        Ok((sample, session))
    }

    /// Signs somebody of the sample in, with the code of so many seconds from now: one of the step before, which is
    /// accepted too, leaves the present one to be used.
    ///
    /// # Errors
    /// Those of signing in.
    pub async fn sign_in_sample(&self, who: &SamplePerson, shifted: i64) -> Result<SessionToken, Refusal> {
        let (_, session) = call(self, None, SignIn { email: who.person.email.clone(), password: who.password.clone() }).await?;
        let session = session.ok_or(RefusalCode::Unexpected)?;
        let code = who.code_at(self.surroundings.now().0 + shifted);
        call(self, Some(&session), GiveCode { code }).await?;
        Ok(session)
    }
}

async fn call<S: Store, U: UseCase>(
    authority: &Authority<S>,
    session: Option<&SessionToken>,
    request: U,
) -> Result<(U::Reply, Option<SessionToken>), Refusal> {
    let outcome = authority.call(session, request.into()).await?;
    Ok((U::reply(outcome.response)?, outcome.opened))
}

fn password(surroundings: &dyn Surroundings) -> SecretString {
    let mut bytes = [0; 5];
    surroundings.fill(&mut bytes);
    let [first, second, third, tens, ones] = bytes.map(usize::from);
    let word = |at: usize| PASSWORD_WORDS[at % PASSWORD_WORDS.len()];
    format!("{}-{}-{}{}-{}", word(first), word(second), tens % 10, ones % 10, word(third)).into()
}

struct Making<'a, S> {
    authority: &'a Authority<S>,
    past: &'a Past,
    plan: &'a Plan<'a>,
    /// Of everybody: it is hashed for each of them all the same.
    password: SecretString,
}

/// Whoever makes, and the communities there are.
struct Founded {
    owner: SamplePerson,
    session: SessionToken,
    communities: [Uuid; 2],
}

impl<S: Store> Making<'_, S> {
    async fn make(&self) -> Result<Sample, Refusal> {
        self.past.go_back(FOUNDED);
        let founded = self.found().await?;
        let staff = self.staff(&founded).await?;
        let mut caller = None;
        for (index, figure) in self.plan.figures.iter().enumerate() {
            if index == self.plan.caller {
                caller = Some(self.enrolled(&founded, figure).await?);
            } else if figure.arrival != Arrival::Invited {
                self.arrived(&founded, figure).await?;
            }
        }
        let caller = caller.ok_or(RefusalCode::Unexpected)?;
        self.past.go_back(LATELY);
        let founded = Founded { session: self.authority.sign_in_sample(&founded.owner, 0).await?, ..founded };
        for (index, figure) in self.plan.figures.iter().enumerate() {
            if index != self.plan.caller && figure.arrival == Arrival::Invited {
                self.invited(&founded, figure.name, figure.email, figure.elsewhere, figure.role).await?;
            }
        }
        self.past.go_back(LATELY - HOUR);
        self.authority.sign_in_sample(&caller, 0).await?;
        if self.plan.locked {
            self.lock_out(&caller).await?;
        }
        Ok(Sample { owner: founded.owner, staff, caller: caller.person })
    }

    async fn found(&self) -> Result<Founded, Refusal> {
        let (name, email) = self.plan.owner;
        let founding = Founding::read(self.plan.french, self.plan.name, name, email, &self.password)?;
        let session = self.authority.found(founding).await?;
        let phone = self.enrol(&session).await?;
        call(self.authority, Some(&session), MakeCommunity { name: self.plan.community.into() }).await?;
        let (page, _) = call(self.authority, Some(&session), ListPeople::default()).await?;
        let person = page.rows.into_iter().next().ok_or(RefusalCode::Unexpected)?.person;
        let named = |wanted: &str| page.communities.iter().find(|community| community.name == wanted).map(|community| community.id);
        let communities = [named(self.plan.name), named(self.plan.community)].map(|id| id.ok_or(RefusalCode::Unexpected));
        let [first, second] = communities;
        Ok(Founded { owner: self.person(person, phone), session, communities: [first?, second?] })
    }

    async fn staff(&self, founded: &Founded) -> Result<SamplePerson, Refusal> {
        let (name, email) = self.plan.staff;
        let (person, session) = self.came_in(founded, name, email, false, RoleName::Support).await?;
        let phone = self.enrol(&session).await?;
        let code = founded.owner.code_at(self.authority.surroundings.now().0);
        let proof = Proof { password: self.password.clone(), code: Some(code) };
        let role = ChangeRole { account: person.id, community: founded.communities[1], role: Some(RoleName::Support), proof };
        call(self.authority, Some(&founded.session), role).await?;
        Ok(self.person(person, phone))
    }

    async fn arrived(&self, founded: &Founded, figure: &Figure) -> Result<(), Refusal> {
        if figure.arrival == Arrival::Enrolled {
            return self.enrolled(founded, figure).await.map(drop);
        }
        self.came_in(founded, figure.name, figure.email, figure.elsewhere, figure.role).await.map(drop)
    }

    async fn enrolled(&self, founded: &Founded, figure: &Figure) -> Result<SamplePerson, Refusal> {
        let (person, session) = self.came_in(founded, figure.name, figure.email, figure.elsewhere, figure.role).await?;
        let phone = self.enrol(&session).await?;
        Ok(self.person(person, phone))
    }

    async fn came_in(
        &self,
        founded: &Founded,
        name: &str,
        email: &str,
        elsewhere: bool,
        role: RoleName,
    ) -> Result<(PersonName, SessionToken), Refusal> {
        let (person, code) = self.invited(founded, name, email, elsewhere, role).await?;
        let accept = AcceptInvitation { email: email.into(), code, password: self.password.clone() };
        let (_, session) = call(self.authority, None, accept).await?;
        Ok((person, session.ok_or(RefusalCode::Unexpected)?))
    }

    async fn invited(
        &self,
        founded: &Founded,
        name: &str,
        email: &str,
        elsewhere: bool,
        role: RoleName,
    ) -> Result<(PersonName, SecretString), Refusal> {
        let community = Some(founded.communities[usize::from(elsewhere)]);
        let invite = Invite { name: name.into(), email: email.into(), community, role };
        let (issued, _) = call(self.authority, Some(&founded.session), invite).await?;
        Ok((issued.person, issued.code.into_inner()))
    }

    /// Enrols whoever has just come in. The codes count as saved: nobody is to be reminded of them.
    async fn enrol(&self, session: &SessionToken) -> Result<OathSecret, Refusal> {
        let proof = Some(Proof { password: self.password.clone(), code: None });
        let (offer, _) = call(self.authority, Some(session), BeginEnrolment { name: self.plan.device.into(), proof }).await?;
        let phone = OathSecret::from_base32(&offer.secret.into_inner()).ok_or(RefusalCode::Unexpected)?;
        let code = phone.code_at(self.authority.surroundings.now());
        call(self.authority, Some(session), VerifyEnrolment { code }).await?;
        call(self.authority, Some(session), NoteCodesSaved { how: SavedAs::Printed }).await?;
        self.past.pass(STEP);
        Ok(phone)
    }

    /// Five wrong codes within a minute.
    async fn lock_out(&self, caller: &SamplePerson) -> Result<(), Refusal> {
        const TRIES: i64 = 5;
        self.past.go_back(LOCKED);
        let sign_in = SignIn { email: caller.person.email.clone(), password: self.password.clone() };
        let (_, session) = call(self.authority, None, sign_in).await?;
        let wrong = wrong_code(caller, self.authority.surroundings.now().0);
        for _ in 0..TRIES {
            // Refused, as it is to be; what counts is what `why` says then.
            let _refused = call(self.authority, session.as_ref(), GiveCode { code: wrong.clone() }).await;
            self.past.pass(5);
        }
        Ok(())
    }

    fn person(&self, person: PersonName, phone: OathSecret) -> SamplePerson {
        SamplePerson { person, password: self.password.clone(), phone }
    }
}

/// Six digits that the authenticator shows at no step near.
fn wrong_code(who: &SamplePerson, at: i64) -> SecretString {
    let near: Vec<SecretString> = (-3..=3).map(|step| who.code_at(at + step * STEP)).collect();
    let all_the_same = (0..10u8).map(|digit| digit.to_string().repeat(6));
    let wrong = all_the_same.into_iter().find(|digits| near.iter().all(|code| code.expose_secret() != digits));
    wrong.expect("seven codes cannot be ten different ones").into()
}
