//! People and moments for the tests of the rules.

use secrecy::SecretString;

use crate::{
    Change, Decision, Entropy,
    account::{Account, Password},
    code::{Code, Kind, Typed},
    enrolment,
    factor::{PendingEnrolment, Sealed, SecondFactor},
    gate::{Membership, Role},
    id::{AccountId, AuthenticatorId, CommunityId, WorkspaceId},
    invitation::NewPerson,
    oath::OathSecret,
    policy::{Policy, Tightening},
    secret_hash::{Cost, HashedSet, Opaque, Recipe},
    session::{Session, SessionId, Stage},
    sign_in::{CodeTry, PasswordTry, Proof},
    support::{Answers, Channel, Checklist, SupportNote},
    throttle::Failures,
    time::Moment,
    words::{Email, Language, Name},
    workspace::{Community, Workspace},
};

pub(crate) const NOW: Moment = Moment(1_800_000_000);
/// Cheap on purpose: these tests are about rules, not about cost.
pub(crate) const CHEAP: Cost = Cost { memory: 8, passes: 1, lanes: 1 };

/// A counter in place of a generator: every draw differs, and every run is the same.
#[derive(Default)]
pub(crate) struct Counting(pub(crate) u64);

impl Entropy for Counting {
    fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            // SplitMix64, so that neighbouring draws share no pattern.
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = self.0;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            chunk.copy_from_slice(&(z ^ (z >> 31)).to_le_bytes()[..chunk.len()]);
        }
    }
}

pub(crate) const COMMUNITY: CommunityId = CommunityId(uuid::Uuid::from_u128(1));

/// A workspace with this policy.
pub(crate) fn workspace(policy: Policy) -> Workspace {
    let (id, name) = (WorkspaceId(uuid::Uuid::from_u128(9)), Name::read("Harbour").expect("a name"));
    Workspace::new(id, name, Language::En, policy, NOW)
}

/// A community that asks this.
pub(crate) fn community(id: CommunityId, tightening: Tightening) -> Community {
    Community { id, name: Name::read("North").expect("a name"), tightening }
}

/// Somebody with a long password and no second factor. `None` makes an owner.
pub(crate) fn person(number: u64, role: Option<Role>) -> Account {
    let entropy = &mut Counting(number * 1000);
    let membership = role.map(|role| Membership { community: COMMUNITY, role, since: NOW });
    let new = NewPerson {
        id: AccountId::random(entropy),
        name: Name::read("Ada").expect("a name"),
        email: Email::read(&format!("p{number}@example.org")).expect("an address"),
        language: Language::En,
        membership,
    };
    let hash = Recipe::random(CHEAP, entropy).hash(&"password".into());
    Account { password: Some(Password { hash, stands_alone: true }), ..new.account(None, NOW) }
}

pub(crate) fn session_id(number: u8) -> SessionId {
    Opaque([number; 32])
}

pub(crate) fn session(account: &Account, stage: Stage) -> Session {
    Session::begin(session_id(1), account.id, stage, NOW)
}

pub(crate) fn password_try(matched: bool) -> PasswordTry {
    PasswordTry { matched, key: [0; 32], failures: Failures::default(), rehashed: None }
}

pub(crate) fn proof(matched: bool, code: Option<CodeTry>) -> Proof {
    Proof { password: password_try(matched), code }
}

/// What one enrolled person holds.
pub(crate) struct Held {
    pub(crate) account: Account,
    pub(crate) secret: OathSecret,
    pub(crate) codes: Vec<Code>,
}

/// Enrols somebody, verified with the code of [`NOW`].
pub(crate) fn enrolled(account: Account) -> Held {
    let entropy = &mut Counting(77);
    let secret = OathSecret::random(entropy);
    let codes = Code::backup_set(entropy);
    let session = session(&account, Stage::Full);
    let pending = begun_enrolment(&session, NOW);
    let account =
        written(&enrolment::begin(&Policy::default(), account, session.clone(), Some(&proof(true, None)), pending, NOW)).expect("begun");
    let decision = enrolment::verify(&Policy::default(), account, session, &secret, &secret.code_at(NOW), hashed_set(&codes), NOW);
    Held { account: written(&decision).expect("verified"), secret, codes }
}

pub(crate) fn begun_enrolment(session: &Session, now: Moment) -> PendingEnrolment {
    PendingEnrolment {
        id: AuthenticatorId::random(&mut Counting(5)),
        name: Name::read("Phone").expect("a name"),
        sealed: Sealed(vec![1]),
        begun_at: now,
        session: session.id,
        wrong: 0,
    }
}

pub(crate) fn hashed_set(codes: &[Code]) -> HashedSet {
    HashedSet::new(Recipe::random(CHEAP, &mut Counting(9)), codes.iter().map(Code::canonical))
}

/// A six-digit code tried on an account.
pub(crate) fn digits(account: &Account, secret: &OathSecret, code: SecretString) -> CodeTry {
    let SecondFactor::Active(factors) = &account.second_factor else { panic!("an active factor") };
    let bytes = OathSecret::from_bytes(secret.expose_bytes()).expect("a secret");
    CodeTry { typed: Typed::Totp(code), secrets: vec![(factors.authenticators[0].id, bytes)], hashed: None, out_of_reach: None }
}

/// A look-up secret tried on an account.
pub(crate) fn lookup(account: &Account, code: &Code) -> CodeTry {
    let hashed = account.second_factor.recipe(code.kind()).map(|recipe| recipe.hash(code.canonical()));
    CodeTry { typed: Typed::Code(code.clone()), secrets: Vec::new(), hashed, out_of_reach: None }
}

/// A support case that is filled in.
pub(crate) fn note() -> SupportNote {
    let checklist = Checklist::usual(Language::En);
    let checked = checklist.entries().take(1).map(str::to_owned).collect();
    let answers = Answers { asked_by: "Mia herself".into(), checked, reason: "New phone, ticket 4711".into(), channel: Channel::Phone };
    SupportNote::read(&answers, &checklist).expect("filled in")
}

pub(crate) fn recovery_code(number: u64) -> Code {
    Code::random(Kind::Recovery, &mut Counting(number))
}

/// The last state of the only account that a decision writes.
pub(crate) fn written<T>(decision: &Decision<T>) -> Option<Account> {
    decision.changes.iter().rev().find_map(|change| match change {
        Change::Account(account) => Some((**account).clone()),
        _ => None,
    })
}

pub(crate) fn written_session<T>(decision: &Decision<T>) -> Option<Session> {
    decision.changes.iter().rev().find_map(|change| match change {
        Change::Session(session) => Some(session.clone()),
        _ => None,
    })
}

pub(crate) fn ends_sessions_of<T>(decision: &Decision<T>, account: AccountId) -> bool {
    decision.changes.iter().any(|change| matches!(change, Change::EndSessions(id, None) if *id == account))
}
